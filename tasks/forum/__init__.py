"""What the edition as a whole owes: calls for input, compiled documents, annexes, roundtable reports, the register.

Each step looks at all sessions, is done once per state of things, and is safe to repeat.
"""

from __future__ import annotations

from tasks.desk import Desk
from tasks.domain.errors import NotNow, Overtaken
from tasks.forum.chapters import compile_notes, horizontal_report, roundtable_report
from tasks.forum.due import STAGE, due
from tasks.forum.lists import action_register, annex, call_for_input, hand_over
from tasks.forum.thanks import thank

__all__ = [
    "STAGE",
    "action_register",
    "advance",
    "annex",
    "call_for_input",
    "compile_notes",
    "due",
    "hand_over",
    "horizontal_report",
    "roundtable_report",
    "thank",
]


def advance(desk: Desk) -> list[str]:
    """Do what is due for the edition as a whole; what was done, in order."""
    steps = {
        "call_for_input": call_for_input,
        "compile": compile_notes,
        "annex": annex,
        "hand_over": hand_over,
        "roundtable_report": roundtable_report,
        "horizontal_report": horizontal_report,
        "action_register": action_register,
        "thank": thank,
    }
    done = []
    for found in due(desk):
        try:
            done.append(steps[found.name](desk, key=found.key))
        except (Overtaken, NotNow):
            if found in due(desk):
                raise
            done.append(f"{found.key}: {found.name} was done by another run")
    return done
