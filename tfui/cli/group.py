"""The command tree, grown a branch at a time: a command's module is imported when it is called.

Every command also takes the options that stand before it (`--db`, `--org`), because a person adds
them to the end of the line that just failed. Errors of a command end here, as exit codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from tfui.cli import failure, output
from tfui.cli.coercion import lighten

if TYPE_CHECKING:
    from typer._click import Command, Context, Parameter
    from typer._click.parser import _OptionParser

PLACES = {
    # in the order of `tfui --help`: what is asked most often first
    "next": "preview",
    "add": "adding",
    "edit": "adding",
    "list": "listing",
    "show": "listing",
    "summary": "listing",
    "pause": "standing",
    "resume": "standing",
    "delete": "standing",
    "restore": "standing",
    "run": "running",
    "jobs": "jobs",
    "logs": "logs",
    "cancel": "jobs",
    "retry": "jobs",
    "ledger": "ledger",
    "explain": "ledger",
    "missed": "missed",
    "forecast": "forecast",
    "engine": "engine",
    "import": "importing",
    "export": "exporting",
    "queue": "queues",
    "depend": "depend",
    "audit": "record",
    "undo": "record",
    "redo": "record",
    "doctor": "upkeep",
    "prune": "upkeep",
    "serve": "serving",
    "db": "database",
    "config": "config",
}
"""Which module of this room each command is in."""

BRANCHES = frozenset({"config", "db", "depend", "export", "import", "queue"})
"""Commands that have commands of their own; their module is about nothing else."""


@dataclass(slots=True)
class Invocation:
    """What the options before (or after) a command said, and what its errors may point at."""

    db: str | None = None
    org: str | None = None
    texts: dict[str, str] = field(default_factory=dict)
    """The text of a field, for the caret under its mistake."""


def invocation(context: typer.Context) -> Invocation:
    """Give what belongs to this call of the program."""
    found = context.find_root().obj
    if not isinstance(found, Invocation):
        found = context.find_root().obj = Invocation()
    return found


def _remember(context: typer.Context, param: typer.CallbackParam, value: str | None) -> str | None:
    if value is not None and param.name is not None:
        setattr(invocation(context), param.name, value)
    return value


DbOption = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="URL",
        callback=_remember,
        help="The store: a path, sqlite:///… or postgresql+psycopg://…  [TFUI_DB]",
        show_default=False,
    ),
]
OrgOption = Annotated[
    str | None,
    typer.Option(
        "--org",
        metavar="NAME",
        callback=_remember,
        help="The organization.  [TFUI_ORG]",
        show_default=False,
    ),
]


class CommandTree(TyperGroup):
    """The commands of tfui, imported when they are called."""

    def make_parser(self, ctx: Context) -> _OptionParser:
        """Prepare to read the options before the command."""
        _make_light(self, ctx)
        return super().make_parser(ctx)

    def list_commands(self, ctx: Context) -> list[str]:
        """Name every command, in the order of the help."""
        del ctx
        return list(PLACES)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Import a command; None when there is none of that name."""
        if cmd_name not in PLACES:
            return None
        if cmd_name not in self.commands:
            self.commands[cmd_name] = _load(cmd_name, ctx)
        return self.commands[cmd_name]

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Find the command, with a suggestion when there is none of that name."""
        if args and args[0] not in PLACES:
            close = get_close_matches(args[0], PLACES, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            ctx.fail(f"No such command {output.one_line(args[0])[:40]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Context) -> object:
        """Carry the command out; its errors become exit codes."""
        if ctx.obj is None:
            ctx.obj = Invocation()
        with failure.told(ctx.obj.texts):
            return super().invoke(ctx)


def _load(name: str, context: Context) -> Command:
    group = get_group(import_module(f"tfui.cli.{PLACES[name]}").app)
    commands = list(group.commands.values()) if name in BRANCHES else [group.commands[name]]
    for command in commands:
        command.params += [_hidden_from_the_function(option) for option in _shared_options()]
        _make_light(command, context)
    if name not in BRANCHES:
        return commands[0]
    group.name = name
    _make_light(group, context)
    return group


def _shared_options() -> list[Parameter]:
    return get_group(_shared).commands["shared"].params


def _hidden_from_the_function(option: Parameter) -> Parameter:
    option.expose_value = False
    return option


def _make_light(command: Command, context: Context) -> None:
    """Keep validation and rendering libraries out of this command's parsing, help and mistakes."""
    if isinstance(command, TyperCommand | TyperGroup):
        command.rich_markup_mode = None
    help_option = command.get_help_option(context)
    for parameter in [*command.params, *([] if help_option is None else [help_option])]:
        lighten(parameter)


_shared = typer.Typer()


@_shared.command("shared")
def _take_shared(*, db: DbOption = None, org: OrgOption = None) -> None:
    """Carry the options that every command takes."""
    del db, org
