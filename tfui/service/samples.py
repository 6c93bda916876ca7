"""Fills the throw-away store of `tfui --demo`: sample schedules, and what they have been through."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from datetime import timedelta
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from tfui import __version__
from tfui.clock import FrozenClock
from tfui.core.rights import Right
from tfui.core.states import OnMissed, ScheduleType
from tfui.model.columns import IdMaker
from tfui.service import queues, sample_drafts, sample_pasts, schedules
from tfui.service.parents import ParentChange
from tfui.store import accounting, nodes, pasts
from tfui.store import schedules as store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from tfui.model.past import Past
    from tfui.model.schedule import ScheduleDraft
    from tfui.service.caller import Caller

    Act: TypeAlias = tuple[datetime, Callable[[Caller], object]]

_LEGACY = "legacy-sync"
_PLACES_SINCE = timedelta(days=71)  # since when the queues and the engine have been there


def fill(caller: Caller) -> None:
    """Put samples and their past into an empty store. Raises Invalid and Conflict where it is not."""
    begun = caller.now()
    _queues(_then(caller, begun - _PLACES_SINCE))
    node_id = _an_engine(caller, begun)
    made: dict[str, UUID] = {}
    for at, act in _acts(begun, made, node_id):
        act(_then(caller, at))
    told: dict[str, Past] = {}
    for name in sample_pasts.HABITS:
        if name != _LEGACY:
            told[name] = _put_down(caller, made[name], name, told, node_id=node_id)


def _then(caller: Caller, at: datetime) -> Caller:
    """Give the same person at another time."""
    return replace(caller, clock=FrozenClock(at))


def _queues(caller: Caller) -> None:
    queues.create(caller, "nightly", concurrency=1)
    queues.create(caller, "warehouse", concurrency=1)
    queues.create(caller, "checks", concurrency=4)
    queues.create(caller, "board", concurrency=1)
    queues.pause(caller, "board", note="the printer is being replaced")


def _acts(begun: datetime, made: dict[str, UUID], node_id: UUID) -> list[Act]:
    """Give what people have done, in the order of the record; what they make is put into `made`."""

    def create(draft: ScheduleDraft, caller: Caller) -> None:
        parents = sample_drafts.AFTER.get(draft.name)
        change = None if parents is None else ParentChange(wanted=parents)
        made[draft.name] = schedules.create(caller, draft, parents=change).id

    def pause(caller: Caller) -> None:
        _put_down(caller, made[_LEGACY], _LEGACY, {}, node_id=node_id)
        schedules.pause(caller, [made[_LEGACY]], note="vendor outage, back on Tuesday")

    def raise_priority(caller: Caller) -> None:
        schedules.edit(caller, made["risk-recompute"], {"priority": 6})

    acts: list[Act] = [
        (begun - timedelta(hours=26), pause),
        (begun - timedelta(minutes=50), raise_priority),
    ]
    for draft in (*sample_drafts.drafts(), *sample_drafts.followers()):
        habit = sample_pasts.HABITS.get(draft.name)
        made_at = begun if habit is None else begun - habit.age
        acts.append((made_at, partial(create, draft)))
    return sorted(acts, key=itemgetter(0))


def _an_engine(caller: Caller, begun: datetime) -> UUID:
    """Enter the engine that did all this; it has stopped."""
    node_id = IdMaker().make(begun - _PLACES_SINCE)
    with caller.writing(Right.ADMINISTER) as tx:
        nodes.enter(
            tx,
            node_id,
            host=socket.gethostname(),
            pid=os.getpid(),
            kind="headless",
            seats=8,
            version=__version__,
            figures={},
            now=begun - _PLACES_SINCE,
        )
        nodes.sign_off(tx, node_id, figures={}, now=begun)
    return node_id


def _put_down(
    caller: Caller, schedule_id: UUID, name: str, told: dict[str, Past], *, node_id: UUID
) -> Past:
    """Write the past of one sample up to the caller's present, after those it comes after."""
    habit = sample_pasts.HABITS[name]
    now = caller.now()
    with caller.writing(Right.ADMINISTER) as tx:
        schedule = store.lock(tx, caller.organization_id, [schedule_id])[schedule_id]
        if schedule.schedule_type == ScheduleType.CHAINED:
            parent = sample_drafts.AFTER[name][0]
            past = sample_pasts.followed(
                habit, told[parent.name].runs, parent.kind, since=schedule.created_at, now=now
            )
        else:
            past = sample_pasts.planned(
                habit,
                accounting.trigger_of(schedule),
                OnMissed(schedule.on_missed),
                after=schedule.cursor_at,
                now=now,
            )
        pasts.put_down(tx, schedule, past, node_id=node_id)
    return past
