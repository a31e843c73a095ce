"""The files a translator gets: the same rows in every form that the edition wants for the language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from tasks.adapters.ledger import Record
from tasks.adapters.word.contexts import Bilingual, Line
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.redraft.pen import Pen
from tasks.adapters.word.remarks import put_remarks
from tasks.adapters.word.rows import Row as WordRow
from tasks.adapters.word.rows import Rows
from tasks.adapters.word.segments import Segment
from tasks.adapters.xliff import Match, Row, XliffFile, write_1_2, write_2_0
from tasks.desk import Desk, Made
from tasks.domain import background_paper
from tasks.domain.checks import Names, Terms, visible
from tasks.domain.edition import FileForm, Session
from tasks.domain.glossary import entries_in
from tasks.domain.locale import alphabetical, format_percent, is_rtl, proofing_tag
from tasks.domain.memory import Suggestion
from tasks.domain.targets import Origin, Standing, Translated
from tasks.domain.translation import KINDS, STAGE, names_in, terms_in

#: By its own name, which no person has, our comments are known when a file comes back.
AUTHOR: Final = "Roundtable"
#: So many entries of the memory are shown beside a row in Word; a tool gets them all.
_SHOWN: Final = 2
#: How each form for a translation tool is written, and the ending of its name.
_TOOLS: Final[dict[FileForm, tuple[Callable[[XliffFile], bytes], str]]] = {
    "xliff-1.2": (write_1_2, "xlf"),
    "xliff-2.0": (write_2_0, "xliff"),
    "omegat": (partial(write_1_2, for_omegat=True), "xlf"),
}


@dataclass(frozen=True)
class Share:
    """What one translator gets of a paper: some of its segments, by when; `of` is who, where others have the rest."""

    segments: Sequence[Segment]
    until: dt.date
    of: str | None = None


def share_for(desk: Desk, record: Record, translator: str | None, segments: Sequence[Segment], until: dt.date) -> Share:
    """Some segments for a translator; whoever is not the language's own has a share of the paper."""
    main = desk.edition.language(record.facts["language"]).translator
    return Share(segments, until, translator if translator != main else None)


def rows_to_translate(
    desk: Desk,
    language: str,
    segments: Sequence[Segment],
    translated: Translated,
    matches: Mapping[str, Sequence[Suggestion]],
) -> list[Row]:
    """The rows of a paper for a translator into `language`, with what stands or is proposed for each.

    Notes tell the terms and names in a row, that its words are a machine's, and of a changed one what its source was.
    """
    names, terms = _looked_for(desk, language)
    words, rows = desk.words(language), []
    for segment in segments:
        entries = entries_in(visible(segment.text, segment.notes), terms, names)
        notes = [f"{term}: {called}" for term, called in entries.items()]
        held = translated.targets.get(segment.id)
        if held is not None and held.origin is Origin.MACHINE:
            notes.append(words("checks.found.unread", by=held.by))
        if held is not None and translated.standing(segment) is Standing.STALE:
            notes.append(words("checks.found.stale", before=visible(held.source)))
        rows.append(
            Row(
                segment.id, segment.place, segment.text, held.text if held else "",
                "suggested" if held else "open", tuple(notes),
                tuple(Match(each.text, each.score, each.came_from) for each in matches.get(segment.id, ())),
            )
        )  # fmt: skip
    return rows


def _looked_for(desk: Desk, language: str) -> tuple[Names, Terms]:
    edition, source = desk.edition, desk.edition.drafting_language
    terms = terms_in(edition, source.id, language)
    return Names(names_in(edition, source.id, language)), Terms(terms, source.locale, edition.language(language).locale)


def _glossary(desk: Desk, language: str, rows: Sequence[Row]) -> list[Line]:
    """The terms and names of the whole paper, in the order of the alphabet."""
    names, terms = _looked_for(desk, language)
    found: dict[str, str] = {}
    for row in rows:
        found |= entries_in(visible(row.source), terms, names)
    return [Line(label=term, value=found[term]) for term in sorted(found, key=alphabetical)]


def bilingual_files(
    desk: Desk,
    session: Session,
    record: Record,
    version: int,
    share: Share,
    translated: Translated,
    matches: Mapping[str, Sequence[Suggestion]],
) -> list[Made]:
    """A translator's rows in every form the translation's language wants; all have the same number.

    They are kept, but not named in the ledger yet. Whichever comes back is known as the bilingual file of `record`, and
    of this share of it, for this version of the paper. `matches` are those of the memory for the whole paper.
    """
    language = record.facts["language"]
    key = f"{record.key}|{share.of}" if share.of else record.key
    number = max(desk.next_number(kind, key, language) for kind in KINDS.values())
    rows = rows_to_translate(desk, language, share.segments, translated, matches)
    held = ((each, translated.targets.get(each.id)) for each in share.segments)
    before = {each.id: target.source for each, target in held if target and target.source != each.text}
    machine = {
        each.id: target.by
        for each in share.segments
        if (target := translated.targets.get(each.id)) and target.origin is Origin.MACHINE
    }
    return [
        _word(desk, session, record, key, version, share, rows, before, machine, number)
        if form == "word"
        else _for_a_tool(desk, session, record, key, version, rows, number, form)
        for form in desk.edition.language(language).files
    ]


