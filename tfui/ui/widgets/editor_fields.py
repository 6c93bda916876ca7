"""The fields of the schedule editor: one entry each, in the order of the form, and what options mean.

An entry says how a field is labelled, grouped, hinted and typed in. What its text means is the
sheet's concern, how it looks the form's.
"""

from __future__ import annotations

from tfui.core.states import OnMissed, Overlap, ScheduleType
from tfui.ui.widgets.editor_job_fields import JOB_FIELDS
from tfui.ui.widgets.editor_policy_fields import POLICY_FIELDS
from tfui.ui.widgets.editor_spec import MODE, RAW
from tfui.ui.widgets.editor_trigger_fields import TRIGGER_FIELDS

FIELDS = (*TRIGGER_FIELDS, *JOB_FIELDS, *POLICY_FIELDS)

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
