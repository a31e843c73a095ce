"""Rehearsal materials: Markdown files as bodies of documents, and what the people of a rehearsal do with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from tasks.adapters.edition_files import read_as
from tasks.domain.errors import Invalid, Unknown
from tasks.domain.readers import Reading
from tasks.domain.text import Block, Body, Figure, Footnote, Heading, Inline, Item, Paragraph, Table, Text

#: Marks the paragraph before a table as its caption, in every language.
_CAPTION = "Table:"


def load(folder: Path, stem: str, language: str) -> Body:
    """The body in `folder/STEM.LANGUAGE.md`; a level-2 heading is a section key, the first heading the title.

    Raises:
        Unknown: there is no such file.
        Invalid: it uses more of Markdown than documents know.
    """
    path = folder / f"{stem}.{language}.md"
    if not path.is_file():
        raise Unknown(f"{path}: this material of the rehearsal is missing")
    return _parsed(path, path.stat().st_mtime_ns)


def reading(folder: Path, stem: str) -> Reading:
    """What a reader does to a copy of a draft, as `folder/STEM.yaml` has it.

    Raises:
        Unknown: there is no such file.
        Mistakes: it does not read.
    """
    path = folder / f"{stem}.yaml"
    if not path.is_file():
        raise Unknown(f"{path}: this material of the rehearsal is missing")
    return read_as(Reading, path.name, path.read_bytes())


def exists(folder: Path, stem: str, language: str) -> bool:
    return (folder / f"{stem}.{language}.md").is_file()


@lru_cache(maxsize=64)
def _parsed(path: Path, changed_ns: int) -> Body:
    body = parse(path.read_text("utf-8"), path.name)
    names = {block.image for block in body.blocks if isinstance(block, Figure)}
    return Body(body.title, body.blocks, {name: (path.parent / name).read_bytes() for name in sorted(names)})


def parse(text: str, name: str = "text") -> Body:
    """Markdown as a body, its pictures not loaded."""
    tokens = MarkdownIt("commonmark").enable("table").use(footnote_plugin).parse(text)
    notes = dict(_footnotes(tokens))
    reader = _Reader(tokens, notes, name)
    blocks = list(reader.blocks())
    title = ""
    if blocks and isinstance(blocks[0], Heading) and blocks[0].level == 0:
        title = "".join(part.text for part in blocks[0].content if isinstance(part, Text))
        blocks = blocks[1:]
    return Body(title, tuple(_with_captions(blocks)))


def _footnotes(tokens: Sequence[Token]) -> Iterator[tuple[int, tuple[Text, ...]]]:
    current = -1
    for token in tokens:
        if token.type == "footnote_open":
            current = token.meta["id"]
        elif token.type == "inline" and current >= 0:
            content = _inlines(token.children or [], {})
            yield current, tuple(part for part in content if isinstance(part, Text))
        elif token.type == "footnote_close":
            current = -1


class _Reader:
    def __init__(self, tokens: Sequence[Token], notes: Mapping[int, tuple[Text, ...]], name: str) -> None:
        self.tokens = tokens
        self.notes = notes
        self.name = name

    def blocks(self) -> Iterator[Block]:
        lists: list[bool] = []
        is_first = False
        index = 0
        while index < len(self.tokens):
            token = self.tokens[index]
            match token.type:
                case "footnote_block_open":
                    return
                case "bullet_list_open" | "ordered_list_open":
                    lists.append(token.type == "ordered_list_open")
                    is_first = True
                case "bullet_list_close" | "ordered_list_close":
                    lists.pop()
                case "heading_open":
                    content = self._inline(index + 1)
                    level = int(token.tag[1]) - 1
                    key = self.tokens[index + 1].content.strip() if level == 1 else None
                    yield Heading(level, content, key)
                    index += 2
                case "table_open":
                    table, index = self._table(index)
                    yield table
                case "inline" if lists:
                    yield Item(self._inline(index), ordered=lists[-1], first=is_first)
                    is_first = False
                case "inline":
                    children = token.children or []
                    if len(children) == 1 and children[0].type == "image":
                        yield Figure(str(children[0].attrs["src"]), children[0].content)
                    else:
                        yield Paragraph(self._inline(index))
                case "fence" | "code_block" | "html_block" | "blockquote_open":
                    raise Invalid(f"{self.name}: {token.type} is more than the materials may use")
            index += 1

    def _inline(self, index: int) -> tuple[Inline, ...]:
        return _inlines(self.tokens[index].children or [], self.notes)

    def _table(self, index: int) -> tuple[Table, int]:
        rows: list[tuple[tuple[Inline, ...], ...]] = []
        cells: list[tuple[Inline, ...]] = []
        while self.tokens[index].type != "table_close":
            token = self.tokens[index]
            if token.type == "tr_open":
                cells = []
            elif token.type == "inline":
                cells.append(self._inline(index))
            elif token.type == "tr_close":
                rows.append(tuple(cells))
            index += 1
        return Table(tuple(rows)), index


def _inlines(children: Sequence[Token], notes: Mapping[int, tuple[Text, ...]]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    bold = italic = False
    link: str | None = None
    for child in children:
        match child.type:
            case "text" if child.content:
                found.append(Text(child.content, bold, italic, link))
            case "strong_open" | "strong_close":
                bold = child.type == "strong_open"
            case "em_open" | "em_close":
                italic = child.type == "em_open"
            case "link_open":
                link = str(child.attrs["href"])
            case "link_close":
                link = None
            case "softbreak":
                found.append(Text(" ", bold, italic, link))
            case "footnote_ref":
                found.append(Footnote(notes[child.meta["id"]]))
    return tuple(found)


def _with_captions(blocks: Sequence[Block]) -> Iterator[Block]:
    waiting = ""
    for index, block in enumerate(blocks):
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        if isinstance(block, Paragraph) and isinstance(after, Table):
            text = "".join(part.text for part in block.content if isinstance(part, Text))
            if text.startswith(_CAPTION):
                waiting = text.removeprefix(_CAPTION).strip()
                continue
        if isinstance(block, Table):
            block, waiting = Table(block.rows, waiting), ""
        yield block
