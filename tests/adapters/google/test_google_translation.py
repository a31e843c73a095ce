"""Machine translation by Google: within its limits, codes protected, nothing asked twice, a scope of its own."""

from __future__ import annotations

import pytest
from googleapiclient.errors import HttpError
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.google.credentials import SCOPES, TRANSLATION_SCOPES
from tasks.adapters.google.fake.workspace import TOKEN, FakeGoogle, FakeTransport, Fault, busy
from tasks.adapters.google.service import Services
from tasks.adapters.google.translation import GoogleTranslation, batches
from tasks.adapters.ports import Denied, LostAnswer, Transient
from tasks.domain.codes import check_codes
from tasks.domain.tagging import tagged


@pytest.fixture
def google() -> FakeGoogle:
    return FakeGoogle(scopes=set(TRANSLATION_SCOPES))


def test_texts_come_back_in_order_with_their_codes(services: Services, google: FakeGoogle):
    texts = ["The ⟦3⟧new⟦/3⟧ report⟦4/⟧", "R&D <b> ⟦⟦", "The ⟦3⟧new⟦/3⟧ report⟦4/⟧", "é", "Plain"]
    machine = GoogleTranslation(lambda: services)
    found = machine.translate(texts, "en-GB", "fr-BE")
    assert found == ["Thé ⟦3⟧néw⟦/3⟧ répórt⟦4/⟧", "R&D <b> ⟦⟦", "Thé ⟦3⟧néw⟦/3⟧ répórt⟦4/⟧", "é", "Pláín"]
    assert [check_codes(text, answer) for text, answer in zip(texts, found, strict=True)] == [[]] * 5
    [asked] = google.translation.asked
    assert asked == list(dict.fromkeys(map(tagged, texts))), "what stands twice is asked for once"
    assert machine.cost(list(dict.fromkeys(texts))) == google.translation.characters


def test_a_whole_paper_is_asked_in_parts_that_google_takes(services: Services, google: FakeGoogle):
    """By the address where it is short, else in a body: the library's own choice, for which the fake is made."""
    texts = [f"Paragraph {number} " + "о миграции " * 40 for number in range(300)]
    machine = GoogleTranslation(lambda: services)
    found = machine.translate([*texts, "x" * 30_001, "y" * 20_000], "en", "ru")
    assert found[300:] == ["", "y" * 20_000], "one that Google does not take at all is nobody's fault"
    assert [len(text) for text in found[:300]] == list(map(len, texts))
    assert all(sum(map(len, asked)) <= 5_000 for asked in google.translation.asked[:-1])
    assert services.calls.counts()["language.translations.list"] == len(google.translation.asked)
    assert machine.cost([*texts, "x" * 30_001, "y" * 20_000]) == google.translation.characters
    assert machine.translate([], "en", "ru") == []


@given(st.lists(st.integers(0, 31_000).map("a".__mul__), max_size=20) | st.just(["a"] * 300))
def test_batches_hold_all_that_is_not_too_long_in_order(texts: list[str]) -> None:
    made = list(batches(texts))
    assert [text for batch in made for text in batch] == [text for text in texts if len(text) <= 30_000]
    for batch in made:
        assert len(batch) <= 128
        assert len(batch) == 1 or sum(map(len, batch)) <= 5_000


@pytest.mark.parametrize(
    ("locale", "language"),
    [("fr-BE", "fr"), ("zh-CN", "zh"), ("zh-Hant", "zh-TW"), ("zh-TW", "zh-TW"), ("ar-EG", "ar")],
)
def test_a_language_is_called_as_google_calls_it(google: FakeGoogle, locale: str, language: str):
    asked: list[str] = []
    services = Services(lambda: FakeTransport(google))
    original = services.call

    def noting(request: object, what: str, **more: object) -> object:
        asked.append(what)
        return original(request, what, **more)  # type: ignore[arg-type]

    services.call = noting  # type: ignore[method-assign]
    GoogleTranslation(lambda: services).translate(["a"], "en", locale)
    assert asked == [f"translation into {language}"]


def test_nothing_is_asked_again_that_may_have_been_done(services: Services, google: FakeGoogle, waits: list[float]):
    machine = GoogleTranslation(lambda: services)
    google.script.append(busy("language.translations.list"))
    assert machine.translate(["a"], "en", "fr") == ["á"]
    assert len(waits) == 1, "refused for the rate, it was not done"
    google.script.append(Fault("language.translations.list", "after"))
    with pytest.raises(LostAnswer, match="translation into fr: the connection ended before the answer"):
        machine.translate(["b"], "en", "fr")
    google.script.append(busy("language.translations.list", status=503))
    with pytest.raises(LostAnswer):
        machine.translate(["c"], "en", "fr")
    assert google.translation.asked == [["a"], ["b"]]


def test_the_scope_is_asked_for_by_nobody_else(google: FakeGoogle):
    assert not set(TRANSLATION_SCOPES) & set(SCOPES)
    google.tokens[TOKEN] = set(SCOPES)
    services = Services(lambda: FakeTransport(google))
    with pytest.raises(Denied, match="scope"):
        GoogleTranslation(lambda: services).translate(["a"], "en", "fr")
    assert google.translation.asked == []


def test_what_google_refuses_the_fake_does(google: FakeGoogle):
    services = Services(lambda: FakeTransport(google), sleep=lambda _: None)
    resource = services.translate.translations()
    for question in (
        {"q": ["a"] * 129, "target": "fr", "source": "en"},
        {"q": ["a" * 30_721], "target": "fr", "source": "en"},
        {"q": ["a"], "target": "tlh", "source": "en"},
        {"q": ["a"], "target": "fr-BE", "source": "en"},
    ):
        with pytest.raises(HttpError) as refused:
            resource.list(**question).execute()
        assert refused.value.resp.status in (400, 413)
    with pytest.raises(Transient):
        google.script += [busy("language.translations.list")] * 5
        GoogleTranslation(lambda: services).translate(["a"], "en", "fr")
