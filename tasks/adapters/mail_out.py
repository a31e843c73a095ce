"""Mails to go out as bytes (RFC 5322, MIME): seven bits, lines ended by CR LF, nothing in them left to chance.

The headers are written here and not by the standard library: in a long header it breaks words apart (a name in French
comes back with blanks in it) and hides message ids in encoded words, where no mail program looks for a thread.
"""

from __future__ import annotations

import base64
import hashlib
import re
from email.utils import format_datetime
from typing import Final
from urllib.parse import quote

from tasks.adapters.ports import Address, Attachment, Message

#: Its value is the letter's key in the ledger.
LETTER_HEADER: Final = "X-Roundtable-Letter"
MESSAGE_ID: Final = re.compile(r"<[^<>\s\x00-\x1f\x7f-\U0010ffff]{1,240}>")

#: What needs no quotes in a name (RFC 5322, 3.2.3).
_ATOMS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
#: A line has at most 998 characters (RFC 5322, 2.1.1); most headers end long before.
_LINE: Final = 200
#: Bytes in one encoded word: 60 characters of base64, where 75 are allowed with what is around them (RFC 2047, 2).
_WORD_BYTES: Final = 45


def write_mail(letter: Message, id: str) -> bytes:
    """`letter` as a mail program sends it, its Message-ID derived from `id`; the same in, the same bytes out."""
    heads = [
        ("From", _mailbox(letter.sender)),
        ("To", ",\r\n ".join(map(_mailbox, letter.to))),
        ("Cc", ",\r\n ".join(map(_mailbox, letter.cc))),
        ("Subject", _words(letter.subject)),
        ("Date", format_datetime(letter.date)),
        ("Message-ID", message_id(letter, id)),
    ]
    if letter.in_reply_to is not None and MESSAGE_ID.fullmatch(letter.in_reply_to):
        heads += [("In-Reply-To", letter.in_reply_to), ("References", letter.in_reply_to)]
    heads += [("Content-Language", letter.language), (LETTER_HEADER, _words(letter.key)), ("MIME-Version", "1.0")]
    text = _text_part(letter.text)
    if not letter.attachments:
        return _head(heads) + text
    boundary = f"=_{hashlib.sha256(id.encode()).hexdigest()[:40]}"
    heads.append(("Content-Type", f'multipart/mixed; boundary="{boundary}"'))
    line = f"--{boundary}".encode()
    parts = [text, *(_file_part(attachment) for attachment in letter.attachments)]
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    return _head(heads) + b"\r\n" + body + line + b"--\r\n"


def message_id(letter: Message, id: str) -> str:
    """The Message-ID of `letter` sent as `id`, in the sender's domain (RFC 5322, 3.6.4)."""
    return f"<{id}@{letter.sender.email.rpartition('@')[2].lower()}>"


def _head(heads: list[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in heads if value).encode("ascii")


def _words(value: str) -> str:
    """`value` as it stands, or in encoded words (RFC 2047), each whole characters, where it would not come back."""
    if value.isascii() and len(value) <= _LINE and "=?" not in value and value == value.strip():
        return value
    words = [""]
    for character in value:
        if len((words[-1] + character).encode()) > _WORD_BYTES:
            words.append("")
        words[-1] += character
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(word.encode()).decode()}?=" for word in words)


def _mailbox(address: Address) -> str:
    if not address.name:
        return address.email
    name = _words(address.name)
    if name == address.name and not _ATOMS.fullmatch(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{address.email}>"


def _text_part(text: str) -> bytes:
    plain = re.sub("\r\n?", "\n", text)
    lines = (plain if plain.endswith("\n") else plain + "\n").replace("\n", "\r\n").encode()
    seven = lines.isascii() and max(map(len, lines.split(b"\r\n"))) <= 998
    heads = [
        ("Content-Type", 'text/plain; charset="utf-8"'),
        ("Content-Transfer-Encoding", "7bit" if seven else "base64"),
    ]
    return _head(heads) + b"\r\n" + (lines if seven else _base64(lines))


def _file_part(attachment: Attachment) -> bytes:
    mime = attachment.mime
    if mime.lower().startswith(("message/", "multipart/")):  # These may not be in base64 (RFC 2046, 5.2.1).
        mime = "application/octet-stream"
    heads = [
        ("Content-Type", mime),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", "attachment;\r\n " + _file_name(attachment.name)),
    ]
    return _head(heads) + b"\r\n" + _base64(attachment.data)


def _file_name(name: str) -> str:
    """The parameter `filename`, in pieces of a line each where it needs another alphabet (RFC 2231)."""
    if re.fullmatch(r"[A-Za-z0-9 ._()+-]{1,60}", name):
        return f'filename="{name}"'
    pieces = [""]
    for character in name:
        written = quote(character, safe="")
        if len(pieces[-1] + written) > 54:
            pieces.append("")
        pieces[-1] += written
    pieces[0] = "utf-8''" + pieces[0]
    if len(pieces) == 1:
        return f"filename*={pieces[0]}"
    return ";\r\n ".join(f"filename*{number}*={piece}" for number, piece in enumerate(pieces))


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")
