"""The doctor: says that a sound store is sound, and names each thing that was broken on purpose."""

from __future__ import annotations

import shutil
import uuid
import zoneinfo
from collections import namedtuple
from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from tests.world import ADA, NOON, a_schedule, an_organization, new_id, utc
from tfui.core.finding import Finding, Severity
from tfui.core.identifiers import short
from tfui.core.rights import Role
from tfui.errors import Forbidden
from tfui.model.columns import table_of
from tfui.model.dependency import After, JobDependency
from tfui.model.job import Attempt, Job
from tfui.model.journal import Journal
from tfui.model.node import Node
from tfui.model.occurrence import Occurrence
from tfui.model.queue import Queue
from tfui.model.schedule import ScheduledJob
from tfui.service import doctor
from tfui.service.caller import Caller, local_caller
from tfui.store import dependencies, journal, pruning
from tfui.store.pruning import Retention

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from tests.engine.stage import Stage


MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def examine(stage: Stage) -> list[Finding]:
    """Have the store examined by its admin; give what is not in order."""
    ada = local_caller(stage.store, stage.clock, via="cli")
    # How full the disk is depends on the machine; one test asks about it by itself.
    ill = [one for one in doctor.examine(ada) if one.severity is not Severity.OK]
    return [one for one in ill if one.subject != "disk"]


def a_history(stage: Stage) -> UUID:
    """Run a schedule for a few minutes around an hour's outage: jobs, a range, jobs."""
    schedule = stage.schedule(name="backup")
    engine = stage.engine()
    for span in (MINUTE, MINUTE, HOUR, MINUTE):
        stage.later(span, engine)
    return schedule


def an_entry(stage: Stage, schedule: UUID, verb: str) -> None:
    """Write a journal entry."""
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        entry = journal.Entry(
            verb=verb,
            subject_type="schedule",
            subject_id=schedule,
            subject="backup",
        )
        journal.append(tx, stage.organization_id, [entry])


def test_a_sound_store_has_only_good_findings(stage: Stage) -> None:
    schedule = a_history(stage)
    an_entry(stage, schedule, "schedule.edited")
    ada = local_caller(stage.store, stage.clock, via="cli")

    found = doctor.examine(ada)

    assert examine(stage) == []
    assert {"ledger", "journal", "engines", "schema", "clock", "database", "time zones"} <= {
        one.subject for one in found
    }
    (database,) = [one for one in found if one.subject == "database"]
    is_read = stage.store.dialect.name == "sqlite"
    assert ("SQLite finds its pages" if is_read else "nothing was read again") in database.text
    (ledger,) = [one for one in found if one.subject == "ledger"]
    assert "63 planned occurrences of 1 schedule, by their present triggers" in ledger.text


def test_only_an_administrator_may_ask(sqlite_stage: Stage) -> None:
    ada = local_caller(sqlite_stage.store, sqlite_stage.clock, via="cli")
    victor = Caller(
        ada.store, ada.clock, ada.organization_id, new_id(), "victor", Role.VIEWER, "cli"
    )

    with pytest.raises(Forbidden):
        doctor.examine(victor)


def test_a_deleted_job_is_a_lost_occurrence(stage: Stage) -> None:
    schedule = a_history(stage)
    jobs = table_of(Job)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(
            jobs.delete().where(
                jobs.c.scheduled_job_id == schedule,
                jobs.c.nominal_at == utc("2026-01-05 12:02"),
            ),
        )

    found, miscounted, attempt = examine(stage)

    assert (found.severity, found.subject) == (Severity.ERROR, "backup")
    assert "1 occurrence lost, 2026-01-05 12:02 +00:00" in found.text
    assert found.advice
    assert miscounted.text == "it counts 4 runs, and no more than 3 are on record"
    assert "1 attempt at a job that is not on record" in attempt.text


def test_a_range_written_twice_is_doubled(stage: Stage) -> None:
    a_history(stage)
    ranges = table_of(Occurrence)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        row = tx.connection.execute(ranges.select()).mappings().one()
        tx.connection.execute(ranges.insert().values({**row, "id": new_id()}))

    (found,) = examine(stage)

    assert (
        "59 occurrences doubled, 2026-01-05 12:03 +00:00 to 2026-01-05 13:01 +00:00" in found.text
    )


