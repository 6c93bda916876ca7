"""The ledger's other half: ranges of planned occurrences that did not become (or no longer are) jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from tfui.core.states import SkipReason
from tfui.model.columns import Identifier, UtcDateTime, Word

MISSED = (
    SkipReason.MISSED_DOWN,
    SkipReason.MISSED_SLEEP,
    SkipReason.MISSED_CLOCK_STEP,
    SkipReason.MISSED_CAP,
    SkipReason.MISSED_DEADLINE,
)
"""Reasons of what was meant to run and was passed over for no wish of anybody's."""

_UNDEALT = text(
    "waived_at IS NULL AND reason IN ('missed_down', 'missed_sleep', 'missed_clock_step', "
    "'missed_cap', 'missed_deadline')",
)
_CROWDED_OUT = text("reason IN ('skip_overlap', 'shed_rate')")


class Occurrence(SQLModel, table=True):
    """`count` occurrences from `from_at` to `to_at`, both included, and why they have no job row."""

    __tablename__ = "occurrence"
    __table_args__ = (
        Index("ix_occurrence_range", "scheduled_job_id", "to_at"),
        Index(
            "ix_occurrence_undealt",
            "to_at",
            sqlite_where=_UNDEALT,
            postgresql_where=_UNDEALT,
        ),
        Index(
            "ix_occurrence_crowded_out",
            "to_at",
            sqlite_where=_CROWDED_OUT,
            postgresql_where=_CROWDED_OUT,
        ),
    )

    id: UUID = Field(sa_type=Identifier, primary_key=True)
    scheduled_job_id: UUID = Field(sa_type=Identifier)
    from_at: datetime = Field(sa_type=UtcDateTime)
    to_at: datetime = Field(sa_type=UtcDateTime)
    count: int
    reason: SkipReason = Field(sa_type=Word)
    detail: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    waived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When somebody said that a missed range needs nothing more."""
    waived_by: str | None = None
    waive_note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceRow:
    """A ledger range as it is shown."""

    from_at: datetime
    to_at: datetime
    count: int
    reason: SkipReason
    detail: str | None
    created_at: datetime
    waived_by: str | None = None
    """Who said that it needs nothing more."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Jobs on record that no plan asked for: the law says nothing of them."""

    by_hand: int = 0
    failed: int = 0
    """Of those."""

    def __bool__(self) -> bool:
        return bool(self.by_hand)

    def __str__(self) -> str:
        failed = f" ({self.failed:,} failed)" if self.failed else ""
        return f"{self.by_hand:,} by hand{failed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSum:
    """The law for one schedule and window: planned = ran + skipped + pending."""

    since: datetime
    """Excluded."""
    until: datetime
    """Included."""
    planned: int
    """Counted from the trigger alone, up to the cursor; before `counted_since`, from the rows.

    The plan of a chained schedule is the firings of its parents, so those too are counted from the
    rows: each run of a parent that let it go, or ended otherwise, and is not pruned."""
    ran: int
    """Job rows that ended, and pruned ones."""
    pending: int
    """Job rows that have not ended."""
    skipped: dict[SkipReason, int]
    ranges: tuple[OccurrenceRow, ...]
    """What was skipped, newest first, each cut to the window."""
    ranges_left_out: int = 0
    """Older ranges of the window that `ranges` has no room for; `skipped` counts them."""
    counted_since: datetime | None = None
    """Set when the window reaches back before the present trigger: up to here nothing but the rows
    says what was planned, so that part agrees with itself. A range there counts where it ends."""
    unreadable: str | None = None
    """Why the trigger cannot be read: nothing but the rows says what was planned, so they agree."""
    beside: Beside = Beside()
    """What ran in the window though it was not planned; in no other number here."""
    unplanned: int = 0
    """Due in the window and not planned yet: no engine runs, or the schedule rests. Not in `planned`."""
    completed: str | None = None
    """Why later firings of a chained schedule are in no number here: it has had all its runs."""

    @property
    def holds(self) -> bool:
        """Whether the two sides agree."""
        return self.planned == self.ran + self.pending + sum(self.skipped.values())
