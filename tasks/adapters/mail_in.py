"""Mails that came in as bytes (RFC 5322, MIME), read with distrust: whatever is in one, reading it ends well.

Nothing is fetched, nothing run, nothing opened but mail; the files in it are the mailroom's to open.
"""

from __future__ import annotations

import datetime as dt
import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any, Final

from lxml import etree

from tasks.adapters.mail_out import MESSAGE_ID
from tasks.adapters.ports import Address, Attachment, Incoming

#: A larger mail is not opened. Gmail takes 25 MB in, counted in base64; other servers up to twice that.
MAX_BYTES: Final = 80_000_000
_MAX_PARTS: Final = 500
_MAX_DEPTH: Final = 20
_MAX_HTML: Final = 500_000

#: What the standard library's reader raises on mails that follow no rule.
_UNREADABLE: Final = (MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


def read_thread(data: bytes) -> tuple[str, str]:
    """Message-ID of a mail, and that of the mail which began its thread; empty where the mail does not say."""
    heads = _Heads(BytesHeaderParser().parsebytes(data))
    own = "".join(MESSAGE_ID.findall(heads.raw("Message-ID"))[:1])
    return own, next(iter(MESSAGE_ID.findall(f"{heads.raw('References')} {heads.raw('In-Reply-To')}")), own)


def read_mail(data: bytes, reference: str, at: dt.datetime) -> Incoming:
    """A mail that came in, as far as it can be read; `defect` says what could not.

    Args:
        reference: what the backend calls it; names its thread where the mail names none.
        at: when it came, aware, where the mail has no date.
    """
    defects: list[str] = []
    if len(data) > MAX_BYTES:
        reason = f"the mail has {len(data):,} bytes, more than the {MAX_BYTES:,} that are opened"
        return Incoming(reference, reference, Address("", ""), "", "", at, (), reason)
    try:
        mail = BytesParser().parsebytes(data)
        heads = _Heads(mail)
        parts = _parts(mail, defects)
        texts, attachments = _sort_parts(parts, defects)
        _, thread = read_thread(data)
    except _UNREADABLE as error:
        reason = f"the mail can't be read ({type(error).__name__})"
        return Incoming(reference, reference, Address("", ""), "", "", at, (), reason)
    sender = heads.address("From")
    if "@" not in sender.email:
        defects.append("the mail does not say who sent it")
    date = heads.date()
    if date is None:
        defects.append("the mail has no date that can be read")
    # Blanks only: a no-break space belongs to the subject, and Gmail keeps a thread by the same subject.
    subject = re.sub(r"[ \t\r\n]+", " ", heads.text("Subject")).strip(" ")
    return Incoming(
        reference,
        thread or reference,
        sender,
        subject,
        texts,
        date or at,
        attachments,
        "; ".join(dict.fromkeys(defects)),
    )


def html_to_text(html: str) -> str:
    """The words of a page: nothing that is script, style or comment, nothing fetched, one line per block."""
    # Not by the standard library's parser: a page of 40 kB, made for it, takes that one half a minute.
    listener: Any = _Words()
    parser = etree.HTMLParser(target=listener, encoding="utf-8", no_network=True)
    data = html[:_MAX_HTML].encode("utf-8", "replace")
    words: list[str] = etree.HTML(data, parser) if data.strip() else []  # type: ignore[assignment]
    lines = (" ".join(line.split()) for line in "".join(words).split("\n"))
    return "\n".join(line for line in lines if line)


def _one_line_end(text: str) -> str:
    return re.sub("\r\n?", "\n", text)


def _parts(mail: Message, defects: list[str]) -> list[Message]:
    """The leaves of a mail in order, a mail within the mail being one; at most so many, at most so deep."""
    leaves: list[Message] = []
    waiting = [(mail, 0)]
    while waiting:
        part, depth = waiting.pop()
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            inner = part.get_payload()
            assert isinstance(inner, list)
            if depth >= _MAX_DEPTH:
                defects.append(f"parts nested deeper than {_MAX_DEPTH} were not opened")
                continue
            waiting += [(child, depth + 1) for child in reversed(inner) if isinstance(child, Message)]
        elif len(leaves) >= _MAX_PARTS:
            defects.append(f"only the first {_MAX_PARTS} parts were opened")
            break
        else:
            leaves.append(part)
    return leaves


def _sort_parts(parts: list[Message], defects: list[str]) -> tuple[str, tuple[Attachment, ...]]:
    """The plain text of a mail, else that of its page, and all else as attachments."""
    plain: list[str] = []
    pages: list[str] = []
    attachments: list[Attachment] = []
    for part in parts:
        name = _file_name(part)
        kind = part.get_content_type()
        aside = bool(name) or part.get_content_disposition() == "attachment"
        if not aside and kind in {"text/plain", "text/html"}:
            text = _text(part)
            (plain if kind == "text/plain" else pages).append(text if kind == "text/plain" else html_to_text(text))
            continue
        if part.is_multipart():
            inner = part.get_payload()
            data = b"".join(child.as_bytes() for child in inner if isinstance(child, Message))
            name = name or "mail.eml"
        else:
            data = _data(part)
        if part.defects:
            defects.append(f"{name or kind} was damaged on its way ({type(part.defects[0]).__name__})")
        attachments.append(Attachment.of(_safe_name(name) or f"part-{len(attachments) + 1}", data, kind))
    return "\n\n".join(text for text in plain or pages if text), tuple(attachments)


def _data(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _text(part: Message) -> str:
    data = _data(part)
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "cp1252"):
        try:
            text = data.decode(charset)
        except (LookupError, UnicodeError):
            continue
        break
    else:
        text = data.decode("utf-8", "replace")
    return _one_line_end(text.replace("\0", "")).strip("\n")


def _file_name(part: Message) -> str:
    """The name a part has for its file, also where its letters stand in the header as they are (RFC 6532)."""
    plain = Message()
    for head, value in part.raw_items():
        if head.lower() in {"content-disposition", "content-type"}:
            plain[head] = _utf8(str(value))
    return _decode(plain.get_filename() or "")


def _utf8(raw: str) -> str:
    return raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _safe_name(name: str) -> str:
    """A name with no folder, no control character, and nothing that hides how it ends."""
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", "", last)
    return kept.strip().lstrip(".")[-150:]


def _decode(raw: str) -> str:
    """A header's value with its encoded words read (RFC 2047); as it stands where they can't be."""
    value = _utf8(raw)
    try:
        return str(make_header(decode_header(value))) if "=?" in value else value
    except _UNREADABLE:
        return value


class _Heads:
    """The headers of a mail, the first of each name."""

    def __init__(self, mail: Message) -> None:
        self._first: dict[str, str] = {}
        for name, value in mail.raw_items():
            self._first.setdefault(name.lower(), re.sub(r"\r?\n(?=[ \t])", "", str(value)))

    def raw(self, name: str) -> str:
        return self._first.get(name.lower(), "")

    def text(self, name: str) -> str:
        return _decode(self.raw(name)).replace("\0", "")

    def address(self, name: str) -> Address:
        shown, email = parseaddr(self.raw(name))
        return Address(" ".join(_decode(shown).split()), _decode(email).strip())

    def date(self) -> dt.datetime | None:
        try:
            date = parsedate_to_datetime(self.raw("Date"))
            # "-0000" is a time in UTC from an unknown zone (RFC 5322, 3.3).
            return date.replace(tzinfo=dt.UTC) if date.tzinfo is None else date.astimezone(dt.UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None


class _Words:
    """Hears a page and keeps its words."""

    _SILENT: Final = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object"})
    _BLOCKS: Final = frozenset(
        {"p", "div", "br", "li", "tr", "table", "ul", "ol", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
    )

    def __init__(self) -> None:
        self._words: list[str] = []
        self._silent = 0

    def start(self, tag: str, attributes: object) -> None:
        self._silent += tag in self._SILENT
        if tag in self._BLOCKS:
            self._words.append("\n")
        elif tag in {"td", "th"}:
            self._words.append(" ")

    def end(self, tag: str) -> None:
        self._silent -= tag in self._SILENT
        if tag in self._BLOCKS and tag != "br":
            self._words.append("\n")

    def data(self, data: str) -> None:
        if not self._silent:
            # A line's end in the source is a blank; only a block ends a line.
            self._words.append(re.sub(r"\s+", " ", data))

    def comment(self, text: str) -> None:
        """Nothing: nobody was meant to read it."""

    def close(self) -> list[str]:
        return self._words
