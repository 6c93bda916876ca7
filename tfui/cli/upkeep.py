"""`tfui doctor` and `tfui prune`: whether the promises hold over this database, and what is old enough to go."""

from __future__ import annotations

from typing import Annotated

import typer

from tfui.cli import output
from tfui.cli.arguments import JsonFlag
from tfui.cli.encoding import plain
from tfui.cli.failure import BUG
from tfui.cli.output import Styled
from tfui.cli.session import calling
from tfui.core.finding import Severity

app = typer.Typer()

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.OK: "green"}


@app.command(
    epilog="""\b
Example:
  tfui doctor

\b
Exits with 1 when a promise is broken: an occurrence lost or doubled, a journal
that was changed, a job nobody will run.
"""
)
def doctor(context: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Recount what tfui promises over its database. Says what to do about what does not hold."""
    from tfui.service import doctor as service

    with calling(context) as caller:
        findings = service.examine(caller)
    if as_json:
        output.print_json(findings)
    else:
        output.table(
            ["", "SUBJECT", "FINDING"],
            [
                [
                    Styled(each.severity.value, _STYLES[each.severity]),
                    Styled(each.subject, "bold"),
                    f"{each.text}; {each.advice}" if each.advice else each.text,
                ]
                for each in findings
            ],
        )
    if any(each.severity is Severity.ERROR for each in findings):
        raise typer.Exit(BUG)


@app.command(
    epilog="""\b
Example:
  tfui prune --json
"""
)
def prune(
    context: typer.Context,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object of counts.")
    ] = False,
) -> None:
    """Remove what is older than it need be kept. Engines do so by themselves, too."""
    from tfui.service import pruning

    with calling(context) as caller:
        counts = pruning.prune(caller)
    if as_json:
        output.print_json(counts)
        return
    output.facts([(name, f"{count:,} removed") for name, count in plain(counts).items()])
