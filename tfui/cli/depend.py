"""`tfui depend`: which schedules come after which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tfui.cli import moments, output
from tfui.cli.arguments import JsonFlag
from tfui.cli.output import Styled
from tfui.cli.session import calling
from tfui.core.duration import parse_duration
from tfui.core.states import DependencyType

if TYPE_CHECKING:
    from tfui.model.dependency import DependencyRow

app = typer.Typer(
    no_args_is_help=True,
    help="Which schedules come after which.",
    epilog="""\b
Examples:
  tfui depend add report backup
  tfui depend add report backup --type conditional --window 1h
  tfui depend add report backup --chained
  tfui depend remove report backup
  tfui depend list report
  tfui depend graph
""",
)

ChildArgument = Annotated[
    str, typer.Argument(metavar="CHILD", help="The schedule that waits: its name or id.")
]
ParentArgument = Annotated[
    str, typer.Argument(metavar="PARENT", help="The schedule it comes after: its name or id.")
]


@app.command()
def add(
    context: typer.Context,
    child: ChildArgument,
    parent: ParentArgument,
    *,
    kind: Annotated[
        DependencyType,
        typer.Option("--type", help="Wait for the parent's end, start, or success."),
    ] = DependencyType.SEQUENTIAL,
    window: Annotated[
        str | None,
        typer.Option(
            metavar="D",
            help="The parent's newest job within so long before; not the same instant's.",
            show_default=False,
        ),
    ] = None,
    chained: Annotated[
        bool,
        typer.Option("--chained", help="Take the child's own time away: it runs after each run."),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Have one schedule come after another."""
    from tfui.service import coincidences, dependencies, schedules

    span = None if window is None else parse_duration(window, field="--window")
    with calling(context) as caller:
        row = dependencies.add(
            caller,
            schedules.find(caller, child),
            schedules.find(caller, parent),
            dependency_type=kind,
            window=span,
            chained=chained,
        )
        warned = coincidences.warnings(caller, row.child_id)
    output.print_json(row) if as_json else output.say(f"{output.one_line(row.child)} {after(row)}")
    for text in warned:
        output.warn(text)


@app.command()
def remove(
    context: typer.Context,
    child: ChildArgument,
    parent: ParentArgument,
    *,
    as_json: JsonFlag = False,
) -> None:
    """Have it come after that no more. A job that waits already goes on waiting."""
    from tfui.service import dependencies, schedules

    with calling(context) as caller:
        child_id = schedules.find(caller, child)
        row = dependencies.remove(caller, child_id, schedules.find(caller, parent))
        is_idle = row.is_chained and child_id not in dependencies.parents(caller, [child_id])
    if as_json:
        output.print_json(row)
        return
    names = [output.one_line(name) for name in (row.child, row.parent)]
    output.say(f"{names[0]} comes after {names[1]} no more")
    if is_idle:
        output.warn(f"{names[0]} has no time of its own: it now runs by hand only")


@app.command("list")
def list_(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="Only this schedule's, on either side.", show_default=False
        ),
    ] = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    """List which schedules come after which."""
    from tfui.service import dependencies, schedules

    with calling(context) as caller:
        schedule_id = None if name is None else schedules.find(caller, name)
        rows = dependencies.listing(caller, schedule_id)
    if as_json:
        output.print_json(rows)
        return
    if not rows:
        output.remark("nothing comes after anything")
        return
    output.table(
        ["SCHEDULE", "AFTER", "TYPE", "WHICH RUN"],
        [
            [
                Styled(row.child, "bold"),
                Styled(row.parent, "bold"),
                row.dependency_type.value,
                _which(row),
            ]
            for row in rows
        ],
        flexible="WHICH RUN",
    )


@app.command()
def graph(context: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Show everything that comes after something as a tree, with how each is doing now."""
    from tfui.cli.graph import tell
    from tfui.service import graph as service

    with calling(context) as caller:
        found = service.whole(caller)
        if as_json:
            output.print_json(found)
        elif found.nodes:
            tell(found, caller.now())
        else:
            output.remark("nothing comes after anything")


def after(row: DependencyRow) -> str:
    """Say in a few words what a schedule comes after."""
    return f"after {output.one_line(row.parent)} ({row.dependency_type}, {_which(row)})"


def _which(row: DependencyRow) -> str:
    if row.is_chained:
        return "each run"
    if row.window_seconds is None:
        return "the same instant's"
    return f"the newest within {moments.span(row.window_seconds)}"
