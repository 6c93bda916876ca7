"""A walk through the coming starts: from instant to instant, by the rules that planner and dispatcher obey.

At each instant what ends makes room, then what is due passes the gates of dependency and overlap,
then free seats are filled in claim order. Runs are taken to succeed. A hundred thousand starts take
some tenths of a second.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from tfui.core import overlap
from tfui.core.forecast import BEGINNING, MINUTE, NEVER, Fate
from tfui.core.overlap import Gate
from tfui.core.states import Overlap
from tfui.core.walk_links import NO_WAITS, Links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tfui.core.forecast import Lane, World

NOT_BEGUN = -1
_LEAST = 1000  # a run takes a millisecond at least, so that it ends after it began


@dataclass(slots=True)
class Starts:
    """Every start as one row over columns: the live jobs first, then in the order they were due."""

    standing: int = 0
    """How many of the first rows were live when the walk began."""
    lane: list[int] = field(default_factory=list)
    """Its place among the world's lanes."""
    nominal: list[int] = field(default_factory=list)
    due: list[int] = field(default_factory=list)
    begin: list[int] = field(default_factory=list)
    """NOT_BEGUN, unless it begins."""
    end: list[int] = field(default_factory=list)
    fate: list[Fate] = field(default_factory=list)

    def add(self, lane: int, nominal: int, due: int, fate: Fate) -> int:
        """Append a row; give its number."""
        self.lane.append(lane)
        self.nominal.append(nominal)
        self.due.append(due)
        self.begin.append(NOT_BEGUN)
        self.end.append(NOT_BEGUN)
        self.fate.append(fate)
        return len(self.lane) - 1


def walk(world: World, *, pessimistic: bool = False) -> Starts:
    """Play the world's starts through until all that can begin has ended.

    Runs take their p50; `pessimistic`, their p95.
    """
    return _Walk(world, pessimistic=pessimistic).run()


@dataclass(slots=True)
class _Limit:
    """How often a job type may start."""

    per_minute: int
    recent: deque[int] = field(default_factory=deque)
    wakes_at: int = 0

    def clears_at(self, now: int) -> int:
        """When one more may start."""
        while self.recent and self.recent[0] <= now - MINUTE:
            self.recent.popleft()
        return now if len(self.recent) < self.per_minute else self.recent[0] + MINUTE


@dataclass(slots=True)
class _Queue:
    room: int
    opens_at: int


@dataclass(slots=True)
class _Line:
    """What may start in one queue and is under one limit, the first to be claimed on top."""

    queue: _Queue
    limit: _Limit | None
    heap: list[tuple[int, int, int]] = field(default_factory=list)


