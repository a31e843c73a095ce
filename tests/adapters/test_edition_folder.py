"""Whatever is wrong in the folder of an edition is told in one line, with file and line, and all of it in one run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.edition_files import load, read_as
from tasks.adapters.edition_folder import check
from tasks.adapters.letters import LetterTemplates
from tasks.adapters.word.render import misfits
from tasks.adapters.wording import read_file
from tasks.domain.edition_mistake import check_fields
from tasks.domain.errors import Mistakes, Unknown
from tasks.domain.letter import LETTERS
from tasks.domain.players import Script

PROJECT = Path(__file__).parents[2]
TEMPLATES = PROJECT / "templates"
OTHER = PROJECT / "tests" / "editions" / "six-languages"


class Breakage(NamedTuple):
    """In `file`, `old` (nothing: all of it) becomes `new`; the line told stands where `new` does, and `says` this."""

    file: str
    old: str
    new: str
    says: str


Broken = Callable[..., list[str]]


@pytest.fixture
def broken(tmp_path: Path) -> Broken:
    """`broken(breakage, ...)`: the mistakes in a copy of the edition with all of them."""

    def tell(
        *breakages: Breakage, how: Callable[[], object] = lambda: check(tmp_path, "broken", TEMPLATES)
    ) -> list[str]:
        shutil.copytree(OTHER, tmp_path / "broken", ignore=shutil.ignore_patterns("materials"))
        for file, old, new, _ in breakages:
            path = tmp_path / "broken" / file
            path.parent.mkdir(exist_ok=True)
            text = path.read_text("utf-8") if old else ""
            assert old in text, f"{file} does not hold {old!r}: the breakage would break nothing"
            path.write_text(text.replace(old, new, 1) if old else new, "utf-8")
        with pytest.raises(Mistakes) as caught:
            how()
        return list(caught.value.mistakes)

    return tell


def places_of(folder: Path, breakage: Breakage) -> tuple[str, ...]:
    """How a line about the breakage may begin: with the file alone, or with one of the lines that it stands in."""
    text = (folder / breakage.file).read_text("utf-8")
    first = text[: text.index(breakage.new)].count("\n") + 1
    lines = range(first, first + breakage.new.count("\n") + 1)
    return (f"{breakage.file}: ", *(f"{breakage.file}:{line}: " for line in lines))


#: All of these stand in one copy of the edition, and are told together.
TOGETHER = [
    Breakage("rules.yaml", "assumed: [takes]", "assumed: [tkaes]",
             "milestones[2].assumed[1]: 'tkaes': is marked as assumed and is no key here; did you mean 'takes'?"),
    # Bodies and people
    Breakage("staff.yaml", "email: greffe@mountain-waters.example", "email: not an address", "is no e-mail address"),
    Breakage("people.yaml", "email: rosalind", "email: ros alind", "is no e-mail address such as name@"),
    Breakage("bodies.yaml", "溪, courtesy: madame, email: contact@yunfeng.example}", "溪, courtesy: madame}",
             "bodies[3].focal_point: 'yunfeng': is reached by e-mail but has no `email`"),
    Breakage("edition.yaml", "locale: ar-EG, ", "locale: ar-EG, reviewers_of_each: 99, ", "99: there are 2 in `revie"),
    Breakage("edition.yaml", "[highmoor]", "[highmoor, highmoor]", "reviewers[2]: 'highmoor': stands here already"),
    Breakage("sessions.yaml", "co_lead: gornie, members: [yunfeng,", "co_lead: alpinie, members: [yunfeng,",
             "sessions[1].team.co_lead: 'alpinie': stands here already (lead)"),
    Breakage("sessions.yaml", "{lead: qimma, members: [highmoor,", "{lead: qimma, members: [qimma,",
             "sessions[2].team.members[1]: 'qimma': stands here already (lead)"),
    Breakage("sessions.yaml", "repondant, person: mateo-cumbre}", "repondant, person: anselme-torrent}",
             "seats[3].person: 'anselme-torrent': stands here already (seat A1_liminaire)"),
    Breakage("sessions.yaml", "    closed: true", "    closed: true\n    team: {lead: qimma}", "has no team to"),
    # Rules
    Breakage("rules.yaml", "[bilan, forum-suivant]", "[bilan, bilan]", "'bilan': this reporting point stands twice"),
    Breakage("rules.yaml", "[purpose, questions", "[prupose, questions", "did you mean 'purpose'?"),
    Breakage("sessions.yaml", "[general-discussion, recommendations, dissent]", "[generl-discussion, dissent]",
             "'generl-discussion': is a section without words in arabe, chinois, anglais"),
    Breakage("rules.yaml", "rule: 8 weeks before ouverture", "rule: 8 weeks befoer ouverture",
             "milestones[12].rule: '8 weeks befoer ouverture' is not a deadline rule"),
    Breakage("edition.yaml", "[KG, LI]", "[Kyrgyzstan, LI]", "did you mean 'KG'?"),
    # Wording
    Breakage("wording/fr.yaml", "sections:", "foo: {bar: x, baz: y}\nsections:", "foo: 'foo': is no wording of any"),
    Breakage("wording/en.yaml", "sections:", "labels: {draft_number: Draft}\nsections:", "lacks {number}"),
    Breakage("wording/es.yaml", "sections:", "labels: {office: [a]}\nsections:", "is a list; one text is wanted"),
    Breakage("wording/ru.yaml", "  office: ", "  ofice: ", "'ofice': is no wording of any document; did you mean 'of"),
    Breakage("wording/zh.yaml", "{page}", "{pgae}", "'{pgae}': nothing is filled in under this name; did you mean '{p"),
    Breakage("wording/de.yaml", "", "labels: {office: Amt}", "is the wording of no language of the edition"),
    Breakage("wording/fr.yml", "", "labels: {office: x}", "is not read; let its name end in .yaml"),
    # Letters
    Breakage("letters/reminder.ru.j2", "", "Subject: x\n\n{% if %}", "does not read as a template: Expected an expr"),
    Breakage("letters/remindr.en.j2", "", "Subject: x", "did you mean 'reminder.en.j2'?"),
    Breakage("letters/reminder.ar.j2", "{{ deadline }}", "{{ dedline }}", "did you mean '{{ deadline }}'?"),
    Breakage("letters/thanks.ru.j2", "Subject:", "Subjekt:", "its first line must be 'Subject: ...'"),
    Breakage("letters/thanks.fr.j2", "", "Subject: {{ edition }}", "lacks {{ dates }}, {{ parts }}, {{ place }}"),
    # Word templates
    Breakage("documents/report.docx", "", "junk", "not a Word file"),
    Breakage("documents/raport.docx", "", "junk", "did you mean 'report.docx'?"),
    # Rehearsal
    Breakage("rehearsal/script.yaml", "body: veille-des-sources, never: true", "body: veille-des-sources, nevr: true",
             "did you mean 'never'?"),
    Breakage("rehearsal/summer.yaml", "", "- a", "is a mapping of keys"),
    Breakage("rehearsal/spring.yaml", "", "begins: 2031-03-01\nhabits: {}\napproves: secretaier\nends: 2031-03-09",
             "approves: 'secretaier': is nobody of the staff; did you mean 'secretaire'?"),
    Breakage("rehearsal/overlay.yaml", "bodies:", "boodies: []\nbodies:", "did you mean 'bodies'?"),
]  # fmt: skip


def test_every_mistake_of_the_folder_is_told_in_one_run(broken: Broken, tmp_path: Path) -> None:
    mistakes = broken(*TOGETHER)
    for breakage in TOGETHER:
        places = places_of(tmp_path / "broken", breakage)
        found = [mistake for mistake in mistakes if mistake.startswith(places) and breakage.says in mistake]
        assert len(found) == 1, f"{breakage}: wanted one line in\n" + "\n".join(mistakes)
    assert len(mistakes) == len(TOGETHER), "\n".join(mistakes)


@pytest.mark.parametrize(
    ("breakage", "says"),
    [
        (("calendar.yaml", "date: 2031-06-07", "date: 2031-06-03"), "the Forum would end on 3 June 2031, before it"),
        (("rules.yaml", "rule: on annonce", "rule: 3 days after cloture"), "note-invitation would be due on 10 June"),
        (("rules.yaml", "rule: 1 month after cloture", "rule: 1 month before ouverture"), "report-due would be due on"),
        (("rules.yaml", "rule: 1 week before cercle-automne", "rule: 1 week after cercle-automne"),
         "note-decision would be due on 22 October 2030, after the meeting that has the notes before it (cercle-"),
        (("rules.yaml", "rule: 10 weeks before cercle-hiver", "rule: 1 week before cercle-hiver"),
         "comments-1 would be due on 31 December 2030, before draft-1 on 11 Febr"),
        (("rules.yaml", "rule: 40 days after cercle-automne", "rule: 1 week after cloture"), "panel-invitation would"),
        (("rules.yaml", "note_tabled_at: cercle-automne", "note_tabled_at: annonce"), "'annonce': is no meeting of"),
        (("calendar.yaml", "date: 2030-10-15", "date: 2031-10-15"), "too late for concept notes"),
        (("bodies.yaml", "id: alpinie", "id: qimma"), "'qimma': this id is used twice"),
        (("sessions.yaml", "lead: alpinie", "lead: alpin"), "did you mean 'alpinie'? Allowed: alpinie, "),
        (("staff.yaml", "role: director", "role: member"), "panel-invitation: 'director': nobody of the staff has"),
        (("edition.yaml", "time_zone: Asia/Bishkek", "time_zone: Bishkek"), "did you mean 'Asia/Bishkek'?"),
        (("edition.yaml", "names:\n", "names:\n\t"), "edition.yaml:5: not readable as YAML: a tab stands here; YAML"),
        (("glossary.yaml", "", "# nothing yet\n"), "glossary.yaml:1: this file is empty"),
    ],
    ids=lambda value: value[2] if isinstance(value, tuple) else None,
)  # fmt: skip
def test_what_makes_no_sense_is_told_once_and_nothing_that_follows(
    broken: Broken, tmp_path: Path, breakage: tuple[str, str, str], says: str
) -> None:
    (mistake,) = broken(Breakage(*breakage, says), how=lambda: load(tmp_path, "broken"))
    assert says in mistake


def test_a_mistake_under_the_overlay_is_told_beside_that_of_the_edition(broken: Broken) -> None:
    # With the overlay more bodies are allowed: the same mistake all the same.
    mistakes = broken(
        Breakage("sessions.yaml", "lead: alpinie", "lead: nobody", ""),
        Breakage("rehearsal/overlay.yaml", "sessions:\n", "sessions:\n  - {id: A2, team: {lead: noone}}\n", ""),
        Breakage("rehearsal/script.yaml", "replacement: timur-perevalov", "replacement: timur", ""),
    )
    assert [mistake.partition("; ")[0].partition(". Allowed")[0] for mistake in mistakes] == [
        "sessions.yaml:37: sessions[1].team.lead: 'nobody': is not a body",
        "rehearsal/overlay.yaml:18: sessions[2].team.lead: 'noone': is not a body",
        "rehearsal/script.yaml:35: scenes[9].replacement: 'timur': is no person",
    ]


@pytest.mark.parametrize("name", ["bodies.yaml", "people.yaml", "rights.yaml", "rules.yaml", "sessions.yaml"])
def test_a_file_that_does_not_read_is_one_mistake_whatever_hangs_on_it(broken: Broken, name: str) -> None:
    (mistake,) = broken(Breakage(name, "", "- x", ""))
    assert mistake.startswith(f"{name}:1: ")


def test_a_language_without_words_is_told_so_once_for_wording_and_once_for_letters(broken: Broken) -> None:
    mistakes = broken(Breakage("edition.yaml", "locale: ru-RU", "locale: pt-BR", ""))
    own = [mistake for mistake in mistakes if mistake.startswith("edition.yaml:")]
    assert "there is no wording in this language; write wording/pt.yaml or wording/pt-BR.yaml" in own[0]
    assert "there is no letters/KIND.pt.j2 for note-invitation, note-returned" in own[1]
    # What was written for the other language is of no use any more, and nothing else is said.
    others = {mistake.partition(": ")[0] for mistake in mistakes if mistake not in own}
    assert len(own) == 2
    assert others == {"wording/ru.yaml", *(f"letters/{kind.kind}.ru.j2" for kind in LETTERS)}


def test_a_language_lacks_what_its_grammar_needs_and_no_other_forms(broken: Broken) -> None:
    path = OTHER / "wording" / "ru.yaml"
    two, few = (next(line for line in path.read_text("utf-8").splitlines() if line.startswith(f"    {form}: "))
                for form in ("two", "few"))  # fmt: skip
    (mistake,) = broken(Breakage("wording/ru.yaml", two, "", ""), Breakage("wording/ru.yaml", few, "", ""))
    assert "'ru-RU': its wording lacks calendar.working_days.few; add to wording/ru.yaml" in mistake


@pytest.mark.parametrize("root", [PROJECT / "config" / "editions", OTHER.parent], ids=["first", "other"])
def test_the_editions_there_are_have_no_mistake(root: Path) -> None:
    (edition,) = (path.parent.name for path in root.glob("*/edition.yaml"))
    assert check(root, edition, TEMPLATES) == load(root, edition)


def test_a_folder_without_its_first_file_is_no_unknown_edition(tmp_path: Path) -> None:
    (tmp_path / "half").mkdir()
    with pytest.raises(Unknown, match=r"^half: its folder has no edition\.yaml"):
        check(tmp_path, "half", TEMPLATES)


# -- whatever stands in a file, it is read or told of

ANYTHING = st.binary(max_size=40) | st.text("ab: -[]{}%\n'\"&*!|#.{}", max_size=40).map(str.encode)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files") / "thanks.en.j2"


@given(
    content=ANYTHING
    | st.text("{}% aifedtonrsplc|\n+/(0)1", max_size=40).map(lambda text: b"Subject: x\n" + text.encode())
)
def test_no_file_is_a_surprise(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    thanks = next(kind for kind in LETTERS if kind.kind == "thanks")
    assert LetterTemplates([file.parent]).problems(thanks, "en"), "it never says all the fields"
    assert misfits(file, TEMPLATES / "documents" / "letter.docx")
    read = read_file(file, "x.yaml")
    assert all(line.startswith("x.yaml:") for line in read.lines)
    with pytest.raises(Mistakes):  # a script needs more than this
        read_as(Script, "x.yaml", content)


@given(used=st.sets(st.text("ab", min_size=1, max_size=3)), wanted=st.sets(st.text("ab", min_size=1, max_size=3)))
def test_fields_are_right_exactly_when_they_are_the_same(used: set[str], wanted: set[str]) -> None:
    found = list(check_fields((), used, wanted, "<%s>"))
    assert (not found) == (used == wanted)
    assert {each.value for each in found if each.value} == {f"<{name}>" for name in used - wanted}
    meant = {each.meant for each in found if each.meant}
    assert meant <= {f"<{name}>" for name in wanted - used}
    lacking = "".join(each.problem for each in found if each.value is None)
    assert {name for name in wanted - used if f"<{name}>" not in meant} == {
        name for name in wanted if f"<{name}>" in lacking
    }
