"""What the scenes play on: one small company's schedules, runs and trouble on a Monday morning.

Everything is written straight into the tables with fixed identifiers and times, so that a picture
of it is the same on every machine and every day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.world import a_queue, a_schedule, utc
from tfui.core.command import search_text
from tfui.core.states import (
    AttemptOutcome,
    DependencyType,
    JobKind,
    JobStatus,
    NodeState,
    OnMissed,
    ScheduleStatus,
    ScheduleType,
    SkipReason,
    WaitReason,
)
from tfui.model.columns import table_of
from tfui.model.dependency import ScheduleDependency
from tfui.model.job import Attempt, Job, Output
from tfui.model.node import Node
from tfui.model.occurrence import Occurrence
from tfui.model.schedule import ScheduledJob
from tfui.store import accounting, journal, queues
from tfui.store.connection import Author

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import TypeAlias

    from tfui.store.connection import Store, Transaction

    Tie: TypeAlias = tuple[str, DependencyType, int | None]

MONDAY = utc("2026-01-05 09:00:48")
"""The moment of every scene."""

ANA = Author(name="ana", via="tui")
_NODE = UUID(int=0xE1)
_TOOK = (8.2, 8.4, 11.0, 4.1, 12.5, 14.0, 8.3, 8.0, 9.1, 11.4, 12.0, 12.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One schedule of the cast."""

    name: str
    cron: str
    zone: str = "Europe/Berlin"
    next_in: float | None = 480
    """Seconds from MONDAY; None: never."""
    last_ago: float | None = 240
    outcomes: str = "ssssssssssss"
    """Ended runs, oldest first: s, f or c."""
    live: str = ""
    """running, retry, queued, blocked, or nothing."""
    seconds: float = 1.0
    """A factor on how long runs take."""
    command: str = ""
    queue: str = "default"
    changes: tuple[tuple[str, Any], ...] = ()
    after: tuple[Tie, ...] = ()
    """What it comes after: name, kind, and a window in seconds or None."""


def _paused(**more: Any) -> tuple[tuple[str, Any], ...]:
    values = {
        "status": ScheduleStatus.PAUSED,
        "paused_at": MONDAY - timedelta(minutes=9),
        "paused_by": "ana",
    }
    return tuple((values | more).items())


def _since(when: str) -> tuple[tuple[str, Any], ...]:
    return tuple((name, utc(when)) for name in ("created_at", "anchor_at", "effective_at"))


