"""`tfui` without a command: the dashboard, in this terminal.

`straight` opens it before the library that parses commands is imported, which would take a seventh
of the time to the first frame. It knows the dashboard's own options, each spelt whole; anything else
is for the command tree, which opens the same dashboard.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Literal, TypedDict

from tfui.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.ui.app import TfuiApp


class Asked(TypedDict, total=False):
    """What the command line said about the dashboard."""

    db: str | None
    org: str | None
    engine: bool
    demo: bool
    read_only: bool | None
    ascii_only: bool | None
    view: str | None
    schedule: str | None


_VALUED: dict[str, Literal["db", "org", "view", "schedule"]] = {
    "--db": "db",
    "--org": "org",
    "--view": "view",
    "--schedule": "schedule",
}
"""Options that take a value."""


def read(words: Sequence[str]) -> Asked | None:
    """Read the words after `tfui`; None where they say more than how to open the dashboard."""
    asked: Asked = {}
    rest = iter(words)
    for word in rest:
        option, has_value, value = word.partition("=")
        if option in _VALUED:
            text = value if has_value else next(rest, None)
            if text is None or (not has_value and text.startswith("-")):
                return None
            asked[_VALUED[option]] = text
        elif word == "--no-engine":
            asked["engine"] = False
        elif word == "--demo":
            asked["demo"] = True
        elif word == "--read-only":
            asked["read_only"] = True
        elif word == "--ascii":
            asked["ascii_only"] = True
        else:
            return None
    return asked


def straight(words: Sequence[str]) -> int | None:
    """Run the dashboard if that is all that is asked for; give the exit code, None if it is not."""
    asked = read(words)
    if asked is None or not _is_on_terminal():
        return None
    from tfui.cli import streams

    streams.prepare()
    try:
        return open_dashboard(**asked)
    except Exception as error:  # noqa: BLE001  # every error has an exit code
        from tfui.cli import failure

        return failure.settle(error, {})
    finally:
        streams.flush()


def open_dashboard(
    *,
    db: str | None = None,
    org: str | None = None,
    engine: bool = True,
    demo: bool = False,
    read_only: bool | None = None,
    ascii_only: bool | None = None,
    view: str | None = None,
    schedule: str | None = None,
) -> int:
    """Run the dashboard until it is quit; give the exit code. Raises Invalid without a terminal."""
    if not _is_on_terminal():
        raise Invalid({"the dashboard": "it needs a terminal; `tfui --help` lists the commands"})
    # Importing leaves no garbage; looking for it takes a tenth of the time to the first rows.
    # The assembly has it collected again once the store is open.
    gc.disable()
    from tfui import settings
    from tfui.assembly import dashboard

    settled = settings.load({"db": db, "org": org, "read_only": read_only, "ascii": ascii_only})
    app = dashboard(settled, engine=engine, demo=demo, view=view, schedule=schedule)
    _run(app)
    if app.leads_to_demo:
        app = dashboard(settled, demo=True)
        _run(app)
    return app.return_code or 0


def _run(app: TfuiApp) -> None:
    try:
        app.run()
    finally:
        app.office.close()


def _is_on_terminal() -> bool:
    """Whether there is something to draw on: a terminal, or a browser that Textual was told of."""
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
