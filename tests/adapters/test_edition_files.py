"""Editions from YAML: both load, and whatever is wrong in one is told with file, line, place and what is allowed."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.edition_files import available, fingerprint, load, parse
from tasks.domain.errors import Mistakes, Unknown

PROJECT = Path(__file__).parents[2]
EDITIONS = [(PROJECT / "config" / "editions", "brussels-2007"), (PROJECT / "tests" / "editions", "six-languages")]
OTHER = PROJECT / "tests" / "editions" / "six-languages"

#: A breakage: in which file, what stands there, what is put in its place.
Breakage = tuple[str, str, str]


@pytest.fixture
def broken(tmp_path: Path) -> Callable[..., list[str]]:
    """`broken((file, old, new), ...)`: the mistakes found in a copy of the edition with all of that replaced."""

    def check(*breakages: Breakage) -> list[str]:
        folder = tmp_path / "broken"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(OTHER, folder, ignore=shutil.ignore_patterns("materials"))
        for name, old, new in breakages:
            path = folder / name
            text = path.read_text("utf-8")
            assert old in text, f"{name} does not hold {old!r}: the breakage would break nothing"
            path.write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(Mistakes) as caught:
            load(tmp_path, "broken")
        message = str(caught.value)
        assert message.splitlines()[0].startswith(f"broken: {len(caught.value.mistakes)} mistake")
        assert message.count("\n") == len(caught.value.mistakes)
        return list(caught.value.mistakes)

    return check


def line_of(name: str, text: str) -> str:
    """`file:line` of the first line of the edition's file that holds `text`."""
    lines = (OTHER / name).read_text("utf-8").splitlines()
    return f"{name}:{next(number for number, line in enumerate(lines, 1) if text in line)}"


@pytest.mark.parametrize(("root", "edition"), EDITIONS)
@pytest.mark.parametrize("overlay", [False, True])
def test_an_edition_loads_with_and_without_its_overlay(root: Path, edition: str, overlay: bool) -> None:
    loaded = load(root, edition, overlay=overlay)
    assert loaded.edition.id == edition
    assert loaded.sha256 == fingerprint(loaded.config)
    json.dumps(loaded.config)  # plain values only: the ledger keeps it


def test_the_two_editions_share_no_id() -> None:
    first, second = (load(root, edition).edition for root, edition in EDITIONS)
    # Milestones are the engine's own names; all the others are the edition's.
    collections = (
        "languages",
        "regions",
        "courtesies",
        "events",
        "bodies",
        "people",
        "roles",
        "roundtables",
        "sessions",
    )
    for collection in collections:
        one, other = ({entry.id for entry in getattr(edition, collection)} for edition in (first, second))
        assert not one & other, collection
    assert first.drafting_language.locale.split("-")[0] != second.drafting_language.locale.split("-")[0]
    assert not set(first.rules.symbols.values()) & set(second.rules.symbols.values())
    assert not {o.id for o in first.rules.note_outcomes} & {o.id for o in second.rules.note_outcomes}


def test_the_other_edition_lacks_what_the_first_one_has() -> None:
    edition = load(*EDITIONS[1]).edition
    reporting = {role.id for role in edition.roles if role.reports}
    assert len(edition.languages) == 6
    assert any(session.closed and session.team is None for session in edition.sessions)
    assert any(session.team and not session.report_parts for session in edition.sessions)
    assert any({seat.role for seat in session.seats} == reporting for session in edition.sessions)
    assert any(
        [paper.suffix for paper in session.papers].count("") == 0 for session in edition.sessions if session.papers
    )
    assert any(not body.reached_by_email for body in edition.bodies)


def test_an_unknown_edition_is_refused_with_those_there_are() -> None:
    assert available(EDITIONS[1][0]) == ["six-languages"]
    with pytest.raises(Unknown, match="no-such: no such edition; there are: six-languages"):
        load(EDITIONS[1][0], "no-such")


