"""The papers of an edition's rehearsal: translations keep shape, language and figures; no paper copies another."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from babel.numbers import get_decimal_symbol, get_group_symbol
from lingua import IsoCode639_1, LanguageDetector, LanguageDetectorBuilder
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

EDITIONS = Path(__file__).resolve().parents[1] / "config" / "editions"

# Data of the editions, not a rule of the engine: fewest words in the drafting language, by kind, then by session.
FEWEST_WORDS = {
    ("brussels-2007", "background-paper"): 600,
    ("brussels-2007", "background-paper", "1.1"): 3000,
}

CAPTION = "Table: "
# A caption the format of the report prescribes, the same in every session.
PRESCRIBED = {"table: proposed actions"}
# Group separators a translator may use whatever the locale prefers: no-break, narrow no-break and thin space.
SPACES = "\u00a0\u202f\u2009"


@dataclass(frozen=True)
class Paper:
    """One file: `<session>/<name>.<language>.md`; several languages of one name are one paper and its translations."""

    path: Path

    @property
    def edition(self) -> Path:
        return self.path.parents[3]

    @property
    def session(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        return self.path.name.split(".")[0]

    @property
    def language(self) -> str:
        return self.path.name.split(".")[1]

    def __str__(self) -> str:
        return f"{self.edition.name}/{self.session}/{self.path.name}"


@cache
def locales(edition: Path) -> dict[str, str]:
    declared = yaml.safe_load((edition / "edition.yaml").read_text("utf-8"))["languages"]
    return {each["id"]: each["locale"].replace("-", "_") for each in declared}


@cache
def drafting(edition: Path) -> str:
    declared = yaml.safe_load((edition / "edition.yaml").read_text("utf-8"))["languages"]
    return next(str(each["id"]) for each in declared if each.get("drafting"))


@cache
def tokens(path: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").use(footnote_plugin).parse(path.read_text("utf-8"))


PAPERS = [Paper(path) for path in sorted(EDITIONS.glob("*/rehearsal/materials/*/*.md"))]
TRANSLATIONS = [
    (paper, source)
    for paper in PAPERS
    if paper.language != drafting(paper.edition)
    and (source := Paper(paper.path.with_name(f"{paper.name}.{drafting(paper.edition)}.md"))) in PAPERS
]
DRAFTED = [paper for paper in PAPERS if paper.language == drafting(paper.edition)]
translations = pytest.mark.parametrize(
    ("paper", "source"), [pytest.param(*pair, id=str(pair[0])) for pair in TRANSLATIONS]
)


def blocks(paper: Paper) -> Iterator[tuple[str, Token]]:
    """The text blocks with the element that holds them: h2, p, td ..."""
    for before, token in pairwise(tokens(paper.path)):
        if token.type == "inline":
            yield before.tag, token


def text(token: Token) -> str:
    """What a reader sees of a block: neither link targets nor the numbers of footnotes."""
    return "".join(
        child.content if child.type in {"text", "image"} else " " * (child.type == "softbreak")
        for child in token.children or []
    )


def shape(paper: Paper) -> list[str]:
    """Every element in order; section keys, link and figure targets and footnote marks by their own name."""
    found: list[str] = []
    for before, token in pairwise(tokens(paper.path)):
        if token.type != "inline":
            found.append(f"{token.type} {token.tag}")
            continue
        if before.tag == "h2":
            found.append(token.content)
        if token.content.startswith(CAPTION):
            found.append("caption")
        for child in token.children or []:
            if child.type == "footnote_ref":
                found.append(f"footnote {child.meta['label']}")
            elif child.type != "text":
                found.append(f"{child.type} {child.attrGet('href') or child.attrGet('src') or ''}")
    return found


def numbers(token: Token, locale: str) -> Counter[str]:
    """The numbers of a block in one notation: no group separators, a point before decimals."""
    group = f"[{re.escape(get_group_symbol(locale))}{SPACES}]"
    found = text(token)
    found = re.sub(rf"(?<=\d){group}(?=\d{{3}}(?!\d))", "", found)
    found = re.sub(rf"(?<=\d){re.escape(get_decimal_symbol(locale))}(?=\d)", ".", found)
    return Counter(re.findall(r"\d+(?:\.\d+)*", found))


@cache
def detector(languages: frozenset[str]) -> LanguageDetector:
    codes = [getattr(IsoCode639_1, language.upper()) for language in sorted(languages)]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()


def detected(written: str, edition: Path) -> str:
    language = detector(frozenset(locales(edition))).detect_language_of(written)
    return language.iso_code_639_1.name.lower() if language else "none"


def test_there_are_papers_and_each_is_in_a_language_of_its_edition() -> None:
    assert PAPERS
    assert TRANSLATIONS
    assert [str(paper) for paper in PAPERS if paper.language not in locales(paper.edition)] == []


@translations
def test_a_translation_has_the_blocks_of_its_source(paper: Paper, source: Paper) -> None:
    assert shape(paper) == shape(source)


@translations
def test_a_translation_has_the_numbers_of_its_source(paper: Paper, source: Paper) -> None:
    ours, theirs = locales(paper.edition)[paper.language], locales(source.edition)[source.language]
    differ = [
        f"{text(here)[:90]!r}: {sorted(numbers(here, ours))} for {sorted(numbers(there, theirs))}"
        for (_, here), (_, there) in zip(blocks(paper), blocks(source), strict=True)
        if numbers(here, ours) != numbers(there, theirs)
    ]
    assert differ == []


@translations
def test_a_translation_is_in_its_language(paper: Paper, source: Paper) -> None:
    written = [text(token) for tag, token in blocks(paper) if tag != "h2"]
    assert detected("\n".join(written), paper.edition) == paper.language
    # A paragraph left untranslated would drown in the whole; short ones do not say enough to tell.
    foreign = [each for each in written if len(each) > 150 and detected(each, paper.edition) != paper.language]
    assert foreign == []


@translations
def test_nothing_long_is_left_as_in_the_source(paper: Paper, source: Paper) -> None:
    same = {text(token) for tag, token in blocks(paper) if tag != "h2"} & {text(token) for _, token in blocks(source)}
    assert [each for each in same if len(each.split()) > 5] == []


@pytest.mark.parametrize("paper", [pytest.param(paper, id=str(paper)) for paper in DRAFTED])
def test_a_paper_has_the_length_its_edition_asks_for(paper: Paper) -> None:
    fewest = max(
        (
            words
            for (edition, kind, *session), words in FEWEST_WORDS.items()
            if edition == paper.edition.name
            and re.fullmatch(rf"{kind}(-[a-z])?", paper.name)
            and session in ([], [paper.session])
        ),
        default=1,
    )
    assert sum(len(text(token).split()) for _, token in blocks(paper)) >= fewest


def test_every_length_asked_for_is_asked_of_a_paper() -> None:
    for edition, kind, *session in FEWEST_WORDS:
        assert any(
            paper.edition.name == edition and paper.name.startswith(kind) and session in ([], [paper.session])
            for paper in DRAFTED
        )


def spoilt_copy(one: Paper, other: Paper) -> bool:
    """Whether one is the other made wrong on purpose for the rehearsal: `report-attributed` of `report`."""
    short, long = sorted((one.name, other.name), key=len)
    return one.session == other.session and long.startswith(f"{short}-")


def test_no_two_papers_share_a_paragraph() -> None:
    written: dict[tuple[Path, str, str], list[Paper]] = defaultdict(list)
    for paper in PAPERS:
        seen = {
            " ".join(re.findall(r"\w+", text(token).casefold()))
            for tag, token in blocks(paper)
            if tag == "p" and text(token).casefold() not in PRESCRIBED
        }
        for paragraph in seen:
            written[paper.edition, paper.language, paragraph].append(paper)
    shared = [
        f"{one} and {other}: {paragraph[:90]}"
        for (_, _, paragraph), papers in written.items()
        for at, one in enumerate(papers)
        for other in papers[at + 1 :]
        if not spoilt_copy(one, other)
    ]
    assert shared == []
