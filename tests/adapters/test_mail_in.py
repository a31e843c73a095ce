"""Mails that came in: as programs write them, as they get damaged, and as somebody would who means ill."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.adapters.mail_in import MAX_BYTES, html_to_text, read_mail
from tasks.adapters.mail_out import write_mail
from tasks.adapters.ports import Address, Attachment
from tests.adapters.delivery_contract import NOW, SCRIPTS, letter, raw_mail


def read(raw: bytes):
    return read_mail(raw, "reference", NOW)


def mail(*lines: str) -> bytes:
    """A mail of these lines after the usual head."""
    head = ["From: Kari <kari@norway.example>", "Date: Thu, 1 Mar 2007 12:00:00 +0100", "MIME-Version: 1.0"]
    return "\r\n".join([*head, *lines, ""]).encode()


def test_a_plain_mail():
    got = read(raw_mail("Re: note", "Here it is.\n\nKari"))
    assert got.sender == Address("Kari", "kari@norway.example")
    assert (got.subject, got.text, got.attachments, got.defect) == ("Re: note", "Here it is.\n\nKari", (), "")
    assert got.date == dt.datetime(2007, 3, 1, 11, tzinfo=dt.UTC)


def test_the_text_is_taken_rather_than_the_page():
    alternative = [
        "Content-Type: multipart/alternative; boundary=b",
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "words",
    ]
    got = read(mail(*alternative, "--b", "Content-Type: text/html", "", "<p>page</p>", "--b--"))
    assert (got.text, got.attachments) == ("words", ())


def test_a_page_alone_is_read_as_words():
    head = "<html><head><title>t</title><style>p{}</style></head>"
    page = f"{head}<body><p>One&nbsp;&amp; two<br>three</p><script>x</script></body>"
    assert read(mail("Content-Type: text/html; charset=utf-8", "", page)).text == "One & two\nthree"


def test_words_of_a_page():
    assert html_to_text("<div>a\n b</div><!-- no --><ul><li>c<li>d</ul><td>e</td><td>f</td>") == "a b\nc\nd\ne f"
    assert html_to_text("<script>alert(1)</script><p>shown") == "shown"
    assert html_to_text(" ") == html_to_text("<!-- -->") == ""


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["<p", "<a b ", "<p a='", "<!--", "<![CDATA[", "<?", "</", "<div>", "&#", "<table><td>", "\0<b>"]
)
def test_a_page_made_to_be_slow_is_not(piece: str):
    assert len(html_to_text(piece * (500_000 // len(piece)))) <= 1_000_000


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "no-such-charset", "utf-8"])
def test_a_text_in_the_wrong_alphabet_is_still_read(charset: str):
    raw = mail(f"Content-Type: text/plain; charset={charset}", "") + "\r\nRéunion".encode("cp1252")
    assert read(raw).text.strip() == "Réunion"


def test_arabic_and_chinese_alphabets():
    for charset, words in (
        ("windows-1256", "الاجتماع"),
        ("gb18030", "全球移徙"),
        ("koi8-r", "форум"),
        ("iso-2022-jp", "移住"),
    ):
        subject = f"Subject: =?{charset}?B?{base64.b64encode(words.encode(charset)).decode()}?="
        raw = mail(subject, f"Content-Type: text/plain; charset={charset}", "") + b"\r\n" + words.encode(charset)
        got = read(raw)
        assert (got.subject, got.text.strip()) == (words, words)


def test_names_of_attachments_are_names_only():
    parts = [
        line
        for name in ("../../etc/passwd", "C:\\Temp\\note.docx", "/abs.docx", ".hidden", "a\u202excod.exe", "")
        for line in ("--b", f'Content-Type: application/x; name="{name}"', "Content-Disposition: attachment", "", "x")
    ]
    got = read(mail("Content-Type: multipart/mixed; boundary=b", "", *parts, "--b--"))
    names = [file.name for file in got.attachments]
    assert names == ["passwd", "note.docx", "abs.docx", "hidden", "axcod.exe", "part-6"]


def test_a_forwarded_mail_is_an_attachment_and_is_not_opened():
    inner = ["Subject: inner", "Content-Type: text/plain", "", "inner words"]
    got = read(
        mail(
            "Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: message/rfc822", "", *inner, "--b--"
        )
    )
    assert got.text == ""
    (file,) = got.attachments
    assert (file.name, file.mime) == ("mail.eml", "message/rfc822")
    assert b"inner words" in file.data


def test_what_can_not_be_read_is_said():
    assert "who sent it" in read(b"Subject: a\r\n\r\nb").defect
    assert "no date" in read(b"From: a@a.example\r\nDate: soon\r\n\r\nb").defect
    assert read(b"From: a@a.example\r\nDate: soon\r\n\r\nb").date == NOW
    assert "bytes" in read(b"x" * (MAX_BYTES + 1)).defect
    broken = mail(
        "Content-Type: multipart/mixed; boundary=b",
        "",
        "--b",
        "Content-Type: application/x",
        "Content-Transfer-Encoding: base64",
        "",
        "AAAA=A=A!",
        "--b--",
    )
    assert "damaged" in read(broken).defect


def test_mails_nested_or_cut_beyond_reason_end_well():
    deep = [line for n in range(400) for line in (f"Content-Type: multipart/mixed; boundary=b{n}", "", f"--b{n}")]
    assert "deeper" in read(mail(*deep, "", "x")).defect or "can't be read" in read(mail(*deep, "", "x")).defect
    wide = [
        "Content-Type: multipart/mixed; boundary=b",
        "",
        *["--b", "Content-Type: application/x", "", "x"] * 2000,
        "--b--",
    ]
    got = read(mail(*wide))
    assert len(got.attachments) == 500
    assert "first 500" in got.defect


def test_the_thread_is_where_it_began():
    ids = "References: <first@a.example>\r\n <second@a.example>", "In-Reply-To: <second@a.example>"
    assert read(mail(*ids, "Message-ID: <own@a.example>", "", "x")).thread == "<first@a.example>"
    assert read(mail(ids[1], "Message-ID: <own@a.example>", "", "x")).thread == "<second@a.example>"
    assert read(mail("Message-ID: <own@a.example>", "", "x")).thread == "<own@a.example>"
    assert read(mail("Message-ID: nonsense", "", "x")).thread == "reference"


WHOLE = write_mail(
    letter(text="\n".join(SCRIPTS), attachments=(Attachment.of("é.docx", bytes(range(256)), "application/zip"),)),
    "id-1",
)


@pytest.mark.soak
@given(raw=st.binary(max_size=2000))
@example(b"")
@example(b"\xff\xfe\x00")
@example(b"From: =?utf-8?q?=ff?= <\xff@\xff>\r\nDate: Thu, 99 Mar 99999 99:99:99 +9999\r\n\r\n")
@example(b"Content-Type: multipart/mixed\r\n\r\n")
@example(b"From: a\r\nSubject: =?utf-8?b?a?=\r\nContent-Type: text/plain; charset*=\xff''\xff\r\n\r\nx")
def test_any_bytes_are_read_to_the_end(raw: bytes):
    got = read(raw)
    assert got.date.tzinfo is not None
    assert got.thread


@pytest.mark.soak
@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, len(WHOLE) - 1),
            st.integers(0, 40),
            st.one_of(st.binary(max_size=6), st.sampled_from([b"\r\n", b"=?", b"--", b";", b'"', b"*0*="])),
        ),
        max_size=8,
    )
)
def test_a_mail_damaged_anywhere_is_read_to_the_end(changes: list):
    raw = WHOLE
    for place, length, other in changes:
        raw = raw[:place] + other + raw[place + length :]
    got = read(raw)
    assert all("/" not in file.name and file.name for file in got.attachments)
