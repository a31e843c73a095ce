"""The glossary of an edition as files: TBX and CSV out and in, and the edition's own YAML."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from tasks.adapters.glossary import table, tbx
from tasks.adapters.glossary.own_file import with_terms
from tasks.domain.edition import Language, Term
from tasks.domain.errors import Invalid
from tasks.domain.glossary import Entry

__all__ = ["read", "with_terms", "write"]


def write(name: str, terms: Sequence[Term], languages: Sequence[Language]) -> bytes:
    """The terms as the file `name`. Raises Invalid where it ends neither in `.tbx` nor in `.csv`."""
    return (tbx.write if _is_tbx(name) else table.write)(terms, languages)


def read(data: bytes, name: str, languages: Sequence[Language]) -> tuple[list[Entry], list[str]]:
    """The entries of the file `name`, and the languages in it that the edition does not have.

    Raises:
        Invalid: it ends neither in `.tbx` nor in `.csv`, or is not what its name says; the message has what to do.
    """
    return (tbx.read if _is_tbx(name) else table.read)(data, name, languages)


def _is_tbx(name: str) -> bool:
    ending = PurePath(name).suffix.casefold()
    if ending not in (".tbx", ".csv"):
        raise Invalid(f"{name}: a glossary is a file that ends in .tbx or .csv")
    return ending == ".tbx"
