"""`roundtable glossary ...`: the terms of an edition, out to translators and in again. The commands parse and print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from config import settings as configuration

glossary_app = typer.Typer(help="The glossary of an edition: see it, hand it out, take it in.", no_args_is_help=True)

Edition = Annotated[str, typer.Argument(help="The edition: its folder's name under config/editions.")]


@glossary_app.command("show")
def glossary_show(edition: Edition) -> None:
    """Show every term: those of the glossary, then the names of bodies and events.

    Example: `roundtable glossary show my-forum`
    """
    from flows import cli
    from tasks.adapters.edition_files import load
    from tasks.domain.glossary import all_terms

    found = load(configuration.load().editions, edition).edition
    terms = all_terms(found)
    table = Table("id", "kind", *(language.id for language in found.languages), title=f"{edition}: {len(terms)} terms")
    for term in terms:
        table.add_row(term.id, term.kind, *("; ".join(term.names[language.id]) for language in found.languages))
    cli.out.print(table)


@glossary_app.command("export")
def glossary_export(
    edition: Edition, file: Annotated[Path, typer.Argument(help="What to write: FILE.tbx or FILE.csv.", dir_okay=False)]
) -> None:
    """Write the whole glossary as TBX for a terminology tool, or as CSV for a spreadsheet.

    Examples: `roundtable glossary export my-forum terms.tbx` · `roundtable glossary export my-forum terms.csv`
    """
    from flows import cli
    from tasks.adapters import glossary
    from tasks.adapters.edition_files import load
    from tasks.domain.glossary import all_terms

    found = load(configuration.load().editions, edition).edition
    terms = all_terms(found)
    file.write_bytes(glossary.write(file.name, terms, found.languages))
    cli.out.print(f"{file}: {len(terms)} terms", soft_wrap=True)


@glossary_app.command("import")
def glossary_import(
    edition: Edition,
    file: Annotated[Path, typer.Argument(help="A TBX or CSV file.", exists=True, dir_okay=False)],
    apply: Annotated[bool, typer.Option("--apply", help="Write it into the edition's glossary.yaml.")] = False,
) -> None:
    """Show what a file would add to the glossary and change in it; with --apply write that into the edition's folder.

    Examples: `roundtable glossary import my-forum terms.csv` · `roundtable glossary import my-forum terms.csv --apply`
    """
    from flows import cli
    from tasks import glossary as tasks_glossary
    from tasks.adapters import glossary
    from tasks.adapters.edition_files import load
    from tasks.domain.edition_edits import differences
    from tasks.domain.glossary import taken_in

    editions = configuration.load().editions
    found = load(editions, edition).edition
    entries, strangers = glossary.read(file.read_bytes(), file.name, found.languages)
    terms, left_out = taken_in(found, entries)
    left_out += [f"{tag or 'without a language'}: is no language of {edition}" for tag in strangers]
    before = {term.id: term.model_dump(mode="json") for term in found.terms}
    table = Table("term", "now", "in the file", title=f"{file.name}: {len(terms)} terms are new or other")
    for term in terms:
        for place, old, new in differences(before.get(term.id), term.model_dump(mode="json"), term.id):
            table.add_row(place, str(old or "nothing"), str(new or "nothing"))
    if terms:
        cli.out.print(table)
    for line in left_out:
        cli.out.print(f"left out: {line}", soft_wrap=True)
    if not terms:
        cli.out.print(f"{edition}: the glossary says what is in {file.name}; nothing to write")
    elif apply:
        path = tasks_glossary.put(editions, edition, terms)
        cli.out.print(
            f"written to {path}; where the edition runs, see `roundtable edition diff {edition}` and put it in force "
            f"with `roundtable edition apply {edition} --by NAME`",
            soft_wrap=True,
        )
    else:
        cli.out.print("nothing is written yet; write it with --apply")
