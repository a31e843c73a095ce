"""Marked Word files made from bare XML, and short ways to write down what was read of them."""

from __future__ import annotations

from collections.abc import Mapping

from tasks.adapters.word.markup import read_markup
from tasks.adapters.word.ooxml import W as MAIN
from tasks.adapters.word.ooxml import w
from tasks.adapters.word.opc import OFFICE_REL, Docx, unpack
from tasks.domain.markup import Mark, Markup, Paragraph
from tests.adapters.word.word_help import NAMESPACES, WORD, raw

ANNA = 'w:author="Anna" w:date="2007-05-01T10:00:00Z"'
BEN = 'w:author="Ben" w:date="2007-05-02T11:30:00Z"'
_MICROSOFT = "http://schemas.microsoft.com/office/"
#: Parts beside the comments: their namespace, and what they are called in relationships.
_BESIDE = {
    "commentsExtended": ("w15", _MICROSOFT + "word/2012/wordml", _MICROSOFT + "2011/relationships/commentsExtended"),
    "commentsIds": ("w16cid", _MICROSOFT + "word/2016/wordml/cid", _MICROSOFT + "2016/09/relationships/commentsIds"),
    "commentsExtensible": (
        "w16cex",
        _MICROSOFT + "word/2018/wordml/cex",
        _MICROSOFT + "2018/08/relationships/commentsExtensible",
    ),
}


def ins(content: str, who: str = ANNA, id: int = 1) -> str:
    """Something put in."""
    return f'<w:ins w:id="{id}" {who}>{content}</w:ins>'


def gone(text: str, properties: str = "") -> str:
    """A run of deleted text."""
    formatted = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{formatted}<w:delText xml:space="preserve">{text}</w:delText></w:r>'


def dele(content: str, who: str = BEN, id: int = 2) -> str:
    """Something taken out; `content` is runs of deleted text, or plain text."""
    return f'<w:del w:id="{id}" {who}>{content if content.startswith("<") else gone(content)}</w:del>'


def end(*tags: str, id: int = 3, who: str = ANNA) -> str:
    """For a paragraph's properties: its end was put in (ins), taken out (del) or moved."""
    return "<w:rPr>" + "".join(f'<w:{tag} w:id="{id + n}" {who}/>' for n, tag in enumerate(tags)) + "</w:rPr>"


def start(id: int) -> str:
    """Where a comment's range starts."""
    return f'<w:commentRangeStart w:id="{id}"/>'


def stop(id: int, *, reference: bool = True) -> str:
    """Where a comment's range ends, with the mark that shows it."""
    return f'<w:commentRangeEnd w:id="{id}"/>' + (refer(id) if reference else "")


def refer(id: int) -> str:
    """The mark that shows a comment."""
    return f'<w:r><w:commentReference w:id="{id}"/></w:r>'


def comment(id: int, text: str, who: str = ANNA, paragraph: str = "", initials: str = "A") -> str:
    """A comment; `paragraph` is the id of its last paragraph."""
    lines = text.split("\n")
    ids = [""] * (len(lines) - 1) + [f' w14:paraId="{paragraph}"' if paragraph else ""]
    inner = "".join(
        f'<w:p{ident}><w:r><w:annotationRef/></w:r><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>'
        for line, ident in zip(lines, ids, strict=True)
    )
    return f'<w:comment w:id="{id}" {who} w:initials="{initials}">{inner}</w:comment>'


def marked(
    body: str,
    *,
    comments: str = "",
    beside: Mapping[str, str] | None = None,
    footnotes: str = "",
    endnotes: str = "",
    headers: tuple[str, ...] = (),
    footers: tuple[str, ...] = (),
    styles: str | None = None,
) -> bytes:
    """A Word file with these parts. `beside`: what stands in the parts that newer programs keep beside the comments."""
    docx = unpack(raw(body, footnotes=footnotes) if styles is None else raw(body, footnotes=footnotes, styles=styles))
    if comments:
        _add(docx, "comments", f"<w:comments {NAMESPACES}>{comments}</w:comments>", "comments")
    for kind, content in (beside or {}).items():
        prefix, namespace, relation = _BESIDE[kind]
        tag = {"commentsExtended": "commentsEx"}.get(kind, kind)
        xml = f'<{prefix}:{tag} xmlns:{prefix}="{namespace}">{content}</{prefix}:{tag}>'
        docx.add(f"word/{kind}.xml", xml.encode(), f"{WORD}.{kind}+xml")
        docx.relate(docx.main, relation, f"word/{kind}.xml")
    if endnotes:
        _add(docx, "endnotes", f"<w:endnotes {NAMESPACES}>{endnotes}</w:endnotes>", "endnotes")
    for kind, tag, contents in (("header", "hdr", headers), ("footer", "ftr", footers)):
        for number, content in enumerate(contents, start=1):
            _add(docx, f"{kind}{number}", f"<w:{tag} {NAMESPACES}>{content}</w:{tag}>", kind)
    return docx.to_bytes()


def _add(docx: Docx, name: str, xml: str, kind: str) -> None:
    docx.add(f"word/{name}.xml", xml.encode(), f"{WORD}.{kind}+xml")
    docx.relate(docx.main, OFFICE_REL + kind, f"word/{name}.xml")


def read(data: bytes) -> Markup:
    """What is read of a file, with what holds for every one: ids are unique, and no piece names a mark that is not."""
    markup = read_markup(unpack(data))
    assert len(markup.by_id) == len(markup.marks)
    assert [paragraph.index for paragraph in markup.paragraphs] == list(range(len(markup.paragraphs)))
    for paragraph in markup.paragraphs:
        ends = {mark for mark in (paragraph.mark_inserted, paragraph.mark_deleted) if mark}
        for id in ends.union(*(piece.marks for piece in paragraph.pieces)):
            assert paragraph.index in markup.by_id[id].paragraphs
    assert all(0 <= index < len(markup.paragraphs) for mark in markup.marks for index in mark.paragraphs)
    return markup


def shown(paragraph: Paragraph) -> str:
    """A paragraph as one line: [+put in+], [-taken out-], [~both~]; ¶+ and ¶- where its end was."""
    signs = {
        (False, False): ("", ""),
        (True, False): ("[+", "+]"),
        (False, True): ("[-", "-]"),
        (True, True): ("[~", "~]"),
    }
    found = "".join(
        opening + piece.text + closing
        for piece in paragraph.pieces
        for opening, closing in [signs[piece.is_inserted, piece.is_deleted]]
    )
    return found + ("¶+" if paragraph.mark_inserted else "") + ("¶-" if paragraph.mark_deleted else "")


def lines(markup: Markup) -> list[str]:
    """All paragraphs as lines; neighbouring pieces in one state are parted by the marks they have."""
    return [shown(paragraph) for paragraph in markup.paragraphs]


def said(mark: Mark) -> tuple[str, str, tuple[int, ...], str, str]:
    """The most of a mark: kind, author, paragraphs, text, quote."""
    return mark.kind.value, mark.author, mark.paragraphs, mark.text, mark.quote


def tags(data: bytes, part: str = "word/document.xml") -> list[str]:
    """The names of all elements of a part, in order."""
    names = (str(node.tag) for node in unpack(data).tree(part).iter())
    return [name.replace(f"{{{MAIN}}}", "") for name in names]


def count(data: bytes, tag: str, part: str = "word/document.xml") -> int:
    """How many elements of this name a part has."""
    return sum(1 for _ in unpack(data).tree(part).iter(w(tag)))
