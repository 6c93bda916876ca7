"""The fields of the schedule editor: one entry each, and no field without an entry.

An entry says how a field is labelled, grouped, hinted and typed in. What its text means is the
sheet's concern, how it looks the form's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tfui.core.states import OnMissed, Overlap, ScheduleType

TRIGGER, JOB, PLAN, RETRY, LIMITS, NOTES = (
    "When",
    "What",
    "Late or busy",
    "Retry",
    "Limits",
    "Notes",
)
GROUPS = (TRIGGER, JOB, PLAN, RETRY, LIMITS, NOTES)
FIRST = (TRIGGER, JOB)
"""What one looks at first."""

SHELL, HTTP, PYTHON = "shell", "http", "python"
RAW = "payload"
"""Key of the payload as one JSON text, for job types and keys that have no fields."""
MODE = "payload_mode"
FORM, JSON = "form", "json"

EXPRESSION = "schedule_expression"
AFTER = "after"
"""Key of what the schedule comes after, which is no field of the draft."""
PER_KIND = {kind: f"{EXPRESSION}.{kind}" for kind in ScheduleType}
"""The text kept for each kind of trigger, so that switching loses nothing."""


class Control(Enum):
    """What a field is typed in."""

    LINE = "line"
    AREA = "area"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field of the form."""

    key: str
    """A ScheduleDraft field, `<job type>.<payload key>`, or `metadata.<key>`."""
    label: str
    hint: str
    """One line about what may be written and what it does."""
    group: str
    control: Control = Control.LINE
    options: tuple[str, ...] = ()
    placeholder: str = ""
    """What holds while the field is empty."""
    is_wide: bool = False
    """Takes a whole row of the form."""

    @property
    def job_type(self) -> str | None:
        """The only job type that has this field, or None for all."""
        head = self.key.partition(".")[0]
        return head if head in {SHELL, HTTP, PYTHON} else None


