"""All checks over all segments of a paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from tasks.domain.checks.figures import figure_findings, plain_digits
from tasks.domain.checks.finding import Check, Finding, Name, Side, TermPair, Unit, visible
from tasks.domain.checks.numbering import numbering_findings, typed_number, without_number
from tasks.domain.checks.setting import setting_findings
from tasks.domain.checks.terms import Terms
from tasks.domain.checks.words import Identify, Names, language_findings, repeated_findings
from tasks.domain.codes import check_codes

#: A target this many times longer or shorter than the paper's others, in relation to its source, is looked at.
_FACTOR: Final = 1.9
#: Shorter segments differ in length for no reason.
_LONG_ENOUGH: Final = 40


def findings(
    units: Sequence[Unit],
    source: Side,
    target: Side,
    names: Sequence[Name] = (),
    identify: Identify | None = None,
    terms: Sequence[TermPair] = (),
) -> list[Finding]:
    """What is wrong with the targets, in the order of the segments.

    A segment without target, or with other codes than its source, is not looked at further.
    """
    looked_for = Names(names)
    glossary = Terms(terms, source.locale, target.locale)
    usual = _usual_length(units)
    found: list[Finding] = []
    for unit in units:
        if not unit.target.strip():
            found.append(Finding(unit.id, Check.MISSING))
        elif problems := check_codes(unit.source, unit.target):
            found += [Finding(unit.id, Check.CODES, (("detail", problem),)) for problem in problems]
        else:
            found += dict.fromkeys(_of_unit(unit, source, target, looked_for, glossary, identify, usual))
    return found


def _of_unit(
    unit: Unit,
    source: Side,
    target: Side,
    names: Names,
    terms: Terms,
    identify: Identify | None,
    usual: float,
) -> Iterator[Finding]:
    theirs, ours = visible(unit.source, unit.notes), visible(unit.target, unit.notes)
    plain = plain_digits(theirs), plain_digits(ours)
    yield from numbering_findings(unit.id, *plain, source.locale)
    yield from figure_findings(unit.id, *_in_sentences(*plain), source.locale, target.locale)
    yield from names.findings(unit.id, theirs, ours)
    yield from terms.findings(unit.id, names.without(theirs), ours)
    yield from language_findings(unit.id, theirs, ours, names, source.locale, identify)
    yield from setting_findings(unit, ours, target.conventions)
    yield from repeated_findings(unit.id, theirs, ours, target.conventions)
    ratio = len(ours) / max(1, len(theirs))
    if len(theirs) >= _LONG_ENOUGH and not usual / _FACTOR <= ratio <= usual * _FACTOR:
        yield Finding(unit.id, Check.LENGTH, (("share", f"{ratio / usual:.1f}"),))


def _in_sentences(source: str, target: str) -> tuple[str, str]:
    """Both texts without paragraph numbers, where the source has one: what is wrong with it is told already."""
    return (without_number(source), without_number(target)) if typed_number(source) else (source, target)


def _usual_length(units: Sequence[Unit]) -> float:
    """How long this paper's targets are in relation to their sources; 1 where nothing says so."""
    ratios = [len(unit.target) / len(unit.source) for unit in units if unit.target and len(unit.source) >= _LONG_ENOUGH]
    return median(ratios) if ratios else 1.0
