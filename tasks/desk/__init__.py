"""The desk a step works at: edition, ledger, store, templates and words, and who acts when in which run.

Every stage gets one. It is made by a flow, which alone reads the clock, and is no value of Prefect's: nothing of it is
stored with a run.
"""

from tasks.desk.documents import Documents, Made
from tasks.desk.letters import Drafted, Recipient

__all__ = ["Desk", "Drafted", "Made", "Recipient"]


class Desk(Documents):
    """One edition at one moment, for one run. Not a dataclass, so that Prefect does not walk through it."""
