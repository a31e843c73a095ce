"""Documents per second: the project's rendering against plain docxtpl on the same templates."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate

from tasks.adapters.word.contexts import BackgroundPaper, Letter, Page
from tasks.adapters.word.identity import Identity
from tasks.adapters.word.render import render

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "documents"
_NOW = dt.datetime(2030, 1, 2, 9, tzinfo=dt.UTC)
_PAGE: dict[str, Any] = {
    "edition_name": "World Forum",
    "meeting": "Somewhere, 3–4 May 2030",
    "symbol": "WF/1",
    "reference": [{"label": "Date", "value": "2 January 2030"}],
    "page_of": "Page {page} of {pages}",
}


def letter() -> Letter:
    return Letter(
        **_PAGE,
        recipient=["Ms A. Person", "Ministry", "Country"],
        subject_label="Subject",
        subject="Invitation to the panel",
        salutation="Dear Ms Person,",
        paragraphs=["A paragraph of a letter, of about the usual length for such a letter in such a matter."] * 5,
        closing="Yours sincerely,",
        signatory_name="B. Person",
        signatory_title="Coordinator",
    )


def paper() -> BackgroundPaper:
    return BackgroundPaper(
        **_PAGE,
        kind="Background paper",
        status="Draft 1",
        title="A title of the usual length: with a second half",
        session="Session 1",
        roundtable="Roundtable 1",
        roster_heading="Team",
        roster=[{"label": "Lead", "names": ["Country"]}, {"label": "Members", "names": ["One", "Two", "Three"]}],
    )


def ours(context: Page) -> bytes:
    identity = Identity("edition", "1", "kind", "1", 1, "en")
    return render(
        TEMPLATES / context.template, context, language="en-GB", rtl=False, identity=identity, title="T", now=_NOW
    )


def plain(context: Page) -> bytes:
    """The same template by docxtpl alone: no identity, language or deterministic package."""
    template = DocxTemplate(TEMPLATES / context.template)
    template.render({f.name: getattr(context, f.name) for f in dataclasses.fields(context)}, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def per_second(make: Callable[[Page], bytes], context: Page, seconds: float = 3.0) -> float:
    """How many documents `make` makes in a second, after one to warm up."""
    make(context)
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        make(context)
        count += 1
    return count / (time.perf_counter() - began)


def seconds_for(documents: int, make: Callable[[Page], bytes] = plain) -> float:
    """Seconds that `make` takes for so many documents, letters and papers in turn."""
    began = time.perf_counter()
    for number in range(documents):
        make(letter() if number % 2 else paper())
    return time.perf_counter() - began
