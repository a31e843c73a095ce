"""The state machines: for every kind of record, from each state the states it leads to. Source: docs/process.md.

Kinds: concept-note, background-paper, comments, comment-matrix, panel, seat, translation, translation-review (of one
reader), summary, report per session;
compilation, annex, roundtable-report, horizontal-report, action-register for the edition as a whole; milestone, event,
extension and call (to a body that e-mail does not reach) of the calendar; thanks per party; silence (a
procedure for one draft), mail, tray (what a person must look at) and
cursor (how far a source was read) of the mailroom; shared-file and share of the teams' folders, agenda-entry and
invitation of the shared calendar; and letter, which has a table of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from tasks.domain.errors import NotNow

Table = Mapping[str, frozenset[str]]


def _table(**transitions: str) -> Table:
    return {state: frozenset(targets.split()) for state, targets in transitions.items()}


TRANSITIONS: Mapping[str, Table] = {
    "concept-note": _table(
        planned="invited",
        invited="received returned withdrawn",
        received="received returned accepted withdrawn",
        returned="received returned withdrawn",
        accepted="numbered",
        numbered="tabled",
        tabled="adopted returned withdrawn",
        adopted="",
        withdrawn="",
    ),
    # A draft goes writing > drafted > circulated > deciding > writing once per comment round; the text after the last
    # round is submitted for the coordinator to freeze, and issued when its final version is made.
    "background-paper": _table(
        planned="writing",
        writing="drafted submitted",
        drafted="circulated",
        circulated="deciding",
        deciding="writing",
        submitted="writing frozen",
        frozen="issued",
        issued="issued",
    ),
    "comments": _table(asked="answered nil silent", answered="answered", nil="answered", silent="answered"),
    # Open while a comment of the round is undecided; late comments open it again.
    "comment-matrix": _table(open="open decided", decided="open settled", settled="open"),
    "panel": _table(incomplete="complete", complete="incomplete"),
    "seat": _table(
        open="nominated",
        nominated="invited nominated",
        invited="confirmed declined",
        confirmed="withdrawn",
        declined="nominated",
        withdrawn="nominated",
    ),
    # Whatever state it is in, it is sent again where the paper was changed, or received where nothing is left to do.
    "translation": _table(
        planned="sent", sent="sent received", received="sent received reviewing issued",
        reviewing="sent received reviewed", reviewed="sent received issued", issued="sent received",
    ),
    "translation-review": _table(
        asked="answered nil closed", answered="asked answered", nil="asked answered", closed="asked answered",
    ),
    # A summary that tells nobody's words is issued as it comes; one that may waits for a decision.
    "summary": _table(
        planned="prepared", prepared="received", received="received returned accepted issued", returned="received",
        accepted="issued", issued="",
    ),
    "report": _table(
        planned="prepared", prepared="received", received="received returned accepted", returned="received",
        accepted="issued", issued="",
    ),
    "compilation": _table(issued="issued"),
    "annex": _table(issued="issued"),
    "roundtable-report": _table(planned="issued", issued="issued"),
    "horizontal-report": _table(planned="issued", issued="issued"),
    "action-register": _table(planned="issued", issued="issued"),
    # A milestone that was met is planned again where a correction took back what had met it.
    "milestone": _table(planned="met void", met="planned", void="planned"),
    "event": _table(scheduled="scheduled"),
    "extension": _table(granted="granted withdrawn", withdrawn="granted"),
    "call": _table(open="done cancelled", done="", cancelled=""),
    "reminder": _table(counting="counting"),
    "thanks": _table(drafted=""),
    # What came in and nobody knows yet; a file that was rejected may be assigned after all.
    "tray": _table(waiting="assigned rejected", rejected="assigned rejected", assigned=""),
    "mail": _table(taken=""),
    "silence": _table(running="broken expired", broken="", expired=""),
    "cursor": _table(reading="reading"),
    # A team's folder on the backend: its files, and who sees it.
    "shared-file": _table(put="put"),
    "share": _table(asked="asked given taken", given="asked taken", taken="asked"),
    # The agenda on the backend: its entries, and who is invited to one.
    "agenda-entry": _table(shown="shown off", off="shown"),
    "invitation": _table(asked="asked"),
    # Any change of an approved letter makes it a draft again; one that is delivered otherwise is sent at once. `failed`
    # is certainly not sent; of `unknown` only a person can tell.
    "letter": _table(
        draft="approved cancelled",
        approved="draft sending cancelled sent",
        sending="sent failed unknown approved",
        failed="sending cancelled draft",
        unknown="sent approved cancelled",
        sent="",
        cancelled="",
    ),
}  # fmt: skip

#: The states a correction may bring a record back to, whatever it had become: where a decision on it is taken, where it
#: begins anew because what it rests on was wrong, and where nothing is awaited of a text that is no longer the one.
WAYS_BACK: Mapping[str, frozenset[str]] = _table(
    **{
        "concept-note": "received tabled",
        "background-paper": "planned submitted",
        "comments": "asked silent",
        "seat": "open nominated invited confirmed declined withdrawn",
        "translation": "planned",
        "translation-review": "asked closed",
        "report": "received",
        "roundtable-report": "planned",
        "horizontal-report": "planned",
        "action-register": "planned",
        "extension": "granted withdrawn",
    }
)


def check_way_back(kind: str, key: str, to: str) -> None:
    """Let a correction bring a record back to `to`.

    Raises:
        NotNow: corrections bring no record of this kind back to this state; the message says where to.
    """
    allowed = WAYS_BACK.get(kind, frozenset())
    if to not in allowed:
        possible = ", ".join(sorted(allowed)) or "nowhere"
        raise NotNow(f"{key} {spoken(kind)}: a correction can't bring it back to {to}; possible: {possible}")


def check(kind: str, key: str, state: str, to: str) -> None:
    """Let a transition pass that the table of `kind` knows.

    Raises:
        NotNow: it leads nowhere from `state`; the message says what would.
    """
    allowed = TRANSITIONS[kind].get(state, frozenset())
    if to not in allowed:
        possible = ", ".join(sorted(allowed)) or "nothing more"
        raise NotNow(f"{key} {spoken(kind)}: is {state}, which can't become {to}; possible now: {possible}")


def spoken(kind: str) -> str:
    """A kind as people say it."""
    return kind.replace("-", " ")
