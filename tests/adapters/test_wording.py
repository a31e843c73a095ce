"""The words of the documents: the same keys and places in every language, and how folders override each other."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

import pytest

from tasks.adapters.wording import Wording, load
from tasks.domain.errors import Invalid, Mistakes, Refusal, Unknown
from tasks.domain.locale import find_locale, format_date
from tasks.domain.milestones import required_milestones

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "templates" / "wording"
SIX = ROOT / "tests" / "editions" / "six-languages" / "wording"
OWN = sorted(path.stem for path in FOLDER.glob("*.yaml"))
OTHERS = sorted({path.stem for path in SIX.glob("*.yaml")} - set(OWN))

every_language = pytest.mark.parametrize("language", OWN + OTHERS)


def wording(language: str) -> Wording:
    """A language's wording; those of the test edition are compared with its English."""
    return load([FOLDER] if language in OWN else [FOLDER, SIX], language)


def english(language: str) -> Wording:
    return load([FOLDER] if language in OWN else [FOLDER, SIX], "en")


def places(wording: Wording) -> dict[str, list[str]]:
    return {
        key: found for key, entry in wording.entries.items() if (found := sorted(re.findall(r"\{\w+\}", str(entry))))
    }


def test_the_languages_there_are():
    assert {"en", "fr", "nl", "es"} <= set(OWN)
    assert {"ar", "zh", "ru"} <= set(OTHERS)


@every_language
def test_every_language_has_the_same_keys(language: str):
    # How a language is set in type is its own: what it does not have is left out.
    def keys(words: Wording) -> set[str]:
        return {key for key in words.entries if not key.startswith("typography.")}

    assert keys(wording(language)) == keys(english(language))


@every_language
def test_every_language_has_the_same_places(language: str):
    assert places(wording(language)) == places(english(language))


@every_language
def test_lists_are_lists_of_the_same_length(language: str):
    of_their_own = {"reporting_verbs", "speaking_roles"}  # words of the language, not translations

    def lengths(words: Wording) -> dict[str, int]:
        return {k: len(e) for k, e in words.entries.items() if isinstance(e, tuple) and k not in of_their_own}

    assert lengths(wording(language)) == lengths(english(language))


@every_language
def test_nothing_is_empty_or_repeated(language: str):
    words = wording(language)
    texts = {key: words.strings(key) for key in words.entries}
    assert [key for key, some in texts.items() if not some or not all(t and t == t.strip() for t in some)] == []
    verbs = texts["reporting_verbs"]
    assert len(verbs) == len(set(verbs)) > 50
    headings = words.group("sections")
    assert len(set(headings.values())) == len(headings), "two sections with one heading cannot be told apart"


@every_language
def test_a_rapporteur_is_told_the_word_for_no_actions(language: str):
    words = wording(language)
    said = [
        words("reasons.actions_missing"),
        words("reasons.actions_empty"),
        *words.strings("instructions.rapporteur-template"),
    ]
    assert sum(words("labels.none") in text for text in said) == 3


@every_language
def test_nothing_is_left_in_english(language: str):
    # Words that two of these languages may share; a whole sentence never is the same.
    if language == "en":
        return
    own, other = wording(language).entries, english(language).entries
    same = [
        key for key, entry in own.items() if entry == other.get(key) and re.search(r"[a-z]{3,} [a-z]{3,}", str(entry))
    ]
    assert same == []


def test_french_punctuation_does_not_part_from_its_word():
    entries = wording("fr").entries
    assert [key for key, entry in entries.items() if re.search(r"[ ][:;!?»]|«[ ]", str(entry))] == []


@every_language
def test_the_page_number_is_said_in_words(language: str):
    assert set(re.findall(r"\{\w+\}", wording(language)("labels.page_of"))) == {"{page}", "{pages}"}


@every_language
def test_every_milestone_is_named_and_tells_how_to_answer(language: str):
    words = wording(language)
    stems = {re.sub(r"-\d+$", "", milestone) for milestone in required_milestones(2)}
    assert stems <= set(words.group("what"))
    assert set(words.group("what")) == set(words.group("how"))
    assert len(set(words.group("what").values())) == len(words.group("what"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1 working day", "2 working days", "11 working days", "100 working days"]),
        ("fr", ["1 jour ouvrable", "2 jours ouvrables", "11 jours ouvrables", "100 jours ouvrables"]),
        ("nl", ["1 werkdag", "2 werkdagen", "11 werkdagen", "100 werkdagen"]),
        ("es", ["1 día hábil", "2 días hábiles", "11 días hábiles", "100 días hábiles"]),
        ("ru", ["1 рабочий день", "2 рабочих дня", "11 рабочих дней", "100 рабочих дней"]),
        ("zh", ["1个工作日", "2个工作日", "11个工作日", "100个工作日"]),
        ("ar", ["(1) يوم عمل واحد", "(2) يومي عمل", "(11) يوم عمل", "(100) يوم عمل"]),
    ],
)
def test_days_are_counted_in_the_plural_forms_of_the_language(language: str, said: list[str]):
    assert [wording(language).count("calendar.working_days", number) for number in (1, 2, 11, 100)] == said


