"""The targets of a translation: what a return adds, what a change leaves, and that nothing is lost on the way."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tasks.domain.codes import check_codes, renumbered
from tasks.domain.targets import (
    Origin,
    Remark,
    Standing,
    Target,
    Translated,
    carry,
    pairs,
    progress,
    propose,
    read_by,
    repeats,
    review,
    take,
)


@dataclass(frozen=True)
class Piece:
    id: str
    text: str


WORDS = st.sampled_from(["water", "roof", "river", "valley", "snow", "glacier", "village", "council", "road", "school"])
TEXTS = st.lists(st.lists(WORDS, min_size=3, max_size=9).map(" ".join), min_size=1, max_size=12)


def pieces(texts: list[str]) -> list[Piece]:
    return [Piece(f"p{number}", text) for number, text in enumerate(texts, start=1)]


def whole(segments: list[Piece]) -> Translated:
    """Every segment translated, each in words of its own."""
    return take(Translated({}), segments, {each.id: each.text.upper() for each in segments}, "ana")


@given(TEXTS, st.data())
def test_parts_in_any_order_add_up_to_the_whole(texts: list[str], data: st.DataObject):
    segments = pieces(texts)
    translated = Translated({})
    for each in data.draw(st.permutations(segments)):
        translated = take(translated, segments, {each.id: each.text.upper()}, "ana")
    assert translated.open(segments) == []
    assert translated.in_force(segments) == whole(segments).in_force(segments)
    assert Translated.from_json(translated.to_json()) == translated


@given(TEXTS)
def test_repeats_need_no_translation_of_their_own(texts: list[str]):
    segments = pieces(texts + texts[:2])
    again = repeats(segments)
    assert {each.text for each in segments if each.id not in again} == {each.text for each in segments}
    first = {each.id: each.text.upper() for each in segments if each.id not in again}
    translated = take(Translated({}), segments, first, "ana")
    assert translated.open(segments) == []
    assert all(translated.in_force(segments)[each.id] == each.text.upper() for each in segments)


def test_a_row_left_empty_changes_nothing_and_a_later_one_takes_the_place_of_an_earlier():
    segments = pieces(["one two", "three four"])
    first = take(Translated({}), segments, {"p1": "un deux", "p2": "  ", "p9": "rien"}, "ana")
    assert first.open(segments) == ["p2"]
    second = take(first, segments, {"p1": "", "p2": "trois"}, "bob")
    assert second.in_force(segments) == {"p1": "un deux", "p2": "trois"}
    assert take(second, segments, {"p1": "UN"}, "bob").targets["p1"].by == "bob"


def test_a_proposal_is_taken_over_by_returning_it_and_stays_what_it_is():
    segments = pieces(["one two", "three four"])
    machine = Target("one two", "un deux", Origin.MACHINE, "robot")
    proposed = propose(Translated({}), segments, {"p1": machine})
    assert proposed.open(segments) == ["p1", "p2"]
    assert proposed.in_force(segments) == {}
    taken = take(proposed, segments, {"p1": "un deux"}, "ana")
    assert taken.standing(segments[0]) is Standing.DONE
    assert taken.unread_machine(segments) == ["p1"]
    assert read_by(taken, segments, "spain").unread_machine(segments) == []
    changed = take(proposed, segments, {"p1": "une deux"}, "ana")
    assert changed.unread_machine(segments) == []
    # What a person wrote is never proposed over.
    assert propose(changed, segments, {"p1": machine}).targets["p1"].text == "une deux"


def test_a_reviewers_words_are_the_reviewers_and_count_as_read():
    segments = pieces(["one two", "three four"])
    reviewed = review(whole(segments), segments, {"p1": "UNO", "p2": "THREE FOUR"}, "spain")
    assert (reviewed.targets["p1"].origin, reviewed.targets["p1"].reader) == (Origin.REVIEWER, "spain")
    assert (reviewed.targets["p2"].origin, reviewed.targets["p2"].reader) == (Origin.TRANSLATOR, "")
    assert {held.reader for held in read_by(reviewed, segments, "peru").targets.values()} == {"spain", "peru"}


def test_a_remark_lives_as_long_as_the_words_it_is_about():
    segments = pieces(["one two"])
    remarked = Translated(whole(segments).targets, (Remark("p1", "ONE TWO", "spain", "really?"),))
    assert len(remarked.live_remarks(segments)) == 1
    assert take(remarked, segments, {"p1": "UN DEUX"}, "ana").live_remarks(segments) == []


@given(TEXTS, st.data())
def test_a_change_makes_stale_what_it_touches_and_nothing_else(texts: list[str], data: st.DataObject):
    """Whatever is edited: every target still stands with the source it was made for, and at most once."""
    before = pieces(list(dict.fromkeys(texts)))
    after_texts = [each.text for each in before]
    touched = data.draw(st.integers(0, len(before) - 1))
    how = data.draw(st.sampled_from(["edit", "remove", "insert", "move"]))
    if how == "edit":
        after_texts[touched] += " indeed"
    elif how == "remove":
        del after_texts[touched]
    elif how == "insert":
        after_texts.insert(touched, "something wholly new 123")
    else:
        after_texts.append(after_texts.pop(touched))
    after = pieces(after_texts)
    carried = carry(before, after, whole(before))
    for each in after:
        held = carried.targets.get(each.id)
        if each.text in {one.text for one in before}:
            assert held is not None and held.text == each.text.upper()
            assert carried.standing(each) is Standing.DONE
        elif how == "edit":
            assert carried.standing(each) is Standing.STALE and held is not None
            assert held.source + " indeed" == each.text
        else:
            assert held is None
    assert progress(after, carried).stale == (1 if how == "edit" else 0)


@given(TEXTS, TEXTS)
def test_pairs_use_every_paragraph_at_most_once(old: list[str], new: list[str]):
    found = list(pairs(old, new))
    assert len({here for here, _ in found}) == len({there for _, there in found}) == len(found)
    same = [(here, there) for here, there in found if old[here] == new[there]]
    # As many are found word for word as there can be.
    most = sum(min(old.count(text), new.count(text)) for text in set(old))
    assert len(same) == most


def test_progress_counts_words_of_the_source():
    segments = pieces(["one two three", "four ⟦1⟧five⟦/1⟧", "one two three"])
    some = take(Translated({}), segments, {"p2": "quatre ⟦1⟧cinq⟦/1⟧"}, "ana")
    found = progress(segments, some)
    assert (found.segments, found.words, found.done, found.words_left) == (3, 8, 1, 6)


def test_codes_get_the_numbers_they_have_in_the_source():
    # In the target the note stands before the bold words: cut anew, it is number 1.
    source, target = "⟦1⟧bold⟦/1⟧ words⟦2/⟧", "mots⟦2/⟧ ⟦1⟧gras⟦/1⟧"
    cut = "mots⟦1/⟧ ⟦2⟧gras⟦/2⟧"
    assert renumbered("des mots⟦1/⟧ très ⟦2⟧gras⟦/2⟧", cut, target) == "des mots⟦2/⟧ très ⟦1⟧gras⟦/1⟧"
    assert check_codes(source, renumbered(cut, cut, target) or "") == []
    assert renumbered("mots ⟦1⟧gras⟦/1⟧", cut, target) is None
    assert renumbered(cut, cut, "mots ⟦1⟧gras⟦/1⟧") is None


def test_what_repeats_a_row_is_mended_with_it():
    segments = pieces(["one two", "three four", "one two"])
    wrong = take(Translated({}), segments, {"p1": "eins", "p2": "drei"}, "ana")
    assert wrong.targets["p3"].text == "eins"
    assert take(wrong, segments, {"p1": "un deux"}, "ana").in_force(segments)["p3"] == "un deux"
    # Where somebody wrote something of its own for it, that stays.
    own = take(wrong, segments, {"p3": "ein zwei"}, "ana")
    assert take(own, segments, {"p1": "un deux"}, "ana").in_force(segments)["p3"] == "ein zwei"


def test_words_a_reviewer_replaced_are_not_put_back_by_a_file_from_before():
    segments = pieces(["one two", "three four"])
    reviewed = review(whole(segments), segments, {"p1": "UNO DOS"}, "spain")
    again = take(reviewed, segments, {"p1": "ONE TWO", "p2": "TRES"}, "ana")
    assert again.in_force(segments) == {"p1": "UNO DOS", "p2": "TRES"}
    assert again.targets["p1"].reader == "spain"
    assert take(reviewed, segments, {"p1": "UN DEUX"}, "ana").in_force(segments)["p1"] == "UN DEUX"
