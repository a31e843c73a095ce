"""Files as they really come back: renamed, their properties gone, edited, saved by another program."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

from tasks.adapters import materials
from tasks.adapters.word.ooxml import w
from tasks.adapters.word.opc import OFFICE_REL, unpack
from tasks.domain.text import Block, Figure, Heading, Text, text_of
from tests.domain.domain_help import EDITIONS
from tests.tasks.office_help import Office


def without_properties(data: bytes) -> bytes:
    """A Word file whose custom properties are gone, as after pasting its text or saving it with some programs."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "docProps/custom.xml":
                continue
            if entry.filename in ("[Content_Types].xml", "_rels/.rels"):
                part = re.sub(rb"<(Override|Relationship)\b[^>]*custom[.-][^>]*/>", b"", part)
            target.writestr(zipfile.ZipInfo(entry.filename, (2007, 1, 1, 0, 0, 0)), part)
    return out.getvalue()


def with_real_text(at: Callable[[str], Office]) -> Office:
    """An office where the rehearsal's own first draft of 1.3 goes round."""
    office = at("writing")
    office.on("draft-1")
    words = office.desk.words("en")
    text = materials.load(
        EDITIONS[office.name] / office.name / "rehearsal" / "materials" / "1.3", "background-paper", "en"
    )
    blocks: list[Block] = []
    for block in text.blocks:
        key = text_of(block)
        if isinstance(block, Heading) and words.has(f"sections.{key}"):
            blocks.append(Heading(1, (Text(words(f"sections.{key}")),), key))
        elif not isinstance(block, Figure):
            blocks.append(block)
    office.send(office.filled(office.document("paper-skeleton", "1.3", "en"), blocks))
    office.advance("1.3")
    return office


def edited(data: bytes, old: str, new: str) -> bytes:
    """The file with some words of its text changed, which must be there."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "word/document.xml":
                assert old.encode() in part
                part = part.replace(old.encode(), new.encode())
            target.writestr(zipfile.ZipInfo(entry.filename, (2007, 1, 1, 0, 0, 0)), part)
    return out.getvalue()


def saved_by_libreoffice(files: Sequence[bytes], folder: Path) -> list[bytes] | None:
    """The files as LibreOffice saves them; None where it is not installed."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return None
    folder.mkdir()
    paths = [folder / f"{number}.docx" for number in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "docx", "--outdir", str(folder / "saved")]
    subprocess.run([*command, *map(str, paths)], capture_output=True, check=True, timeout=180)
    return [(folder / "saved" / path.name).read_bytes() for path in paths]


def sent_in_threads(office: Office) -> dict[str, str]:
    """Every letter as if it had been sent, each in a thread of its own: the thread by the letter's key."""
    with closing(sqlite3.connect(office.home / "ledger.sqlite")) as connection, connection:
        connection.execute("UPDATE letter SET thread = '<' || key || '@office.example>'")
        return dict(connection.execute("SELECT key, thread FROM letter").fetchall())


def mail(
    sender: str,
    files: Sequence[tuple[str, bytes]],
    *,
    subject: str = "Our answer",
    reply_to: str = "",
    text: str = "Dear colleagues, please find our answer attached.",
) -> bytes:
    """A mail as a mail program saves it, with a covering text and the picture of a signature."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "office@forum.example", subject
    made["Date"], made["Message-ID"] = "Mon, 30 Apr 2007 09:00:00 +0200", f"<{subject.replace(' ', '')}@there.example>"
    if reply_to:
        made["In-Reply-To"] = made["References"] = reply_to
    made.set_content(text)
    made.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="signature.png")
    for name, data in files:
        made.add_attachment(
            data, maintype="application", subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
            filename=name,
        )  # fmt: skip
    return made.as_bytes()


def with_remote_template(data: bytes) -> bytes:
    """The file with a template that Word would fetch from elsewhere."""
    docx = unpack(data)
    part = docx.related(docx.main, "settings")
    assert part is not None
    id = docx.relate(part, OFFICE_REL + "attachedTemplate", "https://evil.example/normal.dotm", external=True)
    root = docx.tree(part)
    root.insert(0, root.makeelement(w("attachedTemplate"), {f"{{{OFFICE_REL[:-1]}}}id": id}))
    docx.write(part, root)
    return docx.to_bytes()