@every_language
def test_there_is_a_wording_for_every_plural_form(language: str):
    forms = find_locale(language).plural_form.tags | {"other"}
    assert forms <= set(wording(language).group("calendar.working_days"))


@every_language
def test_a_date_at_the_end_leaves_one_full_stop(language: str):
    # Russian dates end with the abbreviation of "year": another full stop after it would be one too many.
    words, day = wording(language), format_date(dt.date(2030, 2, 27), language)
    values = dict.fromkeys(re.findall(r"\{(\w+)\}", " ".join(map(str, words.entries.values()))), "X")
    values |= dict.fromkeys(("asked", "due", "date", "old", "new"), day)
    for group in ("texts", "calendar"):
        for key in words.group(group):
            assert ".." not in words(f"{group}.{key}", **values), key


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder


def test_places_are_filled_and_stay_without_values(tmp_path: Path):
    words = load([write(tmp_path, "xx.yaml", "a: {b: 'x {n} of {m}'}\nc: ['{n}!', 'y']")], "xx")
    assert words("a.b") == "x {n} of {m}"
    assert words("a.b", n=1, m="{n}") == "x 1 of {n}"
    assert words.strings("c", n=2) == ["2!", "y"]
    assert words.strings("a.b", n=1, m=2) == ["x 1 of 2"]
    with pytest.raises(Invalid, match=r"a\.b wants \{m\}"):
        words("a.b", n=1)


def test_an_unknown_key_is_refused(tmp_path: Path):
    words = load([write(tmp_path, "xx.yaml", "a: {b: c}")], "xx")
    with pytest.raises(Refusal, match=r"'a\.c' has no wording; add it to xx\.yaml"):
        words("a.c")
    with pytest.raises(Unknown):
        words.strings("a")
    with pytest.raises(Unknown):
        words.group("b")
    with pytest.raises(Invalid, match="is a list"):
        load([write(tmp_path, "yy.yaml", "a: [b]")], "yy")("a")


def test_a_group_holds_its_own_texts_only(tmp_path: Path):
    words = load([write(tmp_path, "xx.yaml", "a: {b: c, d: {e: f}, g: [h]}\nab: {b: z}")], "xx")
    assert words.group("a") == {"b": "c"}
    assert words.has("a.d.e") and not words.has("a.d")


def test_later_folders_and_closer_locales_win(tmp_path: Path):
    first = write(tmp_path / "1", "en.yaml", "a: one\nb: one\nc: one\nd: one")
    write(first, "en-GB.yaml", "b: british")
    second = write(tmp_path / "2", "en.yaml", "c: edition")
    words = load([first, second], "en-GB")
    assert [words(key) for key in "abcd"] == ["one", "british", "edition", "one"]
    assert load([first, second], "en-US")("b") == "one"
    assert load([first, tmp_path / "none"], "en_GB")("b") == "british"


def test_a_language_without_a_file_is_refused(tmp_path: Path):
    with pytest.raises(Unknown, match=r"no wording in 'tt'; add tt\.yaml"):
        load([write(tmp_path, "en.yaml", "a: b")], "tt")


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path):
    folder = write(tmp_path, "xx.yaml", "a: {b:, c: !x y}\nd: [[z]]\n\ne:")
    with pytest.raises(Mistakes) as refused:
        load([folder], "xx")
    assert [line.split(": ")[:2] for line in refused.value.mistakes] == [
        ["xx.yaml:1", "'!x'"], ["xx.yaml:1", "a.b"], ["xx.yaml:2", "d"], ["xx.yaml:4", "e"],
    ]  # fmt: skip


def test_what_is_written_is_what_is_read(tmp_path: Path):
    words = load([write(tmp_path, "xx.yaml", "a: {no: off, b: 1.10}")], "xx")
    assert words.group("a") == {"no": "off", "b": "1.10"}


@pytest.mark.parametrize("text", ["a: [", "just words", "- a"])
def test_what_is_no_yaml_of_groups_is_refused(tmp_path: Path, text: str):
    with pytest.raises(Mistakes, match=r"xx\.yaml:1: "):
        load([write(tmp_path, "xx.yaml", text)], "xx")


def test_a_changed_file_is_read_again(tmp_path: Path):
    folder = write(tmp_path, "xx.yaml", "a: old")
    assert load([folder], "xx")("a") == "old"
    write(folder, "xx.yaml", "a: new")
    os.utime(folder / "xx.yaml", ns=(1, 1))
    assert load([folder], "xx")("a") == "new"