#: (breakage, where the line is found in the unbroken file, what else the message says).
SHAPE: list[tuple[Breakage, str, tuple[str, ...]]] = [
    (
        ("sessions.yaml", "    closed: true", "    closd: true"),
        "    closed: true",
        ("sessions[5].closd", "no such key here", "did you mean 'closed'?", "Allowed: assumed, closed,"),
    ),
    (
        (
            "people.yaml",
            "gender: female, region: reseaux, email: rosalind",
            "gendre: female, region: reseaux, email: rosalind",
        ),
        "rosalind.weir@",
        ("people[11].gendre", "did you mean 'gender'?", "Allowed:"),
    ),
    (
        ("rules.yaml", "comment_rounds: 3", "comment_rounds: many"),
        "comment_rounds",
        ("rules.comment_rounds", "'many'", "valid integer"),
    ),
    (
        ("calendar.yaml", "date: 2030-10-15", "date: autumn"),
        "date: 2030-10-15",
        ("events[2].date", "'autumn'", "valid date"),
    ),
    (
        ("bodies.yaml", "kind: organisation", "kind: organization"),
        "kind: organisation",
        ("bodies[9].kind", "'organization'", "'government', 'organisation' or 'civil-society'"),
    ),
    (("edition.yaml", "holidays: [KG, LI]", "holidays: KG"), "holidays:", ("holidays", "'KG'", "valid list")),
    (
        ("staff.yaml", "{id: greffe,", "{id: le greffe,"),
        "{id: greffe,",
        ("staff[4].id", "'le greffe'", "one word without spaces"),
    ),
    (("rules.yaml", "summary: 150", "summary: 0"), "word_limits", ("rules.word_limits.summary", "0", "greater than 0")),
    (("people.yaml", "{id: quan-ling, ", "{"), "quan-ling", ("people[4].id", "this key is missing")),
]

REFERENCES: list[tuple[Breakage, str, tuple[str, ...]]] = [
    (
        ("sessions.yaml", "lead: alpinie", "lead: alpine"),
        "lead: alpinie",
        ("sessions[1].team.lead", "'alpine'", "is not a body", "did you mean 'alpinie'?", "Allowed: alpinie, "),
    ),
    (
        ("sessions.yaml", "role: repondant, person: hala-saqi", "role: panellist, person: hala-saqi"),
        "person: hala-saqi",
        ("sessions[2].seats[3].role", "'panellist'", "is not a role", "Allowed: moderateur"),
    ),
    (
        ("sessions.yaml", "role: synthese, person: quan-ling", "role: repondant, person: quan-ling"),
        "report_parts: [general-discussion, recommendations]",
        ("sessions[3].report_parts", "'A3'", "a report needs a seat whose role reports", "Allowed: synthese"),
    ),
    (
        ("bodies.yaml", ", russe: Султанат Кимма", ""),
        "Султанат Кимма",
        ("bodies[2].names", "'russe'", "the text in this language is missing"),
    ),
    (
        ("bodies.yaml", "chinois: 云峰共和国,", "chinois: 云峰共和国, dutch: Yunfeng,"),
        "云峰共和国",
        ("bodies[3].names.dutch", "'dutch'", "not a language of the edition", "Allowed: anglais, arabe"),
    ),
    (
        ("rules.yaml", "rule: on annonce", "rule: on anonce"),
        "rule: on annonce",
        ("milestones[1].rule", "'anonce'", "not an event of the calendar, nor a milestone", "did you mean 'annonce'?"),
    ),
    (
        ("rules.yaml", "rule: 2 days after cercle-automne", "rule: 2 days after bilan"),
        "rule: 2 days after",
        ("milestones[4].rule", "'bilan'", "has no exact day", "Allowed: "),
    ),
    (
        ("rules.yaml", "rule: 5 weeks after cercle-hiver", "rule: five weeks after cercle-hiver"),
        "rule: 5 weeks",
        ("milestones[11].rule", "'five weeks after cercle-hiver'", "'10 working days before EVENT'"),
    ),
    (
        ("staff.yaml", "id: greffe", "id: secretaire"),
        "id: greffe",
        ("staff[4].id", "'secretaire'", "this id is used twice"),
    ),
    (
        ("sessions.yaml", "suffix: -aval", "suffix: -amont"),
        "suffix: -aval",
        ("papers[2].suffix", "'-amont'", "used twice"),
    ),
    (
        ("edition.yaml", "locale: en-GB,", "locale: en-GB, drafting: true,"),
        "languages:",
        ("languages", "['anglais', 'francais']", "exactly one language is the drafting language, here 2"),
    ),
    (
        ("edition.yaml", "locale: ar-EG", "locale: xx-EG"),
        "locale: ar-EG",
        ("languages[1].locale", "'xx-EG'", "not a locale such as en-GB"),
    ),
    (
        ("edition.yaml", "locale: es-MX,", "locale: es-MX, pretranslation: google,"),
        "locale: es-MX",
        ("languages[6].pretranslation", "'google'", "costs money, which is told before", "give `translation_price`"),
    ),
    (
        ("edition.yaml", "time_zone: Asia/Bishkek", "time_zone: Asia/Nowhere"),
        "time_zone",
        ("time_zone", "'Asia/Nowhere'", "not a time zone"),
    ),
    (("edition.yaml", "[KG, LI]", "[KG, XX]"), "holidays:", ("holidays[2]", "'XX'", "known holidays")),
    (
        ("edition.yaml", "forum_end: cloture", "forum_end: forum-suivant"),
        "forum_end:",
        ("forum_end", "'forum-suivant'", "exact day"),
    ),
    (
        ("staff.yaml", "courtesy: sans-nom", "courtesy: docteur"),
        "courtesy: sans-nom",
        ("staff[4].courtesy", "'docteur'", "is not a courtesy form", "Allowed: monsieur, madame"),
    ),
]


