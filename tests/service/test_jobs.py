"""Jobs behind the caller's door: cancelled, retried, found, and read while and after they run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.service.desk import Desk, at_once
from tests.world import ADA, NOON, an_organization, new_id
from tfui.core.identifiers import short
from tfui.core.states import AttemptOutcome, JobStatus, Overlap, WaitReason
from tfui.errors import Conflict, Forbidden, Invalid, NotFound
from tfui.model.job import OutputChunk
from tfui.service import jobs
from tfui.store import claims, printed

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID


MINUTE = timedelta(minutes=1)


@pytest.fixture
def schedule_id(desk: Desk) -> UUID:
    return desk.schedule(name="backup", overlap=Overlap.ALLOW)


def failed(desk: Desk, schedule_id: UUID) -> UUID:
    """Make a job whose only attempt failed."""
    return desk.worker.runs(schedule_id, AttemptOutcome.FAILED)


class TestCancelling:
    def test_a_waiting_job_is_cancelled_at_once_and_tells_by_whom(
        self,
        desk: Desk,
        schedule_id: UUID,
    ) -> None:
        job_id = desk.worker.fire(schedule_id)
        desk.later(MINUTE)

        (row,) = jobs.cancel(desk.caller, [job_id])

        assert (row.status, row.finished_at) == (JobStatus.CANCELLED, NOON + MINUTE)
        assert row.wait_reason is None
        assert desk.job(job_id).cancelled_by == "ada"
        assert desk.worker.claim() == []

    def test_its_schedule_says_how_its_newest_job_ended(
        self,
        desk: Desk,
        schedule_id: UUID,
    ) -> None:
        jobs.cancel(desk.caller, [desk.worker.fire(schedule_id)])

        assert desk.schedule_row(schedule_id).last_outcome == JobStatus.CANCELLED

    def test_what_waited_for_it_may_go(self, desk: Desk) -> None:
        schedule_id = desk.schedule(overlap=Overlap.BUFFER_ONE)
        first = desk.worker.fire(schedule_id)
        desk.later(MINUTE)
        second = desk.worker.fire(schedule_id)
        assert desk.job(second).status == JobStatus.BLOCKED

        jobs.cancel(desk.caller, [first])

        assert desk.job(second).status == JobStatus.QUEUED

    def test_a_running_job_is_asked_to_end_and_its_engine_hears_of_it(
        self,
        desk: Desk,
        schedule_id: UUID,
    ) -> None:
        job_id = desk.worker.fire(schedule_id)
        (claim,) = desk.worker.claim()

        (row,) = jobs.cancel(desk.caller, [job_id])

        assert (row.status, row.cancel_requested_at) == (JobStatus.RUNNING, NOON)
        with desk.store.reading() as tx:
            assert claims.cancel_requests(tx, desk.worker.node_id) == [(claim.key, claim.fence)]
        desk.worker.ends(claim, AttemptOutcome.CANCELLED)
        assert desk.job(job_id).status == JobStatus.CANCELLED

    def test_asking_a_running_job_twice_changes_nothing(
        self,
        desk: Desk,
        schedule_id: UUID,
    ) -> None:
        job_id = desk.worker.fire(schedule_id)
        desk.worker.claim()

        jobs.cancel(desk.caller, [job_id])
        desk.later(MINUTE)
        (row,) = jobs.cancel(desk.caller, [job_id])

        assert row.cancel_requested_at == NOON
        assert len(desk.journal("job.cancelled")) == 1

    def test_a_job_that_has_ended_is_refused(self, desk: Desk, schedule_id: UUID) -> None:
        job_id = desk.worker.runs(schedule_id)

        with pytest.raises(Conflict, match="of backup has ended already: it is succeeded"):
            jobs.cancel(desk.caller, [job_id])

    def test_of_several_those_that_can_be_are(self, desk: Desk, schedule_id: UUID) -> None:
        ended = desk.worker.runs(schedule_id)
        waiting = [desk.worker.fire(schedule_id) for _ in range(2)]

        rows = jobs.cancel(desk.caller, [ended, *waiting, waiting[0]])

        assert [row.id for row in rows] == waiting
        assert desk.job(ended).status == JobStatus.SUCCEEDED

    def test_several_that_have_all_ended_are_refused(self, desk: Desk, schedule_id: UUID) -> None:
        ended = [desk.worker.runs(schedule_id) for _ in range(2)]

        with pytest.raises(Conflict, match="none of these 2 jobs"):
            jobs.cancel(desk.caller, ended)

    def test_an_unknown_job_stops_the_whole_act(self, desk: Desk, schedule_id: UUID) -> None:
        job_id = desk.worker.fire(schedule_id)

        with pytest.raises(NotFound, match="there is no job"):
            jobs.cancel(desk.caller, [job_id, new_id()])

        assert desk.job(job_id).status == JobStatus.QUEUED

    def test_nothing_asked_is_nothing_done(self, desk: Desk) -> None:
        assert jobs.cancel(desk.caller, []) == []
        assert jobs.retry(desk.caller, []) == []
        assert desk.journal() == []

    def test_it_is_on_the_record(self, desk: Desk, schedule_id: UUID) -> None:
        job_id = desk.worker.fire(schedule_id)
        jobs.cancel(desk.caller, [job_id])

        (entry,) = desk.journal()

        assert (entry.verb, entry.by, entry.via) == ("job.cancelled", "ada", "cli")
        assert (entry.subject_type, entry.subject_id, entry.subject) == ("job", job_id, "backup")
        assert (entry.before, entry.after) == ({"status": "queued"}, {"status": "cancelled"})

    def test_who_may_only_look_may_not(self, desk: Desk, schedule_id: UUID) -> None:
        job_id = desk.worker.fire(schedule_id)

        for act in (jobs.cancel, jobs.retry):
            with pytest.raises(Forbidden, match="job:run"):
                act(desk.viewer, [job_id])

    def test_a_claim_and_a_cancellation_at_once_never_miss_each_other(
        self,
        desk: Desk,
        schedule_id: UUID,
    ) -> None:
        for _ in range(8):
            job_id = desk.worker.fire(schedule_id)

            taken, _ = at_once(desk.worker.claim, lambda: jobs.cancel(desk.caller, [job_id]))  # noqa: B023  # runs before the next round

            job = desk.job(job_id)
            assert job.cancel_requested_at is not None
            assert job.status == (JobStatus.RUNNING if taken else JobStatus.CANCELLED)
            for claim in taken:
                desk.worker.ends(claim, AttemptOutcome.CANCELLED)


class TestRetrying:
    def test_a_failed_job_may_start_now_with_an_attempt_left(self, desk: Desk) -> None:
        schedule_id = desk.schedule(max_attempts=1)
        job_id = failed(desk, schedule_id)
        desk.later(MINUTE)

        (row,) = jobs.retry(desk.caller, [job_id])

        assert (row.status, row.wait_reason) == (JobStatus.QUEUED, WaitReason.NO_WORKER)
        assert (row.attempt, row.max_attempts) == (1, 2)
        assert (row.available_at, row.finished_at) == (NOON + MINUTE, None)
        (claim,) = desk.worker.claim()
        assert claim.attempt == 2
        desk.worker.ends(claim)
        assert desk.job(job_id).status == JobStatus.SUCCEEDED
        assert desk.schedule_row(schedule_id).last_outcome == JobStatus.SUCCEEDED

    def test_attempts_that_are_left_are_kept(self, desk: Desk, schedule_id: UUID) -> None:
        job_id = desk.worker.fire(schedule_id)
        jobs.cancel(desk.caller, [job_id])

        (row,) = jobs.retry(desk.caller, [job_id])

        assert (row.attempt, row.max_attempts) == (0, 3)

    def test_a_cancelled_job_is_not_cancelled_again_by_the_old_request(
        self,
        desk: Desk,
        schedule_id: UUID,
    ) -> None:
        job_id = desk.worker.fire(schedule_id)
        (claim,) = desk.worker.claim()
        jobs.cancel(desk.caller, [job_id])
        desk.worker.ends(claim, AttemptOutcome.CANCELLED)

        jobs.retry(desk.caller, [job_id])

        desk.worker.claim()
        with desk.store.reading() as tx:
            assert claims.cancel_requests(tx, desk.worker.node_id) == []
        assert desk.job(job_id).cancelled_by is None

    @pytest.mark.parametrize("state", ["queued", "running", "succeeded"])
    def test_what_has_not_failed_is_refused(
        self,
        desk: Desk,
        schedule_id: UUID,
        state: str,
    ) -> None:
        job_id = desk.worker.fire(schedule_id)
        if state != "queued":
            (claim,) = desk.worker.claim()
            if state == "succeeded":
                desk.worker.ends(claim)

        said = f"job {short(job_id)} of .* is {state}; only failed and cancelled ones"
        with pytest.raises(Conflict, match=said):
            jobs.retry(desk.caller, [job_id])

    def test_it_is_refused_while_another_job_of_its_schedule_lives(self, desk: Desk) -> None:
        schedule_id = desk.schedule(name="sync", overlap=Overlap.SKIP, max_attempts=1)
        job_id = failed(desk, schedule_id)
        desk.later(MINUTE)
        desk.worker.fire(schedule_id)

        with pytest.raises(Conflict, match="another job of sync is live"):
            jobs.retry(desk.caller, [job_id])

    def test_it_waits_for_the_live_one_where_the_schedule_buffers(self, desk: Desk) -> None:
        schedule_id = desk.schedule(overlap=Overlap.BUFFER_ONE, max_attempts=1)
        job_id = failed(desk, schedule_id)
        desk.later(MINUTE)
        live = desk.worker.fire(schedule_id)

        (row,) = jobs.retry(desk.caller, [job_id])

        assert (row.status, row.wait_reason) == (JobStatus.BLOCKED, WaitReason.OVERLAP)
        jobs.cancel(desk.caller, [live])
        assert desk.job(job_id).status == JobStatus.QUEUED

    def test_it_takes_the_place_of_the_live_one_where_the_schedule_says_so(
        self,
        desk: Desk,
    ) -> None:
        schedule_id = desk.schedule(overlap=Overlap.CANCEL_RUNNING, max_attempts=1)
        job_id = failed(desk, schedule_id)
        desk.later(MINUTE)
        live = desk.worker.fire(schedule_id)
        (claim,) = desk.worker.claim()

        jobs.retry(desk.caller, [job_id])

        assert desk.job(live).cancel_requested_at is not None
        assert desk.job(job_id).status == JobStatus.BLOCKED
        desk.worker.ends(claim, AttemptOutcome.CANCELLED)
        assert desk.job(job_id).status == JobStatus.QUEUED

    def test_of_several_that_may_not_overlap_the_first_named_goes(self, desk: Desk) -> None:
        schedule_id = desk.schedule(overlap=Overlap.SKIP, max_attempts=1)
        older, newer = failed(desk, schedule_id), failed(desk, schedule_id)

        rows = jobs.retry(desk.caller, [newer, older])

        assert [row.id for row in rows] == [newer]
        assert desk.job(older).status == JobStatus.FAILED

    def test_two_people_at_once_do_not_break_the_overlap_rule(self, desk: Desk) -> None:
        schedule_id = desk.schedule(overlap=Overlap.SKIP, max_attempts=1)
        first, second = failed(desk, schedule_id), failed(desk, schedule_id)

        def retry(job_id: UUID) -> bool:
            try:
                jobs.retry(desk.caller, [job_id])
            except Conflict:
                return False
            return True

        done = at_once(lambda: retry(first), lambda: retry(second))

        assert sorted(done) == [False, True]
        assert len(desk.worker.claim()) == 1

    def test_a_deleted_schedule_s_job_is_refused(self, desk: Desk, schedule_id: UUID) -> None:
        job_id = desk.worker.fire(schedule_id)
        jobs.cancel(desk.caller, [job_id])
        desk.delete(schedule_id)

        with pytest.raises(Conflict, match="backup is deleted; restore it"):
            jobs.retry(desk.caller, [job_id])

    def test_it_is_on_the_record(self, desk: Desk) -> None:
        job_id = failed(desk, desk.schedule(name="sync", max_attempts=1))
        jobs.retry(desk.caller, [job_id])

        (entry,) = desk.journal("job.retried")

        assert (entry.by, entry.subject_id, entry.subject) == ("ada", job_id, "sync")
        assert (entry.before, entry.after) == ({"status": "failed"}, {"status": "queued"})


class TestFinding:
    def test_a_job_is_found_by_the_beginning_of_its_id(
        self,
        desk: Desk,
        schedule_id: UUID,
    ) -> None:
        job_id = desk.worker.fire(schedule_id)

        for reference in (str(job_id), job_id.hex, str(job_id)[:18], job_id.hex[:4].upper()):
            assert jobs.find(desk.viewer, reference) == job_id

    def test_a_beginning_of_several_is_refused_and_names_them(
        self,
        desk: Desk,
        schedule_id: UUID,
    ) -> None:
        made = [desk.worker.fire(schedule_id) for _ in range(5)]

        with pytest.raises(Conflict, match="of several jobs: ") as caught:
            jobs.find(desk.viewer, made[0].hex[:6])

        assert str(min(made)) in str(caught.value)

    @pytest.mark.parametrize("reference", ["", "-", "ffff", "backup", "1" * 33, "٣", "%", "a_"])
    def test_what_begins_no_id_is_not_found(
        self,
        desk: Desk,
        schedule_id: UUID,
        reference: str,
    ) -> None:
        desk.worker.fire(schedule_id)

        with pytest.raises(NotFound):
            jobs.find(desk.viewer, reference)

    def test_another_organization_s_job_is_not_there(self, desk: Desk, schedule_id: UUID) -> None:
        job_id = desk.worker.fire(schedule_id)
        with desk.store.writing(by=ADA, now=NOON) as tx:
            stranger = replace(desk.caller, organization_id=an_organization(tx, name="other"))

        reads: list[Callable[[], object]] = [
            lambda: jobs.find(stranger, str(job_id)),
            lambda: jobs.row(stranger, job_id),
            lambda: jobs.attempts(stranger, job_id),
            lambda: jobs.output(stranger, job_id),
            lambda: jobs.last_output(stranger, job_id),
            lambda: jobs.history(stranger, schedule_id),
            lambda: jobs.cancel(stranger, [job_id]),
        ]
        for read in reads:
            with pytest.raises(NotFound):
                read()
        assert jobs.listing(stranger) == []


class TestListing:
    def test_the_newest_come_first(self, desk: Desk, schedule_id: UUID) -> None:
        made = []
        for _ in range(3):
            made.append(desk.worker.fire(schedule_id))
            desk.later(MINUTE)

        for found in (
            jobs.listing(desk.viewer),
            jobs.listing(desk.viewer, schedule_id=schedule_id),
        ):
            assert [row.id for row in found] == made[::-1]
        assert [row.id for row in jobs.listing(desk.viewer, limit=1)] == made[-1:]

    def test_one_schedule_s_and_one_status_s_can_be_had_alone(
        self,
        desk: Desk,
        schedule_id: UUID,
    ) -> None:
        other = desk.schedule(max_attempts=1)
        bad = failed(desk, other)
        good = desk.worker.runs(schedule_id)
        waiting = desk.worker.fire(schedule_id)

        def ids(**only: object) -> set[UUID]:
            return {row.id for row in jobs.listing(desk.viewer, **only)}  # type: ignore[arg-type]

        assert ids() == {bad, good, waiting}
        assert ids(schedule_id=schedule_id) == {good, waiting}
        assert ids(status=JobStatus.FAILED) == {bad}
        assert ids(status=JobStatus.QUEUED) == {waiting}
        assert ids(schedule_id=other, status=JobStatus.SUCCEEDED) == set()

    def test_a_limit_below_one_is_refused_by_its_name(self, desk: Desk, schedule_id: UUID) -> None:
        job_id = desk.worker.fire(schedule_id)

        acts: list[tuple[Callable[[], object], str]] = [
            (lambda: jobs.listing(desk.viewer, limit=0), "limit"),
            (lambda: jobs.history(desk.viewer, schedule_id, limit=0), "limit"),
            (lambda: jobs.output(desk.viewer, job_id, limit=-1), "limit"),
            (lambda: jobs.last_output(desk.viewer, job_id, lines=0), "lines"),
        ]
        for act, field in acts:
            with pytest.raises(Invalid) as caught:
                act()
            assert list(caught.value.fields) == [field]

    def test_a_schedule_s_history_has_its_jobs(self, desk: Desk, schedule_id: UUID) -> None:
        job_id = desk.worker.runs(schedule_id)

        (line,) = jobs.history(desk.viewer, schedule_id)

        assert line.job == jobs.row(desk.viewer, job_id)


class TestReading:
    def test_attempts_tell_where_they_ran_and_how_they_ended(self, desk: Desk) -> None:
        schedule_id = desk.schedule(max_attempts=2, retry_base_seconds=0)
        job_id = desk.worker.fire(schedule_id)
        for outcome, error in ((AttemptOutcome.FAILED, "exit 1"), (AttemptOutcome.SUCCEEDED, None)):
            (claim,) = desk.worker.claim()
            desk.worker.ends(claim, outcome, error=error)
            desk.later(MINUTE)

        first, second = jobs.attempts(desk.viewer, job_id)

        assert (first.number, first.outcome, first.error) == (1, AttemptOutcome.FAILED, "exit 1")
        assert (second.number, second.outcome, second.error) == (2, AttemptOutcome.SUCCEEDED, None)
        assert {first.node, second.node} == {"box"}
        assert first.fence < second.fence

    def test_output_comes_in_order_over_all_attempts_a_page_at_a_time(self, desk: Desk) -> None:
        job_id = printing_job(desk)

        read: list[OutputChunk] = []
        mark = jobs.BEGINNING
        while page := jobs.output(desk.viewer, job_id, after=mark, limit=2):
            assert len(page) <= 2
            read += page
            mark = (page[-1].fence, page[-1].seq)

        assert [chunk.text for chunk in read] == ["one\n", "oops\n", "two\n", "three\n", "four\n"]
        assert [chunk.stream for chunk in read][:2] == ["stdout", "stderr"]
        assert [chunk.fence for chunk in read] == [1, 1, 1, 2, 2]

    def test_the_last_lines_are_those_at_the_end(self, desk: Desk) -> None:
        job_id = printing_job(desk)

        assert [chunk.text for chunk in jobs.last_output(desk.viewer, job_id, lines=3)] == [
            "two\n",
            "three\n",
            "four\n",
        ]
        assert len(jobs.last_output(desk.viewer, job_id)) == 5

    def test_long_output_is_read_from_the_end_alone(self, desk: Desk, schedule_id: UUID) -> None:
        job_id = desk.worker.fire(schedule_id)
        (claim,) = desk.worker.claim()
        desk.worker.prints(claim, *(("stdout", f"{number}\n") for number in range(450)))

        tail = jobs.last_output(desk.viewer, job_id, lines=430)

        assert [chunk.text for chunk in tail] == [f"{number}\n" for number in range(20, 450)]


@given(
    st.lists(st.text("ab\n", min_size=1, max_size=6), max_size=8),
    st.integers(min_value=1, max_value=8),
)
def test_a_tail_has_the_last_lines_however_the_text_was_cut(parts: list[str], lines: int) -> None:
    chunks = [a_chunk(seq, text) for seq, text in enumerate(parts)]

    found = printed.tail(reversed(chunks), lines)

    whole = "".join(parts).split("\n")
    ended = [line + "\n" for line in whole[:-1]] + ([whole[-1]] if whole[-1] else [])
    assert "".join(chunk.text for chunk in found) == "".join(ended[-lines:])


def test_a_line_ends_where_another_stream_goes_on() -> None:
    chunks = [a_chunk(0, "asks"), a_chunk(1, "warns\n", stream="stderr"), a_chunk(2, "done\n")]

    assert [chunk.text for chunk in printed.tail(reversed(chunks), 2)] == ["warns\n", "done\n"]
    assert printed.tail(reversed(chunks), 3) == chunks


def a_chunk(seq: int, text: str, *, stream: str = "stdout") -> OutputChunk:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    return OutputChunk(fence=1, seq=seq, at=at, stream=stream, text=text)


def printing_job(desk: Desk) -> UUID:
    """Make a job that printed in both of its attempts."""
    schedule_id = desk.schedule(max_attempts=2, retry_base_seconds=0)
    job_id = desk.worker.fire(schedule_id)
    (claim,) = desk.worker.claim()
    desk.worker.prints(claim, ("stdout", "one\n"), ("stderr", "oops\n"), ("stdout", "two\n"))
    desk.worker.ends(claim, AttemptOutcome.FAILED)
    desk.later(MINUTE)
    (claim,) = desk.worker.claim()
    desk.worker.prints(claim, ("stdout", "three\n"), ("stdout", "four\n"))
    desk.worker.ends(claim)
    return job_id