def test_a_loss_that_a_doubling_makes_up_for_is_found_all_the_same(stage: Stage) -> None:
    """The sums agree: one job fewer, one occurrence of it told twice."""
    schedule = a_history(stage)
    jobs, ranges = table_of(Job), table_of(Occurrence)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(
            jobs.delete().where(
                jobs.c.scheduled_job_id == schedule,
                jobs.c.nominal_at == utc("2026-01-05 12:01"),
            ),
        )
        tx.connection.execute(
            ranges.update().values(to_at=utc("2026-01-05 13:02"), count=ranges.c["count"] + 1),
        )

    told = " ".join(one.text for one in examine(stage))

    assert "1 occurrence lost, 2026-01-05 12:01" in told
    assert "1 occurrence doubled, 2026-01-05 13:02" in told


def test_a_job_past_the_cursor_is_told_of(stage: Stage) -> None:
    schedule = a_history(stage)
    jobs = table_of(Job)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        row = tx.connection.execute(jobs.select().limit(1)).mappings().one()
        tx.connection.execute(
            jobs.insert().values(
                {**row, "id": new_id(), "nominal_at": stage.row(schedule).cursor_at + MINUTE},
            ),
        )

    assert any("ahead" in one.text for one in examine(stage))


def test_a_next_run_that_is_not_the_triggers_is_told_of(stage: Stage) -> None:
    schedule = a_history(stage)
    stage.change(schedule, next_run_at=utc("2026-01-05 14:00"))

    (found,) = examine(stage)

    assert (
        found.text
        == "it would be planned next at 2026-01-05 14:00 +00:00; its trigger says 2026-01-05 13:04 +00:00"
    )


def test_a_trigger_that_cannot_be_read_is_told_of(stage: Stage) -> None:
    schedule = a_history(stage)
    stage.change(schedule, schedule_expression="61 * * * *")

    (found,) = examine(stage)

    assert (found.severity, found.subject) == (Severity.ERROR, "backup")
    assert "cannot be read" in found.text


def test_an_edited_journal_entry_is_told_of(stage: Stage) -> None:
    schedule = a_history(stage)
    for verb in ("schedule.created", "schedule.edited", "schedule.paused"):
        an_entry(stage, schedule, verb)
    table = table_of(Journal)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(
            table.update().where(table.c.verb == "schedule.edited").values(by="nobody"),
        )

    (found,) = examine(stage)

    assert (found.severity, found.subject) == (Severity.ERROR, "journal")
    assert "it was changed after it was written" in found.text


def test_a_journal_entry_that_was_taken_out_is_told_of(stage: Stage) -> None:
    schedule = a_history(stage)
    for verb in ("schedule.created", "schedule.edited", "schedule.paused"):
        an_entry(stage, schedule, verb)
    table = table_of(Journal)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(table.delete().where(table.c.verb == "schedule.edited"))

    (found,) = examine(stage)

    assert "an entry before it is missing" in found.text


def test_newest_journal_entries_that_were_taken_out_are_told_of(stage: Stage) -> None:
    schedule = a_history(stage)
    for verb in ("schedule.created", "schedule.edited", "schedule.paused"):
        an_entry(stage, schedule, verb)
    table = table_of(Journal)
    for left, text in ((1, "the newest 2 entries are"), (0, "the newest 3 entries are")):
        with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
            tx.connection.execute(table.delete().where(table.c.id > left))

        (found,) = examine(stage)

        assert (found.severity, found.text) == (Severity.ERROR, f"{text} missing")
        assert "backup" in found.advice


def test_a_first_journal_entry_that_was_taken_out_is_told_of(stage: Stage) -> None:
    schedule = a_history(stage)
    for verb in ("schedule.created", "schedule.edited"):
        an_entry(stage, schedule, verb)
    table = table_of(Journal)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(table.delete().where(table.c.verb == "schedule.created"))

    (found,) = examine(stage)

    assert (found.severity, found.subject) == (Severity.ERROR, "journal")
    assert "nothing here is old enough to be pruned" in found.text


