"""Reports: templates, waits, the table of actions, and sentences that may say who said something."""

from __future__ import annotations

import datetime as dt
import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters import wording
from tasks.domain import rapporteur_report as rules
from tasks.domain.text import Block, Heading, Item, Paragraph, Table, Text
from tasks.domain.view import Step, TeamView
from tests.domain.domain_help import EDITIONS, ROOT, at_the_start, deadlines_of, edition, view_of, with_state

DAY = dt.timedelta(days=1)


def para(*sentences: str) -> Paragraph:
    return Paragraph((Text(" ".join(sentences)),))


@cache
def words_of(name: str, key: str) -> frozenset[str]:
    """The texts under `key` in the wording of every language of an edition."""
    folders = [ROOT / "templates" / "wording", EDITIONS[name] / name / "wording"]
    locales = [entry.locale for entry in edition(name).languages]
    return frozenset(text for locale in locales for text in wording.load(folders, locale).strings(key))


@cache
def names_of(name: str) -> set[str]:
    return rules.names_that_speak(edition(name))


def flagged(name: str, *blocks: Block) -> list[str]:
    return rules.attributions(
        blocks, names_of(name), words_of(name, "speaking_roles"), words_of(name, "reporting_verbs")
    )


ATTRIBUTED = [
    ("brussels-2007", "Ghana said that nurses should stay."),
    ("brussels-2007", "As Ghana's delegate noted, nurses leave."),
    ("brussels-2007", "It was argued by the United Kingdom that codes work."),
    ("brussels-2007", "In the words of Phoya, who explained the scheme, nurses return."),
    ("brussels-2007", "“We pay twice,” said Ghana."),
    ("brussels-2007", "Le Royaume-Uni a affirmé que les codes suffisent."),
    ("brussels-2007", "Selon l’Espagne, dit-on, le retour est libre."),
    ("brussels-2007", "Het Verenigd Koninkrijk zei dat de codes volstaan."),
    ("brussels-2007", "España afirmó que el retorno es voluntario."),
    ("brussels-2007", "México dijo que las remesas crecen."),
    ("brussels-2007", "Perú, añadió el orador, crece."),
    ("six-languages", "La République d’Alpinie a ajouté que la neige fond."),
    ("six-languages", "La République d'Alpinie a ajouté que la neige fond."),
    ("six-languages", "Commonwealth of Highmoor's view, as it explained, is new."),
    ("six-languages", "قالت سلطنة القمة إن الثلج يذوب."),
    ("six-languages", "وقالت سلطنة القمة إن الثلج يذوب."),
    ("six-languages", "وأضافت هالة الساقي أن الماء قليل."),
    ("six-languages", "وسلطنة القمة أكدت ذلك."),
    ("six-languages", "云峰共和国表示积雪正在减少。"),
    ("six-languages", "会议期间，魏河指出水塔很重要。"),
    ("six-languages", "República de Sierra Clara señaló que el agua baja."),
    ("six-languages", "Ледникова отметила, что снег тает."),
    # The short name, where the long one has it in brackets, and the initials, which no name has.
    ("brussels-2007", "WHO stressed that health workers are scarce."),
    ("brussels-2007", "IOM offered help."),
    ("brussels-2007", "The World Health Organization stressed it."),
    ("brussels-2007", "The OMS, as the text has it, said so."),
    ("brussels-2007", "The UK stressed the costs."),
    ("brussels-2007", "La RDC a proposé un registre."),
    ("brussels-2007", "IPPR said that figures are missing."),
    # A country that is no body of the edition.
    ("brussels-2007", "France said that visas take long."),
    ("brussels-2007", "Germany proposed a register."),
    ("brussels-2007", "Mexico wanted a register."),
    ("brussels-2007", "L’Allemagne a proposé un registre."),
    ("brussels-2007", "Polonia propuso un registro."),
    ("brussels-2007", "Duitsland stelde een register voor."),
    ("six-languages", "Германия предложила создать реестр."),
    ("six-languages", "وقالت ألمانيا إن السجل مفيد."),
    ("six-languages", "德国建议建立登记册。"),
    # Who one speaker is.
    ("brussels-2007", "The IOM representative recalled it."),
    ("brussels-2007", "The Ghanaian delegate said that nurses leave."),
    ("brussels-2007", "The Moroccan minister proposed a register."),
    ("brussels-2007", "The delegate of the UK stressed it."),
    ("brussels-2007", "It was recalled by the Kenyan Ambassador."),
    ("brussels-2007", "La déléguée ghanéenne a dit que les infirmières partent."),
    ("brussels-2007", "Le ministre marocain a proposé un registre."),
    ("brussels-2007", "La ministra marroquí propuso un registro."),
    ("brussels-2007", "El delegado de un país vecino dijo lo mismo."),
    ("brussels-2007", "De Ghanese afgevaardigde zei dat verpleegkundigen vertrekken."),
    ("brussels-2007", "De Marokkaanse minister benadrukte de kosten."),
    ("six-languages", "وقال المندوب المغربي إن السجل مفيد."),
    ("six-languages", "Марокканский министр предложил создать реестр."),
    ("six-languages", "摩洛哥部长建议建立登记册。"),
]