@pytest.mark.parametrize("breakages", [SHAPE, REFERENCES], ids=["of the shape", "of what names what"])
def test_every_mistake_is_one_line_and_all_are_told_in_one_run(
    broken: Callable[..., list[str]], breakages: list[tuple[Breakage, str, tuple[str, ...]]]
) -> None:
    mistakes = broken(*(breakage for breakage, _, _ in breakages))
    for (name, _, new), stands_at, says in breakages:
        place = line_of(name, stands_at)
        found = [
            mistake for mistake in mistakes if mistake.startswith(f"{place}: ") and all(s in mistake for s in says)
        ]
        assert len(found) == 1, f"{new}: wanted one line at {place} with {says} in\n" + "\n".join(mistakes)
    assert len(mistakes) == len(breakages), "\n".join(mistakes)
    assert not any("\n" in mistake for mistake in mistakes)


def test_yaml_that_cannot_be_read_and_repeated_keys_are_told_together(broken: Callable[..., list[str]]) -> None:
    mistakes = broken(
        ("sessions.yaml", "    closed: true", "    closed: true\n    closed: false"),
        ("rules.yaml", "[bilan, forum-suivant]", "[bilan, forum-suivant"),
        ("staff.yaml", "staff:", "- staff:"),
    )
    assert [mistake.partition(": ")[0] for mistake in mistakes] == [
        f"rules.yaml:{int(line_of('rules.yaml', 'reporting_points').split(':')[1]) + 2}",
        f"sessions.yaml:{int(line_of('sessions.yaml', 'closed: true').split(':')[1]) + 1}",
        "staff.yaml:1",
    ]
    assert "not readable as YAML" in mistakes[0]
    assert "the key 'closed' stands twice" in mistakes[1]
    assert "a mapping of keys" in mistakes[2]


#: (breakage, where the line is found in the unbroken file, what the one line about it says).
ODD: dict[str, tuple[Breakage, str, str]] = {
    "a day that is not": (
        ("calendar.yaml", "date: 2030-10-15", "date: 2030-02-30"),
        "date: 2030-10-15",
        "events[2].date: '2030-02-30': Input should be a valid date such as",
    ),
    "a key YAML reads as False": (
        ("edition.yaml", "russe: Бишкек", "no: Бишкек"),
        "russe: Бишкек",
        "place.no: 'no': is not a language of the edition; did you mean 'russe'?",
    ),
    "a key YAML reads as a number": (
        ("edition.yaml", "russe: Бишкек", "1: Бишкек"),
        "russe: Бишкек",
        "place.1: '1': is not a language of the edition; did you mean 'russe'?",
    ),
    "a control character": (
        ("edition.yaml", "anglais: Bishkek", "anglais: Bish\x07kek"),
        "russe: Бишкек",
        "the control character U+0007 stands here",
    ),
    "a written control character": (
        ("edition.yaml", "anglais: Bishkek", 'anglais: "Bish\\x07kek"'),
        "russe: Бишкек",
        "the control character U+0007",
    ),
    "half a character": (
        ("edition.yaml", "anglais: Bishkek", 'anglais: "\\ud800"'),
        "russe: Бишкек",
        "the control character U+D800",
    ),
    "a merge key": (("edition.yaml", "russe: Бишкек", "<<: {a: b}"), "russe: Бишкек", "'<<' is not read here"),
    "a merge key in an entry": (
        ("people.yaml", "{id: quan-ling, name: 泉岭, ", "{id: quan-ling, <<: {name: 泉岭}, "),
        "quan-ling",
        "'<<' is not read here",
    ),
    "a list as a key": (("edition.yaml", "russe: Бишкек", "[a]: Бишкек"), "russe: Бишкек", "a key is plain text"),
    "a tag": (("edition.yaml", "anglais: Bishkek", "anglais: !x Bishkek"), "russe: Бишкек", "'!x': tags are not read"),
    "an alias to itself": (
        ("edition.yaml", "anglais: Bishkek", "anglais: &x [*x]"),
        "russe: Бишкек",
        "this alias stands for something it is part of itself",
    ),
    "a huge number": (
        ("rules.yaml", "comment_rounds: 3", "comment_rounds: " + "9" * 5000),
        "comment_rounds",
        "Unable to parse input string as an integer",
    ),
    "infinitely many": (("rules.yaml", "comment_rounds: 3", "comment_rounds: .inf"), "comment_rounds", "valid integer"),
    "nothing": (("edition.yaml", "time_zone: Asia/Bishkek", "time_zone:"), "time_zone", "valid string"),
    "a key of the edition's id": (
        ("edition.yaml", "time_zone: Asia", "id: mine\ntime_zone: Asia"),
        "time_zone",
        "the id of an edition is the name of its folder",
    ),
}