def test_a_schedule_completed_before_its_time_is_told_of(stage: Stage) -> None:
    schedule = a_history(stage)
    stage.change(schedule, status="completed", next_run_at=None)

    (found,) = examine(stage)

    assert (found.severity, found.subject) == (Severity.ERROR, "backup")
    assert (
        "it is completed, so it does not run; its trigger goes on at 2026-01-05 13:04" in found.text
    )
    stage.change(schedule, max_runs=1)
    assert examine(stage) == []


def test_circles_and_deleted_parents_among_dependencies_are_told_of(stage: Stage) -> None:
    a_history(stage)
    a, b, gone = (
        stage.schedule(name=name, next_run_at=None, status="paused") for name in ("a", "b", "gone")
    )
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        for child, parent in ((a, b), (b, a), (a, gone)):
            dependencies.add(tx, child, After(parent_id=parent), is_chained=False)
    stage.change(gone, deleted_at=stage.clock.now())

    circle, orphan = examine(stage)

    assert (circle.severity, circle.text) == (
        Severity.ERROR,
        "it waits for itself: a after b after a",
    )
    assert "tfui depend remove a b" in circle.advice
    assert (orphan.subject, orphan.text) == ("a", "it comes after gone, which is deleted")


def test_words_that_nothing_knows_are_told_of_each_with_its_place(stage: Stage) -> None:
    a_history(stage)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(table_of(Occurrence).update().values(reason="cosmic_rays"))
        tx.connection.execute(table_of(ScheduledJob).update().values(overlap="polka"))
        tx.connection.execute(table_of(Job).update().values(status="melted"))

    found = examine(stage)

    assert {(one.severity, one.subject) for one in found} == {(Severity.ERROR, "backup")}
    jobs = len(stage.jobs())
    assert [one.text.partition(", which")[0] for one in found] == [
        "1 schedule with the overlap 'polka'",
        f"{jobs} jobs with the status 'melted'",
        "1 ledger range with the reason 'cosmic_rays'",
    ]


def test_a_count_of_runs_that_the_record_contradicts_is_told_of(stage: Stage) -> None:
    schedule = a_history(stage)
    right = stage.row(schedule).runs_count
    for wrong, known in ((right - 1, "at least"), (right + 1, "no more than")):
        stage.change(schedule, runs_count=wrong)

        (found,) = examine(stage)

        assert (found.severity, found.subject) == (Severity.ERROR, "backup")
        assert found.text == f"it counts {wrong} runs, and {known} {right} are on record"
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        keep_none = Retention(jobs_per_schedule=1, failures_per_schedule=0)
        assert pruning.prune_schedule(tx, schedule, keep_none, now=stage.clock.now()).jobs
    stage.change(schedule, runs_count=right)
    assert examine(stage) == []


def test_references_that_lead_nowhere_are_told_of_each_with_advice(stage: Stage) -> None:
    a_history(stage)
    nobody = uuid.UUID(int=1)
    job, link = stage.jobs()[0], table_of(JobDependency)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        for table in (table_of(Attempt), table_of(Occurrence), table_of(Job)):
            row = dict(tx.connection.execute(table.select().limit(1)).mappings().one())
            row |= {"id": new_id()} if "id" in row else {}
            owner = "job_id" if table.name == "attempt" else "scheduled_job_id"
            tx.connection.execute(table.insert().values(row | {owner: nobody}))
        ends = {"parent_job_id": nobody, "child_job_id": job.id}
        kind = {"dependency_type": "parallel", "status": "resolved"}
        tx.connection.execute(link.insert().values(id=new_id(), created_at=NOON, **ends, **kind))

    found = examine(stage)

    assert [(one.severity, one.text.partition(" that is")[0]) for one in found] == [
        (Severity.ERROR, "1 job of a schedule"),
        (Severity.ERROR, "1 job after a job"),
        (Severity.WARNING, "1 ledger range of a schedule"),
        (Severity.WARNING, "1 attempt at a job"),
    ]
    assert all(one.advice and one.subject == "references" for one in found)


