"""`tfui db`: where the store is, whether it is in order, and bringing it up to this version."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from tfui.cli import output
from tfui.cli.group import invocation
from tfui.cli.session import settings_of, tell_backup
from tfui.errors import Unavailable

app = typer.Typer(
    no_args_is_help=True,
    help="Where the store is, and bringing it up to this version.",
    epilog="""\b
Examples:
  tfui db path
  tfui db check
  tfui db upgrade --db postgresql+psycopg://ops@db.example.org/tfui
""",
)


@app.command("path")
def path_(context: typer.Context) -> None:
    """Print where the store is: the file's path, or the URL without its password."""
    from tfui.service import database

    output.say(database.label(settings_of(invocation(context)).db))


@app.command()
def check(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Read the whole database and report its schema and any damage; exits with 6 if it is not in order."""
    from tfui.service import database

    state = database.check(settings_of(invocation(context)).db)
    if as_json:
        output.print_json(asdict(state) | {"is_current": state.is_current})
    else:
        schema = state.schema or "none yet"
        output.facts(
            [
                ("database", state.database),
                ("kind", state.kind),
                (
                    "schema",
                    schema if state.is_current else f"{schema}; this tfui has {state.known_schema}",
                ),
                ("damage", "none" if not state.damage else f"{len(state.damage)} found"),
            ],
        )
    if state.damage:
        raise Unavailable(f"the database is damaged: {state.damage[0]} ({state.database})")
    if not state.is_current:
        advice = (
            "run `tfui db upgrade`"
            if _is_older(state.schema, state.known_schema)
            else "it is newer"
        )
        raise Unavailable(
            f"the schema is not the one this tfui works with; {advice} ({state.database})"
        )


@app.command()
def upgrade(context: typer.Context) -> None:
    """Make the database or bring its schema up; a copy of an existing SQLite file is kept beside it."""
    from tfui.service import database

    url = settings_of(invocation(context)).db
    backup = database.upgrade(url)
    if backup is not None:
        tell_backup(backup)
    output.say(f"{database.label(url)} is up to date")


def _is_older(schema: str | None, known: str) -> bool:
    return schema is None or schema < known