@pytest.mark.parametrize(("breakage", "line", "says"), ODD.values(), ids=ODD)
def test_what_yaml_reads_otherwise_is_one_mistake_in_its_place(
    broken: Callable[..., list[str]], breakage: Breakage, line: str, says: str
) -> None:
    (mistake,) = broken(breakage)
    assert mistake.startswith(f"{line_of(breakage[0], line)}: ")
    assert says in mistake


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("names: " + "[" * 3000, "nested too deeply"),
        ("a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
        ), "aliases that stand for too much"),
        ("--- {}\n--- {}\n", "not readable as YAML"),
        ("", "a mapping of keys"),
        ("Schl\u00fcssel".encode("latin-1"), "not text in UTF-8"),
    ],
    ids=["deep", "many aliases", "two documents", "empty", "another encoding"],
)  # fmt: skip
def test_files_that_are_no_edition_s_are_refused(text: str | bytes, says: str) -> None:
    with pytest.raises(Mistakes) as caught:
        parse("e", {**files(), "~overlay.yaml": text})
    assert says in caught.value.mistakes[0]
    assert all(mistake.startswith("~overlay.yaml:") for mistake in caught.value.mistakes)


def test_what_yaml_would_convert_stays_as_it_is_written() -> None:
    changed = files()
    changed["people.yaml"] = changed["people.yaml"].replace("surname: Weir", "surname: No")
    changed["edition.yaml"] = changed["edition.yaml"].replace("[KG, LI]", "[KG, NO]")
    changed["calendar.yaml"] = changed["calendar.yaml"].replace("when: novembre 2031", "when: 1.10")
    edition = parse("e", changed).edition
    assert edition.person("rosalind-weir").surname == "No"
    assert edition.holidays == ["KG", "NO"]
    assert edition.event("bilan").when == "1.10"


def test_mistakes_of_every_kind_are_told_in_one_run(broken: Callable[..., list[str]]) -> None:
    unreadable: list[Breakage] = [("staff.yaml", "staff:", "- staff:")]
    shape = [case[0] for case in SHAPE if case[0][0] not in ("staff.yaml", "rules.yaml")]
    references = [case[0] for case in REFERENCES if case[0][0] in ("bodies.yaml", "rules.yaml")]
    assert len(broken(*unreadable, *shape, *references)) == len(unreadable) + len(shape) + len(references)


@pytest.mark.parametrize("name", ["bodies.yaml", "calendar.yaml", "edition.yaml", "people.yaml", "rules.yaml"])
def test_a_file_that_cannot_be_read_makes_no_other_mistake(broken: Callable[..., list[str]], name: str) -> None:
    first = next(line for line in files()[name].splitlines() if line and not line.startswith("#"))
    (mistake,) = broken((name, first, f"}}{first}"))
    assert mistake.startswith(f"{line_of(name, first)}: not readable as YAML")


