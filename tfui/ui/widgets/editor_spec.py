"""What a field of the schedule editor is: its place, its words, and what it is typed in.

The fields themselves are listed elsewhere, by what they are about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tfui.core.states import ScheduleType

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
    """One line about what may be written and what it does; an action's id in braces is its key."""
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
