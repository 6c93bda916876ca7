"""The fields that say when a schedule runs: name, kind, expression, zone, and what it comes after."""

from __future__ import annotations

from tfui.core.states import ScheduleType
from tfui.ui.widgets.editor_spec import AFTER, EXPRESSION, TRIGGER, Control, FieldSpec

KINDS = tuple(
    kind.value
    for kind in (
        ScheduleType.CRON,
        ScheduleType.RECURRING,
        ScheduleType.ONCE,
        ScheduleType.CHAINED,
    )
)

TRIGGER_FIELDS: tuple[FieldSpec, ...] = (
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
        control=Control.CHOICE,
        options=KINDS,
        is_wide=True,
    ),
    FieldSpec(
        key=EXPRESSION,
        label="Cron",
        hint="when it fires; {editor.presets} offers common schedules",
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
        control=Control.AREA,
        placeholder="nothing; it waits for no other schedule",
        is_wide=True,
    ),
)