@pytest.mark.parametrize("name, sentence", ATTRIBUTED)
def test_a_name_and_a_verb_of_saying_in_one_sentence_are_found(name: str, sentence: str):
    assert flagged(name, para(sentence)) == [sentence]


@pytest.mark.parametrize("name, sentence", ATTRIBUTED)
def test_accents_may_be_written_in_one_character_or_two(name: str, sentence: str):
    decomposed = unicodedata.normalize("NFD", sentence)
    assert flagged(name, para(decomposed)) == [decomposed]


@pytest.mark.parametrize("name, sentence", ATTRIBUTED)
@pytest.mark.parametrize("wrap", [lambda t: Item((Text(t),)), lambda t: Heading(2, (Text(t),)), para])
def test_it_is_found_in_lists_and_headings_too_and_only_once(name: str, sentence: str, wrap):
    stop = "。" if sentence.endswith("。") else "."
    around = [wrap(f"A fact{stop}"), wrap(sentence), wrap(f"Another fact{stop}")]
    assert flagged(name, *around) == [sentence]


@pytest.mark.parametrize(
    "name, sentences",
    [
        ("brussels-2007", "Some said that nurses should stay."),
        ("brussels-2007", "Ghana has trained nurses for years."),
        ("brussels-2007", "One participant said so. Ghana trains nurses."),
        ("brussels-2007", "Ghanaian nurses, it was said, return."),
        ("brussels-2007", "Delegates said that nurses should stay. Ministers agreed."),
        ("brussels-2007", "It was said that ministries differ, and who pays."),
        ("brussels-2007", "The us and them of it was noted."),
        ("brussels-2007", "Les délégués ont affirmé que les codes suffisent."),
        ("brussels-2007", "Los delegados afirmaron que el retorno es voluntario."),
        ("brussels-2007", "Afgevaardigden zeiden dat codes volstaan."),
        ("brussels-2007", "Plusieurs participants ont affirmé que les codes suffisent. L’Espagne en a un."),
        ("brussels-2007", "Er werd gezegd dat codes volstaan. Het Verenigd Koninkrijk heeft er een."),
        ("brussels-2007", "Se afirmó que el retorno es voluntario. España tiene un programa."),
        ("six-languages", "قيل إن الثلج يذوب. سلطنة القمة بلد جبلي."),
        ("six-languages", "有人表示积雪正在减少。云峰共和国有许多湖泊。"),
        ("six-languages", "积雪正在减少！云峰共和国有许多湖泊？有人指出这一点。"),
        ("six-languages", "On a dit que la neige fond. La République d’Alpinie la mesure."),
    ],
)
def test_what_was_said_without_a_name_and_a_name_that_says_nothing_pass(name: str, sentences: str):
    assert flagged(name, para(sentences)) == []


