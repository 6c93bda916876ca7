"""`tfui import crontab`: a crontab's lines become schedules, or are refused one by one with the reason."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tfui.cli import output
from tfui.cli.arguments import JsonFlag
from tfui.cli.failure import INVALID
from tfui.cli.output import Styled
from tfui.cli.session import calling
from tfui.errors import Invalid, NotFound
from tfui.settings import host_zone

if TYPE_CHECKING:
    from tfui.service.exchange import ImportReport

app = typer.Typer(
    no_args_is_help=True,
    help="Bring schedules in.",
    epilog="""\b
Example:
  tfui import crontab /etc/crontab --system --dry-run
""",
)

_LARGEST = 50_000_000  # bytes; the largest crontab of any cron is far below


@app.command(
    "crontab",
    epilog="""\b
Examples:
  crontab -l | tfui import crontab - --dry-run
  tfui import crontab /etc/crontab --system --tz Europe/Berlin
  for file in /etc/cron.d/*; do tfui import crontab "$file" --system; done

\b
What is read: minute-first lines of five fields and @names; six fields with
seconds first where every timed line of the file has six; SHELL, PATH, HOME,
MAILTO (kept as metadata), CRON_TZ and any other variable; % as cron has it.
@reboot, R and ~ are refused. Commands run in the user's home, as under cron.
\b
Importing a file again changes nothing. A line that changed edits its schedule;
a schedule whose line is gone is named and left alone. Exits with 2 when a line
was refused, after importing the others.
""",
)
def crontab(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The crontab; - for standard input.")],
    *,
    system: Annotated[
        bool, typer.Option("--system", help="The format of /etc/crontab: a user after the time.")
    ] = False,
    tz: Annotated[
        str | None,
        typer.Option(
            "--tz",
            metavar="ZONE",
            help="Where no CRON_TZ says it; else this machine's.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and do nothing.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Import a crontab. Each refused line is reported with its number and reason; the rest goes on."""
    from tfui.core.zone import zone
    from tfui.service import exchange

    timezone = host_zone() if tz is None else zone(tz).name
    text, source = _read(file)
    with calling(context) as caller:
        report = exchange.import_crontab(
            caller, text, source=source, timezone=timezone, system=system, dry_run=dry_run
        )
    if as_json:
        output.print_json(report)
    else:
        _tell(report)
    for refusal in report.refusals:
        output.fail(f"line {refusal.line}: {refusal.reason}")
    if report.refusals:
        raise typer.Exit(INVALID)


def _read(file: str) -> tuple[str, str]:
    """Give a file's text, undecodable bytes kept as surrogates, and the name it is known by."""
    if file == "-":
        data = sys.stdin.buffer.read(_LARGEST + 1)
        name = "-"
    else:
        path = Path(file)
        try:
            with path.open("rb") as stream:
                data = stream.read(_LARGEST + 1)
        except FileNotFoundError:
            raise NotFound(f"there is no file {file}") from None
        except OSError as error:
            raise Invalid(
                {file: f"this cannot be read: {(error.strerror or str(error)).lower()}"}
            ) from error
        name = str(path.resolve())
    if len(data) > _LARGEST:
        raise Invalid({file: f"this is larger than {_LARGEST:,} bytes, which no crontab is"})
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise Invalid({file: "this is UTF-16; a crontab is UTF-8"})
    return data.decode("utf-8", errors="surrogateescape"), name


def _tell(report: ImportReport) -> None:
    styles = {"created": "green", "edited": "yellow", "unchanged": "dim"}
    if report.lines:
        output.table(
            ["LINE", "", "NAME", "SCHEDULE", "ZONE", "COMMAND"],
            [
                [
                    str(line.line),
                    Styled(line.change.value, styles[line.change.value]),
                    Styled(line.name, "bold"),
                    line.schedule_expression,
                    line.timezone,
                    line.command
                    if not line.fields
                    else f"{line.command}  ({', '.join(line.fields)})",
                ]
                for line in report.lines
            ],
            flexible="COMMAND",
        )
    if report.has_seconds:
        output.remark("every timed line has six fields, so the first was read as seconds")
    for name in report.gone:
        output.remark(f"{output.one_line(name)} is no longer in the file and was left alone")
    counts = ", ".join(f"{count} {change.value}" for change, count in report.counts.items())
    would = "would be: " if report.is_dry_run else ""
    output.say(f"{would}{counts}, {len(report.refusals)} refused")
