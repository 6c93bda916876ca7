"""`tfui` without a command: the dashboard, in this terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from tfui.cli.session import settings_of
from tfui.errors import Invalid

if TYPE_CHECKING:
    from tfui.cli.group import Invocation


def open_dashboard(
    asked: Invocation, *, engine: bool, demo: bool, read_only: bool | None, ascii_only: bool | None
) -> None:
    """Run the dashboard until it is quit. Raises Invalid where there is no terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Invalid({"the dashboard": "it needs a terminal; `tfui --help` lists the commands"})
    settings = settings_of(asked, read_only=read_only, ascii=ascii_only)
    from tfui.assembly import dashboard

    app = dashboard(settings, engine=engine, demo=demo)
    try:
        app.run()
    finally:
        app.office.close()
    if app.return_code:
        raise typer.Exit(app.return_code)
