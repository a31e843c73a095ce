"""The corrigendum of a paper that was issued and then corrected: in each language what to read instead of what."""

from __future__ import annotations

from collections.abc import Mapping

from tasks.adapters.ledger import Record
from tasks.adapters.word.contexts import Overview
from tasks.adapters.word.markup import read_markup
from tasks.adapters.word.segments import Segment
from tasks.adapters.wording import Wording
from tasks.desk import Desk, Made
from tasks.domain import background_paper
from tasks.domain.checks.finding import visible
from tasks.domain.edition import Session
from tasks.domain.locale import join_list
from tasks.domain.markup import OBJECT
from tasks.domain.targets import changed
from tasks.domain.text import Table, Text
from tasks.domain.wordwise import word_opcodes
from tasks.pages import symbol_of
from tasks.translation.working import segments_of

KIND = "corrigendum"
#: Where a paragraph stands, what it said, what it says.
Correction = tuple[str, str, str]


def corrigenda(desk: Desk, session: Session, source: Record, now: Mapping[str, str]) -> list[Made]:
    """A corrigendum in every language that the pending correction of a paper concerns; none where there is none.

    `now` are the hashes of the documents in force by language, all of them. All corrigenda have one symbol and name the
    languages concerned.
    """
    amendment = source.facts.get("amendment")
    if not amendment or amendment["how"] != "correction":
        return []
    found = {}
    for language in [each.id for each in desk.edition.languages if each.id in amendment["documents"]]:
        corrections = _corrections(desk, amendment["documents"][language], now[language], language)
        if corrections:
            found[language] = corrections
    return [_document(desk, session, source, language, rows, list(found)) for language, rows in found.items()]


def _corrections(desk: Desk, before: str, after: str, language: str) -> list[Correction]:
    """What differs between two editions of a paper's text; their front pages differ anyway."""
    old, new = (segments_of(desk, sha256) for sha256 in (before, after))
    words, numbers = desk.words(language), [_numbers_in(desk, sha256, language) for sha256 in (before, after)]
    found = []
    for then, now in changed(old, new):
        was, reads = (_read(each) if each else "" for each in (then, now))
        if was != reads:
            place = _place(words, then, numbers[0]) if then else _place(words, now, numbers[1]) if now else ""
            found.append((place, was, reads))
    return found


def _read(segment: Segment) -> str:
    return " ".join(visible(segment.text, segment.notes).split())


def _numbers_in(desk: Desk, document: str, language: str) -> dict[str, str]:
    """The numbers of a document's paragraphs as its readers see them, by their words."""
    return {
        _bare(paragraph.final): desk.number(paragraph.number, language)
        for paragraph in read_markup(desk.open(document)).paragraphs
        if paragraph.number is not None
    }


def _place(words: Wording, segment: Segment, numbers: Mapping[str, str]) -> str:
    """The number of a paragraph; of one without what it is."""
    number = numbers.get(_bare(_read(segment)))
    if number is not None:
        return words("corrigendum.paragraph", number=number)
    if segment.place.startswith(("footnote", "endnote")):
        return words("corrigendum.footnote")
    return words("corrigendum.table" if "table" in segment.place else "corrigendum.text")


def _bare(text: str) -> str:
    return "".join(text.replace(OBJECT, "").split())


def _side_by_side(before: str, after: str) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """Both texts, with bold where they differ."""
    old, new = [], []
    for op in word_opcodes(before, after):
        differs = op.tag != "equal"
        old.append(Text(before[op.src_start : op.src_end], bold=differs))
        new.append(Text(after[op.dest_start : op.dest_end], bold=differs))
    return tuple(each for each in old if each.text), tuple(each for each in new if each.text)


def _document(
    desk: Desk, session: Session, source: Record, language: str, rows: list[Correction], concerned: list[str]
) -> Made:
    words, paper = desk.words(language), background_paper.paper_of(session, source.key)
    title = words("documents.corrigendum")
    languages = join_list(
        [desk.language_name(each, language) for each in concerned], desk.edition.language(language).locale
    )
    return desk.write(
        Overview(
            **desk.page(language, symbol=symbol_of(desk, session, source.key, corrigendum=True)),
            kind=title,
            title=paper.title[language],
            subtitle=words("session_title", number=session.id, title=session.title[language]),
            intro=[words("corrigendum.concerns", languages=languages)],
        ),
        stage=background_paper.STAGE, kind=KIND, key=source.key, session=session.id, language=language,
        number=desk.next_number(KIND, source.key, language), title=title,
        blocks=[
            Table(
                (
                    tuple((Text(words(f"corrigendum.{name}")),) for name in ("place", "instead_of", "read")),
                    *(((Text(place),), *_side_by_side(before, after)) for place, before, after in rows),
                ),
                widths=(16, 42, 42),
            )
        ],
    )  # fmt: skip
