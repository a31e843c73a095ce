"""`roundtable translation ...`: how far translations are, what the checks found, what people decide about them.

The commands parse, call the flows, print.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

translation_app = typer.Typer(
    help="Translations: how far they are, their checks, shares, reviews; and late changes of a paper.",
    no_args_is_help=True,
)

Edition = Annotated[str, typer.Argument(help="The edition: its folder's name under config/editions.")]
Key = Annotated[str, typer.Argument(help="The translation: the paper and the language, such as 1.1:fr.")]
By = Annotated[str, typer.Option("--by", help="Your name; it is kept with what you do.")]
Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="In the edition's rehearsal.")]


@translation_app.command("status")
def translation_status(edition: Edition, rehearsal: Rehearsal = False) -> None:
    """Show how far each translation is: rows and words done and left, reused, stale, read, found, waived.

    Example: `roundtable translation status my-forum`
    """
    from flows import cli
    from tasks.translation import estimates, looked_over, standings, total

    desk = cli.looking_desk(edition, rehearsal)
    found = standings(desk)
    table = Table("translation", "state")
    for name in ("rows", "done", "reused", "machine", "stale", "read", "words", "words left", "waived"):
        table.add_column(name, justify="right")
    for each in [*found, total(found)] if found else []:
        table.add_row(each.key, each.state, *(f"{figure:,}" for figure in each.figures()))
    cli.out.print(table)
    for left in estimates(desk):
        cli.out.print(
            f"{left.language}: {left.words_left:,} words left, {left.days} working days at {left.words_per_day:,} "
            f"words a day: by {left.ready:%-d %B %Y}"
        )
    looked = looked_over(desk)
    checks = ", ".join(f"{name} {count}" for name, count in looked.findings.items()) or "nothing"
    cli.out.print(f"The checks find as it stands: {checks}. Files sent back to be mended: {looked.sent_back}.")
    for waiver in looked.waivers:
        said = f"{waiver.key} {waiver.segment}: {waiver.check} waived by {waiver.by}: {waiver.reason}"
        cli.out.print(said)


@translation_app.command("show")
def translation_show(edition: Edition, key: Key, rehearsal: Rehearsal = False) -> None:
    """Show what the checks find in a translation as it stands.

    Example: `roundtable translation show my-forum 1.1:fr`
    """
    from flows import cli
    from tasks.translation import checked_translation, finding_rows

    desk = cli.looking_desk(edition, rehearsal)
    checked = checked_translation(desk, key)
    rows = finding_rows(desk, checked, desk.edition.drafting_language.id)
    if rows:
        table = Table(*rows[0], show_lines=True)
        for row in rows:
            table.add_row(*row.values())
        cli.out.print(table)
    cli.out.print(
        f"{key}: {checked.translated:,} of {len(checked.segments):,} rows translated, "
        f"{len(checked.findings):,} findings, {len(checked.blocking):,} to mend or waive",
    )


@translation_app.command("waive")
def translation_waive(
    edition: Edition,
    key: Key,
    findings: Annotated[list[int], typer.Argument(help="The numbers of the findings, as `show` has them.")],
    reason: Annotated[str, typer.Option("--reason", help="Why they may stand; it is kept.")],
    by: By,
    rehearsal: Rehearsal = False,
) -> None:
    """Let findings stand. With the last one that holds it up the translation goes on.

    Example: `roundtable translation waive my-forum 1.1:fr 3 5 --reason "quoted as spoken" --by "A. Person"`
    """
    from flows import cli
    from flows.translations import waive_findings

    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(waive_findings, edition=edition, translation=key, findings=findings, reason=reason, by=by)


@translation_app.command("confirm")
def translation_confirm(
    edition: Edition,
    key: Key,
    by: By,
    rows: Annotated[list[str] | None, typer.Argument(help="The rows you have read; all of them without.")] = None,
    rehearsal: Rehearsal = False,
) -> None:
    """Vouch for rows in the words of a machine, which are not issued before somebody has read them.

    Example: `roundtable translation confirm my-forum 1.1:fr p14 p15 --by "A. Person"`
    """
    from flows import cli
    from flows.translations import confirm_translation

    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(confirm_translation, edition=edition, translation=key, by=by, rows=rows)


@translation_app.command("prefill")
def translation_prefill(
    edition: Edition,
    key: Key,
    by: By,
    approved: Annotated[
        str, typer.Option("--approve", help="The code of what it costs: `roundtable memory cost`.")
    ] = "",
    rehearsal: Rehearsal = False,
) -> None:
    """Let the machine that the edition names for the language fill in what nobody knows of a paper.

    Its words are marked as a machine's, and not issued before a person has read them.

    Example: `roundtable translation prefill my-forum 1.1:es --approve 3f9a01bc --by "A. Person"`
    """
    from flows import cli
    from flows.translations import prefill_translation

    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(prefill_translation, edition=edition, translation=key, by=by, approved=approved)


@translation_app.command("assign")
def translation_assign(
    edition: Edition,
    key: Key,
    translator: Annotated[str, typer.Argument(help="The person's id among the edition's people.")],
    first: Annotated[str, typer.Option("--from", help="The first row, as the bilingual file numbers it.")],
    last: Annotated[str, typer.Option("--to", help="The last row.")],
    by: By,
    rehearsal: Rehearsal = False,
) -> None:
    """Give a range of a paper's rows to a translator, who gets a bilingual file of their own.

    Example: `roundtable translation assign my-forum 1.1:fr second-translator --from p41 --to p80 --by "A. Person"`
    """
    from flows import cli
    from flows.translations import assign_translation

    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(
        assign_translation, edition=edition, translation=key, translator=translator, first=first, last=last, by=by
    )


@translation_app.command("review")
def translation_review(
    edition: Edition,
    key: Key,
    body: Annotated[str, typer.Argument(help="The reviewer: the body's id.")],
    reply: Annotated[Literal["nil", "unanswered"], typer.Argument(help="nil: nothing to correct. unanswered: go on.")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why the paper is not to wait; needed for unanswered.")] = "",
    rehearsal: Rehearsal = False,
) -> None:
    """Record that a reviewer has nothing to correct, or go on without one who does not answer.

    Example: `roundtable translation review my-forum 1.1:es spain nil --by "A. Person"`
    """
    from flows import cli
    from flows.translations import answer_review

    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(answer_review, edition=edition, translation=key, body=body, reply=reply, by=by, reason=reason)


@translation_app.command("amend")
def translation_amend(
    edition: Edition,
    paper: Annotated[str, typer.Argument(help="The issued paper, such as 1.1.")],
    file: Annotated[
        Path, typer.Argument(help="A Word file: the final text with the changes.", exists=True, dir_okay=False)
    ],
    how: Annotated[Literal["correction", "revision"], typer.Option("--as", help="Corr. or Rev.")] = "correction",
    reason: Annotated[str, typer.Option("--reason", help="Why it is changed; it is kept.")] = "",
    by: Annotated[str, typer.Option("--by", help="Your name; it is kept with what you do.")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without, only show what would change.")] = False,
    rehearsal: Rehearsal = False,
) -> None:
    """Show what a changed text changes in an issued paper; with --apply, put it in its place.

    Its translations are asked for anew where the change makes them stale, and nowhere else. What was published in all
    languages is corrected or revised under its symbol.

    Example: `roundtable translation amend my-forum 1.1 late.docx --as correction --reason "new figure" --by "A. Person"
    --apply`
    """
    from flows import cli
    from flows.office import inbox
    from flows.translations import amend_paper
    from tasks.adapters.word.ingest import open_safely
    from tasks.background_paper import changes_by
    from tasks.domain.errors import Invalid

    desk = cli.looking_desk(edition, rehearsal)
    data = file.read_bytes()
    if not apply:
        changes = changes_by(desk, paper, open_safely(data, file.name).to_bytes())
        table = Table("it was", "it becomes", show_lines=True)
        for before, after in changes:
            table.add_row(before, after)
        cli.out.print(table)
        cli.out.print(f"{paper}: {len(changes)} paragraphs would change; do it with --apply, --reason and --by")
        return
    if not reason.strip() or not by.strip():
        raise Invalid(f"{paper}: an amendment is kept with a name and a reason; give --by and --reason")
    inbox().drop(file.name, data)
    cli.run_flow(amend_paper, edition=edition, paper=paper, file=file.name, how=how, reason=reason, by=by)