class _Walk:
    def __init__(self, world: World, *, pessimistic: bool) -> None:
        lanes = self._lanes = world.lanes
        self._starts = Starts()
        self._now = world.begin
        self._free = world.seats
        self._ready = 0
        self._lasting = [max(_LEAST, lane.p95 if pessimistic else lane.p50) for lane in lanes]
        self._line_of = _lines(world)
        self._lines = list({id(line): line for line in self._line_of}.values())
        self._links = Links(lanes, world.ended)
        self._is_tied = bool(self._links)
        self._live = [0] * len(lanes)
        self._buffers: dict[int, deque[int]] = {}
        self._alive: dict[int, list[int]] = {
            place: [] for place, lane in enumerate(lanes) if lane.overlap is Overlap.CANCEL_RUNNING
        }
        self._ends: list[tuple[int, int]] = []
        self._later: list[tuple[int, int]] = [
            (line.queue.opens_at, NOT_BEGUN)
            for line in self._lines
            if world.begin < line.queue.opens_at < NEVER
        ]
        self._later.sort()
        self._stand(world)

    def run(self) -> Starts:
        """Go from instant to instant."""
        order, dues = self._links.order, _dues(self._lanes, self._links.order)
        offsets = [iter(lane.due) for lane in self._lanes]
        ends, later, many = self._ends, self._later, max(1, len(order))
        place, total = 0, len(dues)
        while True:
            now = ends[0][0] if ends else NEVER
            if later and later[0][0] < now:
                now = later[0][0]
            if place < total and dues[place] < now * many:
                now = dues[place] // many
            if now >= NEVER:
                self._hold()
                return self._starts
            self._now = now
            while ends and ends[0][0] == now:
                self._end(heappop(ends)[1])
            while later and later[0][0] == now:
                row = heappop(later)[1]
                if row != NOT_BEGUN:  # else a queue opens, or a limit lets one more start
                    self._arrive(row)
            base = now * many
            while place < total and dues[place] < base + many:
                lane = order[dues[place] - base]
                self._plan(lane, now, next(offsets[lane]))
                place += 1
            if self._ready:
                self._claim()

    def _hold(self) -> None:
        """Say of what never began that it did not."""
        starts = self._starts
        for row, begin in enumerate(starts.begin):
            if begin == NOT_BEGUN and starts.fate[row] in BEGINNING:
                starts.fate[row] = Fate.HELD

    def _stand(self, world: World) -> None:
        """Begin with what is live."""
        place_of = {lane.key: place for place, lane in enumerate(self._lanes)}
        for job in world.standing:
            lane = place_of[job.lane]
            fate = Fate.BUFFERED if job.is_buffered else Fate.RUNS
            row = self._keep(lane, job.nominal, job.due, fate)
            self._starts.standing += 1
            if job.started_at is not None:
                self._run(row, job.started_at)
            elif job.is_buffered:
                self._buffers.setdefault(lane, deque()).append(row)
            else:
                heappush(self._later, (max(job.due, self._now), row))

    def _keep(self, lane: int, nominal: int, due: int, fate: Fate) -> int:
        """Write a start down that becomes a job."""
        row = self._starts.add(lane, nominal, due, fate)
        self._live[lane] += 1
        if lane in self._alive:
            self._alive[lane].append(row)
        if self._is_tied:
            self._links.made(row, lane, nominal)
        return row

    def _plan(self, lane: int, nominal: int, due: int) -> None:
        """Take one due start through the gates."""
        parents = self._links.parents(lane, nominal) if self._is_tied else NO_WAITS
        if parents is None:
            self._starts.add(lane, nominal, due, Fate.SKIP_DEPENDENCY)
            return
        fate = Fate.RUNS
        if self._live[lane]:
            fate = self._gate(lane)
            if fate is Fate.SKIP_OVERLAP:
                self._starts.add(lane, nominal, due, fate)
                return
        row = self._keep(lane, nominal, due, fate)
        if parents:
            self._links.tie(row, parents)
        if fate is Fate.BUFFERED:
            self._buffers.setdefault(lane, deque()).append(row)
        else:
            self._release(row)

    def _gate(self, lane: int) -> Fate:
        policy = self._lanes[lane].overlap
        waiting = self._buffers.get(lane)
        gate = overlap.decide(policy, live=self._live[lane], waiting=len(waiting) if waiting else 0)
        if gate is Gate.SKIP:
            return Fate.SKIP_OVERLAP
        if gate is Gate.WAIT:
            return Fate.BUFFERED
        if gate is Gate.CANCEL_THEN_RUN:
            for row in tuple(self._alive[lane]):
                self._cancel(row)
            return Fate.REPLACES
        return Fate.BESIDE

    def _cancel(self, row: int) -> None:
        """End a live job at once; its events are passed over when they come up."""
        starts = self._starts
        if starts.begin[row] == NOT_BEGUN:
            starts.fate[row] = Fate.CANCELLED
        else:
            starts.end[row] = self._now
            self._give_back(row)
        self._leave(row, has_succeeded=False)

    def _arrive(self, row: int) -> None:
        """Have a job wait for a seat."""
        starts = self._starts
        if starts.fate[row] is Fate.CANCELLED:
            return
        lane = starts.lane[row]
        rank = -self._lanes[lane].priority
        heappush(self._line_of[lane].heap, (rank, starts.due[row], row))
        self._ready += 1

    def _claim(self) -> None:
        """Fill the free seats in claim order."""
        while self._free > 0 and self._ready:
            chosen = None
            for line in self._lines:
                heap = line.heap
                while heap and self._starts.fate[heap[0][2]] is Fate.CANCELLED:
                    heappop(heap)
                    self._ready -= 1
                if (
                    heap
                    and line.queue.room > 0
                    and (chosen is None or heap[0] < chosen.heap[0])
                    and line.queue.opens_at <= self._now
                    and (line.limit is None or self._is_allowed(line.limit))
                ):
                    chosen = line
            if chosen is None:
                return
            row = heappop(chosen.heap)[2]
            self._ready -= 1
            if chosen.limit is not None:
                chosen.limit.recent.append(self._now)
            self._run(row, self._now)

    def _is_allowed(self, limit: _Limit) -> bool:
        clears_at = limit.clears_at(self._now)
        if clears_at <= self._now:
            return True
        if limit.wakes_at < clears_at:
            limit.wakes_at = clears_at
            heappush(self._later, (clears_at, NOT_BEGUN))
        return False

    def _run(self, row: int, begin: int) -> None:
        starts = self._starts
        lane = starts.lane[row]
        # One that should have ended by now is given a tenth more, for it may end at any moment.
        lasting = self._lasting[lane]
        end = max(begin + lasting, self._now + max(_LEAST, lasting // 10))
        starts.begin[row], starts.end[row] = begin, end
        self._free -= 1
        self._line_of[lane].queue.room -= 1
        heappush(self._ends, (end, row))
        if self._is_tied:
            self._follow(self._links.started(row, lane), row)

    def _end(self, row: int) -> None:
        if self._starts.end[row] != self._now:
            return  # it was cancelled earlier
        self._give_back(row)
        self._leave(row, has_succeeded=True)

    def _give_back(self, row: int) -> None:
        self._free += 1
        self._line_of[self._starts.lane[row]].queue.room += 1

    def _leave(self, row: int, *, has_succeeded: bool) -> None:
        """Do what follows from a job being live no longer."""
        lane = self._starts.lane[row]
        self._live[lane] -= 1
        if lane in self._alive:
            self._alive[lane].remove(row)
        buffer = self._buffers.get(lane)
        if buffer and row in buffer:
            buffer.remove(row)
        elif buffer and self._live[lane] == len(buffer):
            self._release(buffer.popleft())
        if self._is_tied:
            self._follow(self._links.ended(row, lane, has_succeeded=has_succeeded), row)

    def _release(self, row: int) -> None:
        """Let a job go whose turn it is; it may have to wait for others or its jitter."""
        if not self._links.is_free(row):
            return
        due = self._starts.due[row]
        if due > self._now:
            heappush(self._later, (due, row))
        else:
            self._arrive(row)

    def _follow(self, news: tuple[list[int], list[int], list[int]], row: int) -> None:
        """Let go, end and make what a job's start or end has decided."""
        freed, refused, chained = news
        for child in freed:
            buffer = self._buffers.get(self._starts.lane[child])
            if not (buffer and child in buffer):
                self._release(child)
        for child in refused:
            self._starts.fate[child] = Fate.SKIP_DEPENDENCY
            self._leave(child, has_succeeded=False)
        for lane in chained:
            self._fire(lane, self._starts.nominal[row])

    def _fire(self, lane: int, nominal: int) -> None:
        """Make the job of a chained lane, which needs nothing but to pass the gate."""
        fate = self._gate(lane) if self._live[lane] else Fate.RUNS
        if fate is Fate.SKIP_OVERLAP:
            self._starts.add(lane, nominal, self._now, fate)
            return
        row = self._keep(lane, nominal, self._now, fate)
        if fate is Fate.BUFFERED:
            self._buffers.setdefault(lane, deque()).append(row)
        else:
            self._arrive(row)


def _lines(world: World) -> list[_Line]:
    """Give each lane the line that its jobs wait in."""
    queues = {
        place.key: _Queue(
            world.seats if place.concurrency is None else place.concurrency, place.opens_at
        )
        for place in world.places
    }
    limits = {job_type: _Limit(per_minute) for job_type, per_minute in world.limits}
    found: dict[object, _Line] = {}
    lines = []
    for lane in world.lanes:
        limit = limits.get(lane.job_type)
        key = (lane.queue, None if limit is None else lane.job_type)
        if key not in found:
            found[key] = _Line(queues[lane.queue], limit)
        lines.append(found[key])
    return lines


def _dues(lanes: Sequence[Lane], order: Sequence[int]) -> list[int]:
    """Give (instant, rank of the lane) of every planned start as one ascending list of numbers."""
    many = len(order)
    found: list[int] = []
    for rank, place in enumerate(order):
        found += [nominal * many + rank for nominal in lanes[place].nominal]
    found.sort()
    return found
