"""The matrix on paper: a Word file that is filled in and returned, and the same as a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tasks.adapters.plots.heat import Heat, draw_heat
from tasks.adapters.word.contexts import Overview
from tasks.adapters.wording import Wording
from tasks.adapters.workbook import Column, Sheet, workbook
from tasks.comment_matrix.reading import ROWS, SHEET, WORD, Matrix, dump, shown_key
from tasks.desk import Desk, Made
from tasks.domain.background_paper import STAGE, paper_of
from tasks.domain.comment_matrix import Disposition, Row, figures
from tasks.domain.edition import Session
from tasks.domain.locale import alphabetical, format_instant, is_rtl
from tasks.domain.markup import OBJECT, PARAGRAPH, Markup, Piece
from tasks.domain.text import Block, Figure, Heading, Paragraph, Table, Text

#: The columns of the matrix: their words under `matrix.`, shares of a page's width, and characters in a spreadsheet.
COLUMNS: Final = (
    ("key", 14, 13), ("body", 16, 22), ("paragraph", 7, 12), ("kind", 14, 13), ("passage", 19, 45), ("comment", 22, 50),
    ("proposal", 22, 50), ("observation", 16, 36), ("decision", 14, 20),
)  # fmt: skip
_PICTURE: Final = "comments.png"
#: Of the rows on the same passage so many are named in a cell.
_OTHERS: Final = 5
Words = tuple[Text, ...]


def keep_documents(desk: Desk, session: Session, matrix: Matrix, draft: Markup) -> list[Made]:
    """The matrix in the store with the decisions taken so far: as data, as a Word file and as a spreadsheet.

    Of a round in which nothing was said there are the data only.
    """
    language = desk.edition.drafting_language.id
    number = desk.next_number(ROWS, matrix.key, language)
    stem = f"{matrix.paper}-comments-draft-{matrix.round}"

    def keep(data: bytes, kind: str, name: str, extension: str) -> Made:
        return desk.keep(
            data, stage=STAGE, kind=kind, key=matrix.key, session=session.id, language=language, number=number,
            name=f"{stem}-{name}-v{number}-{language}", extension=extension,
        )  # fmt: skip

    kept = [keep(dump(matrix), ROWS, "data", "json")]
    if matrix.rows or matrix.unread:
        title = _title(desk, session, matrix, language)
        word = desk.render(
            _front(desk, matrix, title, language, number), kind=WORD, key=matrix.key, session=session.id,
            language=language, title=title, version=number, blocks=_blocks(desk, matrix, draft, language),
            images={_PICTURE: _picture(desk, matrix, draft, language)},
        )  # fmt: skip
        kept += [keep(word, WORD, "matrix", "docx")]
        kept += [keep(_workbook(desk, matrix, title, language), SHEET, "matrix", "xlsx")]
    return kept


def table_rows(desk: Desk, matrix: Matrix, language: str) -> list[dict[str, str]]:
    """The matrix as a plain table, for a page of the UI or the terminal: column heading to text."""
    words = desk.words(language)
    heads = [_head(words, name) for name, _, _ in COLUMNS]
    return [
        {head: plain_words(cell) for head, cell in zip(heads, cells(desk, matrix, row, language), strict=True)}
        for row in matrix.rows
    ]


def plain_words(cell: Words) -> str:
    """A cell without formatting: what is put in between +, what is taken out between ~."""
    marks = {"inserted": "+{}+", "deleted": "~{}~", None: "{}"}
    return "".join(marks[part.change].format(part.text) for part in cell)


def cells(desk: Desk, matrix: Matrix, row: Row, language: str, *, of: str | None = None) -> list[Words]:
    """The cells of one row, in the order of COLUMNS; of what was said all, or what the body `of` said."""
    words, edition = desk.words(language), desk.edition
    decided = matrix.decided.get(row.id)
    decisions = words.group("matrix.decisions")
    names = sorted_names(desk, row.bodies, language)
    said = [words(f"matrix.kinds.{row.kind}")]
    for relation, ids in (("contradicts", row.conflicts), ("same_passage", row.same_passage)):
        others = [matrix.keys[id] for id in ids if relation == "contradicts" or id not in row.conflicts]
        if others:
            more = " …" if len(others) > _OTHERS else ""
            said.append(words(f"matrix.{relation}", keys=", ".join(others[:_OTHERS]) + more))
    return [
        _text(shown_key(row)),
        _text("; ".join(names)),
        _text(_place(desk, matrix, row, language)),
        _text("\n".join(said)),
        _text(_legible(row.passage)),
        _text("\n".join(_said(matrix, row, of, words, edition.time_zone))),
        pieces(row.proposal),
        _text(decided.reason if decided else ""),
        _text(decisions[decided.disposition.value] if decided else ""),
    ]


def _place(desk: Desk, matrix: Matrix, row: Row, language: str) -> str:
    """The number of a row's paragraph, with the one it had in the draft before where that was another."""
    if row.number is None:
        return ""
    number, former = desk.number(row.number, language), matrix.formerly.get(row.number, row.number)
    if former == row.number:
        return number
    before = desk.number(matrix.round - 1, language)
    return desk.words(language)("matrix.formerly", number=number, former=desk.number(former, language), round=before)


