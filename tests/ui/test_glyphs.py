"""The shapes of the dashboard: one cell, no emoji, and a twin in ASCII for each."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

from rich.cells import cell_len

from tfui.core.health import Condition
from tfui.core.states import JobStatus
from tfui.core.unknown import read
from tfui.model.schedule import RecentRun
from tfui.ui.glyphs import OF_CONDITION, OF_JOB, SKIPPED, Glyph, bars

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _all() -> list[Glyph]:
    return [*OF_CONDITION.values(), *OF_JOB.values(), SKIPPED]


def test_every_condition_and_every_job_status_has_a_glyph() -> None:
    assert set(OF_CONDITION) == set(Condition)
    assert set(OF_JOB) == set(JobStatus)


def test_every_shape_is_one_narrow_cell() -> None:
    for glyph in _all():
        assert cell_len(glyph.shape) == 1
        assert unicodedata.east_asian_width(glyph.shape) in {"N", "Na", "A"}
        assert len(glyph.twin) == 1
        assert glyph.twin.isascii()


def test_a_job_of_another_version_is_drawn_as_a_question_with_its_own_word() -> None:
    glyph = OF_JOB[read(JobStatus, "melted")]

    assert (glyph.shape, glyph.word) == ("?", "'melted' (not known to this version)")


def test_no_two_conditions_differ_by_colour_alone() -> None:
    shapes = [glyph.shape for glyph in OF_CONDITION.values()]
    twins = [glyph.twin for glyph in OF_CONDITION.values()]

    assert len(set(shapes)) == len(shapes)
    assert len(set(twins)) == len(twins)


def _run(status: JobStatus, seconds: float | None) -> RecentRun:
    return RecentRun(status=status, nominal_at=NOON, duration_seconds=seconds)


def test_a_spark_line_shows_durations_and_crosses_out_failures() -> None:
    runs = [
        _run(JobStatus.SUCCEEDED, 1),
        _run(JobStatus.SUCCEEDED, 10),
        _run(JobStatus.FAILED, 10),
        _run(JobStatus.CANCELLED, None),
    ]

    assert "".join(text for text, _ in bars(runs, ascii=False)) == "▁▆×·"
    assert "".join(text for text, _ in bars(runs, ascii=True)) == ".#x."


def test_runs_that_took_no_time_are_drawn_low() -> None:
    assert bars([_run(JobStatus.SUCCEEDED, 0.0)], ascii=False) == [("▁", "spark")]