CAST: tuple[Part, ...] = (
    Part(
        name="billing-export",
        cron="30 2 * * 1-5",
        next_in=59_352,
        last_ago=27_048,
        outcomes="sssssssssfff",
        command="/opt/bin/export --day yesterday",
        queue="nightly",
        changes=(
            ("consecutive_failures", 3),
            ("priority", 5),
            ("timeout_seconds", 900.0),
            ("metadata_", {"description": "Sends the day's invoices to the bank.",
                           "tags": ["billing", "nightly"]}),
        ),
    ),
    Part(name="cert-expiry-check", cron="*/10 * * * *", next_in=552, last_ago=48,
         outcomes="sssssssssssf", seconds=0.02),
    Part(name="warehouse-sync", cron="@hourly", zone="UTC", next_in=-48, last_ago=3648, seconds=9),
    Part(name="risk-recompute", cron="* * * * *", zone="UTC", next_in=12, last_ago=108,
         live="running", seconds=3.4),
    Part(name="webhook-dispatch", cron="*/5 * * * *", next_in=252, last_ago=348, live="retry",
         seconds=0.1),
    Part(name="board-pack-render", cron="0 7 * * 1", next_in=597_552, last_ago=601_248,
         live="blocked", seconds=20),
    Part(name="api-canary", cron="*/5 * * * *", zone="UTC", next_in=252, last_ago=348,
         live="queued", seconds=0.01),
    Part(name="audit-log-ship", cron="*/12 * * * *", next_in=672, last_ago=48),
    Part(name="cache-evict", cron="*/6 * * * *", next_in=312, last_ago=48, seconds=0.05),
    Part(name="db-backup", cron="15 3 * * *", next_in=62_052, last_ago=24_348, seconds=40,
         queue="nightly", changes=_since("2025-12-10 10:00")),
    Part(name="dns-verify", cron="20 * * * *", next_in=1152, last_ago=2448, outcomes="ssssfsssssss"),
    Part(name="fx-rates", cron="0 */2 * * 1-5", next_in=3552, last_ago=3648, seconds=0.3),
    Part(name="geoip-refresh", cron="0 4 * * 3", next_in=241_752, last_ago=363_000, seconds=12),
    Part(name="invoice-remind", cron="0 9 * * 1-5", zone="America/New_York", next_in=17_952,
         last_ago=241_248),
    Part(name="mail-digest", cron="0 18 * * 1-5", next_in=28_752, last_ago=230_448, seconds=2),
    Part(name="search-reindex", cron="0 1 * * 0", next_in=486_000, last_ago=118_848, seconds=90,
         outcomes="ssss"),
    Part(name="session-sweep", cron="*/15 * * * *", next_in=852, last_ago=48, seconds=0.04),
    Part(name="thumbnail-gc", cron="45 4 * * *", next_in=67_452, last_ago=18_948, seconds=6),
    Part(name="vat-return", cron="0 8 1 * *", next_in=2_300_000, last_ago=380_000, outcomes="ss"),
    Part(name="legacy-sync", cron="@daily", next_in=None, last_ago=259_248, outcomes="ssssss",
         changes=_paused(pause_note="vendor outage", paused_until=utc("2026-01-06 08:00"),
                         payload={"command": "/opt/bin/legacy-sync", "cwd": "/srv/legacy",
                                  "env": {"PATH": "/opt/bin:/bin", "LEGACY_TOKEN": "hush"},
                                  "stdin": "all\nof it\n"},
                         no_retry_on=[64], pause_after_failures=5)),
    Part(name="fiscal-year-open", cron="0 0 1 1 *", next_in=None, last_ago=381_648, outcomes="s",
         changes=(("status", ScheduleStatus.COMPLETED), ("max_runs", 1))),
)  # fmt: skip

STRANGE: tuple[Part, ...] = tuple(
    Part(name=name, cron="* * * * *", outcomes="ssss")
    for name in ("plain", "日本語レポート", "🎉 party", "line\nbreak \x1b[31m", "[red]x[/red]")
)
"""Names that would move columns or colours, were they drawn as they come."""

_OUTCOMES = {"s": JobStatus.SUCCEEDED, "f": JobStatus.FAILED, "c": JobStatus.CANCELLED}
_ERROR = "exit 69: connection refused"


def fill(store: Store, organization_id: UUID, cast: Sequence[Part] = CAST) -> None:
    """Put the cast into a store, with its runs, its output, an engine and some history."""
    from tests.ui import ties

    with store.writing(by=ANA, now=MONDAY) as tx:
        nightly = a_queue(tx, organization_id, name="nightly", concurrency=1)
        default = queues.ids_by_name(tx, organization_id)["default"]
        rows = _Rows(organization_id, default)
        for number, part in enumerate(cast, 1):
            rows.take(part, number)
        _node(tx)
        # One schedule through the common maker says what every column is by default.
        a_schedule(tx, organization_id, **_columns(cast[0], UUID(int=1)))
        table = table_of(ScheduledJob)
        like = dict(tx.connection.execute(table.select()).mappings().one())
        like["metadata"] = {}
        tx.connection.execute(table.delete())
        tx.connection.execute(
            table.insert(),
            [
                like
                | _columns_as_kept(part, number)
                | {"queue_id": nightly if part.queue == "nightly" else default}
                for number, part in enumerate(cast, 1)
            ],
        )
        for model, values in (
            (Job, rows.jobs), (Attempt, rows.attempts), (Output, rows.outputs),
        ):  # fmt: skip
            if values:
                tx.connection.execute(table_of(model).insert(), values)
        if cast is CAST:
            _gaps(tx)
            _links(tx)
        ties.tie(tx, cast)
    _history(store, organization_id)


