"""One sitting at the editor: what was there, what is typed, what it means and what is wrong with it.

No widgets here. The screen brings texts and verdicts, and draws what this says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfui.core.parent_text import write_parents
from tfui.core.states import ScheduleType
from tfui.errors import Invalid, Problem
from tfui.ui.merging import Version
from tfui.ui.widgets import editor_sheet
from tfui.ui.widgets.editor_changes import changed_values, changes
from tfui.ui.widgets.editor_fields import field_of
from tfui.ui.widgets.editor_outlook import compare, look_ahead, read_trigger
from tfui.ui.widgets.editor_parents import Parents
from tfui.ui.widgets.editor_spec import AFTER, EXPRESSION, MODE, RAW

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from tfui.core.parent_text import Parent
    from tfui.core.trigger import Trigger
    from tfui.model.schedule import ScheduleDraft
    from tfui.ui.screens.editor_conflict import Newer
    from tfui.ui.widgets.editor_changes import FieldChange
    from tfui.ui.widgets.editor_outlook import Outlook, Shift

WHEN = frozenset({"schedule_type", EXPRESSION, "timezone", "starts_at"})
"""Fields that decide together when it runs: a change of one puts the others' problems in doubt."""


class Sitting:
    """The draft in the making."""

    def __init__(
        self, draft: ScheduleDraft | None, schedule_id: UUID | None, revision: int | None
    ) -> None:
        self.base = draft or editor_sheet.EMPTY
        """What is stored, or what a new schedule begins from."""
        self.begun = editor_sheet.write_sheet(self.base)
        self.texts = self.begun
        self.draft = self.base
        self.parents = Parents(is_known=schedule_id is None)
        self.schedule_id = schedule_id
        self.revision = revision
        self.created_at: datetime | None = None
        """What a changed grid without a start counts from, once known; None for a new schedule."""
        self.anchor_at: datetime | None = None
        """What the stored rule counts from, once known."""
        self._problems: dict[str, Problem] = {}
        self._refusals: dict[str, Problem] = {}
        self.unread: frozenset[str] = frozenset()
        """Fields whose texts mean nothing, so that the draft does not have them."""

    @property
    def is_edit(self) -> bool:
        """Whether the schedule exists already."""
        return self.schedule_id is not None

    @property
    def is_blank(self) -> bool:
        """Whether it began with nothing."""
        return self.base == editor_sheet.EMPTY

    @property
    def is_dirty(self) -> bool:
        """Whether closing would lose something typed."""
        return self.texts != self.begun

    @property
    def problems(self) -> dict[str, Problem]:
        """All that is wrong, by field: what was read here, then what the service refused."""
        return self._refusals | self._problems

    @property
    def changes(self) -> list[FieldChange]:
        """What a save would change; nothing while nothing was typed."""
        if not self.is_dirty:
            return []
        return [*changes(self.base, self.draft), *self.parents.changes]

    @property
    def has_changes(self) -> bool:
        """Whether a save would change anything."""
        return bool(changed_values(self.base, self.draft) or self.parents.changes)

    def read(self, texts: Mapping[str, str], now: datetime) -> Outlook | None:
        """Read all texts; give what the trigger will do, or None while it is wrong."""
        self.texts = dict(texts)
        self.draft, self._problems = editor_sheet.read_sheet(texts, base=self.base, now=now)
        self.unread = frozenset(self._problems)
        if not self.draft.name.strip():
            self._problems.setdefault("name", Problem("a name is required"))
        problem = self.parents.read(
            self.texts[AFTER], is_chained=self.draft.schedule_type == ScheduleType.CHAINED
        )
        if problem is not None:
            self._problems[AFTER] = problem
        try:
            return self.look(now)
        except Invalid as bad:
            self._problems |= bad.fields
            return None

    def look(self, now: datetime) -> Outlook:
        """Say what the trigger will do. Raises Invalid."""
        rule = self._rule(self.draft, now, may_be_past=False)
        return look_ahead(rule, self.draft, now=now, schedule_id=self.schedule_id)

    def shift(self, outlook: Outlook) -> Shift | None:
        """Say which runs a changed trigger adds and removes; None where it is the stored one."""
        if not self.is_edit or not self._is_moved(self.draft):
            return None
        try:
            before = self._rule(self.base, outlook.now, may_be_past=True)
        except Invalid:
            return None  # what is stored cannot be read by this version; there is no comparison
        return compare(before, outlook.trigger, now=outlook.now)

    def doubt(self, key: str) -> None:
        """Forget what the service refused about a field that is being changed."""
        related = WHEN | {AFTER} if key in WHEN else {key}
        for name in related & self._refusals.keys():
            del self._refusals[name]

    def refuse(self, problems: Mapping[str, Problem], *, is_raw: bool) -> None:
        """Take what the service refused; each stays until its field is changed."""
        self._refusals = {}
        for key, problem in problems.items():
            field = field_of(key, job_type=self.draft.job_type, is_raw=is_raw)
            self._refusals.setdefault(field, _told(key, field, problem))

    def refuse_here(self, problems: Mapping[str, Problem]) -> None:
        """Add problems that were found outside of reading, by field."""
        self._refusals |= problems

    def begin_anew(self, base: ScheduleDraft, revision: int | None) -> None:
        """Go on from what is stored now."""
        self.base = base
        self.begun = self.texts_of(self.was)
        self.revision = revision
        self._refusals = {}

    def begin_after(self, parents: tuple[Parent, ...]) -> None:
        """Have a new schedule come after others to begin with; nothing of that is stored yet."""
        self.texts = self.begun = {**self.begun, AFTER: write_parents(parents)}

    def learn_parents(self, stored: tuple[Parent, ...]) -> None:
        """Take what is stored about what it comes after; what was typed meanwhile stays."""
        if not self.is_edit:
            return
        before = self.begun[AFTER]
        self.parents.know(stored)
        self.begun = {**self.begun, AFTER: self.parents.begun}
        if self.texts[AFTER] == before:
            self.texts = {**self.texts, AFTER: self.parents.begun}

    @property
    def was(self) -> Version:
        """What was stored when the editing began."""
        return Version(self.base, self.parents.stored)

    @property
    def mine(self) -> Version:
        """What is typed."""
        return Version(self.draft, self.parents.wanted)

    def go_on_from(self, newer: Newer, result: Version) -> dict[str, str]:
        """Begin anew from what is stored now; give the texts of what both sides came to."""
        self.parents.know(newer.version.parents)
        self.begin_anew(newer.version.draft, newer.revision)
        return self.texts_of(result)

    @staticmethod
    def texts_of(version: Version) -> dict[str, str]:
        """Write a schedule as the texts of all fields."""
        return editor_sheet.write_sheet(version.draft) | {AFTER: write_parents(version.parents)}

    def _rule(self, draft: ScheduleDraft, now: datetime, *, may_be_past: bool) -> Trigger:
        is_stored = self.is_edit and not self._is_moved(draft)
        return read_trigger(
            draft,
            now=now,
            seed=str(self.schedule_id or ""),
            anchor=self._anchor(draft, now, is_stored=is_stored),
            may_be_past=may_be_past or is_stored,
        )

    def _anchor(self, draft: ScheduleDraft, now: datetime, *, is_stored: bool) -> datetime:
        """Give where the rule counts from, as the service has it: a changed once from now."""
        if is_stored:
            return self.anchor_at or now
        return now if draft.schedule_type == ScheduleType.ONCE else self.created_at or now

    def _is_moved(self, draft: ScheduleDraft) -> bool:
        return any(getattr(draft, key) != getattr(self.base, key) for key in WHEN)


def _told(key: str, field: str, problem: Problem) -> Problem:
    """Name the key where the field alone does not say it."""
    if field == key or (key.startswith("payload.") and field not in {RAW, MODE}):
        return problem
    return Problem(f"{key.removeprefix('payload.')}: {problem.text}")
