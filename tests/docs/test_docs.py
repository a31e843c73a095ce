"""The documentation says what the code does: commands, states, words, variables, deadlines, links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from flows.cli import app
from tasks.adapters.edition_files import load
from tasks.domain.calendar import deadlines
from tasks.domain.machines import TRANSITIONS, WAYS_BACK
from tests.docs.reading import ROOT, page, quoted, rows, sections

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
EXAMPLE = "brussels-2007"

#: The words of the project. Each has its line in the glossary, and code uses no other for the same thing.
WORDS = """
    edition, roundtable, session, team, lead, co-lead, focal point, coordinator, Taskforce, concept note,
    background paper, draft, call for input, panel, seat, chair, co-chair, speaker, panellist, discussant, rapporteur,
    note taker, general rapporteur, horizontal issue, Friends of the Forum, recommendation, proposed action,
    lead of an action, reporting point, outcome report, circulation, comment round, comment matrix, disposition,
    silence, outbox, mailroom, ledger, rehearsal
"""


# Commands


# Typer brings a click of its own, so commands are known by what they have and not by their class.
def commands(command: Any, path: tuple[str, ...] = ("roundtable",)) -> Iterator[tuple[str, Any]]:
    """(name, command) for every command that is not a group of others."""
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))
    if not hasattr(command, "commands"):
        yield " ".join(path), command


ROOT_COMMAND: Any = typer.main.get_command(app)
COMMANDS = dict(commands(ROOT_COMMAND))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_its_lines(name: str) -> None:
    text = sections(page("docs/operating.md")).get(f"`{name}`")
    assert text is not None, f"docs/operating.md needs a section ### `{name}`"
    for parameter in COMMANDS[name].params:
        for option in parameter.opts if parameter.param_type_name == "option" else ():
            common = {"--by", "--reason"}  # told once for all, and again where they are needed
            assert option in text or (option in common and not parameter.required), f"{name}: {option} is not told"


def test_options_of_roundtable_itself_are_told() -> None:
    told = page("docs/operating.md")
    assert [opt for p in ROOT_COMMAND.params for opt in p.opts if f"{opt}`" not in told] == []


def _examples() -> Iterator[tuple[Path, str]]:
    """Every complete command line in the documentation: in a block of code, or between backticks."""
    for path in PAGES:
        text = path.read_text("utf-8")
        blocks = re.findall(r"^ *```\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
        lines = [line.strip() for block in blocks for line in block.splitlines()]
        spans = quoted(text)
        for line in [*lines, *spans]:
            line = line.removeprefix(".venv/bin/")
            if line.startswith("roundtable "):
                yield path, line


@pytest.mark.parametrize(
    ("path", "line"), list(_examples()), ids=lambda value: value.name if isinstance(value, Path) else value
)
def test_a_command_in_the_documentation_is_one(path: Path, line: str) -> None:
    words = shlex.split(line)[1:]
    command = ROOT_COMMAND
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        assert words[0] in command.commands, f"{path.name}: {line}: there is no {words[0]}"
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= known


# Process and words


def test_every_state_table_is_the_codes() -> None:
    documented = {}
    for heading, text in sections(page("docs/process.md")).items():
        if kind := re.search(r"^States of .+ \(`([a-z-]+)`\)$", heading):
            states = {quoted(state)[0]: frozenset(quoted(targets)) for state, targets, _ in rows(text)}
            documented[kind[1]] = states
    assert documented == TRANSITIONS


def test_the_table_of_ways_back_is_the_codes() -> None:
    text = sections(page("docs/process.md"))["Where a correction brings records back to"]
    assert {quoted(kind)[0]: frozenset(quoted(to)) for kind, to, _ in rows(text)} == WAYS_BACK


def test_every_kind_of_decision_has_its_key_in_the_table_of_corrections() -> None:
    code = (ROOT / "flows" / "decisions.py").read_text("utf-8")
    text = sections(page("docs/operating.md"))["Corrections"]
    assert {quoted(key)[0].partition("/")[0] for key, _ in rows(text)} == set(re.findall(r'case "([a-z]+)":', code))


def test_the_stages_have_the_numbers_by_which_code_cites_them() -> None:
    titles = [heading for heading in sections(page("docs/process.md")) if re.match(r"\d", heading)]
    for path in (ROOT / "tasks" / "domain").glob("*.py"):
        for number in re.findall(r"docs/process\.md, (\d)", path.read_text("utf-8")):
            assert titles[int(number) - 1] == f"{number}. {path.stem.replace('_', ' ').capitalize()}"


def test_the_deadlines_of_the_example_are_its_rules() -> None:
    edition = load(ROOT / "config" / "editions", EXAMPLE).edition
    days = deadlines(edition)
    wanted = sorted(
        [f"`{m.id}`", m.rule, f"{days[m.id].day} {days[m.id]:%B %Y}", f"`{m.mover}`"] for m in edition.milestones
    )
    text = sections(page("docs/process.md"))["The edition of Brussels 2007, as an example"]
    assert sorted(rows(text)) == wanted


def test_every_word_is_defined() -> None:
    defined = {word.strip() for name, *_ in rows(page("docs/glossary.md")) for word in name.split(",")}
    assert {word.strip() for word in WORDS.replace("\n", " ").split(",")} <= defined


def test_a_word_in_italics_has_its_entry() -> None:
    entries = {word.strip().casefold() for name, *_ in rows(page("docs/glossary.md")) for word in name.split(",")}
    used = {word.casefold() for _, text in rows(page("docs/glossary.md")) for word in re.findall(r"\*([^*]+)\*", text)}
    assert {word for word in used if word not in entries and not (entries & _singular(word))} == set()


def _singular(word: str) -> set[str]:
    return {word.removesuffix("s"), f"{word.removesuffix('ies')}y"}


def test_entries_of_the_glossary_are_in_order() -> None:
    for heading, text in sections(page("docs/glossary.md")).items():
        names = [name.casefold() for name, *_ in rows(text)]
        assert names == sorted(names), heading


# Operating


def test_every_environment_variable_is_told() -> None:
    used = set(re.findall(r'"((?:ROUNDTABLE|PREFECT)_\w+)"', page("config/settings.py")))
    told = {quoted(name)[0] for name, *_ in rows(sections(page("docs/operating.md"))["Environment variables"])}
    assert used <= told
    code = "".join(path.read_text("utf-8") for floor in ("flows", "config") for path in (ROOT / floor).glob("*.py"))
    assert {name for name in told if name not in code} == set()


def test_every_form_is_told_with_its_command() -> None:
    deployments = {entry["name"] for entry in yaml.safe_load(page("prefect.yaml"))["deployments"]}
    told = rows(sections(page("docs/operating.md"))["Decisions"])
    assert {quoted(form)[0] for _, form, _ in told} == deployments
    assert {quoted(command)[0] for *_, command in told if quoted(command)} <= set(COMMANDS)


# All pages


def test_the_quick_start_has_two_commands() -> None:
    start = sections(page("README.md"))["Quick start"]
    block = re.search(r"^```\n(.*?)^```", start, re.MULTILINE | re.DOTALL)
    assert block is not None and block[1].split("\n") == ["make demo", "make test", ""]


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    text = re.sub(r"^ *```.*?^ *```|`[^`\n]+`", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"\w+://|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        found = (path.parent / name).resolve() if name else path
        assert found.exists(), f"{path.name}: {target}"
        if anchor:
            assert anchor in {_anchor(heading) for heading in sections(found.read_text("utf-8"))}, (
                f"{path.name}: {target}"
            )
