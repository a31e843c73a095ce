"""A translation as it stands against the paper it translates: what the checks find in it, in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tasks.adapters.language_identification import identifier
from tasks.adapters.ledger import Record
from tasks.adapters.word.segments import Segment
from tasks.adapters.wording import Wording
from tasks.desk import Desk
from tasks.domain.checks import Check, Conventions, Finding, Side, Unit, findings
from tasks.domain.checks.finding import visible
from tasks.domain.errors import NotNow, Unknown
from tasks.domain.locale import language_of
from tasks.domain.targets import Standing, Translated, repeats
from tasks.domain.translation import STAGE, names_in, terms_in
from tasks.translation.working import load, segments_of

#: Without these the paper cannot be built, so nobody can waive them.
MUST_MEND = frozenset({Check.MISSING, Check.CODES})


@dataclass(frozen=True)
class Checked:
    """A paper's segments with their targets, and what was found in them.

    `waived` are the keys of findings that a person let pass.
    """

    segments: tuple[Segment, ...]
    units: tuple[Unit, ...]
    findings: tuple[Finding, ...]
    waived: frozenset[str]

    @cached_property
    def blocking(self) -> list[Finding]:
        """What must be mended or waived before the paper is issued."""
        return [each for each in self.findings if each.is_blocking and each.key not in self.waived]

    @cached_property
    def missing(self) -> list[str]:
        """The segments that somebody must still translate: what repeats another one is translated with that."""
        again = repeats(self.segments)
        return [each.segment for each in self.findings if each.check is Check.MISSING and each.segment not in again]

    @property
    def to_mend(self) -> list[Finding]:
        """What is wrong with what is there; what is not there yet is another matter."""
        return [each for each in self.blocking if each.check is not Check.MISSING]

    def of(self, segments: Collection[str]) -> Checked:
        """The same with the findings of some segments only."""
        return replace(self, findings=tuple(each for each in self.findings if each.segment in segments))

    @property
    def translated(self) -> int:
        """How many segments have a target."""
        return len(self.segments) - sum(each.check is Check.MISSING for each in self.findings)


def check(desk: Desk, record: Record, translated: Translated) -> Checked:
    """The targets of a translation against the final paper it is of."""
    segments = segments_of(desk, record.facts["final"])
    targets = translated.in_force(segments)
    units = tuple(Unit(each.id, each.text, targets.get(each.id, ""), each.notes) for each in segments)
    source, target = desk.edition.drafting_language.id, record.facts["language"]
    identify = identifier(frozenset(language_of(each.locale) for each in desk.edition.languages))
    theirs, ours = (side_of(desk.words(each), desk.edition.language(each).locale) for each in (source, target))
    found = findings(
        units, theirs, ours, names_in(desk.edition, source, target), identify, terms_in(desk.edition, source, target)
    )
    found += _standing(segments, translated)
    places = {segment.id: place for place, segment in enumerate(segments)}
    found.sort(key=lambda finding: places[finding.segment])
    return Checked(segments, units, tuple(found), frozenset(record.facts.get("waived", {})))


def _standing(segments: Sequence[Segment], translated: Translated) -> list[Finding]:
    """What is to be said of the translation as it stands, whatever its words: stale, not yet read, remarked on."""
    found = [
        Finding(each.id, Check.STALE, (("before", visible(translated.targets[each.id].source)),))
        for each in segments
        if translated.standing(each) is Standing.STALE
    ]
    found += [
        Finding(id, Check.UNREAD, (("by", translated.targets[id].by),)) for id in translated.unread_machine(segments)
    ]
    found += [
        Finding(remark.segment, Check.REMARK, (("by", remark.by), ("said", remark.text)))
        for remark in translated.live_remarks(segments)
    ]
    return found


def find_translation(desk: Desk, key: str) -> Record:
    """The record of the translation a person names; Unknown with those there are."""
    record = desk.ledger.record(desk.edition.id, STAGE, key)
    if record is None:
        known = ", ".join(each.key for each in desk.ledger.records(desk.edition.id, STAGE))
        raise Unknown(f"{key}: {desk.edition.id} has no such translation; it has {known or 'none'}")
    return record


def language_of_key(desk: Desk, key: str) -> str:
    """The language of the translation a person names; Unknown with those there are."""
    return str(find_translation(desk, key).facts["language"])


def checked_translation(desk: Desk, key: str) -> Checked:
    """What is found in the translation a person names, as it stands; NotNow before it was sent."""
    record = find_translation(desk, key)
    if "final" not in record.facts:
        raise NotNow(f"{key}: nothing is there to check yet, the translation is {record.state}")
    return check(desk, record, load(desk, record))


def finding_rows(desk: Desk, checked: Checked, language: str) -> list[dict[str, str]]:
    """The findings as a plain table in a language: heading to text. Their numbers are their places, from 1."""
    words = desk.words(language)
    units = {unit.id: unit for unit in checked.units}
    return [
        {
            words("columns.number"): desk.number(number, language),
            words("checks.segment"): each.segment,
            words("checks.finding"): spoken(words, each),
            words("checks.weight"): weight(words, checked, each),
            words("checks.source"): units[each.segment].source,
            words("checks.target"): units[each.segment].target,
        }
        for number, each in enumerate(checked.findings, start=1)
    ]


def spoken(words: Wording, finding: Finding) -> str:
    """A finding as a sentence that says how to mend it."""
    return words(f"checks.found.{finding.check}", **dict(finding.values))


def weight(words: Wording, checked: Checked, finding: Finding) -> str:
    """Whether a finding is to be mended or looked at, or was waived."""
    if finding.key in checked.waived:
        return words("checks.waived")
    return words("checks.to_mend" if finding.is_blocking else "checks.to_look_at")


def side_of(words: Wording, locale: str) -> Side:
    """A language with what its wording says of how it is set in type."""

    def said(name: str) -> str:
        key = f"typography.{name}"
        return words(key) if words.has(key) else ""

    return Side(
        locale,
        Conventions(
            spaced_before=said("spaced_before"),
            spaced_after=said("spaced_after"),
            quotes=said("quotes"),
            opening={pair[-1]: pair[0] for pair in said("opening").split()},
            note_mark=said("note_mark"),
            may_repeat=frozenset(said("may_repeat").split()),
        ),
    )
