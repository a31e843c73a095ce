"""What is known of a paper before its translator begins: from the memory, from names, from a machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tasks.adapters.ledger import Change, Record
from tasks.adapters.word.segments import Segment
from tasks.desk import Desk
from tasks.domain.checks import Names
from tasks.domain.edition import Edition
from tasks.domain.memory import Suggestion
from tasks.domain.targets import Origin, Standing, Target, Translated
from tasks.domain.translation import names_in
from tasks.memory import Memory, passages_of, remember
from tasks.pretranslation import known, units_of


def proposals(
    desk: Desk, language: str, segments: Sequence[Segment], matches: Mapping[str, Sequence[Suggestion]]
) -> dict[str, Target]:
    """For the segments of a whole paper what can be filled in because it says the same as something known.

    What is merely similar is shown beside its row, not filled in: nobody could tell it from a translation.
    `matches` are those of the memory.
    """
    if desk.edition.language(language).pretranslation == "none":
        return {}
    found = known(desk, desk.edition.drafting_language.id, language, units_of(segments), matches)
    names = _names(desk.edition, language)
    filled = {}
    for each in segments:
        suggestion, named = found.get(each.id), names.translated(each.text)
        if suggestion is not None and suggestion.kind != "fuzzy":
            filled[each.id] = Target(each.text, suggestion.text, Origin.MEMORY, suggestion.came_from)
        elif named is not None:
            filled[each.id] = Target(each.text, named, Origin.MEMORY, "glossary")
    return filled


def matches_for(desk: Desk, language: str, segments: Sequence[Segment]) -> Mapping[str, Sequence[Suggestion]]:
    """For each segment what the memory offers, best first, with how like it is and where it is from."""
    if desk.edition.language(language).pretranslation == "none":
        return {}
    return Memory.open(desk, desk.edition.drafting_language.id, language).suggest(units_of(segments))


def learn(desk: Desk, change: Change, record: Record, segments: Sequence[Segment], translated: Translated) -> None:
    """Remember what stands in a translation, except words of a machine that nobody has read."""
    unread = set(translated.unread_machine(segments))
    done = [each for each in segments if translated.standing(each) is Standing.DONE and each.id not in unread]
    for origin in ("translated", "reviewed"):
        targets = {
            each.id: held.text
            for each in done
            if bool((held := translated.targets[each.id]).reader) is (origin == "reviewed")
        }
        remember(
            desk, change, desk.edition.drafting_language.id, record.facts["language"],
            passages_of(units_of(segments), targets), paper=record.facts["paper"], session=record.session,
            origin=origin,
        )  # fmt: skip


def _names(edition: Edition, language: str) -> Names:
    return Names(names_in(edition, edition.drafting_language.id, language))