def test_only_the_sentence_itself_is_listed_not_its_paragraph():
    found = flagged("brussels-2007", para("Nurses leave.", "Ghana said so.", "Codes help.", "It was noted by Spain!"))
    assert found == ["Ghana said so.", "It was noted by Spain!"]


def test_chinese_sentences_are_parted_though_nothing_stands_between_them():
    found = flagged("six-languages", para("湖泊很多。云峰共和国表示同意。水塔重要。"))
    assert found == ["云峰共和国表示同意。"]


def test_a_name_broken_over_spaces_or_formatting_is_one_name():
    content = (Text("The United "), Text("Kingdom", bold=True), Text("\u00a0said so."))
    assert flagged("brussels-2007", Paragraph(content)) == ["The United Kingdom\u00a0said so."]


def test_tables_are_left_out_a_lead_of_an_action_is_a_matter_of_record():
    table = Table((((Text("Action"),), (Text("Lead"),)), ((Text("Ghana said it would report"),), (Text("Ghana"),))))
    assert flagged("brussels-2007", table) == []


def test_without_names_or_verbs_nothing_is_found():
    said = para("Ghana's delegate said so.")
    assert rules.attributions([said], [], [], ["said"]) == []
    assert rules.attributions([said], ["Ghana"], ["delegate"], []) == []
    assert rules.attributions([said], [], ["Delegate"], ["Said"]) == ["Ghana's delegate said so."]
    assert rules.attributions([said], ["ghana"], [], ["said"]) == []


@given(st.lists(st.sampled_from(["Ghana said so.", "Spain trains nurses.", "It was said.", "México dijo que sí."])))
def test_every_sentence_is_judged_by_itself(sentences: list[str]):
    expected = [each for each in sentences if each in ("Ghana said so.", "México dijo que sí.")]
    assert flagged("brussels-2007", para(*sentences)) == expected


@given(st.sampled_from(list(EDITIONS)), st.data())
def test_any_body_or_person_by_any_of_its_names_is_found(name: str, data: st.DataObject):
    who = data.draw(st.sampled_from(sorted(names_of(name))))
    assert flagged(name, para(f"{who} said so"))


def test_nobody_is_left_out_for_a_short_surname():
    names = names_of("six-languages")
    assert {"魏河", "泉岭", "Weir"} <= names
    assert not {"魏", "泉"} & names


@given(st.text())
def test_any_text_can_be_looked_at(text: str):
    for sentence in flagged("six-languages", para(text)):
        assert sentence in text


# The table of actions


def row(*cells: str) -> tuple[tuple[Text, ...], ...]:
    return tuple((Text(cell),) for cell in cells)


HEAD = row("No.", "Action", "Lead", "Partners", "Reporting point", "Horizontal issues")


HEADINGS = {"No.", "Action", "Lead", "Partners", "Reporting point", "Horizontal issues", "Chef de file"}
NONE = {"none", "Néant"}


def read(*blocks: Block, closing: tuple[Block, ...] = ()) -> rules.ProposedActions:
    return rules.proposed_actions(blocks, closing, HEADINGS, NONE)


def test_an_action_is_read_as_it_stands():
    table = Table(
        (HEAD, row("1.1-1", " Build a matrix ", "Ghana; United Kingdom ;", "Anyone", "Second", "Gender; Roots"))
    )
    assert read(table) == rules.ProposedActions(
        [
            rules.ActionRow(
                "1.1-1", "Build a matrix", ("Ghana", "United Kingdom"), "Anyone", "Second", ("Gender", "Roots")
            )
        ],
        [],
    )


