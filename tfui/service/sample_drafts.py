"""The sample schedules of `tfui --demo`: harmless, and one of each thing that is worth seeing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tfui.core.parent_text import Parent
from tfui.core.states import DependencyType, OnMissed, Overlap, ScheduleType
from tfui.model.schedule import ScheduleDraft

AFTER = {
    "stock-report": (Parent("warehouse-sync", DependencyType.CONDITIONAL),),
    "risk-report": (Parent("risk-recompute", DependencyType.CONDITIONAL),),
    "risk-alarm": (Parent("risk-recompute", DependencyType.PARALLEL),),
    "wallboard-refresh": (
        Parent("stock-report"),
        Parent("risk-report"),
        Parent("cert-expiry-check"),
    ),
    "invoice-mail": (Parent("billing-export", DependencyType.CONDITIONAL, 86_400),),
}


def followers() -> list[ScheduleDraft]:
    """Give what comes after others; most of it has no time of its own."""
    chained = ScheduleType.CHAINED.value
    return [
        _shell(
            "stock-report", chained, "", "sleep 1; echo '3 pages'",
            description="After each sync of the warehouse that succeeds",
        ),
        _shell(
            "risk-report", chained, "", "sleep 1; echo '7 pages'",
            description="After each computation that succeeds",
        ),
        _shell(
            "risk-alarm", chained, "", "echo 'watching'",
            description="Beside each computation, from its start",
        ),
        _shell(
            "wallboard-refresh", chained, "", "echo 'drawn'", overlap=Overlap.BUFFER_ONE,
            description="After each report and each check, however it ended",
        ),
        _shell(
            "invoice-mail", "cron", "0 6 * * 1-5", "echo '412 sent'", timezone="Europe/Berlin",
            tags=["finance"],
            description="At 06:00, if the last export within a day succeeded",
        ),
    ]  # fmt: skip


def drafts() -> list[ScheduleDraft]:
    """Give what has a time of its own."""
    return [
        _shell(
            "heartbeat",
            "recurring",
            "2s",
            'echo "beat $TFUI_NOMINAL_AT"',
            description="The shortest way to see that everything works",
            tags=["demo"],
        ),
        _shell(
            "api-canary",
            "recurring",
            "5s",
            "s=$(awk 'BEGIN{srand();print int(rand()*90)+10}'); echo \"200 OK in ${s} ms\"",
            queue="checks",
            priority=7,
            description="Asks the API how it is",
        ),
        _shell(
            "cert-expiry-check",
            "cron",
            "*/15 * * * * *",
            'echo "checking 3 certificates"; echo "api.example.org: connection refused" >&2; exit 69',
            queue="checks",
            tags=["security"],
            max_attempts=2,
            retry_base=timedelta(seconds=3),
            description="Fails on purpose, so that failing can be looked at",
        ),
        _shell(
            "risk-recompute",
            "cron",
            "* * * * *",
            'for i in 1 2 3 4 5 6 7 8 9 10; do echo "portfolio $i of 10"; sleep 3; done',
            priority=5,
            description="Takes half a minute and prints while it works",
        ),
        _shell(
            "webhook-dispatch",
            "recurring",
            "20s",
            '[ "$TFUI_ATTEMPT" -ge 2 ] && echo delivered || { echo "503, again later" >&2; exit 1; }',
            max_attempts=3,
            retry_base=timedelta(seconds=4),
            description="Succeeds at the second attempt",
        ),
        _shell(
            "warehouse-sync",
            "recurring",
            "30s",
            'n=0; while [ $n -lt 100 ]; do n=$((n+1)); echo "row batch $n"; sleep 0.1; done',
            queue="warehouse",
            overlap=Overlap.BUFFER_ONE,
            tags=["stock"],
            timeout=timedelta(minutes=2),
            description="One at a time, in the queue warehouse",
        ),
        _shell(
            "slow-report",
            "recurring",
            "45s",
            "echo 'collecting'; sleep 60; echo 'never printed'",
            timeout=timedelta(seconds=8),
            max_attempts=1,
            description="Runs into its timeout",
        ),
        _shell(
            "billing-export",
            "cron",
            "30 2 * * 1-5",
            "sleep 2; echo '412 invoices written'",
            timezone="Europe/Berlin",
            queue="nightly",
            timeout=timedelta(minutes=15),
            description="02:30 in Berlin on working days; look at its next runs around a clock change",
            owner="billing",
            tags=["finance", "nightly"],
        ),
        _shell(
            "board-pack-render",
            "cron",
            "0 7 L * *",
            "echo 'rendered 48 pages'",
            timezone="America/New_York",
            queue="board",
            tags=["finance", "monthly"],
            description="On the last day of the month",
        ),
        _shell(
            "cache-evict",
            "cron",
            "H/6 * * * *",
            "echo 'evicted 1,204 entries'",
            jitter=timedelta(seconds=30),
            description="H spreads equal schedules over the hour, jitter over half a minute",
        ),
        _shell(
            "audit-log-ship",
            "cron",
            "*/12 8-18 * * mon-fri",
            "echo 'shipped 2.1 MB'",
            timezone="Asia/Tokyo",
            on_missed=OnMissed.ALL,
            description="Every missed run is made up for",
        ),
        _shell(
            "legacy-sync",
            "cron",
            "@daily",
            "echo 'nothing to do'",
            description="Paused, with a note",
        ),
        _shell(
            "schema-upgrade",
            "once",
            "45m",
            "echo 'version 41'",
            description="Ran once, and is done",
        ),
        _shell(
            "migration",
            "once",
            "3m",
            "echo 'migrated'",
            description="Runs once, three minutes after the demo began",
        ),
    ]


def _shell(
    name: str,
    kind: str,
    expression: str,
    command: str,
    *,
    description: str,
    **more: Any,  # noqa: ANN401  # a draft's fields
) -> ScheduleDraft:
    about = {
        "description": description,
        "owner": more.pop("owner", None),
        "tags": more.pop("tags", None),
    }
    return ScheduleDraft(
        name=name,
        schedule_type=kind,
        schedule_expression=expression,
        job_type="shell",
        payload={"command": command},
        metadata={key: value for key, value in about.items() if value is not None},
        **more,
    )