#: (breakage, where the line is found in the unbroken file, what the one line about it says).
RULES: list[tuple[Breakage, str, str]] = [
    (("rules.yaml", "NC.{session}", "NC.{sesion}"), "NC.", "'{sesion}': no such placeholder here; did you mean"),
    (("rules.yaml", "NC.{session}", "NC.{session!r}"), "NC.", "'{session!r}': no such placeholder"),
    (("rules.yaml", "NC.{session}", "NC.{session"), "NC.", "a brace stands alone"),
    (("rules.yaml", "NC.{session}", "NC"), "NC.", "the concept note of A1 and of the concept note of A2"),
    (("rules.yaml", "{session}{suffix}", "{session}"), "DOC.", "paper -amont of A2 and of the background paper -aval"),
    (("rules.yaml", "SYN.{session}", "NC.{session}"), "SYN.", "the concept note of A1 and of the report of A1"),
    (("rules.yaml", "    horizontal-report: WFMW.31/QT\n", ""), "symbols:", "'horizontal-report': this symbol is miss"),
    (("rules.yaml", "    report: ", "    raport: "), "SYN.", "did you mean 'report'?"),
    (("edition.yaml", "Mr {name}", "Mr {nom}"), "Mr {name}", "'{nom}': no such placeholder here"),
    (("edition.yaml", "Dear Mr {surname}", "Dear Mr {}"), "Mr {name}", "salutation: '{}': no such placeholder here"),
    (("edition.yaml", "anglais: Bishkek", 'anglais: " "'), "anglais: Bishkek", "place.anglais: '': this text is empty"),
    (("edition.yaml", 'closing: "Yours sincerely,"', 'closing: ""'), "Mr {name}", "closing: '': this text is empty"),
    (("rules.yaml", "id: a-reprendre", "id: accueillie"), "id: a-reprendre", "'accueillie': this id is used twice"),
    (("edition.yaml", "traduction-anglais,", "traduction-anglais, files: [wrod],"), "traduction-anglais,",
     "'wrod': Input should be 'word', 'xliff-1.2', 'xliff-2.0' or 'omegat'; did you mean 'word'?"),
    (("edition.yaml", "traduction-anglais,", "traduction-anglais, files: [],"), "traduction-anglais,", "at least 1"),
    (("edition.yaml", "traduction-anglais,", "traduction-anglais, files: [word, word],"), "traduction-anglais,",
     "languages[3].files[2]: 'word': this form stands twice"),
    (("glossary.yaml", "anglais: [glacier]", "anglais: []"), "anglais: [glacier]", "'': this text is empty"),
    (("glossary.yaml", "anglais: [glacier]", "anglais: [a, ' ']"), "anglais: [glacier]", "[2]: '': this text is"),
    (("glossary.yaml", "anglais: [glacier]", "anglais: glacier"), "anglais: [glacier]", "should be a valid list"),
    (("glossary.yaml", "francais: [crue]", "francais: [Glacier]"), "francais: [crue]", "the term glacier is called so"),
    (("glossary.yaml", "kind: abbreviation", "kind: acronym"), "kind: abbreviation", "kind: 'acronym': Input should"),
    (("glossary.yaml", "id: crue", "id: glacier"), "id: crue", "this id is used twice"),
    (("rules.yaml", "purpose, questions", "purpose, purpose"), "note_sections", "note_sections[2]: 'purpose': this s"),
    (("sessions.yaml", "dissent, recomm", "general-discussion, recomm"), "dissent, recomm", "section stands twice"),
    (("rules.yaml", "[context, case-studies, innovation, recommendations]", "[]"), "paper_sections", "at least one"),
    (("rules.yaml", "[purpose, questions, budget, outcome, partners, horizontal]", "[]"), "note_sections", "at least"),
    (("rules.yaml", "note_tabled_at: cercle-automne", "note_tabled_at: bilan"), "note_tabled_at", "needs an exact day"),
    (("edition.yaml", "forum_start: ouverture", "forum_start: bilan"), "forum_start", "needs an exact day"),
    (("rules.yaml", "rule: 20 working", "rule: 10001 working"), "rule: 20 working", "at most 10,000 working days"),
    (("calendar.yaml", "date: 2030-08-26", "date: 9999-12-32"), "date: 2030-08-26", "valid date"),
    (("sessions.yaml", "coordinator: secretariat-amont", "coordinator: greffe"), "coordinator: secretariat-amont",
     "'greffe': is of the staff, but not a coordinator"),
    (("sessions.yaml", "id: A1_liminaire", "id: A1_moderation"), "A1_liminaire", "this seat id is used twice"),
    (("rules.yaml", "id: draft-1", "id: drafts-1"), "id: draft-1", "'drafts-1': no stage knows this milestone; did"),
    (("rules.yaml", "id: final-due", "id: the-end"), "id: final-due", "did you mean 'final-due'?"),
    (("people.yaml", "people:", "peeple:"), "people:", "peeple: 'peeple': no such key here; did you mean 'people'?"),
    (("sessions.yaml", "team: {lead: alpinie", "taem: {lead: alpinie"), "lead: alpinie", "did you mean 'team'?"),
    (("sessions.yaml", "team: {lead: alpinie", "team: {leed: alpinie"), "lead: alpinie", "did you mean 'lead'?"),
    (("people.yaml", "fictitious: true", "assumed: {a: b}"), "odile-cascatelle", "valid boolean or: Input should be a"),
    (("people.yaml", "anglais: Researcher, ", ""), "chinois: 研究员", "position.anglais: 'anglais': the text in"),
    (("people.yaml", "anglais: Researcher", "nl: a, anglais: b"), "chinois: 研究员", "position.nl: 'nl': is not"),
    (("people.yaml", "anglais: Researcher", "anglais: []"), "chinois: 研究员", "position.anglais: []: Input should be"),
    (("people.yaml", "organisation: Горная академия", "organisation: [a]"), "Горная", "organisation: ['a']: Input"),
    (("staff.yaml", "anglais: Registry", 'anglais: " "'), "chinois: 登记处", "title.anglais: '': this text is empty"),
    (("rules.yaml", "1 month after cercle-automne", "1 month after draft-4"), "1 month after cercle-automne",
     "'draft-4': is not an event of the calendar, nor a milestone (input-due → draft-4); did you mean 'draft-"),
    (("rules.yaml", "after draft-1 is received", "after annonce is received"), "after draft-1 is",
     "'annonce is received': is an event; only what a milestone asks for is received (comments-1 → annonce)"),
    (("rules.yaml", "not later than 7 weeks before cercle-hiver", "not later than bilan"), "not later than",
     "'bilan': has no exact day, so no deadline can hang on it (comments-1 → bilan)"),
    (("rules.yaml", "not later than 7 weeks", "not later than 10001 weeks"), "not later than", "at most 10,000 weeks"),
    (("rules.yaml", "rule: 20 working days", "rule: 0 working days"), "rule: 20 working", "write 'on cercle-automne'"),
    (("rules.yaml", "rule: 10 weeks before cercle-hiver", "rule: 1 week before comments-2, not later than comments-1"),
     "rule: 10 weeks", "hangs on itself: draft-1 → comments-1 → draft-1"),
    (("rules.yaml", "Europe/Vaduz", "Europe/Vadutz"), "Europe/Vaduz", "'Europe/Vadutz': not a time zone such as Europe"
     "/Paris; did you mean 'Europe/Vaduz'?"),
    (("rules.yaml", "holidays: [LI]", "holidays: [XX]"), "holidays: [LI]", "holidays[1]: 'XX': not a country"),
    (("rules.yaml", "takes: 10", "takes: -1"), "takes: 10", "takes: '-1': Input should be greater than or equal to 0"),
    (("rules.yaml", "rule: 40 days after cercle-automne", "rule: 1 week after note-decision"), "rule: 40 days",
     "panel-invitation → note-decision: session "),
    (("rules.yaml", "before: [15, 5, 1]", "before: [15, 0]"), "reminders:", "reminders.before[2]: '0': Input"),
    (("rules.yaml", "coordinator: 2, director: 6", "coordinator: 2, director: 1"), "reminders:",
     "the director is told after 1 days, before the coordinator"),
    (("rules.yaml", "    lead: {half: 9,", "    leed: {half: 9,"), "    lead: {half: 9,", "neither a mover nor"),
    (("rules.yaml", "nine_in_ten: 22", "nine_in_ten: 9"), "nine_in_ten: 22", "nine in ten answer by day 9, no later"),
    (("rules.yaml", "    chinois: {words", "    chinoix: {words"), "    chinois: {words",
     "'chinoix': is not a language papers are translated into; did you mean 'chinois'?"),
    (("rules.yaml", "    russe: {}", "    francais: {}"), "    russe: {}", "'francais': is not a language papers are"),
    (("rules.yaml", "words_per_day: 1400", "words_per_day: 0"), "words_per_day: 1400", "greater than 0"),
    (("calendar.yaml", "from: 2030-12-27", "from: 2030-13-27"), "from: 2030-12-27", "closures[1].from: '2030-13-27': "),
    (("calendar.yaml", "from: 2030-12-27", "fom: 2030-12-27"), "from: 2030-12-27", "did you mean 'from'?"),
    (("calendar.yaml", "from: 2030-12-27", "first: 2030-12-27\n    from: 2030-12-27"), "from: 2030-12-27",
     "closures[1].first: 'first': no such key here"),
    (("calendar.yaml", "until: 2030-12-30", "until: 2030-12-26"), "- from: 2030-12-27", "is before from 2030-12-27"),
    (("calendar.yaml", "until: 2030-12-30", "until: 2032-12-30"), "- from: 2030-12-27", "is more than a year"),
    (("calendar.yaml", "      russe: Закрыто", "      ruse: Закрыто"), "russe: Закрыто", "did you mean 'russe'?"),
    (("calendar.yaml", "    date: 2030-10-15\n", ""), "id: cercle-automne", "precision is day, so the event needs a d"),
]  # fmt: skip