KINDS = tuple(
    kind.value
    for kind in (
        ScheduleType.CRON,
        ScheduleType.RECURRING,
        ScheduleType.ONCE,
        ScheduleType.CHAINED,
    )
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")

_LINE, _AREA, _CHOICE = Control.LINE, Control.AREA, Control.CHOICE

FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec(
        key="name",
        label="Name",
        hint="1 to 100 characters; no other schedule may have the same name",
        group=TRIGGER,
        is_wide=True,
    ),
    FieldSpec(
        key="schedule_type",
        label="Trigger",
        hint="what makes it fire",
        group=TRIGGER,
        control=_CHOICE,
        options=KINDS,
        is_wide=True,
    ),
    FieldSpec(
        key=EXPRESSION,
        label="Cron",
        hint="when it fires; F4 offers common schedules",
        group=TRIGGER,
        is_wide=True,
    ),
    FieldSpec(
        key="timezone",
        label="Zone",
        hint="IANA name of the wall clock, like Europe/Berlin; right arrow takes the suggestion",
        group=TRIGGER,
        placeholder="UTC",
        is_wide=True,
    ),
    FieldSpec(
        key=AFTER,
        label="After",
        hint="one a line: billing, or billing:parallel, :conditional, :conditional:1h",
        group=TRIGGER,
        control=_AREA,
        placeholder="nothing; it waits for no other schedule",
        is_wide=True,
    ),
    FieldSpec(
        key="job_type",
        label="Job type",
        hint="shell runs a command, http sends a request, python calls a function",
        group=JOB,
        control=_CHOICE,
        options=(SHELL, HTTP, PYTHON),
        is_wide=True,
    ),
    FieldSpec(
        key=MODE,
        label="Payload",
        hint="json shows the whole payload as it is stored",
        group=JOB,
        control=_CHOICE,
        options=(FORM, JSON),
        is_wide=True,
    ),
    FieldSpec(
        key="shell.command",
        label="Command",
        hint="run by /bin/sh on the machine of the engine; enter starts a new line",
        group=JOB,
        control=_AREA,
        placeholder="/usr/local/bin/backup --all",
        is_wide=True,
    ),
    FieldSpec(
        key="shell.cwd",
        label="Folder",
        hint="absolute path to run in, or ~; empty is the engine's own",
        group=JOB,
        placeholder="engine's own",
    ),
    FieldSpec(
        key="shell.user",
        label="User",
        hint="account to run as; only an engine started by root can change it",
        group=JOB,
        placeholder="engine's own",
    ),
    FieldSpec(
        key="shell.env",
        label="Env",
        hint="variables added to the engine's own, one NAME=value a line",
        group=JOB,
        control=_AREA,
        placeholder="NAME=value",
        is_wide=True,
    ),
    FieldSpec(
        key="http.method",
        label="Method",
        hint="the method of the request",
        group=JOB,
        control=_CHOICE,
        options=METHODS,
        is_wide=True,
    ),
    FieldSpec(
        key="http.url",
        label="URL",
        hint="begins with http:// or https://",
        group=JOB,
        placeholder="https://example.com/hook",
        is_wide=True,
    ),
    FieldSpec(
        key="http.headers",
        label="Headers",
        hint="one Name: value a line",
        group=JOB,
        control=_AREA,
        placeholder="Name: value",
        is_wide=True,
    ),
    FieldSpec(
        key="http.body",
        label="Body",
        hint="a JSON object or list is sent as application/json, anything else as it is",
        group=JOB,
        control=_AREA,
        placeholder="none",
        is_wide=True,
    ),
    FieldSpec(
        key="http.expected_status",
        label="Expects",
        hint="statuses that count as success, like 200, 204 or 2xx",
        group=JOB,
        placeholder="2xx",
    ),
    FieldSpec(
        key="http.timeout",
        label="Answer in",
        hint="seconds for the whole exchange",
        group=JOB,
        placeholder="30",
    ),
    FieldSpec(
        key="python.callable",
        label="Function",
        hint="module:function, called in a new interpreter",
        group=JOB,
        placeholder="package.module:function",
        is_wide=True,
    ),
    FieldSpec(
        key="python.args",
        label="Args",
        hint='positional arguments as a JSON list, like ["daily", 3]',
        group=JOB,
        placeholder="[]",
        is_wide=True,
    ),
    FieldSpec(
        key="python.kwargs",
        label="Kwargs",
        hint='named arguments as a JSON object, like {"full": true}',
        group=JOB,
        placeholder="{}",
        is_wide=True,
    ),
    FieldSpec(
        key="python.cwd",
        label="Folder",
        hint="absolute path to run in, from which modules are imported as well",
        group=JOB,
        placeholder="engine's own",
        is_wide=True,
    ),
    FieldSpec(
        key=RAW,
        label="JSON",
        hint="the payload as a JSON object",
        group=JOB,
        control=_AREA,
        placeholder="{}",
        is_wide=True,
    ),
    FieldSpec(
        key="queue",
        label="Queue",
        hint="where its jobs wait; a queue limits how many run at once",
        group=JOB,
        placeholder="default",
    ),
    FieldSpec(
        key="priority",
        label="Priority",
        hint="0 to 9; 9 is taken from the queue first",
        group=JOB,
        placeholder="0",
    ),
    FieldSpec(
        key="overlap",
        label="Overlap",
        hint="when its last job still runs",
        group=PLAN,
        control=_CHOICE,
        options=tuple(Overlap),
    ),
    FieldSpec(
        key="on_missed",
        label="Missed",
        hint="when runs were missed because no engine was up",
        group=PLAN,
        control=_CHOICE,
        options=("", *OnMissed),
    ),
    FieldSpec(
        key="catchup_window",
        label="Window",
        hint="how far back missed runs are caught up, like 24h or 2d",
        group=PLAN,
        placeholder="24h",
    ),
    FieldSpec(
        key="max_catchup",
        label="At most",
        hint="how many missed runs are caught up",
        group=PLAN,
        placeholder="100",
    ),
    FieldSpec(
        key="jitter",
        label="Jitter",
        hint="starts are spread over this span after their time, like 5m; always the same for a run",
        group=PLAN,
        placeholder="none",
    ),
    FieldSpec(
        key="timeout",
        label="Timeout",
        hint="an attempt is ended after this span, like 15m",
        group=PLAN,
        placeholder="none",
    ),
    FieldSpec(
        key="max_attempts",
        label="Attempts",
        hint="how often a failing job is tried in all",
        group=RETRY,
        placeholder="3",
    ),
    FieldSpec(
        key="retry_base",
        label="First wait",
        hint="wait before the second attempt, like 10s",
        group=RETRY,
        placeholder="10s",
    ),
    FieldSpec(
        key="retry_factor",
        label="Factor",
        hint="each wait is this many times the one before",
        group=RETRY,
        placeholder="2",
    ),
    FieldSpec(
        key="retry_cap",
        label="Longest",
        hint="no wait between attempts is longer, like 1h",
        group=RETRY,
        placeholder="1h",
    ),
    FieldSpec(
        key="retry_on",
        label="Only on",
        hint="exit codes worth another attempt, like 75, 111; empty is all of them",
        group=RETRY,
        placeholder="any exit code",
    ),
    FieldSpec(
        key="no_retry_on",
        label="Never on",
        hint="exit codes that are final, like 2, 64",
        group=RETRY,
        placeholder="none",
    ),
    FieldSpec(
        key="pause_after_failures",
        label="Give up",
        hint="the schedule is paused after so many failed jobs in a row",
        group=RETRY,
        placeholder="never",
    ),
    FieldSpec(
        key="starts_at",
        label="Starts",
        hint="nothing runs before: 2027-03-01 09:00 on the zone's clock, or 2d from now",
        group=LIMITS,
        placeholder="at once",
    ),
    FieldSpec(
        key="ends_at",
        label="Ends",
        hint="nothing runs after: 2027-03-01 09:00 on the zone's clock, or 30d from now",
        group=LIMITS,
        placeholder="never",
    ),
    FieldSpec(
        key="max_runs",
        label="Max runs",
        hint="the schedule completes after so many runs",
        group=LIMITS,
        placeholder="no limit",
    ),
    FieldSpec(
        key="metadata.description",
        label="About",
        hint="what it is for, in your words",
        group=NOTES,
        placeholder="what it is for",
        is_wide=True,
    ),
    FieldSpec(
        key="metadata.tags",
        label="Tags",
        hint="words to find it by, separated by commas",
        group=NOTES,
        placeholder="nightly, billing",
        is_wide=True,
    ),
)

