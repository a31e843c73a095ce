"""Letters from their templates: `KIND.LANGUAGE.j2`, the first line `Subject: ...`, then paragraphs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tasks.domain.edition_mistake import Mistake, check_fields
from tasks.domain.errors import Invalid, Refusal, Unknown, Unsafe
from tasks.domain.letter import Letter, field_names
from tasks.domain.locale import find_locale

_SUBJECT = "Subject:"
#: How a template names a field of its letter.
_FIELD: Final = "{{ %s }}"
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
            raise Invalid(f"{_template(name)}{error.message}; it may use {', '.join(sorted(values))}") from error
        except SecurityError as error:
            raise Unsafe(f"{_template(name)}{error.message}; take it out of the template") from error
        except TemplateError as error:
            raise Invalid(f"{_template(name)}{error.message}; correct the template") from error
        except (ArithmeticError, LookupError, TypeError) as error:
            raise Invalid(f"{_template(name)}{error}; correct the template") from error
        except UnicodeDecodeError as error:
            raise Invalid(f"{_template(name)}it is not UTF-8; save it in that encoding") from error
        first, _, rest = text.strip().partition("\n")
        subject = _flat(first.removeprefix(_SUBJECT))
        if not first.startswith(_SUBJECT) or not subject:
            raise Invalid(f"{_template(name)}its first line must be '{_SUBJECT} ...'")
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

    def problems(self, kind: type[Letter], locale: str) -> list[tuple[int, Mistake]]:
        """What is wrong with the template for `kind` in `locale`, each with its line.

        Raises:
            Unknown: there is no such template.
        """
        name = self.find(kind.kind, locale)
        try:
            tree = self._environment.parse(self._source(name))
        except TemplateSyntaxError as error:
            return [(error.lineno, Mistake((), None, f"does not read as a template: {error.message}"))]
        except UnicodeDecodeError:
            return [(1, Mistake((), None, "is not UTF-8; save it in that encoding"))]
        used = meta.find_undeclared_variables(tree)
        lines = {_FIELD % node.name: node.lineno for node in reversed(list(tree.find_all(nodes.Name)))}
        found = [(lines.get(str(each.value), 1), each) for each in check_fields((), used, field_names(kind), _FIELD)]
        if not found:
            try:
                self.write(_specimen(kind), locale)
            except Refusal as refusal:
                found.append((1, Mistake((), None, str(refusal).removeprefix(_template(name)))))
        return found

    def _source(self, name: str) -> str:
        return self._environment.loader.get_source(self._environment, name)[0]  # type: ignore[union-attr]

    def variables(self, name: str) -> set[str]:
        """The variables a template uses."""
        return set(meta.find_undeclared_variables(self._environment.parse(self._source(name))))


@lru_cache(maxsize=16)
def templates_in(folders: tuple[Path, ...]) -> LetterTemplates:
    """Letter templates of `folders`, kept between calls."""
    return LetterTemplates(folders)


def _specimen(kind: type[Letter]) -> Letter:
    """A letter with a word in each field."""
    words: dict[str, Any] = {each.name: ["…"] if each.type == "list[str]" else "…" for each in dataclasses.fields(kind)}
    return kind(**words)


def _template(name: str) -> str:
    return f"the letter template {name}: "


def _flat(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" ")


def _one_line(value: str | list[str]) -> str | list[str]:
    """A value without line ends: one in a title would end the subject, a blank line in a reason its paragraph."""
    return [_flat(item) for item in value] if isinstance(value, list) else _flat(value)