def _columns_as_kept(part: Part, number: int) -> dict[str, Any]:
    values: dict[str, Any] = {
        "metadata_": {},
        **dict.fromkeys(("paused_at", "paused_by", "pause_note")),
    }
    values |= {"paused_until": None, "timeout_seconds": None, "max_runs": None, "priority": 0}
    values |= {"status": ScheduleStatus.ACTIVE, "consecutive_failures": 0}
    values |= _columns(part, UUID(int=number))
    return {name.removesuffix("_"): value for name, value in values.items()}


def a_crowd(count: int) -> list[Part]:
    """Make many healthy schedules, named and timed evenly."""
    return [
        Part(
            name=f"tenant-{number:06}-sync",
            cron="*/5 * * * *",
            zone="UTC",
            next_in=20 + number % 280,
            last_ago=10 + number % 290,
            outcomes="",
        )
        for number in range(count)
    ]


def _columns(part: Part, schedule_id: UUID) -> dict[str, Any]:
    payload = {"command": part.command or f"/opt/bin/{part.name}"}
    metadata = dict(part.changes).get("metadata_", {})
    last = part.outcomes[-1:] if part.outcomes else ""
    return {
        "id": schedule_id,
        "name": part.name,
        "schedule_type": ScheduleType.CRON,
        "schedule_expression": part.cron,
        "timezone": part.zone,
        "job_type": "shell",
        "payload": payload,
        "search_text": search_text(
            part.name, part.cron, job_type="shell", payload=payload, metadata=metadata
        ),
        "on_missed": OnMissed.LATEST,
        "next_run_at": None if part.next_in is None else _at(part.next_in),
        "last_run_at": None if part.last_ago is None else _at(-part.last_ago),
        "last_outcome": _OUTCOMES.get(last),
        "runs_count": 40 * len(part.outcomes),
        "created_at": utc("2025-11-20 10:00"),
        "updated_at": utc("2025-12-20 10:00"),
        "anchor_at": utc("2025-11-20 10:00"),
        "effective_at": utc("2025-11-20 10:00"),
        "cursor_at": _at(-(part.last_ago or 0)),
        "revision": 11,
    } | dict(part.changes)


