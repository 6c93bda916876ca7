"""Undo and redo against a model: whatever two people do, undo and redo, the rows are the model's."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.engine.test_law import a_fresh_file
from tests.world import NOON
from tfui.clock import FrozenClock
from tfui.errors import Conflict
from tfui.model.schedule import ScheduleDraft
from tfui.service import journal, schedules
from tfui.service.caller import local_caller

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tfui.service.caller import Caller

NAMES = ("a", "b", "c")
RESTING = ("status", "paused_at", "paused_by", "pause_note")
ACTIVE = {"status": "active", "paused_at": None, "paused_by": None, "pause_note": None}

PEOPLE = st.sampled_from(("ada", "olga"))
SOME = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)


@dataclass(slots=True)
class Item:
    """An act: what it changed on each subject, and whether it stands."""

    kind: str
    """edit, rest, delete or restore."""
    changes: dict[str, dict[str, tuple[Any, Any]]]
    """By subject and field: before and after, seen from when it stands."""
    at: int
    """When it was done, undone or done again last."""


class Person:
    """What somebody has done, and has undone, the newest last."""

    def __init__(self) -> None:
        self.done: list[Item] = []
        self.undone: list[Item] = []


class Model:
    """Rows, and two people's histories."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {
            name: {"priority": 0, "max_attempts": 1, "deleted": False, **ACTIVE} for name in NAMES
        }
        self.people = {"ada": Person(), "olga": Person()}
        self._at = 0

    def act(self, who: str, kind: str, wanted: dict[str, dict[str, Any]]) -> None:
        """Do something to some subjects; what changes nothing is no act."""
        changes = {}
        for name, fields in wanted.items():
            row = self.rows[name]
            changed = {
                field: (row[field], value) for field, value in fields.items() if row[field] != value
            }
            if changed:
                changes[name] = changed
                row |= fields
        if not changes:
            return
        me = self.people[who]
        me.done.append(Item(kind, changes, self._tick()))
        me.undone = [item for item in me.undone if not item.changes.keys() & changes.keys()]

    def undo(self, who: str) -> bool:
        """Take the last one back; whether that could be."""
        me = self.people[who]
        if not me.done or not self._move(me.done[-1], back=True):
            return False
        me.undone.append(me.done.pop())
        return True

    def redo(self, who: str) -> bool:
        """Do the last undone one again; whether that could be."""
        me = self.people[who]
        if not me.undone or not self._move(me.undone[-1], back=False):
            return False
        me.done.append(me.undone.pop())
        return True

    def _move(self, item: Item, *, back: bool) -> bool:
        old, new = (1, 0) if back else (0, 1)
        for name, fields in item.changes.items():
            row = self.rows[name]
            if any(row[field] != pair[old] for field, pair in fields.items()):
                return False
            if "deleted" not in fields and row["deleted"]:
                return False
            if fields.get("deleted", (0, 0))[new] is True and self._is_later(item, name, back):
                return False
        for name, fields in item.changes.items():
            self.rows[name] |= {field: pair[new] for field, pair in fields.items()}
        item.at = self._tick()
        return True

    def _is_later(self, item: Item, name: str, back: bool) -> bool:
        """Whether anything that stands was done to a subject since it came back."""
        is_restoring = (item.kind == "restore") is back
        return is_restoring and any(
            name in other.changes and other.at > item.at
            for person in self.people.values()
            for other in person.done
        )

    def _tick(self) -> int:
        self._at += 1
        return self._at


class UndoAndRedo(RuleBasedStateMachine):
    """Three schedules and two people."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="tfui-undo-")
        self.store = a_fresh_file(Path(self.folder.name))
        caller = replace(local_caller(self.store, FrozenClock(NOON), via="cli"), name="root")
        self.callers = {name: replace(caller, name=name) for name in ("ada", "olga")}
        draft = ScheduleDraft(
            name="",
            schedule_type="cron",
            schedule_expression="* * * * *",
            job_type="noop",
            payload={},
            max_attempts=1,
        )
        self.ids = {name: schedules.create(caller, replace(draft, name=name)).id for name in NAMES}
        self.root = caller
        self.model = Model()

    @rule(
        who=PEOPLE,
        name=st.sampled_from(NAMES),
        field=st.sampled_from(("priority", "max_attempts")),
        value=st.integers(1, 3),
    )
    def somebody_edits_one(self, who: str, name: str, field: str, value: int) -> None:
        if self.model.rows[name]["deleted"]:
            return
        schedules.edit(self.callers[who], self.ids[name], {field: value})
        self.model.act(who, "edit", {name: {field: value}})

    @rule(who=PEOPLE, names=SOME, note=st.sampled_from((None, "x", "y")))
    def somebody_pauses_some(self, who: str, names: list[str], note: str | None) -> None:
        wanted = self._there(names)
        schedules.pause(self.callers[who], [self.ids[name] for name in wanted], note=note)
        resting = {"status": "paused", "paused_at": NOON, "paused_by": who, "pause_note": note}
        self.model.act(
            who,
            "rest",
            {
                name: resting
                for name in wanted
                if note is not None or self.model.rows[name]["status"] == "active"
            },
        )

    @rule(who=PEOPLE, names=SOME)
    def somebody_resumes_some(self, who: str, names: list[str]) -> None:
        wanted = self._there(names)
        schedules.resume(self.callers[who], [self.ids[name] for name in wanted])
        self.model.act(who, "rest", dict.fromkeys(wanted, ACTIVE))

    @rule(who=PEOPLE, names=SOME)
    def somebody_deletes_some(self, who: str, names: list[str]) -> None:
        schedules.delete(self.callers[who], [self.ids[name] for name in names])
        self.model.act(who, "delete", {name: {"deleted": True} for name in names})

    @rule(who=PEOPLE, names=SOME)
    def somebody_restores_some(self, who: str, names: list[str]) -> None:
        schedules.restore(self.callers[who], [self.ids[name] for name in names])
        self.model.act(who, "restore", {name: {"deleted": False} for name in names})

    @rule(who=PEOPLE, times=st.integers(1, 3))
    def somebody_undoes(self, who: str, times: int) -> None:
        for _ in range(times):
            assert _could(journal.undo, self.callers[who]) is self.model.undo(who)

    @rule(who=PEOPLE, times=st.integers(1, 3))
    def somebody_redoes(self, who: str, times: int) -> None:
        for _ in range(times):
            assert _could(journal.redo, self.callers[who]) is self.model.redo(who)

    @invariant()
    def the_rows_are_the_models(self) -> None:
        found = {}
        for name, schedule_id in self.ids.items():
            row = schedules.detail(self.root, schedule_id).schedule
            found[name] = {
                "priority": row.priority,
                "max_attempts": row.max_attempts,
                "deleted": row.deleted_at is not None,
                **{field: getattr(row, field) for field in RESTING},
            }

        assert found == self.model.rows

    def teardown(self) -> None:
        assert journal.chain(self.root)[1] is None
        self.store.close()
        self.folder.cleanup()

    def _there(self, names: Collection[str]) -> list[str]:
        return [name for name in names if not self.model.rows[name]["deleted"]]


def _could(verb: Callable[[Caller], object], caller: Caller) -> bool:
    try:
        verb(caller)
    except Conflict:
        return False
    return True


TestUndoAndRedo = UndoAndRedo.TestCase
TestUndoAndRedo.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
