"""What if: the difference that a draft would make, were it saved as it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from tfui.core import forecast_words, instants, quieter
from tfui.core.forecast import MINUTE, NEVER, Grid
from tfui.core.load import tally
from tfui.core.outlook import predict
from tfui.core.rights import Right
from tfui.core.states import Overlap, ScheduleStatus, ScheduleType
from tfui.errors import Invalid, NotFound
from tfui.model.whatif import Change, Clash, Quieter, WhatIf
from tfui.service import drafts, forecast_ground, forecast_world
from tfui.service.forecast_plan import Plan
from tfui.store import schedules as store
from tfui.store.accounting import in_force_since

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tfui.core.outlook import Outlook
    from tfui.model.schedule import ScheduledJob, ScheduleDraft
    from tfui.service.caller import Caller
    from tfui.service.forecast_ground import Ground

WINDOW = timedelta(days=7)
"""How far ahead instants are compared."""

_COMPARED = 20_000  # instants of either side that are compared one by one
_EXAMPLES = 3
_HOURS = 12  # in which a quieter minute is looked for
_STARTS = 20_000  # played through singly: more would be too long to wait for while typing
_LEAD = 60 * MINUTE  # a backlog is looked for so long ahead of the first run
_DAY = 24 * 60 * MINUTE
_NEW = UUID(int=0)
"""Stands for the id of what is not saved yet."""
_RESTING = frozenset({ScheduleStatus.PAUSED, ScheduleStatus.FAILED})
_NO_TIME = timedelta(0)


def whatif(caller: Caller, draft: ScheduleDraft, schedule_id: UUID | None = None) -> WhatIf:
    """Tell the difference that saving a draft would make, as a new schedule or as an edit.

    Raises Invalid when its trigger or queue cannot be read, and NotFound.
    """
    now = caller.now()
    with caller.reading(Right.SCHEDULED_JOB_READ) as tx:
        tx.dialect.freeze(tx.connection)
        ground = forecast_ground.read(tx, caller)
        stored = None
        if schedule_id is not None:
            stored = store.get(tx, caller.organization_id, schedule_id)
            if stored is None or stored.deleted_at is not None:
                raise NotFound(f"there is no schedule {schedule_id}")
    new, begin = _plan(ground, draft, stored, now), instants.micros(now)
    old = next((plan for plan in ground.plans if plan.id == new.id), None)
    others = [plan for plan in ground.plans if plan.id != new.id]
    first = None if new.trigger is None else new.trigger.next_micros(max(begin, new.opens_at) - 1)
    change = _compare(old, new, begin)
    if first is None or first >= new.closes_at or new.left == 0:
        return _without_runs(draft, change)
    before = _look(ground, begin, first)
    after_ground = _with(ground, others, new)
    after = _look(after_ground, begin, first)
    lane = after_ground.plans.index(new)
    most, at = _company(after, lane)
    return WhatIf(
        change=change,
        day=(instants.instant(max(begin, after.grid.begin)), instants.instant(after.grid.end)),
        others=most,
        others_at=at,
        wait=_own_wait(after, lane),
        queue=draft.queue,
        queue_wait=_longest(after.queues[new.queue_id].delay),
        queue_wait_before=_longest(before.queues[new.queue_id].delay),
        clash=_clash(after, lane),
        quieter=None if _is_bound(ground, new.id) else _quieter(draft, new, others, begin),
    )


def _plan(ground: Ground, draft: ScheduleDraft, stored: ScheduledJob | None, now: datetime) -> Plan:
    """Read a draft as the plan that it would be once saved."""
    queue = next((queue for queue in ground.queues if queue.name == draft.queue), None)
    if queue is None:
        raise Invalid({"queue": f"there is no queue {draft.queue!r}"})
    created_at = now if stored is None else stored.created_at
    schedule_id = _NEW if stored is None else stored.id
    seed = "" if stored is None else str(stored.id)
    anchor = drafts.anchor_of(draft.schedule_type, created_at=created_at, now=now)
    trigger = drafts.trigger_of(draft, anchor_at=anchor, seed=seed)
    opens_at = instants.micros(in_force_since(now, draft.starts_at)) + 1
    until = None if stored is None else stored.paused_until
    is_resting = stored is not None and stored.status in _RESTING and until is None
    if until is not None:
        opens_at = max(opens_at, instants.micros(until) + 1)
    done = 0 if stored is None else stored.runs_count
    return Plan(
        id=schedule_id,
        name=draft.name,
        queue_id=queue.id,
        schedule_type=ScheduleType(draft.schedule_type),
        expression=draft.schedule_expression,
        timezone=draft.timezone,
        job_type=draft.job_type,
        priority=draft.priority,
        overlap=Overlap(draft.overlap),
        status=ScheduleStatus.ACTIVE if stored is None else stored.status,
        paused_until=until,
        timeout_seconds=None if draft.timeout is None else draft.timeout.total_seconds(),
        trigger=None if is_resting else trigger,
        opens_at=opens_at,
        closes_at=NEVER if draft.ends_at is None else instants.micros(draft.ends_at) + 1,
        left=None if draft.max_runs is None else max(0, draft.max_runs - done),
        jitter=draft.jitter or timedelta(0),
    )


def _compare(old: Plan | None, new: Plan, begin: int) -> Change:
    """Tell the instants apart that only one of the two has."""
    end = begin + WINDOW // timedelta(microseconds=1)
    before = 0 if old is None else old.count(begin, end)
    after = new.count(begin, end)
    if max(before, after) > _COMPARED:
        return Change(
            window=WINDOW,
            added=after,
            removed=before,
            first_added=(),
            first_removed=(),
            is_counted=True,
        )
    was = set() if old is None else set(old.between(begin, end))
    will_be = set(new.between(begin, end))
    added, removed = sorted(will_be - was), sorted(was - will_be)
    return Change(
        window=WINDOW,
        added=len(added),
        removed=len(removed),
        first_added=tuple(map(instants.instant, added[:_EXAMPLES])),
        first_removed=tuple(map(instants.instant, removed[:_EXAMPLES])),
        is_counted=False,
    )


def _with(ground: Ground, others: Sequence[Plan], new: Plan) -> Ground:
    """Put the draft among the others; its runs last as long as they did, or as its type's do."""
    lasting = dict(ground.lasting)
    if new.id not in lasting:
        alike = [lasting[one.id] for one in others if one.job_type == new.job_type]
        lasting[new.id] = forecast_ground.of_type([one for one in alike if one.is_measured])
    return replace(ground, plans=[*others, new], lasting=lasting)


