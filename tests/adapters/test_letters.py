"""The letters' templates in seven languages, and what a template may and may not do."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import pytest

from tasks.adapters.letters import LetterTemplates, Written, templates_in
from tasks.domain.errors import Invalid, Unknown, Unsafe
from tasks.domain.letter import (
    LETTERS,
    Circulation,
    DateChanged,
    Letter,
    NextDraft,
    NoteReturned,
    Overdue,
    SessionLetter,
    field_names,
)
from tasks.domain.locale import format_date

L = TypeVar("L", bound=Letter)

ROOT = Path(__file__).parents[2]
OWN = ROOT / "templates" / "letters"
SIX_LANGUAGES = ROOT / "tests" / "editions" / "six-languages" / "letters"
#: The languages of the templates in each folder.
LANGUAGES = {OWN: ("en", "fr", "nl", "es"), SIX_LANGUAGES: ("ar", "zh", "ru")}
TEMPLATES = LetterTemplates([SIX_LANGUAGES, OWN])
#: The lists that stand one item to a paragraph; the others are joined within a sentence.
LISTED = ("reasons", "papers", "sessions", "asks", "consequences", "changes", "parts", "remarks")

each_kind = pytest.mark.parametrize("kind", LETTERS, ids=lambda kind: kind.kind)
each_language = pytest.mark.parametrize("language", [tag for tags in LANGUAGES.values() for tag in tags])


def _is_list(name: str, kind: type[Letter]) -> bool:
    return next(str(field.type) for field in fields(kind) if field.name == name) == "list[str]"


def _letter(kind: type[L], *, items: int = 3, **given: str | list[str]) -> L:
    """A letter whose every value can be told from the others; lists have so many items."""
    values: dict[str, str | list[str]] = {}
    for name in field_names(kind):
        word = name.replace("_", "-").upper()
        values[name] = [f"{word}-{number}" for number in range(items)] if _is_list(name, kind) else word
    return kind(**{**values, **given})  # type: ignore[arg-type]


def _all_of(written: Written) -> str:
    return "\n".join([written.subject, *written.paragraphs])


def _folder_with(folder: Path, text: str, name: str = "note-returned.en.j2") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


# The templates of the project


def test_there_is_a_template_for_every_kind_and_language_and_no_other() -> None:
    for folder, languages in LANGUAGES.items():
        wanted = {f"{kind.kind}.{language}.j2" for kind in LETTERS for language in languages}
        assert {path.name for path in folder.iterdir()} == wanted


@each_language
@each_kind
def test_a_template_uses_the_fields_of_its_letter(kind: type[Letter], language: str) -> None:
    assert TEMPLATES.variables(f"{kind.kind}.{language}.j2") == field_names(kind)


@pytest.mark.parametrize("items", [0, 1, 3])
@each_language
@each_kind
def test_a_letter_is_written(kind: type[Letter], language: str, items: int) -> None:
    letter = _letter(kind, items=items)
    written = TEMPLATES.write(letter, language)
    assert written.subject
    assert len(written.paragraphs) >= 2
    assert not [part for part in _all_of(written).splitlines() if part != part.strip() or "  " in part]
    assert not re.search(r"[{}<>%#]", _all_of(written))
    assert not re.search(r"\.\.|\s[.,]|: *\.", _all_of(written))
    for field in fields(letter):
        value = getattr(letter, field.name)
        for text in [value] if isinstance(value, str) else value:
            assert text in _all_of(written)
    if isinstance(letter, SessionLetter):
        assert letter.session in written.subject
        assert letter.session_title in written.subject


@each_language
@each_kind
def test_a_letter_has_a_few_paragraphs_and_one_for_each_item(kind: type[Letter], language: str) -> None:
    written = TEMPLATES.write(_letter(kind, items=7), language)
    items = [part for part in written.paragraphs if part.startswith("– ")]
    listed = [name for name in field_names(kind) if name in LISTED]
    if listed:
        assert items == [f"– {listed[0].upper()}-{number}" for number in range(7)]
    assert 2 <= len(written.paragraphs) - len(items) <= 5


@each_language
@pytest.mark.parametrize("answered", [[], ["ANSWERED-A", "ANSWERED-B"]], ids=["none-answered", "answered"])
@pytest.mark.parametrize("silent", [[], ["SILENT-A", "SILENT-B"]], ids=["none-silent", "silent"])
def test_who_answered_and_who_did_not(answered: list[str], silent: list[str], language: str) -> None:
    empty = _letter(NextDraft, answered=[], silent=[])
    written = TEMPLATES.write(_letter(NextDraft, answered=answered, silent=silent), language)
    without = TEMPLATES.write(empty, language)
    # Something is said of the answers always, and of the silence unless nobody was asked.
    assert len(written.paragraphs) == (4 if answered or silent else 3)
    assert (written.paragraphs[1] == without.paragraphs[1]) is (not answered)
    for names, part in ((answered, written.paragraphs[1]), (silent, written.paragraphs[2])):
        assert [name for name in ("ANSWERED-A", "ANSWERED-B", "SILENT-A", "SILENT-B") if name in part] == names
        assert not names or re.search(r"-A(; |\u202f; |؛ |；)[A-Z]+-B[.。]", part)


@each_language
@pytest.mark.parametrize("reminded", [[], ["DAY-A"], ["DAY-A", "DAY-B"]], ids=["never", "once", "twice"])
@pytest.mark.parametrize("consequences", [[], ["C-A", "C-B"]], ids=["none", "some"])
def test_reminders_and_consequences_are_told_or_said_not_to_be(
    reminded: list[str], consequences: list[str], language: str
) -> None:
    written = TEMPLATES.write(_letter(Overdue, reminded=reminded, consequences=consequences), language)
    empty = TEMPLATES.write(_letter(Overdue, reminded=[], consequences=[]), language)
    assert (written.paragraphs[1] == empty.paragraphs[1]) is (not reminded)
    assert re.findall("DAY-[AB]", written.paragraphs[1]) == reminded
    assert len(empty.paragraphs) == 4
    assert written.paragraphs[3:-1] == [f"– {consequence}" for consequence in consequences]


@each_language
def test_a_moved_meeting_that_moves_no_deadline_says_so(language: str) -> None:
    written = TEMPLATES.write(_letter(DateChanged, changes=[]), language)
    assert len(written.paragraphs) == 3
    assert written.paragraphs[1] not in TEMPLATES.write(_letter(DateChanged, changes=["A"]), language).paragraphs


#: Fields that hold a day in words.
DAYS = ("deadline", "received", "report_deadline", "old_date", "new_date", "reminded")


@each_language
@each_kind
def test_a_day_in_words_is_followed_by_one_full_stop(kind: type[Letter], language: str) -> None:
    # A Russian date ends with one.
    day = format_date(dt.date(2030, 2, 27), language)
    given = {name: [day, day] if _is_list(name, kind) else day for name in field_names(kind) & set(DAYS)}
    assert ".." not in _all_of(TEMPLATES.write(_letter(kind, items=2, **given), language))


@each_language
@each_kind
def test_a_template_names_no_edition(kind: type[Letter], language: str) -> None:
    folder = next(folder for folder, tags in LANGUAGES.items() if language in tags)
    text = (folder / f"{kind.kind}.{language}.j2").read_text("utf-8")
    assert not re.search(r"\d", text.replace("⟦1⟧", ""))  # the mark that translators are told of


@each_kind
def test_french_keeps_its_spaces_before_punctuation(kind: type[Letter]) -> None:
    text = _all_of(TEMPLATES.write(_letter(kind), "fr-BE"))
    assert not re.search("(?<!\u00a0)[:»]|(?<!\u202f)[;!?]|«(?!\u00a0)|['\"]", text)


# Languages and folders


def test_a_regional_language_is_served_by_its_language() -> None:
    letter = _letter(NoteReturned)
    assert TEMPLATES.write(letter, "en-GB") == TEMPLATES.write(letter, "en")
    assert TEMPLATES.write(letter, "fr-BE") == TEMPLATES.write(letter, "fr") != TEMPLATES.write(letter, "en")


def test_a_template_for_the_region_comes_before_that_of_the_language(tmp_path: Path) -> None:
    _folder_with(tmp_path, "Subject: Ours\n\nFor {{ edition }}.", "note-returned.en-GB.j2")
    templates = LetterTemplates([tmp_path, OWN])
    assert templates.write(_letter(NoteReturned), "en-GB") == Written("Ours", ["For EDITION."])
    assert templates.write(_letter(NoteReturned), "en-US") == TEMPLATES.write(_letter(NoteReturned), "en")


def test_a_language_without_templates_is_unknown() -> None:
    with pytest.raises(Unknown, match=r"no letter template note-returned\.sv\.j2; write one in"):
        TEMPLATES.write(_letter(NoteReturned), "sv")
    with pytest.raises(Unknown, match=r"note-returned\.zh\.j2"):
        LetterTemplates([OWN, ROOT / "no-such-folder"]).write(_letter(NoteReturned), "zh")


def test_an_editions_folder_overrides_one_template(tmp_path: Path) -> None:
    _folder_with(tmp_path, "Subject: Ours on {{ session }}\n\nOne.\n\nTwo.\n")
    templates = templates_in((tmp_path, OWN))
    assert templates.write(_letter(NoteReturned), "en") == Written("Ours on SESSION", ["One.", "Two."])
    assert templates.write(_letter(NoteReturned), "fr") == TEMPLATES.write(_letter(NoteReturned), "fr")
    assert templates.write(_letter(Circulation), "en") == TEMPLATES.write(_letter(Circulation), "en")


# Values are text


@each_language
@pytest.mark.parametrize(
    "value",
    [
        "{{ 7*7 }}",
        "{% for x in y %}",
        "{# gone #}",
        "<b>R&D</b>",
        "&amp;",
        r"\n %s {0}",
        "«A\u00a0: B\u202f?»",
        "Subject: x",
    ],
)
def test_a_value_is_printed_as_it_is(value: str, language: str) -> None:
    written = TEMPLATES.write(_letter(NoteReturned, session_title=value, reasons=[value, "b"]), language)
    assert value in written.subject
    assert [part for part in written.paragraphs if part.startswith("– ")] == [f"– {value}", "– b"]


def test_line_ends_in_a_value_end_neither_subject_nor_paragraph() -> None:
    broken = _letter(NoteReturned, session_title=" Some\n\ntitle\r\n", reasons=["Too\n\nlong. "])
    whole = _letter(NoteReturned, session_title="Some title", reasons=["Too long."])
    assert TEMPLATES.write(broken, "en") == TEMPLATES.write(whole, "en")


# Templates that people write


@pytest.mark.parametrize(
    "attempt",
    [
        "edition.__class__",
        "edition.__class__.__mro__[1].__subclasses__()",
        "edition['__class__']",
        "edition | attr('__class__')",
        "'{0.__class__}'.format(edition)",
        "reasons | map(attribute='__class__') | join",
        "lipsum.__globals__",
        "cycler.__init__.__globals__",
        "self.__init__.__globals__['__builtins__']",
        "reasons.append('more')",
    ],
)
def test_a_template_can_not_reach_python(attempt: str, tmp_path: Path) -> None:
    folder = _folder_with(tmp_path, f"Subject: Try\n\n{{{{ {attempt} }}}}\n")
    letter = _letter(NoteReturned)
    with pytest.raises(
        Unsafe, match=r"^the letter template note-returned\.en\.j2: .*unsafe.*; take it out of the template$"
    ):
        LetterTemplates([folder]).write(letter, "en")
    assert letter == _letter(NoteReturned)


def test_a_template_can_not_read_files_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "letters").mkdir()
    for path in ("../secret", str(tmp_path / "secret")):
        folder = _folder_with(tmp_path / "letters", f"Subject: Try\n\n{{% include '{path}' %}}\n")
        with pytest.raises(Invalid, match=r"the letter template note-returned\.en\.j2: .*secret"):
            LetterTemplates([folder]).write(_letter(NoteReturned), "en")


@pytest.mark.parametrize(
    "use", ["{{ lead }}", "{% for item in lead %}{{ item }}{% endfor %}", "{% if lead %}x{% endif %}"]
)
def test_an_unknown_field_is_refused(use: str, tmp_path: Path) -> None:
    folder = _folder_with(tmp_path, f"Subject: Try\n\nDear {use}\n")
    with pytest.raises(
        Invalid,
        match=r"^the letter template note-returned\.en\.j2: 'lead' is undefined; "
        r"it may use deadline, edition, reasons, session, session_title$",
    ):
        LetterTemplates([folder]).write(_letter(NoteReturned), "en")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Dear all,\n\nOne.\n\nTwo.\n", r"its first line must be 'Subject: \.\.\.'"),
        ("Subject:\n\nOne.\n", "its first line must be"),
        ("", "its first line must be"),
        ("Subject: {{ session\n\nOne.\n", "correct the template"),
        ("Subject: {% for reason in reasons %}\n\nOne.\n", "correct the template"),
    ],
)
def test_a_broken_template_is_refused(text: str, wrong: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=rf"^the letter template note-returned\.en\.j2: .*{wrong}"):
        LetterTemplates([_folder_with(tmp_path, text)]).write(_letter(NoteReturned), "en")


def test_a_template_from_windows_is_read(tmp_path: Path) -> None:
    expected = Written("Rückgabe", ["One line.", "Two."])
    text = "Subject: Rückgabe\r\n\r\nOne\r\nline.\r\n  \r\nTwo.\r\n"
    (tmp_path / "note-returned.en.j2").write_bytes(text.encode("utf-8-sig"))
    assert LetterTemplates([tmp_path]).write(_letter(NoteReturned), "en") == expected
    (tmp_path / "note-returned.en.j2").write_bytes(text.encode("cp1252"))
    with pytest.raises(Invalid, match=r"note-returned\.en\.j2: it is not UTF-8; save it in that encoding"):
        LetterTemplates([tmp_path]).write(_letter(NoteReturned), "en")
