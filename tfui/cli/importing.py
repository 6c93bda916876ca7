"""`tfui import`: a crontab's lines or a document's schedules come in, or are refused one by one."""

from __future__ import annotations

import shlex
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
    from tfui.service.import_plan import ImportedLine

app = typer.Typer(
    no_args_is_help=True,
    help="Bring schedules in.",
    epilog="""\b
Examples:
  tfui import crontab /etc/crontab --system --dry-run
  tfui import yaml schedules.yaml
""",
)

DryRunFlag = Annotated[
    bool, typer.Option("--dry-run", help="Say what would happen, and do nothing.")
]

_LARGEST = 50_000_000  # bytes; any crontab is far below


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
Importing a file again changes nothing, and keeps what was edited here since. A line that changed edits its schedule:
the one with the same command, else the same name, else the same time, else the
one whose line is gone, if there are as many as new lines (the last two not from
standard input, which may be another file each time). A schedule whose line is
gone is named and left alone. Exits with 2 when a line was refused, after
importing the others.
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
    dry_run: DryRunFlag = False,
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
    _report(report, as_json=as_json, unit="line")


_DOCUMENTS = """\b
A schedule is known by its name and made what the file says, with what it comes
after; those that the file does not name are left alone. Importing a file again
changes nothing. Exits with 2 when one was refused, after importing the others.
"""

DocumentArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="What `tfui export` wrote; - for standard input.")
]


@app.command("yaml", epilog=_DOCUMENTS)
def yaml_(
    context: typer.Context,
    file: DocumentArgument,
    *,
    dry_run: DryRunFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Import schedules whole, as `tfui export yaml` writes them."""
    _import_documents(context, file, dry_run=dry_run, as_json=as_json)


@app.command("json", epilog=_DOCUMENTS)
def json_(
    context: typer.Context,
    file: DocumentArgument,
    *,
    dry_run: DryRunFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Import schedules whole, as `tfui export json` writes them."""
    _import_documents(context, file, dry_run=dry_run, as_json=as_json)


def _import_documents(context: typer.Context, file: str, *, dry_run: bool, as_json: bool) -> None:
    from tfui.service import exchange

    text, source = _read(file)
    with calling(context) as caller:
        report = exchange.import_documents(caller, text, source=source, dry_run=dry_run)
    _report(report, as_json=as_json, unit="schedule")


def _report(report: ImportReport, *, as_json: bool, unit: str) -> None:
    """Tell what became of a file; `unit` is what its lines are called."""
    if as_json:
        output.print_json(report)
    else:
        _tell(report)
    _warn(report)
    for refusal in report.refusals:
        line = f" ({output.one_line(refusal.text)})" if refusal.text else ""
        output.fail(f"{unit} {refusal.line}: {refusal.reason}{line}")
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
        raise Invalid({file: f"this is larger than {_LARGEST:,} bytes, which no such file is"})
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise Invalid({file: "this is UTF-16, not UTF-8"})
    return data.decode("utf-8", errors="surrogateescape"), name


def _tell(report: ImportReport) -> None:
    styles = {"created": "green", "edited": "yellow", "unchanged": "dim", "kept": "dim"}
    if report.lines:
        output.table(
            [
                "LINE",
                "WOULD BE" if report.is_dry_run else "",
                "NAME",
                "SCHEDULE",
                "ZONE",
                "COMMAND",
            ],
            [
                [
                    str(line.line),
                    Styled(line.change.value, styles[line.change.value]),
                    Styled(line.name, "bold"),
                    line.schedule_expression,
                    line.timezone,
                    _what(line),
                ]
                for line in report.lines
            ],
            flexible="COMMAND",
        )
    if report.is_dry_run:
        _tell_carried(report)
    if report.has_seconds:
        output.remark("every timed line has six fields, so the first was read as seconds")
    for name in report.gone:
        if name not in report.gone_but_active:
            output.remark(f"{output.one_line(name)} is no longer in the file and was left alone")
    counts = ", ".join(
        f"{count} {change.value}"
        for change, count in report.counts.items()
        if count or change != "kept"
    )
    would = "would be: " if report.is_dry_run else ""
    output.say(f"{would}{counts}, {len(report.refusals)} refused")


def _tell_carried(report: ImportReport) -> None:
    """Say what comes with the commands: first what every line brings, then what single ones do."""
    common = report.carried_by_all
    if common:
        output.remark(f"each schedule {output.one_line(', '.join(common))}")
    for line in report.lines:
        if own := [each for each in line.carries if each not in common]:
            output.remark(f"{output.one_line(line.name)} {output.one_line(', '.join(own))}")


def _warn(report: ImportReport) -> None:
    """Say loudly what a reader of the file alone would not expect to run, or not to run."""
    for line in report.lines:
        if line.change == "edited" and line.status != "active":
            output.warn(f"{output.one_line(line.name)} was edited and is still {line.status}")
    source = "the file" if report.source == "-" else output.one_line(report.source)
    for name in report.gone_but_active:
        shown = output.one_line(name)
        word = shlex.quote(shown) if not shown.startswith("-") else f"-- {shlex.quote(shown)}"
        output.warn(
            f"{shown} is no longer in {source} and is still active: both may run; "
            f"to stop it: tfui pause {word}"
        )


def _what(line: ImportedLine) -> str:
    """Say what a line runs and, of an edit, which fields change and what ran before."""
    if not line.fields:
        return line.command
    if line.change == "kept":
        return f"{line.command}  (edited here since: {', '.join(line.fields)})"
    before = "" if line.old_command is None else f"; before: {line.old_command}"
    return f"{line.command}  ({', '.join(line.fields)}{before})"
