"""`tfui add` and `tfui edit`: schedules made and changed by options."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from tfui.cli import flags, output
from tfui.cli.group import invocation
from tfui.cli.rows import tell_schedule
from tfui.cli.session import calling
from tfui.errors import Invalid

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.model.schedule import ScheduleDraft
    from tfui.service.caller import Caller

app = typer.Typer()

JsonFlag = Annotated[bool, typer.Option("--json", help="Print the schedule as one JSON object.")]


@app.command(
    epilog="""\b
Examples:
  tfui add backup --cron '30 2 * * *' --tz Europe/Berlin --shell /opt/backup --timeout 1h
  tfui add ping --every 90s --http https://example.org/health --max-attempts 1
  tfui add migrate --once '2027-03-01 04:00' --tz UTC --python jobs.db:migrate
  tfui add report --cron @monthly --job-type shell --payload @report.json
  tfui add verify --after backup:conditional --shell /opt/verify
""",
)
@flags.taking
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name that no other schedule has.")],
    *,
    as_json: JsonFlag = False,
    asked: flags.Asked,
) -> None:
    """Add a schedule. Mistakes are reported all at once; what looks odd is a warning."""
    from tfui.model.schedule import ScheduleDraft
    from tfui.service import schedules

    is_timed = any(text is not None for text in (asked.cron, asked.every, asked.once))
    if not is_timed and not asked.after:
        raise Invalid({"--cron, --every, --once, --after": "one of them says when it runs"})
    if (
        asked.shell is None
        and asked.http is None
        and asked.python is None
        and asked.job_type is None
    ):
        raise Invalid({"--shell, --http, --python, --job-type": "one of them says what it runs"})
    invocation(context).texts["schedule_expression"] = asked.cron or asked.every or asked.once or ""
    with calling(context) as caller:
        reading = flags.read(
            asked,
            now=caller.now(),
            zone_name=asked.tz or "UTC",
            job_type=None,
            payload={},
            metadata={},
        )
        given = {"payload": {}, "schedule_expression": "", "job_type": ""}
        given["schedule_type"] = "cron" if is_timed else "chained"
        after = flags.read_after(
            asked,
            reading,
            find=lambda parent: schedules.find(caller, parent),
            is_chained=not is_timed,
        )
        draft = ScheduleDraft(name=name, **{**given, **reading.values})
        if reading.problems:
            reading.raise_problems(schedules.check(caller, draft))
        row = schedules.create(caller, draft, after=after)
        if as_json:
            output.print_json(row)
        else:
            tell_schedule("added", row, caller.now())
        _warn(caller, draft, row.id)


@app.command(
    epilog="""\b
Examples:
  tfui edit backup --cron '0 3 * * *'
  tfui edit backup --timeout none --max-attempts 5 --name nightly-backup
  tfui edit ping --shell 'curl -fsS https://example.org' --env TOKEN=x
  EDITOR=nano tfui edit backup --editor
""",
)
@flags.taking
def edit(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="The schedule's name, or a unique prefix of its id."),
    ],
    *,
    new_name: Annotated[
        str | None, typer.Option("--name", help="Rename it.", metavar="NEW", show_default=False)
    ] = None,
    in_editor: Annotated[
        bool, typer.Option("--editor", help="Edit all fields as TOML in $VISUAL, $EDITOR or vi.")
    ] = False,
    as_json: JsonFlag = False,
    asked: flags.Asked,
) -> None:
    """Change a schedule; what is not named stays. `none` takes a limit away."""
    from tfui.service import schedules

    with calling(context) as caller:
        schedule_id = schedules.find(caller, name)
        if in_editor:
            if asked != flags.Asked() or new_name is not None:
                raise Invalid({"--editor": "it goes with no other change: make them there"})
            _edit_as_text(caller, schedule_id, as_json=as_json)
            return
        (before,) = schedules.rows(caller, [schedule_id])
        draft = schedules.draft(caller, schedule_id)
        reading = flags.read(
            asked,
            now=caller.now(),
            zone_name=draft.timezone,
            job_type=draft.job_type,
            payload=draft.payload,
            metadata=draft.metadata,
        )
        if new_name is not None:
            reading.values["name"] = new_name
        changed = replace(draft, **reading.values)
        after = flags.read_after(
            asked,
            reading,
            find=lambda parent: schedules.find(caller, parent),
            is_chained=changed.schedule_type == "chained",
        )
        invocation(context).texts["schedule_expression"] = changed.schedule_expression
        if reading.problems:
            reading.raise_problems(schedules.check(caller, changed, schedule_id=schedule_id))
        if not reading.values and not after:
            raise Invalid({"nothing was asked to change": "see `tfui edit --help`"})
        row = schedules.edit(
            caller, schedule_id, reading.values, revision=before.revision, after=after
        )
        if as_json:
            output.print_json(row)
        else:
            tell_schedule("changed", row, caller.now())
        _warn(caller, changed, schedule_id)


def _edit_as_text(caller: Caller, schedule_id: UUID, *, as_json: bool) -> None:
    from tfui.cli.text_editing import edit_as_text

    row, draft = edit_as_text(caller, schedule_id)
    if row is None:
        output.remark("nothing was changed")
    elif as_json:
        output.print_json(row)
    else:
        tell_schedule("changed", row, caller.now())
        _warn(caller, draft, schedule_id)


def _warn(caller: Caller, draft: ScheduleDraft, schedule_id: UUID) -> None:
    from tfui.runners.shell import find_command_problem
    from tfui.service import coincidences, schedules

    for text in (*schedules.warnings(caller, draft), *coincidences.warnings(caller, schedule_id)):
        output.warn(text)
    if draft.job_type == "shell" and (problem := find_command_problem(draft.payload)) is not None:
        output.warn(f"as things are here and now, it would fail: {problem}")
