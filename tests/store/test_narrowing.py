"""Filters on both databases: every word, both ways round, and what SQL would take for its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.world import ADA, NOON, a_queue, a_schedule, an_organization
from tfui.core.filtering import parse
from tfui.core.health import Condition
from tfui.core.states import JobStatus, ScheduleStatus, ScheduleType
from tfui.model.schedule import ScheduleQuery
from tfui.store import listing, schedule_rows

if TYPE_CHECKING:
    from uuid import UUID

    from tfui.store.connection import Store


@pytest.fixture
def cast(store: Store) -> UUID:
    """Write three schedules that differ in all that a filter can ask."""
    with store.writing(by=ADA, now=NOON) as tx:
        organization = an_organization(tx)
        nightly = a_queue(tx, organization, name="Nightly-Ä")
        a_schedule(
            tx,
            organization,
            name="backup_A",
            queue_id=nightly,
            job_type="shell",
            payload={"command": "/opt/Rsync --all 100%"},
            metadata_={"tags": ["slow", "Größe", 7], "owner": "Ana"},
            timezone="Europe/Berlin",
            schedule_expression="30 2 * * *",
            next_run_at=NOON + timedelta(minutes=30),
            last_run_at=NOON - timedelta(days=3),
            runs_count=200,
            priority=5,
            last_outcome=JobStatus.FAILED,
            consecutive_failures=3,
        )
        a_schedule(
            tx,
            organization,
            name="backupsA",
            job_type="http",
            payload={"url": "https://example.org/hook", "method": "POST"},
            metadata_={"tags": "slow"},
            schedule_type=ScheduleType.RECURRING,
            schedule_expression="1h",
            next_run_at=NOON + timedelta(hours=2),
            last_run_at=NOON - timedelta(minutes=5),
            runs_count=3,
        )
        a_schedule(
            tx,
            organization,
            name="Übersicht",
            job_type="python",
            payload={"callable": "reports:weekly"},
            schedule_expression="@weekly " * 60,
            metadata_={"tags": ["nightly-run"]},
            status=ScheduleStatus.PAUSED,
            next_run_at=None,
        )
    return organization


def _found(store: Store, organization: UUID, text: str, **more: object) -> list[str]:
    query = ScheduleQuery(criteria=parse(text), **more)  # type: ignore[arg-type]  # as above
    with store.reading() as tx:
        ids = listing.ids(tx, organization, query, now=NOON)
        assert listing.count(tx, organization, query, now=NOON) == len(ids)
        return sorted(row.name for row in schedule_rows.rows(tx, organization, ids))


A, B, C = "backup_A", "backupsA", "Übersicht"


TERMS = [
    ("backup", [A, B]),
    ("backup 30", [A]),
    ("BACKUP_a", [A]),
    ("100%", [A]),
    ("name:übersicht", [C]),
    ("name:backup_", [A]),
    ("name:rsync", []),
    ("command:rsync", [A]),
    ("command:100%", [A]),
    ('command:"post https"', [B]),
    ("command:reports:weekly", [C]),
    ("command:backup", []),
    ("queue:nightly-ä", [A]),
    ("queue:night", []),
    ("queue:night*", [A]),
    ("queue:default,nightly-ä", [A, B, C]),
    ("queue:nowhere", []),
    ("tag:größe", [A]),
    ("tag:slow", [A]),
    ("tag:7", [A]),
    ("tag:nightly-run", [C]),
    ("tag:*run", [C]),
    ("tag:sl%", []),
    ("owner:an", [A]),
    ("zone:berlin", [A]),
    ("zone:UTC", [B, C]),
    ("job:http,python", [B, C]),
    ("type:cron", [A, C]),
    ("type:recurring", [B]),
    ("next<1h", [A]),
    ("next<30m", []),
    ("next<=30m", [A]),
    ("next>1h", [B]),
    ("last>2d", [A]),
    ("last<1h", [B]),
    ("runs>100", [A]),
    ("runs:3", [B]),
    ("runs:0", [C]),
    ("fails>2", [A]),
    ("priority>=5", [A]),
    ("status:failed", [A]),
    ("status:paused,failed", [A, C]),
    ("status:active", [A, B]),
    ("status:completed", []),
    ("\0", []),
    ("queue:\ud800,default", [B, C]),
]


def test_a_term_finds_what_it_asks_and_turned_over_all_the_rest(store: Store, cast: UUID) -> None:
    for text, expected in TERMS:
        assert _found(store, cast, text) == sorted(expected), text
        if " " not in text:
            assert _found(store, cast, f"!{text}") == sorted({A, B, C} - set(expected)), text


def test_all_terms_must_hold_beside_segment_and_search(store: Store, cast: UUID) -> None:
    assert _found(store, cast, "type:cron !status:paused") == [A]
    assert _found(store, cast, "status:failed,paused", conditions=frozenset({Condition.OK})) == []
    assert _found(store, cast, "status:failed", conditions=frozenset({Condition.FAILED})) == [A]
    assert _found(store, cast, "!status:paused", search="backup") == [A, B]
    assert _found(store, cast, "a b", search="backup") == [A, B]


def test_one_bare_word_is_the_search_that_every_list_has() -> None:
    asked = ScheduleQuery(criteria=parse("backup")).reduced()

    assert asked == ScheduleQuery(search="backup")