@pytest.mark.parametrize(("breakage", "line", "says"), RULES, ids=[f"{case[0][2][:40]}" for case in RULES])
def test_one_mistake_is_one_line(broken: Callable[..., list[str]], breakage: Breakage, line: str, says: str) -> None:
    (mistake,) = broken(breakage)
    assert mistake.startswith(f"{line_of(breakage[0], line)}: ")
    assert says in mistake


def test_a_renamed_language_is_not_told_of_every_text(broken: Callable[..., list[str]]) -> None:
    mistakes = broken(("edition.yaml", "id: espagnol", "id: castillan"))
    assert len(mistakes) < 8, "\n".join(mistakes)
    assert any("'espagnol'" in m and "did you mean 'castillan'?" in m and "The same at " in m for m in mistakes)


def test_an_offset_out_of_the_calendar_is_refused(broken: Callable[..., list[str]]) -> None:
    (mistake,) = broken(
        ("calendar.yaml", "date: 2030-08-26", "date: 0001-01-05"),
        ("rules.yaml", "on annonce", "2 weeks before annonce"),
    )
    assert mistake.startswith(line_of("rules.yaml", "rule: on annonce"))
    assert "2 weeks before 0001-01-05 is no day of the calendar" in mistake


def test_an_event_may_not_be_named_like_a_milestone(broken: Callable[..., list[str]]) -> None:
    (mistake,) = broken(("calendar.yaml", "id: recensement", "id: draft-2"))
    assert mistake.startswith(line_of("calendar.yaml", "id: recensement"))
    assert "'draft-2': is a milestone too, so a rule could mean either" in mistake


