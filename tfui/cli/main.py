"""The root of the command line: `tfui` alone opens the dashboard, and a command does one thing."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tfui import __version__
from tfui.cli import streams
from tfui.cli.group import CommandTree, DbOption, OrgOption, invocation

EXAMPLES = """\b
Examples:
  tfui --demo                                    look around with sample schedules
  tfui                                           the dashboard, with the engine inside
  tfui add backup --cron '30 2 * * *' --tz Europe/Berlin --shell /opt/backup
  tfui import crontab /etc/crontab --system --dry-run
  tfui next '0 9 * * mon-fri' --tz Europe/Paris
  tfui engine                                    run schedules without a screen

\b
Exit codes: 0 done, 1 bug or failed job, 2 invalid, 3 not found, 4 forbidden,
5 conflict, 6 store unavailable. A schedule is named by its name or a unique
prefix of its id; a job by a unique prefix of its id.
"""

app = typer.Typer(
    cls=CommandTree,
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)


def _print_version(value: bool) -> None:  # noqa: FBT001  # typer calls it with the flag's value
    if value:
        typer.echo(f"tfui {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    *,
    db: DbOption = None,
    org: OrgOption = None,
    no_engine: Annotated[
        bool, typer.Option("--no-engine", help="The dashboard shows the store; nothing is run.")
    ] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="A throw-away store with lively sample schedules.")
    ] = False,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Nothing can be changed from the dashboard.")
    ] = False,
    ascii_only: Annotated[
        bool, typer.Option("--ascii", help="Draw the dashboard with ASCII alone.")
    ] = False,
    view: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The dashboard opens this view.", show_default=False),
    ] = None,
    schedule: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The dashboard opens on this schedule.", show_default=False
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Say which tfui this is."
        ),
    ] = False,
) -> None:
    """See, edit and run schedules. Without a command: the dashboard."""
    del version
    asked = invocation(context)
    asked.db, asked.org = db or asked.db, org or asked.org
    if context.invoked_subcommand is not None:
        return
    from tfui.cli.dashboard import open_dashboard

    code = open_dashboard(
        db=asked.db,
        org=asked.org,
        engine=not no_engine,
        demo=demo,
        read_only=read_only or None,
        ascii_only=ascii_only or None,
        view=view,
        schedule=schedule,
    )
    if code:
        raise typer.Exit(code)


def run() -> None:
    """Run the program; ends it with its exit code."""
    streams.prepare()
    try:
        app(prog_name="tfui")
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # Typer would call it a failure
            sys.exit(0)
        raise
    finally:
        streams.flush()
