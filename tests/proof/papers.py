"""The papers of the rehearsals as Word files, and those that have a real translation with it, segment by segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tasks.adapters import materials, wording
from tasks.adapters.edition_files import load
from tasks.adapters.language_identification import identifier
from tasks.adapters.word.build import fill_body
from tasks.adapters.word.contexts import BackgroundPaper
from tasks.adapters.word.numbered import number_paragraphs
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.segments import Segment, extract
from tasks.domain.checks import Finding, Name, Side, TermPair, Unit, findings
from tasks.domain.checks.words import Identify
from tasks.domain.edition import Edition
from tasks.domain.locale import language_of
from tasks.domain.text import Block, Heading, Text
from tasks.domain.translation import names_in, terms_in
from tasks.translation.checking import side_of
from tests.adapters.word.samples import ROSTER, page, rendered
from tests.domain.domain_help import ROOT
from tests.test_materials import DRAFTED, TRANSLATIONS, Paper


@dataclass(frozen=True)
class Translated:
    """A paper and its translation, with the names, terms, conventions and identification that the checks are given."""

    name: str
    language: str
    locale: str
    units: tuple[Unit, ...]
    names: tuple[Name, ...]
    terms: tuple[TermPair, ...]
    source: Side
    target: Side
    identify: Identify

    def findings(self, units: Sequence[Unit] | None = None) -> list[Finding]:
        """What the checks find in it, or in it with other targets."""
        return findings(units or self.units, self.source, self.target, self.names, self.identify, self.terms)


def translated(most: int = len(TRANSLATIONS)) -> list[Translated]:
    """The papers of the rehearsals that have been translated, in each language; the first of them."""
    return [_translated(paper, source) for paper, source in TRANSLATIONS[:most]]


def drafted() -> dict[str, bytes]:
    """Every paper of the rehearsals in its drafting language as a Word file, by its name."""
    return {str(paper): as_word(paper) for paper in DRAFTED}


@lru_cache(maxsize=64)
def as_word(paper: Paper) -> bytes:
    """A paper as the office would have it: our front, real styles, paragraph numbers, notes, tables, figures."""
    edition = _edition(paper.edition)
    body = materials.load(paper.path.parent, paper.name, paper.language)
    words = wording.load(_folders(paper.edition), _locale(edition, paper))
    blocks = [_headed(block, words) for block in body.blocks]
    context = BackgroundPaper(
        **page(), kind="Paper", status="Final", title=body.title or paper.name, session=paper.session,
        roundtable="Roundtable 1", roster_heading="Team", roster=ROSTER,
    )  # fmt: skip
    labels = {kind: words(f"labels.{kind}") for kind in ("table", "figure")}
    front = rendered(context, language=_locale(edition, paper))
    return number_paragraphs(fill_body(front, blocks, body.images, labels))


@lru_cache(maxsize=64)
def _translated(paper: Paper, source: Paper) -> Translated:
    edition = _edition(paper.edition)
    languages = edition.drafting_language.id, _language(edition, paper)
    theirs, ours = (extract(unpack(as_word(each))) for each in (source, paper))
    return Translated(
        str(paper),
        paper.language,
        _locale(edition, paper),
        tuple(_unit(one, other) for one, other in zip(theirs, ours, strict=True)),
        tuple(names_in(edition, *languages)),
        tuple(terms_in(edition, *languages)),
        _side(edition, source),
        _side(edition, paper),
        _identify(frozenset(language_of(each.locale) for each in edition.languages)),
    )


def _unit(source: Segment, target: Segment) -> Unit:
    return Unit(source.id, source.text, target.text, source.notes)


def _side(edition: Edition, paper: Paper) -> Side:
    locale = _locale(edition, paper)
    return side_of(wording.load(_folders(paper.edition), locale), locale)


def _headed(block: Block, words: wording.Wording) -> Block:
    """A section with the heading that its form has in place of its key."""
    if isinstance(block, Heading) and block.key and words.has(f"sections.{block.key}"):
        return Heading(1, (Text(words(f"sections.{block.key}")),), block.key)
    return block


@lru_cache(maxsize=8)
def _identify(languages: frozenset[str]) -> Identify:
    """The real thing; a thousand papers with one mistake each are the same text but for one segment."""
    return lru_cache(maxsize=None)(identifier(languages))


@lru_cache(maxsize=8)
def _edition(folder: Path) -> Edition:
    return load(folder.parent, folder.name, overlay=True).edition


def _folders(edition: Path) -> list[Path]:
    return [ROOT / "templates" / "wording", edition / "wording"]


def _language(edition: Edition, paper: Paper) -> str:
    """The edition's own id of a language that materials name by its code."""
    return next(each.id for each in edition.languages if paper.language in (each.id, language_of(each.locale)))


def _locale(edition: Edition, paper: Paper) -> str:
    return edition.language(_language(edition, paper)).locale