def test_a_closure_is_recorded_under_its_key() -> None:
    loaded = load(*EDITIONS[1])
    assert loaded.edition.closures[0].first == dt.date(2030, 12, 27)
    assert loaded.config["closures"][0]["from"] == "2030-12-27"
    assert type(loaded.edition).model_validate(loaded.config) == loaded.edition


def test_an_edition_may_say_nothing_of_closures_reminders_and_assumptions() -> None:
    texts = files()
    texts["rules.yaml"] = texts["rules.yaml"].partition("reminders:")[0]
    texts["calendar.yaml"] = "events:" + texts["calendar.yaml"].partition("\nevents:")[2]
    edition = parse("e", texts).edition
    assert edition.closures == []
    assert (edition.reminders.before, edition.reminders.after) == ([10, 3], [2])
    assert edition.assumptions.answer_time("lead").half < edition.assumptions.answer_time("lead").nine_in_ten
    assert edition.assumptions.capacity_of("russe").words_per_day == 1650


def test_a_language_need_not_have_a_translator() -> None:
    texts = files()
    texts["edition.yaml"] = texts["edition.yaml"].replace(", translator: traduction-russe", "")
    assert parse("e", texts).edition.language("russe").translator is None


def test_a_second_drafting_language_or_none_is_refused(broken: Callable[..., list[str]]) -> None:
    (mistake,) = broken(("edition.yaml", ", drafting: true", ""))
    assert "exactly one language is the drafting language, here 0" in mistake


def test_an_overlay_may_be_wrong_too_and_is_named(tmp_path: Path) -> None:
    shutil.copytree(OTHER, tmp_path / "laid", ignore=shutil.ignore_patterns("materials"))
    (tmp_path / "laid" / "rehearsal" / "overlay.yaml").write_text(
        "sessions:\n  - id: A1\n    team:\n      lead: nobody\n", "utf-8"
    )
    load(tmp_path, "laid")
    with pytest.raises(Mistakes) as caught:
        load(tmp_path, "laid", overlay=True)
    (mistake,) = caught.value.mistakes
    assert mistake.startswith("rehearsal/overlay.yaml:4: sessions[1].team.lead: 'nobody': is not a body")