def _look(ground: Ground, begin: int, first: int) -> Outlook:
    """Play the day of the first run through, minute by minute."""
    start = max(begin, first - _LEAD)
    grid = Grid(start // MINUTE * MINUTE, MINUTE, _DAY // MINUTE)
    composed = forecast_world.compose(ground, grid, begin=start, most=_STARTS)
    return predict(composed.world, grid, composed.folded, with_worst=False)


def _company(after: Outlook, lane: int) -> tuple[int, datetime | None]:
    """Give the most others that start in the same minute as one of a lane's, and when."""
    grid, starts = after.grid, after.starts
    own = tally(grid, (starts.due[row] for row in after.rows[lane]))
    places = [place for place, count in enumerate(own) if count]
    if not places:
        return 0, None  # folded: it starts in every minute
    most = max(places, key=lambda place: (after.total.starts[place] - own[place], -place))
    others = after.total.starts[most] - own[most]
    return others, instants.instant(grid.at(most)) if others else None


def _own_wait(after: Outlook, lane: int) -> timedelta:
    starts = after.starts
    return _longest(
        [
            starts.begin[row] - starts.due[row]
            for row in after.rows[lane]
            if starts.begin[row] >= starts.due[row]
        ]
    )


def _clash(after: Outlook, lane: int) -> Clash | None:
    ahead = next((one for one in after.overlaps if one.lane == lane), None)
    if ahead is None:
        return None
    outcome = forecast_words.told(ahead.fates)
    return Clash(count=ahead.count, starts=ahead.starts, outcome=outcome)


def _longest(micros: Sequence[int]) -> timedelta:
    return timedelta(microseconds=max(micros, default=0))


def _is_bound(ground: Ground, schedule_id: UUID) -> bool:
    """Whether a schedule shares its instants with another one, which would lose it by a move."""
    return any(
        link.window_seconds is None and not link.is_chained
        for link in ground.links
        if schedule_id in {link.parent_id, link.child_id}
    )


def _quieter(draft: ScheduleDraft, new: Plan, others: Sequence[Plan], begin: int) -> Quieter | None:
    """Look for a minute in which fewer others start, over the hours of the draft's first runs."""
    minute = None
    if new.schedule_type is ScheduleType.CRON:
        minute = quieter.minute_of(draft.schedule_expression)
    if minute is None:
        return None
    end = begin + WINDOW // timedelta(microseconds=1)
    hours = sorted({at // MINUTE * MINUTE - minute * MINUTE for at in new.between(begin, end)})
    found = [0] * 60
    for hour in hours[:_HOURS]:
        known: dict[object, list[int]] = {}
        for plan in others:
            starts = forecast_world.instants_of(plan, hour, hour + 60 * MINUTE, known)
            for at in starts:
                found[(at - hour) // MINUTE] += 1
    best = quieter.quieter(found, minute)
    if best is None:
        return None
    return Quieter(
        minute=best,
        expression=quieter.with_minute(draft.schedule_expression, best),
        others=found[best],
        others_now=found[minute],
        runs=len(hours[:_HOURS]),
    )


def _without_runs(draft: ScheduleDraft, change: Change) -> WhatIf:
    return WhatIf(
        change=change,
        day=None,
        others=0,
        others_at=None,
        wait=_NO_TIME,
        queue=draft.queue,
        queue_wait=_NO_TIME,
        queue_wait_before=_NO_TIME,
        clash=None,
        quieter=None,
    )
