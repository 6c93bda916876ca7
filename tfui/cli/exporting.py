"""`tfui export`: schedules as a crontab, as YAML or as JSON, to a file or to standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tfui.cli import output
from tfui.cli.session import calling
from tfui.errors import Invalid

app = typer.Typer(
    no_args_is_help=True,
    help="Take schedules out.",
    epilog="""\b
Examples:
  tfui export crontab > crontab.txt
  tfui export json schedules.json
""",
)

FileArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="FILE", help="Where to; standard output when left out.", show_default=False
    ),
]


@app.command(
    epilog="""\b
What a crontab cannot say stands in comments that begin with #tfui, which cron
passes over and `tfui import crontab` reads: policies above a line, and whole
schedules (paused, once, recurring, http, python, seconds, L, W, #, H …). So does
what a schedule comes after, for which cron does not wait.
""",
)
def crontab(
    context: typer.Context,
    file: FileArgument = None,
    *,
    system: Annotated[
        bool, typer.Option("--system", help="With a user column, for /etc/cron.d.")
    ] = False,
) -> None:
    """Write lines that cron runs and that import again to the same schedules."""
    from tfui.service import exporting

    with calling(context) as caller:
        found = exporting.export_crontab(caller, system=system)
    _put(found.text, file)
    for name in found.unsayable:
        output.remark(
            f"{output.one_line(name)} is a comment: cron cannot run it, tfui's import reads it"
        )
    for name in found.left_out:
        output.remark(f"{output.one_line(name)} was left out: it has nothing left to run")


@app.command()
def yaml(context: typer.Context, file: FileArgument = None) -> None:
    """Write every schedule whole as YAML, with what it comes after; `tfui import yaml` reads it."""
    from tfui.service import exporting

    with calling(context) as caller:
        text = exporting.export_yaml(caller)
    _put(text, file)


@app.command()
def json(context: typer.Context, file: FileArgument = None) -> None:
    """Write every schedule whole as JSON, with what it comes after; `tfui import json` reads it."""
    from tfui.service import exporting

    with calling(context) as caller:
        text = exporting.export_json(caller)
    _put(text, file)


def _put(text: str, file: str | None) -> None:
    if file is None or file == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Invalid(
            {file: f"this cannot be written: {(error.strerror or str(error)).lower()}"}
        ) from error
    output.remark(f"written to {file}")
