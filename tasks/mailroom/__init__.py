"""The mailroom: who sent a file and what it is, its receipt or its refusal, and the tray of what a person must look at.

Which stage takes a file is the flow's to know; here is what comes before and after.
"""

from tasks.mailroom.evidence import (
    RECORDS,
    evidence_of,
    given_files,
    may_be,
    origin_of,
    party_of,
    record_key,
    record_of,
    senders_of,
)
from tasks.mailroom.letters import advice_on, receipt_for, refusal_for
from tasks.mailroom.mails import count_try, cursor_of, is_beside, is_taken, keep_cursor, keep_mail
from tasks.mailroom.quarantine import quarantine
from tasks.mailroom.tray import TRAY, Came, identity_for, mail_of, put_in_tray, reject, tray_key, tray_record, waiting
from tasks.mailroom.words import take_words

__all__ = [
    "RECORDS",
    "TRAY",
    "Came",
    "advice_on",
    "count_try",
    "cursor_of",
    "evidence_of",
    "given_files",
    "identity_for",
    "is_beside",
    "is_taken",
    "keep_cursor",
    "keep_mail",
    "mail_of",
    "may_be",
    "origin_of",
    "party_of",
    "put_in_tray",
    "quarantine",
    "receipt_for",
    "record_key",
    "record_of",
    "refusal_for",
    "reject",
    "senders_of",
    "take_words",
    "tray_key",
    "tray_record",
    "waiting",
]
