"""`tfui config`: where the configuration file is, and whether it can be meant."""

from __future__ import annotations

import typer

from tfui import assembly, settings
from tfui.cli import output
from tfui.cli.arguments import JsonFlag
from tfui.cli.group import invocation
from tfui.cli.session import settings_of, shown_zone

app = typer.Typer(
    no_args_is_help=True,
    help="The configuration file: where it is, and whether it is in order.",
    epilog="""\b
Examples:
  tfui config validate
  $EDITOR "$(tfui config path)"
""",
)


@app.command("path")
def path_() -> None:
    """Print where the configuration file is looked for; it need not exist."""
    output.say(str(settings.config_path()))


@app.command()
def validate(context: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Check settings, keys and saved filters; exits with 2 and every mistake by its line."""
    settled = settings_of(invocation(context))
    shown_zone(settled)
    assembly.preferred(settled)
    path = settings.config_path()
    found = {"path": str(path), "exists": path.exists(), "keys": len(settled.keys)}
    if as_json:
        output.print_json(found | {"filters": len(settled.filters)})
    elif found["exists"]:
        output.say(f"{path} is in order")
    else:
        output.say(f"there is no {path}; everything is as usual")