def sorted_names(desk: Desk, bodies: Iterable[str], language: str) -> list[str]:
    """Names of bodies in the alphabetical order of a language."""
    return sorted((desk.edition.body(body).names[language] for body in bodies), key=alphabetical)


def pieces(found: Sequence[Piece]) -> Words:
    """What would change in a passage, what is put in and taken out shown as such."""
    made = []
    for piece in found:
        text = _legible(piece.text)
        if text and not (piece.is_inserted and piece.is_deleted):
            made.append(Text(text, change="inserted" if piece.is_inserted else "deleted" if piece.is_deleted else None))
    return tuple(made)


def _text(text: str) -> Words:
    return (Text(text),) if text else ()


def _legible(text: str) -> str:
    """A text of a draft as it can be shown: ends of paragraphs as lines, what is no text as a small box."""
    return text.replace(PARAGRAPH, "\n").replace(OBJECT, "▫")


def _head(words: Wording, name: str) -> str:
    return words("columns.body") if name == "body" else words(f"matrix.{name}")


def _said(matrix: Matrix, row: Row, of: str | None, words: Wording, zone: str) -> Iterable[str]:
    """Who said what when; a proposal without a word beside it still has an author and a time."""
    for said in (said for said in row.comments if of in (None, said.body)):
        who = said.author
        if said.reply_to is not None:
            who = words("matrix.reply", author=said.author)
        notes = [words("matrix.resolved")] if said.is_resolved else []
        notes += [words("matrix.mail")] if said.source == "mail" else []
        yield " ".join([f"{signed(who, said.at, words.locale, zone)}: {said.text}".lstrip(": "), *notes])
    if not row.comments:
        authors = dict.fromkeys(
            matrix.marks.get(mark.source, {}).get(mark.mark, ("", "")) for mark in row.marks if of in (None, mark.body)
        )
        notes = [words("matrix.untracked")] if not row.is_tracked else []
        for author, at in authors:
            who = signed(author, dt.datetime.fromisoformat(at) if at else None, words.locale, zone)
            if who:
                yield who
        yield from notes


def signed(author: str, at: dt.datetime | None, locale: str, zone: str) -> str:
    """A name with the day and time, as far as both are known."""
    return ", ".join(part for part in (author, format_instant(at, zone, locale) if at else "") if part)


def _title(desk: Desk, session: Session, matrix: Matrix, language: str) -> str:
    title = paper_of(session, matrix.paper).title[language]
    return desk.words(language)(
        "matrix.subtitle", number=matrix.paper, title=title, round=desk.number(matrix.round, language)
    )


def _front(desk: Desk, matrix: Matrix, title: str, language: str, number: int) -> Overview:
    words = desk.words(language)
    bodies = sorted_names(desk, dict.fromkeys(body for row in matrix.rows for body in row.bodies), language)
    intro = [words("matrix.nothing")]
    if matrix.rows:
        choices = ", ".join(words.group("matrix.decisions").values())
        names = "; ".join(bodies)
        intro = words.strings(
            "matrix.intro", date=desk.day(desk.today, language), bodies=names, choices=choices,
            observation=words("matrix.observation"),
        )  # fmt: skip
    return Overview(
        **desk.page(language, version=str(number)), kind=words("documents.comment-matrix"), title=title, intro=intro
    )


