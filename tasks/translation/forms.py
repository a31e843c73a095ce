"""The files a translator gets: the same rows in every form that the edition wants for the language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from tasks.adapters.ledger import DocumentRow, Record
from tasks.adapters.word.contexts import Bilingual, Line
from tasks.adapters.word.rows import Rows
from tasks.adapters.word.segments import Segment
from tasks.adapters.xliff import Row, XliffFile, write_1_2, write_2_0
from tasks.desk import Desk, Made
from tasks.domain import background_paper
from tasks.domain.checks import Names, Terms, visible
from tasks.domain.edition import FileForm, Session
from tasks.domain.glossary import entries_in
from tasks.domain.locale import alphabetical, is_rtl, proofing_tag
from tasks.domain.translation import KINDS, STAGE, names_in, terms_in

#: How each form for a translation tool is written, and the ending of its name.
_TOOLS: Final[dict[FileForm, tuple[Callable[[XliffFile], bytes], str]]] = {
    "xliff-1.2": (write_1_2, "xlf"),
    "xliff-2.0": (write_2_0, "xliff"),
    "omegat": (partial(write_1_2, for_omegat=True), "xlf"),
}


def rows_to_translate(desk: Desk, language: str, segments: Sequence[Segment]) -> list[Row]:
    """The rows of a paper for the translator into `language`, each with the terms and names in it as notes.

    What is all names and figures is suggested at once: a tool that shows an open row by its source could not tell a
    "Ghana" that is done from one that is not.
    """
    names, terms = _looked_for(desk, language)
    rows = []
    for segment in segments:
        suggested = names.translated(segment.text)
        entries = entries_in(visible(segment.text, segment.notes), terms, names)
        notes = tuple(f"{term}: {called}" for term, called in entries.items())
        rows.append(
            Row(segment.id, segment.place, segment.text, notes=notes)
            if suggested is None
            else Row(segment.id, segment.place, segment.text, suggested, "suggested", notes)
        )
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
    desk: Desk, session: Session, record: Record, final: DocumentRow, rows: Sequence[Row]
) -> list[Made]:
    """The rows in every form the translation's language wants; all have the same number.

    They are kept, but not named in the ledger yet. Whichever comes back is known as the bilingual file of `record` for
    the version of `final`, the paper that is translated.
    """
    language = record.facts["language"]
    number = max(desk.next_number(kind, record.key, language) for kind in KINDS.values())
    return [
        _word(desk, session, record, final, rows, number)
        if form == "word"
        else _for_a_tool(desk, session, record, final, rows, number, form)
        for form in desk.edition.language(language).files
    ]


def instructions(desk: Desk, language: str, to: str) -> str:
    """What the translator into `language` is told of the files, in the words of the language `to`."""
    forms = desk.edition.language(language).files
    kinds = dict.fromkeys("word" if form == "word" else "xliff" for form in forms)
    return desk.words(to)(f"translation_files.{'both' if len(kinds) > 1 else next(iter(kinds))}")


def _word(desk: Desk, session: Session, record: Record, final: DocumentRow, rows: Sequence[Row], number: int) -> Made:
    paper_key, language = record.facts["paper"], record.facts["language"]
    source, paper = desk.edition.drafting_language.id, background_paper.paper_of(session, paper_key)
    words = desk.words(language)
    names = {code: desk.language_name(code, language) for code in (source, language)}
    locales = {code: desk.edition.language(code).locale for code in (source, language)}
    return desk.write(
        Bilingual(
            **desk.page(language, version=str(final.number)),
            kind=words("documents.bilingual"),
            title=paper.title[language],
            subtitle=f"{words('labels.session')} {session.id}",
            instructions_heading=words("instructions.bilingual-heading"),
            instructions=words.strings(
                "instructions.bilingual",
                target=names[language],
                deadline=desk.day(desk.answer_by("translation-due", record.key), language),
            ),
            number_label=words("columns.number"),
            source_label=names[source],
            target_label=names[language],
            glossary_heading=words("instructions.glossary-heading"),
            glossary=_glossary(desk, language, rows),
        ),
        stage=STAGE,
        kind=KINDS["word"],
        key=record.key,
        session=session.id,
        language=language,
        number=number,
        version=final.number,
        title=paper.title[language],
        rows=Rows(
            [(row.id, row.source, row.target) for row in rows],
            source_language=proofing_tag(locales[source]),
            source_rtl=is_rtl(locales[source]),
            target_language=proofing_tag(locales[language]),
            target_rtl=is_rtl(locales[language]),
        ),
    )


def _for_a_tool(
    desk: Desk, session: Session, record: Record, final: DocumentRow, rows: Sequence[Row], number: int, form: FileForm
) -> Made:
    language = record.facts["language"]
    write, extension = _TOOLS[form]
    file = XliffFile(
        desk.identity(KINDS["word"], record.key, session.id, language, final.number),
        desk.edition.drafting_language.locale,
        desk.edition.language(language).locale,
        tuple(rows),
    )
    kind = KINDS["omegat"] if form == "omegat" else KINDS["word"]
    return desk.keep(
        write(file), stage=STAGE, kind=KINDS[form], key=record.key, session=session.id, language=language,
        number=number, name=f"{record.facts['paper']}-{kind}-v{number}-{language}", extension=extension,
    )  # fmt: skip
