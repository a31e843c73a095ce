"""Letters from their templates: `KIND.LANGUAGE.j2`, the first line `Subject: ...`, then paragraphs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, UndefinedError, meta
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tasks.domain.errors import Invalid, Unknown, Unsafe
from tasks.domain.letter import Letter
from tasks.domain.locale import find_locale

_SUBJECT = "Subject:"
#: Not \s: no-break spaces belong to a language's typography and stay.
_SPACES: Final = re.compile("[ \t\r\n]+")
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True)
class Written:
    """A letter's own words, without address, salutation and closing."""

    subject: str
    paragraphs: list[str]


class LetterTemplates:
    """The templates of some folders; an edition's own come first, so they win."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = [folder for folder in folders if folder.is_dir()]
        # Letters are plain text: nothing to escape, and nothing a template may do but print its fields.
        # utf-8-sig: an editor on Windows may begin the file with a mark that would stand before the subject.
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(self.folders, encoding="utf-8-sig"), undefined=StrictUndefined, autoescape=False
        )

    def write(self, letter: Letter, locale: str) -> Written:
        """`letter` in the words of `locale`; a template for `en` serves `en-GB`.

        Raises:
            Unknown: there is no template for this kind and language.
            Invalid: the template asks for something the letter does not have, can't be read or has no subject.
            Unsafe: the template tries what it may not.
        """
        name = self.find(letter.kind, locale)
        values = {field.name: _one_line(getattr(letter, field.name)) for field in dataclasses.fields(letter)}
        try:
            text = self._environment.get_template(name).render(values)
        except UndefinedError as error:
            raise Invalid(
                f"the letter template {name}: {error.message}; it may use {', '.join(sorted(values))}"
            ) from error
        except SecurityError as error:
            raise Unsafe(f"the letter template {name}: {error.message}; take it out of the template") from error
        except TemplateError as error:
            raise Invalid(f"the letter template {name}: {error.message}; correct the template") from error
        except UnicodeDecodeError as error:
            raise Invalid(f"the letter template {name}: it is not UTF-8; save it in that encoding") from error
        first, _, rest = text.strip().partition("\n")
        subject = _flat(first.removeprefix(_SUBJECT))
        if not first.startswith(_SUBJECT) or not subject:
            raise Invalid(f"the letter template {name}: its first line must be '{_SUBJECT} ...'")
        paragraphs = [_flat(part) for part in _BLANK_LINE.split(rest)]
        return Written(subject, [part for part in paragraphs if part])

    def find(self, kind: str, locale: str) -> str:
        """File name of the template for `kind` in `locale` or its language."""
        for tag in (locale, find_locale(locale).language):
            name = f"{kind}.{tag}.j2"
            if any((folder / name).is_file() for folder in self.folders):
                return name
        raise Unknown(
            f"no letter template {kind}.{locale}.j2; write one in templates/letters/ or the edition's letters/"
        )

    def variables(self, name: str) -> set[str]:
        """The variables a template uses."""
        source = self._environment.loader.get_source(self._environment, name)[0]  # type: ignore[union-attr]
        return set(meta.find_undeclared_variables(self._environment.parse(source)))


@lru_cache(maxsize=16)
def templates_in(folders: tuple[Path, ...]) -> LetterTemplates:
    """Letter templates of `folders`, kept between calls."""
    return LetterTemplates(folders)


def _flat(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" ")


def _one_line(value: str | list[str]) -> str | list[str]:
    """A value without line ends: one in a title would end the subject, a blank line in a reason its paragraph."""
    return [_flat(item) for item in value] if isinstance(value, list) else _flat(value)