def test_what_is_due_without_an_engine_is_an_error_with_advice(stage: Stage) -> None:
    stage.schedule(name="backup")
    stage.clock.advance(HOUR)

    (found,) = examine(stage)

    assert (found.severity, found.subject) == (Severity.ERROR, "engines")
    assert "1 schedule is due and not planned, for up to 59 minutes (backup)" in found.text
    assert "start an engine" in found.advice


def test_nothing_due_without_an_engine_is_a_warning(stage: Stage) -> None:
    stage.schedule(name="backup")

    (found,) = examine(stage)

    assert (found.severity, found.subject) == (Severity.WARNING, "engines")
    assert found.text == "no engine is running (none ever has), and 1 schedule is waiting for one"


def test_queued_jobs_without_an_engine_are_told_of(stage: Stage) -> None:
    a_history(stage)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        jobs = table_of(Job)
        newest = tx.connection.execute(
            jobs.select().order_by(jobs.c.nominal_at.desc()).limit(1),
        ).one()
        tx.connection.execute(
            jobs.update()
            .where(jobs.c.id == newest.id)
            .values(status="queued", finished_at=None, wait_reason="no_worker"),
        )
        tx.connection.execute(table_of(Node).update().values(stopped_at=NOON))
    stage.clock.advance(2 * MINUTE)

    told = [one.text for one in examine(stage)]

    assert any("1 job is queued and not started" in text for text in told)


def test_a_running_job_whose_lease_ran_out_is_told_of(stage: Stage) -> None:
    a_history(stage)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        jobs = table_of(Job)
        newest = tx.connection.execute(
            jobs.select().order_by(jobs.c.nominal_at.desc()).limit(1),
        ).one()
        tx.connection.execute(
            jobs.update()
            .where(jobs.c.id == newest.id)
            .values(
                status="running",
                finished_at=None,
                lease_owner=uuid.UUID(int=1),
                lease_until=stage.clock.now() - HOUR,
            ),
        )

    (found,) = examine(stage)

    assert (found.severity, found.subject) == (Severity.ERROR, "backup")
    assert "of no known engine: its engine is gone, its lease ran out 1 hour ago" in found.text


def test_jobs_in_a_paused_queue_are_told_of(stage: Stage) -> None:
    a_history(stage)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(table_of(Queue).update().values(paused_at=NOON, paused_by="olga"))
        jobs = table_of(Job)
        newest = tx.connection.execute(
            jobs.select().order_by(jobs.c.nominal_at.desc()).limit(1),
        ).one()
        tx.connection.execute(
            jobs.update()
            .where(jobs.c.id == newest.id)
            .values(
                status="queued",
                finished_at=None,
                wait_reason="queue_paused",
                available_at=stage.clock.now() - HOUR,
            ),
        )

    (found,) = examine(stage)

    assert (found.severity, found.subject) == (Severity.WARNING, "queue default")
    assert found.text == "1 job is waiting in a paused queue, until it is resumed"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "blocked", "wait_reason": "dependency"}, "no record says for which"),
        ({"queue_id": uuid.UUID(int=1)}, "a queue that is not on record"),
    ],
)
def test_a_job_that_nobody_will_ever_start_is_told_of(
    stage: Stage, changes: dict[str, Any], words: str
) -> None:
    a_history(stage)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        jobs = table_of(Job)
        newest = tx.connection.execute(
            jobs.select().order_by(jobs.c.nominal_at.desc()).limit(1),
        ).one()
        values = {"status": "queued", "finished_at": None, "wait_reason": "no_worker", **changes}
        tx.connection.execute(jobs.update().where(jobs.c.id == newest.id).values(**values))

    (found,) = examine(stage)

    assert (found.severity, found.subject) == (Severity.ERROR, "jobs")
    assert words in found.text
    assert short(newest.id) in found.text