def _blocks(desk: Desk, matrix: Matrix, draft: Markup, language: str) -> list[Block]:
    words = desk.words(language)
    blocks: list[Block] = []
    if matrix.unread:
        blocks.append(Heading(1, (Text(words("matrix.not_read")),)))
        blocks += [Paragraph((Text(f"{name}: ", bold=True), Text(reason))) for name, reason in matrix.unread]
    for rows, heading in ((_to_place(matrix), "to_place"), (_placed(matrix), "comments")):
        if rows:
            blocks.append(Heading(1, (Text(words(f"matrix.{heading}")),)))
            if heading == "to_place":
                blocks.append(Paragraph((Text(words("matrix.to_place_intro")),)))
            blocks.append(_table(desk, matrix, rows, language))
    if matrix.rows:
        blocks += [Heading(1, (Text(words("matrix.figures")),)), _figures(desk, matrix, language)]
        blocks.append(Figure(_PICTURE, words("matrix.picture")))
    return blocks


def _placed(matrix: Matrix) -> list[Row]:
    return [row for row in matrix.rows if row.paragraph is not None or row.guess is None]


def _to_place(matrix: Matrix) -> list[Row]:
    """Rows whose place is only guessed; a comment on the paper as a whole has none to be found."""
    return [row for row in matrix.rows if row.paragraph is None and row.guess is not None]


def _table(desk: Desk, matrix: Matrix, rows: Sequence[Row], language: str) -> Table:
    words = desk.words(language)
    head = tuple((Text(_head(words, name)),) for name, _, _ in COLUMNS)
    made = (tuple(cells(desk, matrix, row, language)) for row in rows)
    choices = tuple(words.group("matrix.decisions")[each.value] for each in Disposition)
    return Table((head, *made), widths=tuple(share for _, share, _ in COLUMNS), choices=choices)


def _figures(desk: Desk, matrix: Matrix, language: str) -> Table:
    """Rows by body, of each kind."""
    words, counted = desk.words(language), figures(matrix.rows)
    kinds = words.group("matrix.kinds")
    head = [words("columns.body"), *kinds.values(), words("matrix.total")]
    rows = [
        [desk.edition.body(body).names[language], *(desk.number(by_kind.get(kind, 0), language) for kind in kinds),
         desk.number(sum(by_kind.values()), language)]
        for body, by_kind in counted.by_body.items()
    ]  # fmt: skip
    rows.sort(key=lambda row: alphabetical(row[0]))
    return Table(tuple(tuple(_text(cell) for cell in row) for row in (head, *rows)))


def _picture(desk: Desk, matrix: Matrix, draft: Markup, language: str) -> bytes:
    """How many comments each numbered paragraph and heading of the draft has, with what hangs on it."""
    counted: Mapping[int, int] = figures(matrix.rows).by_paragraph
    shown: list[Heat] = []
    for paragraph in draft.paragraphs:
        count = counted.get(paragraph.index, 0)
        if paragraph.number is not None or paragraph.level:
            shown.append(Heat(paragraph.number, " ".join(_legible(paragraph.original).split()), count))
        elif count and shown:
            last = shown.pop()
            shown.append(Heat(last.number, last.beginning, last.comments + count))
    return draw_heat(tuple(shown), title="", language=desk.edition.language(language).locale)


def _workbook(desk: Desk, matrix: Matrix, title: str, language: str) -> bytes:
    words = desk.words(language)
    columns = [Column(_head(words, name), width) for name, _, width in COLUMNS]
    rows = [cells(desk, matrix, row, language) for row in matrix.rows]
    choices = tuple(words.group("matrix.decisions")[each.value] for each in Disposition)
    by_body = _figures(desk, matrix, language)
    figures_page = Sheet(
        words("matrix.figures"),
        [Column("".join(part.text for part in cell if isinstance(part, Text)), 24) for cell in by_body.rows[0]],
        [[tuple(part for part in cell if isinstance(part, Text)) for cell in row] for row in by_body.rows[1:]],
    )
    return workbook(
        [Sheet(words("matrix.comments"), columns, rows, choices), figures_page], title=title, now=desk.now,
        rtl=is_rtl(desk.edition.language(language).locale), notice=desk.notice(language),
    )  # fmt: skip
