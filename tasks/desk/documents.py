"""Documents at the desk: rendered, kept in the store, named in the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tasks.adapters.contents import Content, stored
from tasks.adapters.ledger import Change, DocumentRow
from tasks.adapters.word.contexts import Line, Page
from tasks.adapters.word.identity import Identity, set_identity, stamp
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.package import set_properties, text_in
from tasks.adapters.word.render import render
from tasks.adapters.word.rows import Rows
from tasks.desk.letters import Letters
from tasks.domain.locale import is_rtl, proofing_tag
from tasks.domain.text import Block


@dataclass(frozen=True)
class Made:
    """A document in the store that the ledger does not name yet."""

    stage: str
    kind: str
    key: str
    session: str | None
    language: str
    number: int
    name: str
    sha256: str
    size: int
    party: str | None = None
    quotes: tuple[str, ...] = ()


#: Bytes of a readable name. File systems take 255, and a mail program or an unpacker puts words of its own around it.
_LONGEST_NAME: Final = 160


def fitting_name(name: str) -> str:
    """A file's readable name; of one that is too long both ends, and a sign of the whole that no other name has."""
    data = name.encode()
    if len(data) <= _LONGEST_NAME:
        return name
    sign = f"~{hashlib.sha256(data).hexdigest()[:8]}~"
    end = data[-_LONGEST_NAME // 3 :]
    start = data[: _LONGEST_NAME - len(end) - len(sign)]
    return f"{start.decode(errors='ignore')}{sign}{end.decode(errors='ignore')}"


class Documents(Letters):
    """What a desk does with documents."""

    def page(self, language: str, *, symbol: str = "", version: str = "") -> dict[str, Any]:
        """What every document's context begins with."""
        words = self.words(language)
        reference = [Line(label=words("labels.version"), value=version)] if version else []
        reference.append(Line(label=words("labels.language"), value=self.language_name(language, language)))
        reference.append(Line(label=words("labels.date"), value=self.day(self.today, language)))
        return {
            "edition_name": self.edition.names[language],
            "meeting": words("place_and_dates", place=self.edition.place[language], dates=self.forum_dates(language)),
            "symbol": symbol,
            "reference": reference,
            "page_of": words("labels.page_of", page="{page}", pages="{pages}"),
            "rehearsal_notice": self.notice(language),
        }

    def next_number(self, kind: str, key: str, language: str | None = None) -> int:
        """The version number of the next document of this kind and key, in a language or counted over all of them."""
        rows = self.ledger.documents(self.edition.id, kind=kind, key=key, language=language)
        return max((row.number for row in rows), default=0) + 1

    def write(
        self,
        context: Page,
        *,
        stage: str,
        kind: str,
        key: str,
        session: str | None,
        language: str,
        number: int,
        title: str,
        blocks: Sequence[Block] | None = None,
        images: Mapping[str, bytes] | None = None,
        rows: Rows | None = None,
        version: int | None = None,
        known_as: str | None = None,
        party: str | None = None,
        name: str | None = None,
    ) -> Made:
        """Render a document and keep it.

        A returned copy is known by `known_as`, else `kind`, and by `version`, else `number`.
        """
        data = self.render(
            context,
            kind=known_as or kind,
            key=key,
            session=session,
            language=language,
            title=title,
            blocks=blocks,
            images=images,
            rows=rows,
            version=number if version is None else version,
        )
        return self.keep(
            data,
            stage=stage,
            kind=kind,
            key=key,
            session=session,
            language=language,
            number=number,
            party=party,
            name=name,
        )

    def render(
        self,
        context: Page,
        *,
        kind: str,
        key: str,
        session: str | None,
        language: str,
        title: str,
        version: int,
        blocks: Sequence[Block] | None = None,
        images: Mapping[str, bytes] | None = None,
        rows: Rows | None = None,
    ) -> bytes:
        """The bytes of a document in a language of the edition."""
        locale = self.edition.language(language).locale
        return render(
            self._template(context.template),
            context,
            language=proofing_tag(locale),
            rtl=is_rtl(locale),
            identity=self.identity(kind, key, session, language, version),
            title=title,
            now=self.now,
            blocks=blocks,
            images=images,
            labels=self.caption_labels(language),
            rows=rows,
        )

    def caption_labels(self, language: str) -> dict[str, str]:
        """The words before the numbers of tables and figures."""
        words = self.words(language)
        return {kind: words(f"labels.{kind}") for kind in ("table", "figure")}

    def identity(self, kind: str, key: str, session: str | None, language: str, version: int) -> Identity:
        return Identity(self.edition.id, session or "", kind, key, version, language)

    def stamp(self, data: bytes, kind: str, key: str, session: str | None, language: str, version: int) -> bytes:
        """`data` under another identity."""
        return stamp(data, self.identity(kind, key, session, language, version))

    def finish(
        self, data: bytes, kind: str, key: str, session: str | None, language: str, version: int, title: str
    ) -> bytes:
        """`data` under a new identity and title, its language set, its package deterministic."""
        tag = proofing_tag(self.edition.language(language).locale)
        docx = unpack(data)
        set_identity(docx, self.identity(kind, key, session, language, version))
        set_properties(docx, self.now, title=title, language=tag)
        return docx.to_bytes()

    def keep(
        self,
        data: bytes,
        *,
        stage: str,
        kind: str,
        key: str,
        session: str | None,
        language: str,
        number: int,
        party: str | None = None,
        name: str | None = None,
        extension: str = "docx",
    ) -> Made:
        """Put a document into the store, under a readable name made of what it is."""
        # A translation's key names its language, which ends the name anyway.
        about = key.partition(":")[0].partition("|")[0]
        parts = [
            session if session and not about.startswith(session) else None,
            None if kind.startswith(about) else about,
            kind,
            party,
            f"v{number}",
            language,
        ]
        readable = fitting_name(name or "-".join(part for part in parts if part))
        return Made(
            stage, kind, key, session, language, number, f"{readable}.{extension}", self.store.put(data), len(data),
            party, self.quoted(text_in(data), language) if extension == "docx" else (),
        )  # fmt: skip

    def add(self, change: Change, made: Made, status: str = "current") -> DocumentRow:
        """Name a document in the ledger; an earlier current one of the same kind, key and language is superseded."""
        if status == "current":
            earlier = self.ledger.documents(
                self.edition.id, kind=made.kind, key=made.key, language=made.language, status="current"
            )
            why = f"version {made.number} takes its place"
            gone = change.supersede_documents(
                [row.id for row in earlier if row.number < made.number and row.party == made.party], why
            )
            self.void_with(change, {row.sha256 for row in gone} - {made.sha256}, f"{made.kind} {made.key}: {why}")
        return change.add_document(
            stage=made.stage, kind=made.kind, key=made.key, language=made.language, number=made.number, name=made.name,
            sha256=made.sha256, size=made.size, session=made.session, party=made.party, status=status,
            quotes=made.quotes,
        )  # fmt: skip

    def current(self, kind: str, key: str, language: str) -> DocumentRow:
        """The current document of a kind, key and language."""
        rows = self.ledger.documents(self.edition.id, kind=kind, key=key, language=language, status="current")
        if not rows:
            raise LookupError(f"{self.edition.id} has no current {kind} {key} in {language}")
        return rows[-1]

    def open(self, sha256: str) -> Docx:
        """A document of the store: made here, or looked through when it came in, and the same bytes ever since."""
        return unpack(self.store.get(sha256), sha256[:12])

    def content(self, sha256: str) -> Content:
        """A file of the store by what it is, where it need not be a Word file."""
        return stored(self.store.get(sha256), sha256[:12])

    def _template(self, name: str) -> Path:
        """A document template; an edition's own wins."""
        found = [folder / "documents" / name for folder in self.folders if (folder / "documents" / name).is_file()]
        return found[-1]