def test_a_clock_set_back_is_told_of(stage: Stage) -> None:
    a_history(stage)
    stage.clock.step(-10 * HOUR)

    assert any(
        one.subject == "clock" and "10 hours behind the newest entry" in one.text
        for one in examine(stage)
    )


def test_an_engine_of_another_version_is_told_of(stage: Stage) -> None:
    a_history(stage)
    with stage.store.writing(by=ADA, now=stage.clock.now()) as tx:
        tx.connection.execute(table_of(Node).update().values(version="0.0.1"))

    (found,) = examine(stage)

    assert "1 engine is of tfui 0.0.1" in found.text


@pytest.mark.parametrize(("mode", "severity"), [(0o644, "warning"), (0o666, "error")])
def test_a_file_that_others_may_use_is_told_of(
    sqlite_stage: Stage,
    mode: int,
    severity: str,
) -> None:
    a_history(sqlite_stage)
    path = sqlite_stage.store.path
    assert path is not None
    path.chmod(mode)

    (found,) = [one for one in examine(sqlite_stage) if one.subject == path.name]

    assert severity == found.severity
    assert f"chmod 600 {path}" in found.advice


def test_a_disk_that_is_nearly_full_is_told_of(
    sqlite_stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_history(sqlite_stage)
    usage = namedtuple("usage", "total used free")  # noqa: PYI024  # as shutil gives it
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2**40, 2**40 - 2**20, 2**20))

    ada = local_caller(sqlite_stage.store, sqlite_stage.clock, via="cli")
    (found,) = [one for one in doctor.examine(ada) if one.severity is not Severity.OK]

    assert (found.severity, found.subject) == (Severity.ERROR, "disk")
    assert "1.0 MiB are free" in found.text


def test_rules_that_differ_from_our_own_are_told_of(
    sqlite_stage: Stage,
    tmp_path: Path,
) -> None:
    """A system that believes Troll to keep New York's time.

    A zone that no other test asks for: what a process has read of a zone it keeps.
    """
    a_history(sqlite_stage)
    sqlite_stage.schedule(timezone="Antarctica/Troll", name="at Troll", status="paused")
    sqlite_stage.schedule(timezone="Asia/Tokyo", name="in Tokyo", status="paused")
    rules = files("tzdata") / "zoneinfo"
    for name, source in (("Antarctica/Troll", "America/New_York"), ("Asia/Tokyo", "Asia/Tokyo")):
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        file.write_bytes(rules.joinpath(*source.split("/")).read_bytes())
    (tmp_path / "tzdata.zi").write_text("# version 2019a\n", encoding="ascii")
    zoneinfo.reset_tzpath([str(tmp_path)])
    try:
        (found,) = examine(sqlite_stage)
    finally:
        zoneinfo.reset_tzpath()

    assert (found.severity, found.subject) == (Severity.WARNING, "time zones")
    assert "the system's rules 2019a are in use" in found.text
    assert found.text.endswith("which differs within a year for Antarctica/Troll")


def test_many_schedules_are_recounted_page_by_page(
    sqlite_stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tfui.store.checks.PAGE", 7)
    for _ in range(30):
        sqlite_stage.schedule()
    engine = sqlite_stage.engine(seats=8)
    sqlite_stage.later(MINUTE, engine)
    sqlite_stage.later(HOUR, engine)

    ada = local_caller(sqlite_stage.store, sqlite_stage.clock, via="cli")
    (ledger,) = [one for one in doctor.examine(ada) if one.subject == "ledger"]

    assert ledger.text.startswith("1,830 planned occurrences of 30 schedules")


def test_another_organizations_ledger_is_passed_over(stage: Stage) -> None:
    """Their ids lie between ours, and their losses are not ours to hear of."""
    first = stage.schedule(name="first")
    with stage.store.writing(by=ADA, now=NOON) as tx:
        theirs = a_schedule(tx, an_organization(tx, name="theirs"), cursor_at=NOON + 5 * MINUTE)
    last = stage.schedule(name="last")
    stage.later(MINUTE, stage.engine())

    assert first < theirs < last
    assert examine(stage) == []