# -- what a later file does to the earlier ones


def files() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(OTHER.glob("*.yaml"))}


def laid_over(overlay: str) -> tuple[dict, dict]:
    """The plain configuration without and with `overlay`."""
    return parse("e", files()).config, parse("e", {**files(), "~overlay.yaml": overlay}).config


def test_an_overlay_changes_the_entry_with_its_id_and_nothing_else() -> None:
    before, after = laid_over("sessions:\n  - id: A1\n    team: {lead: highmoor, members: [deltarie]}\n")
    team = after["sessions"][0]["team"]
    assert team["lead"] == "highmoor"
    assert team["members"] == ["deltarie"], "a plain list is replaced as a whole"
    assert team["co_lead"] == before["sessions"][0]["team"]["co_lead"], "other keys of a mapping stay"
    after["sessions"][0]["team"] = before["sessions"][0]["team"]
    assert after == before


def test_an_overlay_reaches_entries_within_entries() -> None:
    before, after = laid_over("sessions:\n  - id: A2\n    seats: [{id: A2_reponse_2, person: mateo-cumbre}]\n")
    seats = {seat["id"]: seat for seat in after["sessions"][1]["seats"]}
    assert seats["A2_reponse_2"]["person"] == "mateo-cumbre"
    assert seats["A2_reponse_2"]["required"] is False
    assert list(seats) == [seat["id"] for seat in before["sessions"][1]["seats"]]


def test_an_overlay_adds_entries_at_the_end() -> None:
    before, after = laid_over(
        "people:\n  - {id: new-one, name: New One, surname: One, courtesy: madame, language: russe}\n"
    )
    assert [p["id"] for p in after["people"]] == [*(p["id"] for p in before["people"]), "new-one"]


def test_a_scalar_of_the_overlay_wins() -> None:
    _, after = laid_over("rules: {comment_rounds: 3, word_limits: {summary: 99}}\ntime_zone: Europe/Vaduz\n")
    assert after["time_zone"] == "Europe/Vaduz"
    assert after["rules"]["word_limits"]["summary"] == 99
    assert after["rules"]["word_limits"]["report"] == 900


def test_the_overlay_of_the_other_edition_is_used() -> None:
    plain, laid = (load(*EDITIONS[1], overlay=overlay) for overlay in (False, True))
    added = {body.id for body in laid.edition.bodies} - {body.id for body in plain.edition.bodies}
    assert added == {"academie-exemple"}
    assert laid.edition.session("A1").team.observers == ["bureau-des-glaciers", "academie-exemple"]  # type: ignore[union-attr]
    assert plain.sha256 != laid.sha256


# -- the fingerprint

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


def backwards(value: object) -> object:
    """The same value with the keys of every mapping in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(list(value))}
    return [backwards(entry) for entry in value] if isinstance(value, list) else value


@given(st.dictionaries(st.text(max_size=3), PLAIN, max_size=4))
def test_the_fingerprint_does_not_see_the_order_of_keys(config: dict) -> None:
    turned = backwards(config)
    assert isinstance(turned, dict)
    assert fingerprint(turned) == fingerprint(config)


def test_the_fingerprint_sees_order_in_lists_and_every_letter() -> None:
    seen = [
        fingerprint(config) for config in ({"a": [1, 2]}, {"a": [2, 1]}, {"a": ["1", 2]}, {"b": [1, 2]}, {"a": "é"})
    ]
    assert len(set(seen)) == len(seen)


def test_the_same_edition_spelt_in_another_order_has_the_same_fingerprint() -> None:
    texts = files()
    edition = texts["edition.yaml"]
    turned = edition.replace("forum_start: ouverture\nforum_end: cloture", "forum_end: cloture\nforum_start: ouverture")
    assert turned != edition
    assert parse("e", {**texts, "edition.yaml": turned}).sha256 == parse("e", texts).sha256
    later = texts["calendar.yaml"].replace("2031-06-07", "2031-06-08")
    assert parse("e", {**texts, "calendar.yaml": later}).sha256 != parse("e", texts).sha256


def test_dates_are_dates_in_the_model_and_text_in_the_configuration() -> None:
    loaded = load(*EDITIONS[1])
    assert loaded.edition.event("cloture").date == dt.date(2031, 6, 7)
    assert next(e for e in loaded.config["events"] if e["id"] == "cloture")["date"] == "2031-06-07"
