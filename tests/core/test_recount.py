"""The recount: every occurrence in exactly one place, and what is wrong named when it is not."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.world import NOON, utc
from tfui.core import trigger as triggers
from tfui.core.recount import Discrepancy, Entry, Fault, discrepancies
from tfui.model.columns import from_microseconds, to_microseconds

MINUTE = timedelta(minutes=1)
MINUTELY = triggers.parse("cron", "* * * * *", anchor=NOON)
UNTIL = NOON + 10 * MINUTE


def job(minute: int) -> Entry:
    """Record the job of a minute past noon."""
    return stretch(minute, minute)


def stretch(first: int, last: int) -> Entry:
    """Record a range of minutes past noon."""
    start, end = (to_microseconds(NOON + minute * MINUTE) for minute in (first, last))
    return Entry(start, end, last - first + 1)


def recount(*entries: Entry) -> list[Discrepancy]:
    """Hold a record of ten minutes against the trigger."""
    return list(discrepancies(MINUTELY, entries, after=NOON, until=UNTIL))


def test_a_whole_record_has_nothing_wrong() -> None:
    assert recount(job(1), stretch(2, 6), job(7), stretch(8, 10)) == []


def test_a_missing_job_is_lost() -> None:
    at = utc("2026-01-05 12:07")

    assert [Discrepancy(Fault.LOST, at, at, 1)] == recount(job(1), stretch(2, 6), stretch(8, 10))


def test_everything_missing_is_one_loss() -> None:
    assert [Discrepancy(Fault.LOST, NOON + MINUTE, UNTIL, 10)] == recount()


def test_a_job_inside_a_range_is_doubled() -> None:
    at = utc("2026-01-05 12:04")

    assert [Discrepancy(Fault.DOUBLED, at, at, 1)] == recount(stretch(1, 10), job(4))


def test_a_range_that_is_there_twice_is_doubled() -> None:
    found = recount(stretch(1, 5), stretch(1, 5), stretch(6, 10))

    assert [Discrepancy(Fault.DOUBLED, NOON + MINUTE, NOON + 5 * MINUTE, 5)] == found


def test_a_job_at_no_time_of_the_trigger_is_stray() -> None:
    at = utc("2026-01-05 12:05:30")

    assert [Discrepancy(Fault.STRAY, at, at, 1)] == recount(
        stretch(1, 5),
        Entry(to_microseconds(at), to_microseconds(at), 1),
        stretch(6, 10),
    )


def test_a_range_with_a_wrong_count_is_told_of() -> None:
    wrong = stretch(1, 10)._replace(number=12)

    assert [Discrepancy(Fault.MISCOUNTED, NOON + MINUTE, UNTIL, 2)] == recount(wrong)


def test_a_record_past_the_cursor_is_ahead() -> None:
    at = UNTIL + MINUTE

    assert [Discrepancy(Fault.AHEAD, at, at, 1)] == recount(stretch(1, 10), job(11))


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12), st.data())
def test_any_cut_into_jobs_and_ranges_is_whole_until_one_is_taken_out(
    lengths: list[int],
    data: st.DataObject,
) -> None:
    entries, at = [], 1
    for length in lengths:
        entries.append(stretch(at, at + length - 1))
        at += length
    until = NOON + (at - 1) * MINUTE

    assert list(discrepancies(MINUTELY, entries, after=NOON, until=until)) == []

    gone = entries.pop(data.draw(st.integers(0, len(entries) - 1)))
    found = list(discrepancies(MINUTELY, entries, after=NOON, until=until))

    assert [
        Discrepancy(
            Fault.LOST,
            from_microseconds(gone.from_micros),
            from_microseconds(gone.to_micros),
            gone.number,
        )
    ] == found