def _at(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


class _Rows:
    """The rows of jobs, attempts and output, gathered so that each table is written at once."""

    def __init__(self, organization_id: UUID, queue_id: UUID) -> None:
        self._organization_id = organization_id
        self._queue_id = queue_id
        self.jobs: list[dict[str, Any]] = []
        self.attempts: list[dict[str, Any]] = []
        self.outputs: list[dict[str, Any]] = []

    def take(self, part: Part, number: int) -> None:
        """Make the runs of one schedule."""
        count = len(part.outcomes)
        apart = 86_400.0 if part.queue == "nightly" else 600.0
        for place, letter in enumerate(part.outcomes):
            ago = (part.last_ago or 0) + apart * (count - 1 - place)
            seconds = _TOOK[(place + number) % len(_TOOK)] * part.seconds
            failed = letter == "f"
            job_id = UUID(int=number * 1000 + place)
            self._job(
                job_id,
                number,
                nominal_at=_at(-ago),
                available_at=_at(-ago),
                status=_OUTCOMES[letter],
                attempt=3 if failed else 1,
                started_at=_at(-ago + 0.02),
                finished_at=_at(-ago + seconds),
                exit_code=69 if failed else 0,
                error=_ERROR if failed else None,
            )
            if failed:
                self._failed(job_id, _at(-ago))
        if part.live:
            self._live(part, number)

    def _live(self, part: Part, number: int) -> None:
        status, wait = {
            "running": (JobStatus.RUNNING, None),
            "retry": (JobStatus.QUEUED, WaitReason.RETRY),
            "queued": (JobStatus.QUEUED, WaitReason.CONCURRENCY),
            "blocked": (JobStatus.BLOCKED, WaitReason.DEPENDENCY),
        }[part.live]
        job_id = UUID(int=number * 1000 + 900)
        is_running = part.live == "running"
        self._job(
            job_id,
            number,
            nominal_at=_at(-41),
            status=status,
            attempt=0 if part.live in {"queued", "blocked"} else 1,
            available_at=_at(8) if part.live == "retry" else _at(-2),
            started_at=_at(-41) if is_running else None,
            wait_reason=wait,
            lease_owner=_NODE if is_running else None,
            lease_until=_at(40) if is_running else None,
        )
        if is_running:
            self.print(job_id, 1, [(f"portfolio {n} of 40 valued", "stdout") for n in range(1, 32)])

    def _job(self, job_id: UUID, number: int, **values: Any) -> None:
        self.jobs.append(
            {
                "id": job_id,
                "organization_id": self._organization_id,
                "queue_id": self._queue_id,
                "scheduled_job_id": UUID(int=number),
                "kind": JobKind.SCHEDULED,
                "job_type": "shell",
                "payload": {},
                "priority": 0,
                "max_attempts": 3,
                "created_at": values["nominal_at"],
                "fence": values["attempt"],
                **dict.fromkeys(("wait_reason", "lease_owner", "lease_until", "finished_at")),
                **dict.fromkeys(("exit_code", "error", "cancel_requested_at", "cancelled_by")),
            }
            | values
        )

    def _failed(self, job_id: UUID, at: datetime) -> None:
        for fence in (1, 2, 3):
            self.print(
                job_id,
                fence,
                [
                    ("start /opt/bin/export --day 2026-01-04", "stdout"),
                    ("\x1b[32mINFO\x1b[0m  1,204 invoices to send", "stdout"),
                    ("ERROR bank.example.org:443 connection refused", "stderr"),
                ],
            )
            self.attempts.append(
                {
                    "job_id": job_id,
                    "fence": fence,
                    "number": fence,
                    "node_id": _NODE,
                    "started_at": at,
                    "finished_at": at + timedelta(seconds=4),
                    "outcome": AttemptOutcome.FAILED,
                    "exit_code": 69,
                    "error": _ERROR,
                    "note": None,
                }
            )

    def print(self, job_id: UUID, fence: int, lines: list[tuple[str, str]]) -> None:
        """Make the output of one attempt."""
        self.outputs.extend(
            {"job_id": job_id, "fence": fence, "seq": seq, "at": MONDAY, "stream": stream,
             "text": f"{text}\n"}
            for seq, (text, stream) in enumerate(lines)
        )  # fmt: skip


def _node(tx: Transaction) -> None:
    tx.connection.execute(
        table_of(Node)
        .insert()
        .values(
            id=_NODE,
            host="host",
            pid=1,
            kind="headless",
            state=NodeState.RUNNING,
            seats=8,
            version="0",
            started_at=_at(-3600),
            heartbeat_at=MONDAY,
            figures={},
        )
    )


def _links(tx: Transaction) -> None:
    """The invoices wait for last night's backup, and the board's papers for both."""
    rows = (
        (1, 10, DependencyType.CONDITIONAL, 86_400),
        (6, 1, DependencyType.SEQUENTIAL, 86_400),
        (6, 10, DependencyType.CONDITIONAL, None),
        (15, 1, DependencyType.PARALLEL, None),
    )
    tx.connection.execute(
        table_of(ScheduleDependency).insert(),
        [
            {
                "id": UUID(int=0xDE00 + number),
                "parent_id": UUID(int=parent),
                "child_id": UUID(int=child),
                "dependency_type": kind,
                "window_seconds": window,
                "is_chained": False,
                "created_at": utc("2025-12-01 10:00"),
            }
            for number, (child, parent, kind, window) in enumerate(rows)
        ],
    )


def _gaps(tx: Transaction) -> None:
    """A laptop slept over two nights of billing-export; a fortnight of db-backup was troubled."""
    rows: tuple[tuple[int, str, str, int, SkipReason, str | None], ...] = (
        (1, "2025-12-31 01:30", "2026-01-01 01:30", 2, SkipReason.MISSED_SLEEP, None),
        (10, "2025-12-11 02:15", "2025-12-14 02:15", 4, SkipReason.SKIP_PAUSED, "disk is replaced"),
        (10, "2025-12-15 02:15", "2025-12-15 02:15", 1, SkipReason.SKIP_OVERLAP, None),
        (10, "2025-12-16 02:15", "2025-12-24 02:15", 9, SkipReason.MISSED_DOWN, None),
    )
    tx.connection.execute(
        table_of(Occurrence).insert(),
        [
            {
                "id": UUID(int=0xFA00 + number),
                "scheduled_job_id": UUID(int=schedule),
                "from_at": utc(first),
                "to_at": utc(last),
                "count": count,
                "reason": reason,
                "detail": detail,
                "created_at": utc("2026-01-01 08:00"),
            }
            for number, (schedule, first, last, count, reason, detail) in enumerate(rows)
        ],
    )


def oversleep(store: Store) -> None:
    """Have every schedule of the cast miss what fell into the small hours of this Monday."""
    with store.writing(by=ANA, now=MONDAY) as tx:
        table = table_of(ScheduledJob)
        for number, schedule in enumerate(
            tx.connection.execute(table.select().order_by(table.c.id)).all()
        ):
            trigger = accounting.trigger_of(schedule)
            first, last = utc("2026-01-05 00:00"), utc("2026-01-05 05:30")
            count = trigger.count(first, last)
            begin, end = trigger.next_after(first), trigger.last_at_or_before(last)
            if not count or begin is None or end is None:
                continue
            # The cast's own jobs of that time make room: no occurrence is in two places.
            jobs = table_of(Job)
            tx.connection.execute(
                jobs.delete().where(
                    jobs.c.scheduled_job_id == schedule.id,
                    jobs.c.nominal_at >= begin,
                    jobs.c.nominal_at <= end,
                ),
            )
            tx.connection.execute(
                table_of(Occurrence)
                .insert()
                .values(
                    id=UUID(int=0xFB00 + number),
                    scheduled_job_id=schedule.id,
                    from_at=begin,
                    to_at=end,
                    count=count,
                    reason=SkipReason.MISSED_SLEEP,
                    created_at=MONDAY,
                ),
            )


def abandon(store: Store) -> None:
    """Have them oversleep, and the engine not come back."""
    oversleep(store)
    with store.writing(by=ANA, now=MONDAY) as tx:
        tx.connection.execute(
            table_of(Node).update().values(heartbeat_at=MONDAY - timedelta(hours=3))
        )


CROWDED: tuple[Part, ...] = (
    *(part for part in CAST if part.name in {"db-backup", "fx-rates", "mail-digest"}),
    Part(name="sync-mirror", cron="*/10 * * * *", zone="UTC", next_in=552, last_ago=5400,
         outcomes="s", live="running", seconds=60),
)  # fmt: skip
"""Some that do well, and one that is planned more often than it can run."""


def overlap(store: Store) -> None:
    """Have the last of the crowded cast skip nine runs while it ran."""
    with store.writing(by=ANA, now=MONDAY) as tx:
        tx.connection.execute(
            table_of(Occurrence)
            .insert()
            .values(
                id=UUID(int=0xFC00),
                scheduled_job_id=UUID(int=len(CROWDED)),
                from_at=utc("2026-01-05 07:40"),
                to_at=utc("2026-01-05 09:00"),
                count=9,
                reason=SkipReason.SKIP_OVERLAP,
                created_at=MONDAY,
            ),
        )


def _history(store: Store, organization_id: UUID) -> None:
    acts = (
        (34, "schedule.created", 12, "fx-rates"),
        (21, "schedule.edited", 1, "billing-export"),
        (9, "schedule.paused", 20, "legacy-sync"),
    )
    for minutes, verb, number, name in acts:
        with store.writing(by=ANA, now=MONDAY - timedelta(minutes=minutes)) as tx:
            entry = journal.Entry(
                verb=verb, subject_type="schedule", subject_id=UUID(int=number), subject=name
            )
            journal.append(tx, organization_id, [entry])
