"""`roundtable memory ...`: what was translated before. The commands parse, call the flows, print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

memory_app = typer.Typer(help="The translation memory: see, search, export and import it.", no_args_is_help=True)

Edition = Annotated[str, typer.Argument(help="The edition: its folder's name under config/editions.")]
Pair = Annotated[str, typer.Argument(help="From which language into which, such as en:fr.")]
Rehearsal = Annotated[bool, typer.Option("--rehearsal", help="In the edition's rehearsal.")]


@memory_app.command("show")
def memory_show(
    edition: Edition,
    pair: Annotated[str | None, typer.Option("--pair", help="Only one language pair, such as en:fr.")] = None,
    rehearsal: Rehearsal = False,
) -> None:
    """Count the passages of each language pair, of all editions, and tell where they come from.

    Example: `roundtable memory show my-forum --pair en:fr`
    """
    from flows import cli
    from tasks import memory

    desk = cli.looking_desk(edition, rehearsal)
    wanted = [memory.pair_of(desk.edition, pair)] if pair else None
    held = memory.held(desk, wanted)
    table = Table("pair", "from", "what", "passages", title=f"{sum(line.passages for line in held):,} passages")
    for line in held:
        table.add_row(line.pair, f"{line.edition} {line.paper}", line.origin, f"{line.passages:,}")
    cli.out.print(table)


@memory_app.command("search")
def memory_search(
    edition: Edition,
    pair: Pair,
    text: Annotated[str, typer.Argument(help="A sentence, as it stands in a paper.")],
    least: Annotated[int, typer.Option("--least", help="The least likeness of what is shown.", min=1, max=100)] = 75,
    rehearsal: Rehearsal = False,
) -> None:
    """Show how a text was translated before, or one that is nearly the same.

    Example: `roundtable memory search my-forum en:fr "The Friends of the Forum met."`
    """
    from flows import cli
    from tasks import memory

    desk = cli.looking_desk(edition, rehearsal)
    found = memory.Memory.open(desk, *memory.pair_of(desk.edition, pair), least).search(text)
    if not found:
        cli.out.print(f"{pair}: nothing like it was translated yet")
        return
    table = Table("score", "match", "translation", "from")
    for each in found:
        table.add_row(str(each.score), each.kind, each.text, each.came_from)
    cli.out.print(table)


@memory_app.command("cost")
def memory_cost(
    edition: Edition,
    language: Annotated[str, typer.Argument(help="The language to translate into.")],
    rehearsal: Rehearsal = False,
) -> None:
    """Show what is left to the machine of each final paper, for how many characters and how much. Nobody is asked yet.

    Example: `roundtable memory cost my-forum fr`
    """
    from flows import cli
    from flows.pretranslators import pretranslator
    from tasks.domain.errors import Unknown
    from tasks.pretranslation import quotes

    desk = cli.looking_desk(edition, rehearsal)
    known = [each.id for each in desk.edition.languages if not each.drafting]
    if language not in known:
        raise Unknown(f"{language}: {edition} is translated into {', '.join(known)}")
    provider = pretranslator(desk.edition, language)
    if provider is None:
        cli.out.print(f"{edition}: no machine translates into {language}; what is not known is left to the translator")
        return
    table = Table("paper", "segments", "unknown", "characters", "price", "code", title=f"{edition}: {provider.name}")
    for paper, asked in quotes(desk, language, provider).items():
        counts = [f"{count:,}" for count in (asked.segments, asked.asked, asked.characters)]
        table.add_row(paper, *counts, asked.price, asked.code)
    cli.out.print(table)


@memory_app.command("export")
def memory_export(
    edition: Edition,
    pair: Pair,
    file: Annotated[Path, typer.Argument(help="The file to write, by habit .tmx.", dir_okay=False)],
    rehearsal: Rehearsal = False,
) -> None:
    """Write the passages of a language pair, of all editions, as TMX 1.4 for another program.

    Example: `roundtable memory export my-forum en:fr forum.tmx`
    """
    from flows import cli
    from tasks import memory

    desk = cli.looking_desk(edition, rehearsal)
    languages = memory.pair_of(desk.edition, pair)
    with file.open("wb") as content:
        count = memory.export(desk, *languages, content)
    passages = "passage" if count == 1 else "passages"
    cli.out.print(f"{pair}: {count:,} {passages} in {file}", soft_wrap=True)


@memory_app.command("import")
def memory_import(
    edition: Edition,
    file: Annotated[Path, typer.Argument(help="A memory that another program wrote as TMX.", exists=True)],
    by: Annotated[str, typer.Option("--by", help="Your name; it is kept with what you do.")],
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without this nothing is changed.")] = False,
    rehearsal: Rehearsal = False,
) -> None:
    """Tell what a TMX file would add to the memory; with --apply, add it. Again adds nothing.

    Examples: `roundtable memory import my-forum old.tmx --by "A. Person"` ·
    `roundtable memory import my-forum old.tmx --apply --by "A. Person"`
    """
    from flows import cli
    from flows.memory import import_memory

    if rehearsal:
        cli.enter_rehearsal(edition)
    cli.run_flow(import_memory, edition=edition, file=str(file), by=by, apply=apply)