SPEC = {spec.key: spec for spec in FIELDS}

ABOUT: dict[tuple[str, str], str] = {
    ("schedule_type", "cron"): "at set times of the wall clock",
    ("schedule_type", "recurring"): "every so much elapsed time, whatever the clock does",
    ("schedule_type", "once"): "a single time",
    ("schedule_type", "chained"): "at each run of those it comes after; no time of its own",
    ("overlap", Overlap.SKIP): "the new run is left out, and noted in the ledger",
    ("overlap", Overlap.BUFFER_ONE): "one run waits until the last one has ended",
    ("overlap", Overlap.BUFFER_ALL): "every run waits its turn, up to 100",
    ("overlap", Overlap.CANCEL_RUNNING): "the running job is cancelled for the new one",
    ("overlap", Overlap.ALLOW): "both run side by side",
    ("on_missed", ""): "latest for cron and once, skip for recurring",
    ("on_missed", OnMissed.LATEST): "one run for the newest of them",
    ("on_missed", OnMissed.SKIP): "none; the next one is the next in time",
    ("on_missed", OnMissed.EARLIEST): "one run for the oldest of them",
    ("on_missed", OnMissed.ALL): "a run for each, within window and cap",
}
"""What one option of a choice means."""

SHOWN = {"on_missed": {"": "usual"}, "schedule_type": {ScheduleType.CHAINED.value: "after"}}
"""How a choice shows options that are not the word itself."""


def field_of(problem_key: str, *, job_type: str, is_raw: bool) -> str:
    """Find the field beside which a problem belongs; unknown ones belong beside the name."""
    head, _, rest = problem_key.partition(".")
    if head == "payload":
        key = f"{job_type}.{rest.partition('.')[0]}"
        return RAW if is_raw else key if key in SPEC else MODE
    if head == "metadata" and problem_key not in SPEC:
        return "metadata.tags" if rest.startswith("tags") else "metadata.description"
    return head if head in SPEC else problem_key if problem_key in SPEC else "name"
