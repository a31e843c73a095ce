"""Files of YAML laid over each other as plain text, lists and mappings, each with the file and line it stands in.

Every scalar stays the text that was written, but for null: what a text means is for the model to say. So `no` is a
language, `1.10` a session, and 30 February no crash but a date the model refuses. Of YAML, anchors and aliases are
read; merge keys, tags and keys that are not plain text are mistakes. What cannot be read leaves `UNREAD` behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.composer import Composer

from tasks.domain.edition_mistake import UNREAD, Path

#: Nodes of one file at most, aliases followed: a few lines of aliases to aliases can stand for millions.
_MOST_NODES: Final = 200_000
_NULL: Final = "tag:yaml.org,2002:null"
_PLAIN_TAGS: Final = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "value", "map", "seq")
}
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_TOP_KEY: Final = re.compile(r"^(?:[-{] *)?[\"']?(\w+)[\"']? *:", re.MULTILINE)


@dataclass
class Source:
    """What the files make together: plain values, the place (`file:line`) of each, and what could not be read."""

    config: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, str] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    beginning: str = "edition.yaml:1"

    def place(self, path: Path) -> str:
        """File and line of the nearest thing at or above `path` that stands in a file; else the beginning of all."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return self.beginning


def read_files(files: Mapping[str, str | bytes], collections: Iterable[str]) -> Source:
    """The `files` (name to YAML), later ones laid over earlier ones. `collections` are the keys that hold entries."""
    source = Source(beginning=f"{'edition.yaml' if 'edition.yaml' in files else next(iter(files))}:1")
    for name, content in files.items():
        mistakes: list[str] = []
        text = _text_of(name, content, mistakes)
        try:
            node = _composed(text)
            if isinstance(node, yaml.MappingNode):
                file = _File(name, mistakes)
                _lay_over(source, source.config, file.mapping(node, ()), file.lines, (), (), name)
            else:
                what = "this file is empty; " if node is None else ""
                mistakes.append(f"{name}:1: {what}a file of an edition is a mapping of keys, such as `names:`")
                _mark_lost(source.config, text, collections)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            mistakes.append(f"{name}:{line}: not readable as YAML: {_problem(error)}")
            _mark_lost(source.config, text, collections)
        except (RecursionError, _TooMuch):
            mistakes.append(f"{name}:1: nested too deeply, or aliases that stand for too much")
            _mark_lost(source.config, text, collections)
        source.mistakes.extend(dict.fromkeys(mistakes))  # an alias to a mistake repeats it
    return source


def _problem(error: yaml.MarkedYAMLError) -> str:
    """What the parser says, in one line; of a tab, which it only calls a character, what to do."""
    problem = " ".join(str(error.problem).split())
    return "a tab stands here; YAML takes spaces only" if r"'\t'" in problem else problem


def _text_of(name: str, content: str | bytes, mistakes: list[str]) -> str:
    """The text of a file; what is no text is a mistake and replaced, so that the rest is read."""
    try:
        text = content if isinstance(content, str) else content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        mistakes.append(f"{name}:{line}: not text in UTF-8; save the file as UTF-8")
        text = error.object.decode("utf-8", "replace")
    for found in yaml.reader.Reader.NON_PRINTABLE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        mistakes.append(f"{name}:{line}: the control character U+{ord(found[0]):04X} stands here; take it out")
    return yaml.reader.Reader.NON_PRINTABLE.sub("\ufffd", text)


def _mark_lost(config: dict[str, Any], text: str, collections: Iterable[str]) -> None:
    """Note in `config` that a file could not be read, and in the collections it seems to hold that some lack."""
    config[UNREAD] = UNREAD
    for key in set(_TOP_KEY.findall(text)) & set(collections):
        if isinstance(config.setdefault(key, []), list):
            config[key].append(UNREAD)


class _Quick(Composer, yaml.CSafeLoader):
    """Read by the library in C, in a tenth of the time; its nodes are made in Python, where too deep is no crash."""

    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        Composer.__init__(self)


def _composed(text: str) -> yaml.Node | None:
    """The one document of a file; what is wrong with it is said by the parser in Python, which says more of it."""
    try:
        return yaml.compose(text, Loader=_Quick)
    except yaml.YAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader)


