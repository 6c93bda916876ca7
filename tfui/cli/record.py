"""`tfui audit`, `undo` and `redo`: who changed what, taking one's last change back, doing it again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tfui.cli import moments, output
from tfui.cli.arguments import JsonFlag, SinceOption
from tfui.cli.encoding import plain
from tfui.cli.output import Styled
from tfui.cli.session import calling, zone_of

if TYPE_CHECKING:
    from tfui.model.journal import JournalRow
    from tfui.service.journal import Turn

app = typer.Typer()


@app.command(
    epilog="""\b
Examples:
  tfui audit
  tfui audit --subject backup --json
  tfui audit --actor ada@cli --verb pause --since 7d
"""
)
def audit(
    context: typer.Context,
    *,
    subject: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only what was done to this.", show_default=False),
    ] = None,
    actor: Annotated[
        str | None,
        typer.Option(
            metavar="WHO",
            help="Only what this person did (ada), or came this way (cli), or both (ada@cli).",
            show_default=False,
        ),
    ] = None,
    verb: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Only verbs with this in them: pause.", show_default=False
        ),
    ] = None,
    since: SinceOption = None,
    limit: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="N", help="How many at most.")
    ] = 200,
    as_json: JsonFlag = False,
) -> None:
    """List changes, the newest first. When, who, by which way, what, and the fields that changed."""
    from tfui.model.journal_filter import JournalFilter
    from tfui.service import journal

    zone_name = zone_of(context)
    with calling(context) as caller:
        begin = moments.read_past(since, option="--since", now=caller.now(), zone_name=zone_name)
        chosen = JournalFilter(subject=subject, actor=actor, verb=verb, since=begin)
        entries = journal.entries(caller, chosen=chosen, limit=limit)
    if as_json:
        output.print_json(entries)
        return
    if not entries:
        output.remark("nothing is on record")
        return
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

\b
It takes back what you did last in this organization, from wherever you did it,
and never what somebody else did. Of missed runs that you had run, those that have
not begun are taken back. What was done to a run stays done: an undo that meets
that, or anything else that has had its effect, takes nothing back (exit code 5)
and names what the next one takes back. What has ended by itself since, such as a
pause at its time, is passed over and told.
"""
)
def undo(context: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Take your last change back. All of it, as a new entry on the record."""
    from tfui.service import journal

    with calling(context) as caller:
        turn = journal.undo(caller)
    _tell(turn, "undid", "undone", as_json=as_json)


@app.command(
    epilog="""\b
Example:
  tfui undo && tfui redo
"""
)
def redo(context: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Do again what you undid last. Unless you have changed the same thing since."""
    from tfui.service import journal

    with calling(context) as caller:
        turn = journal.redo(caller)
    _tell(turn, "redid", "redone", as_json=as_json)


def _tell(turn: Turn, did: str, done: str, *, as_json: bool) -> None:
    """Say what an undo or redo came to, and what it left as it is, and why."""
    if as_json:
        over = [plain(entry) | {"why": one.why} for one in turn.spent for entry in one.entries]
        output.print_json({done: turn.act, "left": [*turn.passed, *over], "partly": turn.partly})
        return
    output.say(f"{did}: ", Styled(output.one_line(turn.words), "bold"))
    if turn.passed:
        words = output.one_line(turn.passed_words)
        output.remark(f"left as it is: {words} (what was done to a run stays done)")
    for one in turn.spent:
        output.remark(f"left as it is: {output.one_line(one.words)}")


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