def test_lines_that_were_not_used_are_left_out_and_a_row_without_its_action_is_named():
    table = Table(
        (HEAD, row("", "", "", "", "", ""), row("2", " ", "Ghana", "", "", ""), row("3", "Act", *[""] * 4), row("4"))
    )
    found = read(table)
    assert [action.number for action in found.rows] == ["3"]
    assert found.problems == [("actions_row", "2 | Ghana")]


def test_every_table_with_the_headings_is_read_in_any_language_and_other_tables_are_not():
    first = Table((HEAD, row("a", "First", "", "", "", "")))
    second = Table((row("N°", "action", "CHEF DE FILE", "", "", ""), row("b", "Second", "", "", "", "")))
    figures = Table((row("Year", "Nurses", "Left", "Came", "Stayed", "Share"), row("1", "2", "3", "4", "5", "6")))
    found = read(first, para("text"), second, figures, Table((row("x", "y"), row("1", "2"))))
    assert ([action.title for action in found.rows], found.problems) == (["First", "Second"], [])


def test_headings_that_were_changed_are_no_matter_to_the_last_table_of_six_columns():
    figures = Table((row("Year", "Nurses", "Left", "Came", "Stayed", "Share"), row("1", "2", "3", "4", "5", "6")))
    changed = Table((row("#", "What", "Who", "With", "Where", "Issue"), row("1", "Act", "Ghana", "", "", "")))
    assert [action.title for action in read(figures, changed).rows] == ["Act"]


NARROW = Table((row("Action", "Lead", "When"), row("Act", "Ghana", "Soon")))


@pytest.mark.parametrize(
    "blocks, closing, problem",
    [
        ([], [], ("actions_missing", "")),
        ([para("none")], [], ("actions_missing", "")),
        ([Table(()), Table((row("x", "y"),))], [], ("actions_missing", "")),
        ([Table((HEAD,))], [], ("actions_empty", "")),
        ([Table((HEAD, row("1", "", "", "", "", "")))], [], ("actions_empty", "")),
        ([NARROW], [], ("actions_unreadable", "Action | Lead | When")),
        ([Table((row("x", "y"),))], [Table((row("x", "y"),))], ("actions_unreadable", "x | y")),
        ([Table((HEAD, row("1", "Act")))], [], ("actions_row", "1 | Act")),
        ([Table((HEAD, row("2", "Act", "Ghana", "p", "q", "Gender", "more")))], [],
         ("actions_row", "2 | Act | Ghana | p | q | Gender | more")),
    ],
)  # fmt: skip
def test_a_table_that_loses_an_action_is_a_problem(blocks: list[Block], closing: list[Block], problem):
    assert read(*blocks, closing=tuple(closing)).problems == [problem]


def test_an_action_in_a_narrower_table_is_not_lost_beside_a_good_one():
    good = Table((HEAD, row("1", "Act", "", "", "", "")))
    assert read(good, NARROW).problems == [("actions_unreadable", "Action | Lead | When")]


@pytest.mark.parametrize("word", ["none", "None.", "néant"])
def test_a_session_that_proposed_nothing_says_so(word: str):
    assert read(Table((HEAD, row("", word, "", "", "", "")))) == rules.ProposedActions([], [])


@given(st.lists(st.lists(st.text(max_size=5), max_size=8), max_size=5))
def test_every_row_of_any_table_is_an_action_or_a_problem_or_says_nothing(rows: list[list[str]]):
    found = read(Table((HEAD, *(row(*cells) for cells in rows))))
    told = sum(any(cell.strip() for cell in cells[1:]) for cells in rows)
    of_rows = [problem for problem in found.problems if problem[0] == "actions_row"]
    assert len(found.rows) + len(of_rows) == told
    assert bool(found.problems) == bool(of_rows or not told)


@given(st.lists(st.text(alphabet="ab ;", max_size=6)))
def test_names_are_parted_by_semicolons(names: list[str]):
    found = rules.split_names(";".join(names))
    assert all(name and name == name.strip() and ";" not in name for name in found)
    assert list(found) == [part.strip() for name in names for part in name.split(";") if part.strip()]


