"""A returned bilingual file against the paper it translates: what the checks find in it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tasks.adapters.contents import Content, XliffFile
from tasks.adapters.language_identification import identifier
from tasks.adapters.ledger import DocumentRow, Record
from tasks.adapters.word import reader
from tasks.adapters.word.segments import Segment, extract
from tasks.adapters.wording import Wording
from tasks.desk import Desk
from tasks.domain.checks import Check, Conventions, Finding, Side, Unit, findings
from tasks.domain.errors import NotNow, Unknown
from tasks.domain.locale import language_of
from tasks.domain.text import Table, plain
from tasks.domain.translation import STAGE, names_in, terms_in

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

    @property
    def translated(self) -> int:
        """How many segments have a target."""
        return len(self.segments) - sum(each.check is Check.MISSING for each in self.findings)


def check_file(desk: Desk, record: Record, returned: Content) -> Checked:
    """The targets of a bilingual file against the final paper of a translation."""
    language = record.facts["language"]
    targets = read_targets(returned)
    segments = tuple(extract(desk.open(record.facts["final"])))
    units = tuple(Unit(each.id, each.text, targets.get(each.id, ""), each.notes) for each in segments)
    source, target = desk.edition.drafting_language.id, language
    identify = identifier(frozenset(language_of(each.locale) for each in desk.edition.languages))
    found = findings(
        units,
        _side(desk, source),
        _side(desk, target),
        names_in(desk.edition, source, target),
        identify,
        terms_in(desk.edition, source, target),
    )
    return Checked(segments, units, tuple(found), frozenset(record.facts.get("waived", {})))


def find_translation(desk: Desk, key: str) -> Record:
    """The record of the translation a person names; Unknown with those there are."""
    record = desk.ledger.record(desk.edition.id, STAGE, key)
    if record is None:
        known = ", ".join(each.key for each in desk.ledger.records(desk.edition.id, STAGE))
        raise Unknown(f"{key}: {desk.edition.id} has no such translation; it has {known or 'none'}")
    return record


def last_returned(desk: Desk, record: Record) -> DocumentRow:
    """The file that came back last for a translation; NotNow where none did."""
    language = record.facts.get("language", "")
    files = desk.ledger.documents(desk.edition.id, kind="bilingual-received", key=record.key, language=language)
    if not files or "final" not in record.facts:
        raise NotNow(f"{record.key}: no translation has come back yet, it is {record.state}")
    return files[-1]


def checked_file(desk: Desk, key: str) -> Checked:
    """What was found in the file that came back last for the translation a person names."""
    record = find_translation(desk, key)
    return check_file(desk, record, desk.content(last_returned(desk, record).sha256))


def finding_rows(desk: Desk, checked: Checked, language: str) -> list[dict[str, str]]:
    """The findings as a plain table in a language: heading to text. Their numbers are their places, from 1."""
    words = desk.words(language)
    units = {unit.id: unit for unit in checked.units}
    return [
        {
            words("columns.number"): desk.number(number, language),
            words("checks.segment"): each.segment,
            words("checks.finding"): spoken(words, each),
            words("checks.weight"): _weight(words, checked, each),
            words("checks.source"): units[each.segment].source,
            words("checks.target"): units[each.segment].target,
        }
        for number, each in enumerate(checked.findings, start=1)
    ]


def spoken(words: Wording, finding: Finding) -> str:
    """A finding as a sentence that says how to mend it."""
    return words(f"checks.found.{finding.check}", **dict(finding.values))


def read_targets(content: Content) -> dict[str, str]:
    """Target text by segment: from the bilingual table, whatever stands around it, or from the rows of XLIFF."""
    if isinstance(content, XliffFile):
        return {row.id: row.target for row in content.rows}
    targets: dict[str, str] = {}
    for block in reader.read_body(content).blocks:
        if isinstance(block, Table):
            for row in block.rows[1:]:
                if len(row) >= 3:
                    targets[plain(row[0]).strip()] = plain(row[2])
    return targets


def _weight(words: Wording, checked: Checked, finding: Finding) -> str:
    if finding.key in checked.waived:
        return words("checks.waived")
    return words("checks.to_mend" if finding.is_blocking else "checks.to_look_at")


def _side(desk: Desk, language: str) -> Side:
    """A language with what its wording says of how it is set in type."""
    words = desk.words(language)

    def said(name: str) -> str:
        key = f"typography.{name}"
        return words(key) if words.has(key) else ""

    return Side(
        desk.edition.language(language).locale,
        Conventions(
            spaced_before=said("spaced_before"),
            spaced_after=said("spaced_after"),
            quotes=said("quotes"),
            opening={pair[-1]: pair[0] for pair in said("opening").split()},
            note_mark=said("note_mark"),
            may_repeat=frozenset(said("may_repeat").split()),
        ),
    )
