"""The forecast of an edition: what the ledger knows, played to the end of the season, and as a document."""

from tasks.forecast.document import (
    forecast_document,
    hold_up_lines,
    is_over,
    issue_rows,
    keep,
    picture,
    said_share,
    what_if_lines,
    write,
)  # fmt: skip
from tasks.forecast.inputs import inputs_of
from tasks.forecast.whatif import Outlook, WhatIf, look_ahead, suppose

__all__ = [
    "Outlook", "WhatIf", "forecast_document", "hold_up_lines", "inputs_of", "is_over", "issue_rows", "keep",
    "look_ahead", "picture", "said_share", "suppose", "what_if_lines", "write",
]  # fmt: skip
