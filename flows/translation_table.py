"""What the checks found in a translation, as a table of the UI."""

from __future__ import annotations

from prefect.artifacts import acreate_table_artifact

from flows.board import artifact_key, rehearsal_notice
from tasks.desk import Desk
from tasks.domain.translation import STAGE
from tasks.translation import checked_translation, finding_rows


async def show_findings(desk: Desk, session: str | None = None) -> None:
    """Keep the findings of each translation that changed at this desk after it came back as a table of the UI.

    Those of one session, or of all.
    """
    for record in desk.ledger.records(desk.edition.id, STAGE, session):
        if record.changed_at == desk.now and record.facts.get("attempt") and record.state in ("sent", "received"):
            checked = checked_translation(desk, record.key)
            await acreate_table_artifact(
                key=artifact_key("findings", desk.edition.id, record.key),
                table=finding_rows(desk, checked, desk.edition.drafting_language.id),
                description=(
                    f"{rehearsal_notice(desk)}{record.key}: "
                    f"{checked.translated:,} of {len(checked.segments):,} rows translated, "
                    f"{len(checked.findings):,} findings, {len(checked.blocking):,} to mend or waive"
                ),
            )
