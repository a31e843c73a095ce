"""`make proof`: how well translations are checked, and that a document comes through them whole.

make proof                                   1,000 mistakes, every document, the pages of each
make proof ARGS="--mistakes 100"             fewer of them
make proof ARGS="--home var/rehearsal/NAME"  also the files that came back in a rehearsal
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.proof.mistakes import Alarms, Caught, catch, false_alarms
from tests.proof.papers import drafted, translated
from tests.proof.returned import alarms_of_home
from tests.proof.round_trip import Trip, corpus, pages, round_trip
from tests.tools import libreoffice


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mistakes", type=int, default=1_000, help="how many mistakes are put in")
    parser.add_argument("--home", type=Path, help="the home of a rehearsal that has been replayed")
    options = parser.parse_args()
    papers = translated()
    _alarms("real translations of the rehearsals' papers", false_alarms(papers))
    if options.home:
        for edition, alarms in alarms_of_home(options.home).items():
            _alarms(f"files that came back in the rehearsal of {edition}", alarms)
    _caught(catch(papers, options.mistakes))
    for what, files in (("real Word files", corpus()), ("papers of the rehearsals", drafted())):
        _trip(what, round_trip(files))
        if (missing := libreoffice.missing()) is not None:
            print(f"  pages: none counted, {missing}")
        elif files:
            _pages(pages(files))


def _alarms(what: str, alarms: Alarms) -> None:
    print(f"False alarms in {what} (goal: at most 5% of segments)")
    for language, segments in sorted(alarms.segments.items()):
        flagged, blocking = alarms.flagged[language], alarms.blocking[language]
        share = flagged / max(1, segments)
        print(f"  {language:10}  {flagged:5,} of {segments:6,} segments  {share:6.2%}  {blocking:4,} hold the paper up")
    print(f"  all         {alarms.flagged.total():5,} of {alarms.segments.total():6,} segments  {alarms.share:6.2%}\n")


def _caught(told: Caught) -> None:
    print("Mistakes put into them (goal: at least 95% found)")
    for kind, injected in sorted(told.injected.items()):
        print(f"  {kind:14}  {told.caught[kind]:4} of {injected:4}  {told.caught[kind] / injected:6.1%}")
    print(f"  all             {told.caught.total():4} of {told.injected.total():4}  {told.share:6.1%}")
    for each in told.missed:
        print(f"  not found: {each.kind} in {each.segment}: {each.before[:60]!r} became {each.after[:60]!r}")
    print()


def _trip(what: str, trip: Trip) -> None:
    print(
        f"Round trip of {what}: {trip.files} files, {trip.segments:,} segments; parts that differ with the source as "
        f"its own translation: {len(trip.differing)}; segments not found again: {len(trip.lost)}"
    )
    for line in (*trip.differing, *trip.lost):
        print(f"  {line}")


def _pages(counted: dict[str, tuple[int, int]]) -> None:
    same = sum(before == after for before, after in counted.values())
    print(f"  pages: the same number in {same} of {len(counted)} files")
    for name, (before, after) in counted.items():
        if before != after:
            print(f"  {name}: {before} pages, with the source as its own translation {after}")


if __name__ == "__main__":
    main()
