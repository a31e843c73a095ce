"""How far the translations of an edition are, counted from what came back."""

from __future__ import annotations

from tasks.translation import estimates, looked_over, standings, total, waive
from tests.tasks.conftest import Opening


def test_rows_words_and_waivers_are_counted_as_they_stand(at: Opening):
    office = at("issued")
    ids = list(office.translated("1.3:fr"))
    office.send_translation("1.3:fr", dict.fromkeys(ids[-2:], ""))
    office.send_translation("1.3:nl")
    found = {each.key: each for each in standings(office.desk)}
    part, whole = found["1.3:fr"], found["1.3:nl"]
    assert (part.state, part.rows, part.done, part.words) == ("sent", len(ids), len(ids) - 2, whole.words)
    assert 0 < part.words_left < part.words
    assert (whole.state, whole.done, whole.words_left) == ("received", len(ids), 0)
    assert found["1.1:fr"].rows == 0, "not sent yet"
    sums = total(list(found.values()))
    assert sums.rows == 3 * len(ids) and sums.done == part.done + whole.done


def test_a_paper_that_was_translated_before_is_reused(at: Opening):
    """The second language sees nothing of the first; the same paper sent anew after a correction sees all of it."""
    office = at("issued")
    office.send_translation("1.3:fr")
    office.decide_paper("1.3", "1.3", "freeze", "Once more.", correct="paper/1.3/3")
    office.advance("1.3")
    office.send_translation("1.3:fr")
    [again] = [each for each in standings(office.desk) if each.key == "1.3:fr"]
    assert again.reused == again.rows == again.done


def test_words_left_are_so_many_working_days_of_a_languages_translators(at: Opening):
    office = at("issued")
    office.send_translation("1.3:nl")
    found = {each.language: each for each in estimates(office.desk)}
    assert set(found) == {"fr", "es"}, "nothing is left in Dutch"
    each = found["fr"]
    capacity = office.edition.assumptions.capacity_of("fr")
    assert each.words_per_day == capacity.words_per_day * capacity.translators
    assert (each.days - 1) * each.words_per_day < each.words_left <= each.days * each.words_per_day
    assert each.ready > office.today


def test_waivers_and_files_sent_back_are_told(at: Opening):
    office = at("issued")
    targets = office.translated("1.3:fr")
    longest = max(targets, key=lambda id: len(targets[id]))
    source = next(each.text for each in office.segments("1.3:fr") if each.id == longest)
    office.send_translation("1.3:fr", {longest: source})
    waive(office.desk, "1.3:fr", [1], "quoted")
    looked = looked_over(office.desk)
    assert looked.sent_back == 1
    [waiver] = looked.waivers
    assert (waiver.key, waiver.segment, waiver.check, waiver.by, waiver.reason) == (
        "1.3:fr", longest, "untranslated", office.by, "quoted",
    )  # fmt: skip
    assert "untranslated" not in looked.findings