def name_of(record: Record, kind: str, key: str, number: int) -> str:
    """The readable name of a file for a translator."""
    _, _, share_of = key.partition("|")
    parts = (record.facts["paper"], kind, share_of, f"v{number}", record.facts["language"])
    return "-".join(part for part in parts if part)


def written(forms: Sequence[FileForm], file: XliffFile) -> bytes:
    """XLIFF in the first form for a tool that a language's translator works in."""
    write, _ = _TOOLS[next((form for form in forms if form in _TOOLS), "xliff-1.2")]
    return write(file)


def instructions(desk: Desk, language: str, to: str) -> str:
    """What the translator into `language` is told of the files, in the words of the language `to`."""
    forms = desk.edition.language(language).files
    kinds = dict.fromkeys("word" if form == "word" else "xliff" for form in forms)
    return desk.words(to)(f"translation_files.{'both' if len(kinds) > 1 else next(iter(kinds))}")


def _word(
    desk: Desk,
    session: Session,
    record: Record,
    key: str,
    version: int,
    share: Share,
    rows: Sequence[Row],
    before: Mapping[str, str],
    machine: Mapping[str, str],
    number: int,
) -> Made:
    language = record.facts["language"]
    source, paper = desk.edition.drafting_language.id, background_paper.paper_of(session, record.facts["paper"])
    words = desk.words(language)
    names = {code: desk.language_name(code, language) for code in (source, language)}
    locales = {code: desk.edition.language(code).locale for code in (source, language)}
    made = desk.render(
        Bilingual(
            **desk.page(language, version=str(version)),
            kind=words("documents.bilingual"),
            title=paper.title[language],
            subtitle=f"{words('labels.session')} {session.id}",
            instructions_heading=words("instructions.bilingual-heading"),
            instructions=words.strings(
                "instructions.bilingual", target=names[language], deadline=desk.day(share.until, language)
            ),
            number_label=words("columns.number"),
            source_label=names[source],
            target_label=names[language],
            glossary_heading=words("instructions.glossary-heading"),
            glossary=_glossary(desk, language, rows),
        ),
        kind=KINDS["word"],
        key=key,
        session=session.id,
        language=language,
        version=version,
        title=paper.title[language],
        rows=Rows(
            [WordRow(row.id, row.source, row.target, before.get(row.id, "")) for row in rows],
            source_language=proofing_tag(locales[source]),
            source_rtl=is_rtl(locales[source]),
            target_language=proofing_tag(locales[language]),
            target_rtl=is_rtl(locales[language]),
        ),
    )
    return desk.keep(
        _with_remarks(desk, made, rows, machine, language), stage=STAGE, kind=KINDS["word"], key=key,
        session=session.id, language=language, number=number, name=name_of(record, KINDS["word"], key, number),
    )  # fmt: skip


def _with_remarks(desk: Desk, data: bytes, rows: Sequence[Row], machine: Mapping[str, str], language: str) -> bytes:
    """The table with comments: that words are a machine's, and what the memory has for an open row.

    Of an entry of the memory how like it is, where it is from, and the words.
    """
    locale, words = desk.edition.language(language).locale, desk.words(language)
    remarks = {
        row.id: [
            words("label_value", label=f"{match.origin}, {format_percent(match.score / 100, locale)}", value=match.text)
            for match in row.matches[:_SHOWN]
        ]
        for row in rows
        if row.matches and not row.target
    }
    remarks |= {id: [words("checks.found.unread", by=by)] for id, by in machine.items()}
    if not remarks:
        return data
    docx = unpack(data)
    put_remarks(docx, remarks, Pen(AUTHOR, desk.now), proofing_tag(locale), is_rtl(locale))
    return docx.to_bytes()


def _for_a_tool(
    desk: Desk,
    session: Session,
    record: Record,
    key: str,
    version: int,
    rows: Sequence[Row],
    number: int,
    form: FileForm,
) -> Made:
    language = record.facts["language"]
    write, extension = _TOOLS[form]
    file = XliffFile(
        desk.identity(KINDS["word"], key, session.id, language, version),
        desk.edition.drafting_language.locale,
        desk.edition.language(language).locale,
        tuple(rows),
        desk.notice(language),
    )
    kind = KINDS["omegat"] if form == "omegat" else KINDS["word"]
    return desk.keep(
        write(file), stage=STAGE, kind=KINDS[form], key=key, session=session.id, language=language, number=number,
        name=name_of(record, kind, key, number), extension=extension,
    )  # fmt: skip
