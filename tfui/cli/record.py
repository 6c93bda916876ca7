"""`tfui audit` and `tfui undo`: who changed what, and taking the last change back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tfui.cli import moments, output
from tfui.cli.arguments import JsonFlag
from tfui.cli.encoding import plain
from tfui.cli.output import Styled
from tfui.cli.session import calling, zone_of

if TYPE_CHECKING:
    from tfui.model.journal import JournalRow

app = typer.Typer()


@app.command(
    epilog="""\b
Examples:
  tfui audit
  tfui audit --subject backup --json
"""
)
def audit(
    context: typer.Context,
    *,
    subject: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only what was done to this.", show_default=False),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="N", help="How many at most.")
    ] = 200,
    as_json: JsonFlag = False,
) -> None:
    """List changes, the newest first. When, who, by which way, what, and the fields that changed."""
    from tfui.service import journal

    with calling(context) as caller:
        entries = journal.entries(caller, subject=subject, limit=limit)
    if as_json:
        output.print_json(entries)
        return
    if not entries:
        output.remark("nothing is on record")
        return
    zone_name = zone_of(context)
    output.table(
        ["AT", "BY", "VIA", "WHAT", "SUBJECT", "CHANGE"],
        [
            [
                moments.absolute(entry.at, zone_name),
                entry.by,
                entry.via,
                Styled(entry.verb, "dim") if entry.undone_by else entry.verb,
                Styled(entry.subject, "bold"),
                _difference(entry),
            ]
            for entry in entries
        ],
        flexible="CHANGE",
    )


@app.command(
    epilog="""\b
Example:
  tfui delete old-report && tfui undo
"""
)
def undo(context: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Take the last change back. All of it, as a new entry on the record."""
    from tfui.service import journal

    with calling(context) as caller:
        entries = journal.undo(caller)
    if as_json:
        output.print_json(entries)
        return
    for entry in entries:
        output.say(f"took back {entry.verb} ", Styled(output.one_line(entry.subject), "bold"))


def _difference(entry: JournalRow) -> str:
    before, after = entry.before or {}, entry.after or {}
    if entry.before is None or entry.after is None:
        return ""
    return ", ".join(
        f"{name} {_shown(before.get(name))} → {_shown(after.get(name))}"
        for name in dict.fromkeys([*before, *after])
    )


def _shown(value: Any) -> str:  # noqa: ANN401  # any field of anything
    return (
        "none" if value is None else value if isinstance(value, str) else json.dumps(plain(value))
    )
