"""`tfui queue`: the lines that jobs wait in, and how many of each run at once."""

from __future__ import annotations

from typing import Annotated

import typer

from tfui.cli import moments, output
from tfui.cli.arguments import JsonFlag
from tfui.cli.output import Styled
from tfui.cli.rows import when
from tfui.cli.session import calling, zone_of
from tfui.errors import Invalid

app = typer.Typer(
    no_args_is_help=True,
    help="The lines that jobs wait in.",
    epilog="""\b
Examples:
  tfui queue list
  tfui queue add nightly --concurrency 2
  tfui queue edit nightly --concurrency none
  tfui queue limit 30 --type http
  tfui queue pause nightly --note 'disk is full' --until 1h
""",
)

QueueArgument = Annotated[str, typer.Argument(metavar="NAME", help="The queue's name.")]
ConcurrencyOption = Annotated[
    str | None,
    typer.Option(
        metavar="N",
        help="Jobs at once over all engines; none leaves it to their seats.",
        show_default=False,
    ),
]


@app.command("list")
def list_(context: typer.Context, *, as_json: JsonFlag = False) -> None:
    """List queues with what is in them."""
    from tfui.service import queues

    with calling(context) as caller:
        rows = queues.listing(caller)
        now = caller.now()
    if as_json:
        output.print_json(rows)
        return
    zone_name = zone_of(context)
    output.table(
        ["QUEUE", "STATE", "AT ONCE", "RUNNING", "QUEUED", "SCHEDULES", "MAY START", "NOTE"],
        [
            [
                Styled(row.name, "bold"),
                Styled("paused", "yellow") if row.paused_at else "open",
                "seats" if row.concurrency is None else str(row.concurrency),
                str(row.running),
                str(row.queued),
                str(row.schedules),
                ", ".join(
                    f"{output.one_line(limit.job_type or '')} {limit.remaining}/{limit.per_minute}"
                    for limit in row.limits
                ),
                " ".join(
                    part
                    for part in (
                        f"until {when(row.paused_until, now, zone_name)}"
                        if row.paused_until
                        else "",
                        row.pause_note or "",
                    )
                    if part
                ),
            ]
            for row in rows
        ],
        flexible="NOTE",
    )


@app.command()
def add(
    context: typer.Context,
    name: QueueArgument,
    *,
    concurrency: ConcurrencyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Add a queue."""
    from tfui.service import queues

    with calling(context) as caller:
        row = queues.create(caller, name, concurrency=_concurrency(concurrency))
    output.print_json(row) if as_json else output.say(f"added queue {output.one_line(row.name)}")


@app.command()
def edit(
    context: typer.Context,
    name: QueueArgument,
    *,
    concurrency: ConcurrencyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Change how many of its jobs run at once."""
    from tfui.service import queues

    if concurrency is None:
        raise Invalid({"edit": "nothing was asked to change; give --concurrency"})
    with calling(context) as caller:
        row = queues.edit(caller, name, concurrency=_concurrency(concurrency))
    output.print_json(row) if as_json else output.say(f"changed queue {output.one_line(row.name)}")


@app.command()
def limit(
    context: typer.Context,
    per_minute: Annotated[
        str | None,
        typer.Argument(
            metavar="N", help="Starts in any 60 seconds; none lifts it.", show_default=False
        ),
    ] = None,
    *,
    job_type: Annotated[
        str | None,
        typer.Option(
            "--type",
            metavar="T",
            help="Only this job type; without it, each type that has no limit of its own.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Limit how many jobs of a type start in a minute, over all queues; or show the limits."""
    from tfui.service import rates

    with calling(context) as caller:
        if per_minute is None:
            rows = rates.limits(caller)
        else:
            rows = rates.set_limit(caller, job_type, _whole(per_minute, "N"))
        now = caller.now()
    if job_type is not None:
        rows = [row for row in rows if row.job_type == job_type]
    if as_json:
        output.print_json(rows)
        return
    if not rows:
        output.remark(
            "no limit" if job_type is None else f"no limit for {output.one_line(job_type)}"
        )
        return
    zone_name = zone_of(context)
    output.table(
        ["JOB TYPE", "A MINUTE", "LEFT", "NEXT"],
        [
            [
                "every other" if row.job_type is None else Styled(row.job_type, "bold"),
                str(row.per_minute),
                "" if row.job_type is None else str(row.remaining),
                when(row.clears_at, now, zone_name) if row.clears_at else "",
            ]
            for row in rows
        ],
    )


@app.command()
def pause(
    context: typer.Context,
    name: QueueArgument,
    *,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why.", show_default=False)
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="ISO", help="Open it again by itself then.", show_default=False),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Start none of its jobs; running ones go on."""
    from tfui.service import queues

    with calling(context) as caller:
        at = None
        if until is not None:
            at = moments.read_instant(
                until, option="--until", now=caller.now(), zone_name=zone_of(context)
            )
        row = queues.pause(caller, name, note=note, until=at)
    output.print_json(row) if as_json else output.say(f"paused queue {output.one_line(row.name)}")


@app.command()
def resume(context: typer.Context, name: QueueArgument, *, as_json: JsonFlag = False) -> None:
    """Let its jobs start again."""
    from tfui.service import queues

    with calling(context) as caller:
        row = queues.resume(caller, name)
    output.print_json(row) if as_json else output.say(f"resumed queue {output.one_line(row.name)}")


def _concurrency(text: str | None) -> int | None:
    found = _whole(text, "--concurrency")
    if found is not None and found > 100_000:
        raise Invalid({"--concurrency": f"{found} is more than 100,000"})
    return found


def _whole(text: str | None, field: str) -> int | None:
    if text is None or text == "none":
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < 1:
        raise Invalid({field: f"{text[:40]!r} is not a whole number from 1 up, or none"})
    return int(text)
