"""The fields of what holds around the runs: lateness, overlaps, retries, limits, and notes."""

from __future__ import annotations

from tfui.core.states import OnMissed, Overlap
from tfui.ui.widgets.editor_spec import LIMITS, NOTES, PLAN, RETRY, Control, FieldSpec

POLICY_FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec(
        key="overlap",
        label="Overlap",
        hint="when its last job still runs",
        group=PLAN,
        control=Control.CHOICE,
        options=tuple(Overlap),
    ),
    FieldSpec(
        key="on_missed",
        label="Missed",
        hint="when runs were missed because no engine was up",
        group=PLAN,
        control=Control.CHOICE,
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
