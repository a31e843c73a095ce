"""Mails to go out, read back by two readers that share nothing: the standard library's, and one written in Rust."""

from __future__ import annotations

import dataclasses
import datetime as dt
from email.utils import getaddresses

import pytest
from fast_mail_parser import parse_email
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.mail_in import read_mail
from tasks.adapters.mail_out import write_mail
from tasks.adapters.ports import Address, Attachment
from tasks.domain.errors import Invalid
from tests.adapters.delivery_contract import NOW, SCRIPTS, body, files, letter, opened, people

characters = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
# What people write, and often what means something in a header.
heads = st.text(st.one_of(st.sampled_from('éñßمسودة文件🕊 ,;:<>@"\\()=?_"'), characters), max_size=120).map(str.strip)
texts = st.text(st.one_of(st.sampled_from("\n\n .-=é文"), characters), max_size=400)
mailboxes = st.from_regex(r"[a-z0-9+'_-]{1,20}(\.[a-z]{1,9})?@[a-z]{1,30}\.example", fullmatch=True)
addresses = st.builds(Address, heads.map(lambda name: " ".join(name.split())), mailboxes)
names = st.text(st.one_of(st.sampled_from("abc .%'\"\\;=é文🕊"), characters), min_size=1, max_size=60)
attachments = st.builds(
    Attachment.of,
    names.filter(str.strip).map(str.strip),
    st.binary(max_size=300),
    st.sampled_from(["a/b", "text/plain"]),
)
letters = st.builds(
    lambda to, cc, **other: letter(to=tuple(to), cc=tuple(cc), **other),
    to=st.lists(addresses, min_size=1, max_size=4),
    cc=st.lists(addresses, max_size=3),
    subject=heads.map(lambda text: " ".join(text.split())),
    text=texts,
    attachments=st.lists(attachments, max_size=2).map(tuple),
    date=st.integers(600_000_000, 4_000_000_000).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC)),
    in_reply_to=st.sampled_from([None, f"<{'x' * 90}@a.example>"]),
)


def shown(pairs: list[Address] | tuple[Address, ...]) -> list[tuple[str, str]]:
    return [(one.name, one.email) for one in pairs]


@pytest.mark.soak
@given(message=letters)
def test_any_letter_comes_back_from_the_standard_library(message):
    raw = write_mail(message, "id-1")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    mail = opened(raw)
    assert people(mail, "To") == shown(message.to)
    assert not message.cc or people(mail, "Cc") == shown(message.cc)
    assert (mail["Subject"] or "") == message.subject
    assert mail["Date"].datetime == message.date
    assert mail["In-Reply-To"] == mail["References"] == message.in_reply_to
    assert body(mail).removesuffix("\n") == message.text.removesuffix("\n")
    assert files(mail) == list(message.attachments)


@pytest.mark.soak
@given(message=letters)
def test_any_letter_comes_back_from_our_own_reader(message):
    mail = read_mail(write_mail(message, "id-1"), "reference", NOW)
    assert mail.defect == ""
    assert (mail.sender, mail.subject, mail.date) == (message.sender, message.subject, message.date)
    assert mail.text.strip("\n") == message.text.strip("\n")
    assert [file.sha256 for file in mail.attachments] == [file.sha256 for file in message.attachments]
    assert mail.thread == (message.in_reply_to or "<id-1@forum.example>")


@pytest.mark.parametrize("line", SCRIPTS)
def test_another_programs_reader_agrees(line: str):
    message = letter(
        f"letter/{line}",
        to=(Address(f"{line}, {line} {line}", "p@a.example"), Address('The "Desk"', "q@a.example")),
        subject=" ".join([line] * 5),
        text="\n".join(SCRIPTS),
        attachments=(Attachment.of(f"{line.replace('/', '-') * 3}.docx", b"PK\0\xff", "application/zip"),),
    )
    mail = parse_email(write_mail(message, "id-1"))
    assert not mail.warnings
    assert mail.subject == message.subject
    assert getaddresses(mail.headers["To"])[-1] == ('The "Desk"', "q@a.example")
    assert mail.headers["To"][0].startswith(f"{line}, {line} {line} <p@a.example>")
    assert mail.headers["X-Roundtable-Letter"] == [message.key]
    assert [text.replace("\r\n", "\n").removesuffix("\n") for text in mail.text_plain] == [message.text]
    assert [(file.filename, file.content) for file in mail.attachments] == [
        (file.name, file.data) for file in message.attachments
    ]


def test_the_same_letter_is_the_same_bytes():
    message = letter(attachments=(Attachment.of("a.txt", b"a", "text/plain"),))
    assert write_mail(message, "id-1") == write_mail(dataclasses.replace(message), "id-1")
    assert write_mail(message, "id-1") != write_mail(message, "id-2")


def test_a_mail_within_a_mail_is_a_file():
    message = letter(attachments=(Attachment.of("old.eml", b"Subject: a\r\n\r\nb", "message/rfc822"),))
    (file,) = files(opened(write_mail(message, "id-1")))
    assert (file.name, file.data, file.mime) == ("old.eml", b"Subject: a\r\n\r\nb", "application/octet-stream")


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"to": ()}, "no recipient"),
        ({"subject": "a\r\nBcc: all@a.example"}, "line end"),
        ({"to": (Address("a\nBcc: b", "a@a.example"),)}, "line end"),
        ({"cc": (Address("", "a@a.example, b@a.example"),)}, "no mail address"),
        ({"to": (Address("", "a@a.example\r\nBcc: b@a.example"),)}, "no mail address"),
        ({"sender": Address("", "né@a.example")}, "no mail address"),
        ({"language": "en\nX: y"}, "line end"),
        ({"subject": "half a character \ud83d"}, "line end"),
        ({"text": "a\0b"}, "control character"),
        ({"attachments": (Attachment.of("a\nb.docx", b"", "a/b"),)}, "line end"),
        ({"attachments": (Attachment.of("a.docx", b"", "a/b\r\nX: y"),)}, "type like"),
        ({"attachments": (Attachment.of("文" * 81, b"", "a/b"),)}, "240 bytes"),
        ({"attachments": (Attachment("a.docx", b"changed", "0" * 64, "a/b"),)}, "not the file that was approved"),
    ],
)
def test_what_no_mail_may_hold_is_refused(other: dict, says: str):
    with pytest.raises(Invalid, match=says):
        letter(**other)