# Steps and waits


def team(summary: str, report: str, session: str = "A1", **facts) -> TeamView:
    records = with_state(at_the_start("six-languages", session), "summary", session, summary)
    return view_of("six-languages", session, with_state(records, "report", session, report, **facts))


def test_templates_go_out_on_the_day_and_not_before():
    day = deadlines_of("six-languages")["report-templates"]
    assert rules.due(team("planned", "planned"), day - DAY) == []
    assert rules.due(team("planned", "planned"), day) == [Step(rules.STAGE, "prepare", "A1")]


def test_a_complete_summary_is_issued_without_a_decision_a_report_after_it():
    day = dt.date(2031, 6, 20)
    assert rules.due(team("received", "received"), day) == [Step(rules.STAGE, "issue_summary", "A1")]
    assert rules.due(team("issued", "accepted"), day) == [Step(rules.STAGE, "issue_report", "A1")]


def test_a_summary_with_sentences_to_clear_is_held_for_the_coordinator_and_issued_once_accepted():
    day = dt.date(2031, 6, 20)
    records = with_state(at_the_start("six-languages", "A1"), "report", "A1", "prepared")
    held = view_of(
        "six-languages", "A1", with_state(records, "summary", "A1", "received", attributions=["Ghana said so."])
    )
    assert rules.due(held, day) == []
    found = {(w.kind, w.what, w.parties, w.ask) for w in rules.waits(held, day)}
    assert ("summary", "decision on the summary", ("secretariat-amont",), "summary-decision") in found
    assert rules.due(team("accepted", "prepared"), day) == [Step(rules.STAGE, "issue_summary", "A1")]


@pytest.mark.parametrize("session", ["B1", "B2"])
def test_a_session_without_a_report_has_neither_steps_nor_waits(session: str):
    view = view_of("six-languages", session, at_the_start("six-languages", session))
    assert not rules.has_report(view.session)
    assert rules.due(view, dt.date(2050, 1, 1)) == []
    assert rules.waits(view, dt.date(2050, 1, 1)) == []


@pytest.mark.parametrize(
    "summary, report, expected",
    [
        ("planned", "planned", {("templates for the report", ())}),
        ("prepared", "prepared", {("summary of the session", "R"), ("report of the session", "R")}),
        ("issued", "returned", {("corrected report", "R")}),
        ("issued", "received", {("decision on the report", "C")}),
        ("received", "accepted", set()),
        ("returned", "accepted", {("corrected summary", "R")}),
        ("accepted", "accepted", set()),
        ("issued", "issued", set()),
    ],
)
def test_who_is_awaited(summary: str, report: str, expected: set):
    who = {"R": ("vera-lednikova",), "C": ("secretariat-amont",)}
    found = {(w.what, w.parties) for w in rules.waits(team(summary, report), dt.date(2031, 6, 20))}
    assert found == {(what, who.get(party, party)) for what, party in expected}


def test_the_report_is_asked_of_whoever_holds_the_reporting_seat_now():
    records = with_state(at_the_start("six-languages", "A1"), "seat", "A1_synthese", "confirmed", person="wei-he")
    view = view_of("six-languages", "A1", records)
    assert rules.rapporteur_of(view) == "wei-he"


def test_without_a_rapporteur_the_coordinator_is_asked():
    records = with_state(at_the_start("six-languages", "A1"), "seat", "A1_synthese", "open", person=None)
    records = with_state(with_state(records, "summary", "A1", "prepared"), "report", "A1", "prepared")
    view = view_of("six-languages", "A1", records)
    assert rules.rapporteur_of(view) is None
    assert {w.parties for w in rules.waits(view, dt.date(2031, 6, 20))} == {("secretariat-amont",)}


def test_a_session_without_a_reporting_seat_has_no_rapporteur():
    assert rules.rapporteur_of(view_of("six-languages", "B1", at_the_start("six-languages", "B1"))) is None
