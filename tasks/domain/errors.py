"""What can go wrong, as one tree.

    RoundtableError
    ├── Refusal            an answer to a person, never retried, never a traceback
    │   ├── Unknown        no such edition, session, seat, document ...
    │   ├── Invalid        the input breaks a rule; the message has the figures
    │   ├── Unsafe         a file that must not be opened
    │   ├── NotNow         the record is in a state in which this can't be done
    │   ├── Conflict       somebody decided otherwise before; the message says who and when
    │   └── Mistakes       several refusals of one input, all told at once
    └── Overtaken          another process did this step in the meantime: read again, nothing is wrong

A refusal's message says whose record it is, what is wrong with the figures, and what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence


class RoundtableError(Exception):
    """Base of everything this project raises on purpose."""


class Refusal(RoundtableError):
    """A clear no to a person. `str(refusal)` is the whole message."""


class Unknown(Refusal):
    """Something named that is not there."""


class Invalid(Refusal):
    """Input that breaks a rule."""


class Unsafe(Refusal):
    """A file that is not opened, because of what it holds or what it is.

    `advice` is the word under which the wording says to its sender what to do: `mailroom.advice.save_again`.
    """

    def __init__(self, message: str, advice: str = "save_again") -> None:
        self.advice = advice
        super().__init__(message)


class NotNow(Refusal):
    """Right in itself, but not in the present state of the record."""


class Conflict(Refusal):
    """Already decided otherwise."""


class Mistakes(Refusal):
    """Every mistake of one input at once, one line each."""

    def __init__(self, heading: str, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join([heading, *(f"  {mistake}" for mistake in mistakes)]))


class Overtaken(RoundtableError):
    """A conditional update found the record changed: another process was first."""