class _TooMuch(Exception):
    """A file stands for more than any edition."""


class _File:
    """Plain values out of the nodes of one file, with the line of each."""

    def __init__(self, name: str, mistakes: list[str]) -> None:
        self.lines: dict[Path, int] = {}
        self._name = name
        self._mistakes = mistakes
        self._within: set[int] = set()
        self._left = _MOST_NODES

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key is None:
                values[UNREAD] = UNREAD
            elif key in values:
                self._mistake(key_node, f"the key {key!r} stands twice")
            elif key == "id" and not path:
                self._mistake(key_node, "id: the id of an edition is the name of its folder; leave this key out")
            else:
                self.lines[(*path, key)] = key_node.start_mark.line + 1
                values[key] = self._value(value_node, (*path, key))
        return values

    def _key(self, node: yaml.Node) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self._mistake(node, "a key is plain text, not a list or a mapping")
        elif node.tag == "tag:yaml.org,2002:merge":
            self._mistake(node, "'<<' is not read here; write out the keys it stands for")
        else:
            return self._text(node)
        return None

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self._left -= 1
        if self._left < 0:
            raise _TooMuch
        if id(node) in self._within:
            self._mistake(node, "this alias stands for something it is part of itself")
            return UNREAD
        if isinstance(node, yaml.ScalarNode):
            if node.tag == _NULL:
                return None
            text = self._text(node)
            return UNREAD if text is None else text
        if node.tag not in _PLAIN_TAGS:
            self._bad_tag(node)
            return UNREAD
        self._within.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self.mapping(node, path)
            items = []
            for index, child in enumerate(node.value):
                self.lines[(*path, index)] = child.start_mark.line + 1
                items.append(self._value(child, (*path, index)))
            return items
        finally:
            self._within.discard(id(node))

    def _text(self, node: yaml.ScalarNode) -> str | None:
        if node.tag not in _PLAIN_TAGS:
            self._bad_tag(node)
            return None
        text: str = node.value
        if found := _CONTROL.search(text):
            self._mistake(node, f"the control character U+{ord(found[0]):04X} stands in this text; take it out")
            return None
        return text

    def _bad_tag(self, node: yaml.Node) -> None:
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        self._mistake(node, f"{tag[:60]!r}: tags are not read here; leave it out")

    def _mistake(self, node: yaml.Node, problem: str) -> None:
        self._mistakes.append(f"{self._name}:{node.start_mark.line + 1}: {problem}")


def _lay_over(
    source: Source, base: dict[str, Any], new: dict[str, Any], lines: dict[Path, int], at: Path, there: Path, file: str
) -> None:
    """Merge `new` into `base`: mappings key by key, lists of things with an `id` entry by entry, all else replaced.

    `at` is the place of both in the whole, `there` that of `new` in its file: entries of lists stand elsewhere.
    """
    for key, value in new.items():
        here, from_ = (*at, key), (*there, key)
        present = base.get(key)
        source.places[here] = f"{file}:{lines.get(from_, 1)}"
        if isinstance(value, dict):
            base[key] = target = present if isinstance(present, dict) else {}
            _lay_over(source, target, value, lines, here, from_, file)
        elif isinstance(value, list) and any(_id(entry) for entry in value):
            base[key] = entries = present if isinstance(present, list) else []
            known = {_id(entry): index for index, entry in enumerate(entries) if _id(entry)}
            for number, entry in enumerate(value):
                index = known.get(_id(entry), len(entries))
                source.places[(*here, index)] = f"{file}:{lines[(*from_, number)]}"
                if index == len(entries):
                    entries.append({} if isinstance(entry, dict) else entry)
                if isinstance(entry, dict):
                    _lay_over(source, entries[index], entry, lines, (*here, index), (*from_, number), file)
        else:
            base[key] = value
            _mark(source, value, lines, here, from_, file)


def _mark(source: Source, value: Any, lines: dict[Path, int], at: Path, there: Path, file: str) -> None:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        source.places[(*at, key)] = f"{file}:{lines.get((*there, key), 1)}"
        _mark(source, inner, lines, (*at, key), (*there, key), file)


def _id(entry: object) -> str | None:
    id = entry.get("id") if isinstance(entry, dict) else None
    return id if isinstance(id, str) and id != UNREAD else None
