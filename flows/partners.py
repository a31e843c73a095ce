"""What partners see on the backend: the folders of the teams and the shared calendar, kept as the ledger has them."""

from __future__ import annotations

from prefect import get_run_logger

from flows.office import delivery, without_addresses
from tasks import calendar_view, sharing
from tasks.desk import Desk
from tasks.domain.errors import NotNow


def keep_up(desk: Desk) -> None:
    """Put what is new into the folders and on the calendar, take off who is not to see it any more. Nobody is told.

    What does not succeed is logged, and tried again with the next sweep.
    """
    logger = get_run_logger()
    try:
        with desk.ledger.only_keeper():
            backend = delivery()
            problems = []
            if sharing.due(desk, backend=backend.name):
                problems += sharing.keep_files(desk, backend.files, backend.name)
                problems += sharing.take_away(desk, backend.files)
            problems += calendar_view.keep_agenda(desk, backend.agenda, backend.name)
            problems += calendar_view.take_back(desk, backend.agenda)
    except NotNow as busy:
        problems = [str(busy)]
    for line in problems:
        logger.warning(without_addresses(line))
