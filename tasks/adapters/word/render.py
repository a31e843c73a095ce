"""A Word document from a template, its context and a body.

docxtpl makes a template's XML readable for Jinja; what it compiles to is kept, because a season renders thousands of
letters and papers from a few templates. Nothing in a template can run anything: the environment is sandboxed, every
value is escaped, a name that the context does not have is refused instead of printing a blank.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import DictLoader, StrictUndefined, Template, TemplateError, UndefinedError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from tasks.adapters.word.build import BODY_MARK, fill
from tasks.adapters.word.contexts import Page
from tasks.adapters.word.fields import set_breaks, set_page_fields
from tasks.adapters.word.identity import Identity, set_identity
from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.language import set_language
from tasks.adapters.word.ooxml import child, parse, serialise, val, w
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.package import set_properties
from tasks.adapters.word.rows import Rows, fill_rows
from tasks.adapters.word.stylenames import StyleNames
from tasks.adapters.word.tables import fit_tables, mend_grids, text_width
from tasks.adapters.word.writing import legal
from tasks.domain.edition_mistake import Mistake, check_fields
from tasks.domain.errors import Invalid, Refusal, Unknown, Unsafe
from tasks.domain.text import Block

LanguageTag = str
#: Filters that declare a text to be markup: one slip and a name such as "R&D <team>" breaks the document.
_MARKUP_FILTERS = ("safe", "xmlattr", "tojson", "urlize", "escape", "e", "forceescape")
_RENDERED = ("header", "footer", "footnotes")


def render(
    template: Path,
    context: Page | Mapping[str, object],
    *,
    language: LanguageTag,
    rtl: bool,
    identity: Identity,
    title: str,
    now: datetime,
    blocks: Sequence[Block] | None = None,
    images: Mapping[str, bytes] | None = None,
    labels: Mapping[str, str] | None = None,
    rows: Rows | None = None,
) -> bytes:
    """The finished .docx: same arguments, same bytes.

    `blocks` fill the body mark, their captions numbered after `labels` (see build.fill_body), None leaves it empty;
    `rows` fill the table of the bilingual file. `title` is the one in the file's properties. Unknown without the
    template; Invalid where template and context do not fit; Unsafe where a template tries what it may not.
    """
    docx = fill_template(template, context)
    if blocks is not None:
        fill(docx, blocks, images or {}, labels or {})
    set_language(docx, language, rtl)
    if rows is not None:
        fill_rows(docx, rows)
    set_identity(docx, identity)
    set_properties(docx, now, title=legal(title), language=language)
    return docx.to_bytes()


def fill_template(template: Path, context: Page | Mapping[str, object]) -> Docx:
    """The template with its context filled in, and nothing else done to it."""
    values = {name: _plain(name, value) for name, value in _fields(context).items()}
    compiled = _compile(_read(template), template.name)
    docx = Docx(dict(compiled.parts), template.name)
    for part, source in compiled.templates.items():
        try:
            text = source.render(values)
        except UndefinedError as error:
            raise Invalid(f"{template.name}: {error.message}; correct the name in the template") from error
        except SecurityError as error:
            raise Unsafe(f"{template.name}: {error.message}; take it out of the template") from error
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise Invalid(f"{template.name}: {error}; correct the template") from error
        root = parse(text.encode())
        set_breaks(root)
        set_page_fields(root)
        body = child(root, "body")
        if body is not None:
            mend_grids(root)
            fit_tables(root, text_width(body), compiled.styles)
        docx.parts[part] = serialise(root)
    return docx


def names_in(template: Path) -> set[str]:
    """The names a template takes from its context, wherever they stand in it."""
    environment = _environment()
    found: set[str] = set()
    for source in _sources(unpack(_read(template), template.name)).values():
        found |= meta.find_undeclared_variables(environment.parse(source))
    return found


def misfits(template: Path, usual: Path) -> list[Mistake]:
    """Why `template` can't stand in for the `usual` one: it can't be read, or other things are to be filled in."""
    try:
        _compile(_read(template), template.name)
    except Refusal as refusal:
        return [Mistake((), None, str(refusal).removeprefix(f"{template.name}: "))]
    found = list(check_fields((), names_in(template), names_in(usual), "{{ %s }}"))
    if _has_body(usual) and not _has_body(template):
        found.append(Mistake((), None, f"lacks the bookmark {BODY_MARK}; put it where the text begins"))
    return found


def _has_body(template: Path) -> bool:
    docx = unpack(_read(template), template.name)
    return any(val(mark, "name") == BODY_MARK for mark in docx.tree(docx.main).iter(w("bookmarkStart")))


@dataclasses.dataclass(frozen=True)
class _Compiled:
    parts: dict[str, bytes]
    templates: dict[str, Template]
    styles: StyleNames


@lru_cache(maxsize=64)
def _compile(data: bytes, name: str) -> _Compiled:
    """A template's parts and what Jinja made of them, by its very bytes: a restyled one is compiled anew."""
    docx = open_safely(data, name)
    environment = _environment()
    templates = {}
    for part, source in _sources(docx).items():
        try:
            if next(environment.parse(source).find_all(nodes.ScopedEvalContextModifier), None) is not None:
                raise Unsafe(f"{name}: a template may not switch escaping off; take {{% autoescape %}} out of it")
            templates[part] = environment.from_string(source)
        except TemplateError as error:
            raise Invalid(f"{name}: {error.message}; correct the template") from error
    return _Compiled(docx.parts, templates, StyleNames(docx))


def _sources(docx: Docx) -> dict[str, str]:
    """The XML of the parts that are templates, tags of docxtpl turned into Jinja's."""
    related = [r.target for r in docx.relationships(docx.main) if r.kind in _RENDERED and r.target in docx.parts]
    patch = DocxTemplate("").patch_xml
    return {
        part: patch(etree.tostring(docx.tree(part), encoding="unicode"))
        for part in dict.fromkeys([docx.main, *related])
        if b"{" in docx.parts[part]
    }


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, loader=DictLoader({}))
    for name in _MARKUP_FILTERS:
        environment.filters.pop(name, None)
    return environment


def _read(template: Path) -> bytes:
    try:
        return template.read_bytes()
    except OSError as error:
        raise Unknown(f"the template {template.name} is not in {template.parent.name}/; put it there") from error


def _fields(context: Page | Mapping[str, object]) -> Mapping[str, object]:
    if isinstance(context, Page):
        return {field.name: getattr(context, field.name) for field in dataclasses.fields(context)}
    return context


def _plain(name: str, value: object) -> object:
    """A context value with nothing in it that could act as markup; TypeError for what is no text, list or dict."""
    if isinstance(value, str):
        return legal("".join(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(f"{name}.{key}", part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(name, part) for part in value]
    raise TypeError(f"{name}: a context holds strings, lists and dicts, not {type(value).__name__}")
