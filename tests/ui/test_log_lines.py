"""Output as lines: colours stay, everything else that a terminal would obey is gone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.world import NOON
from tfui.model.job import OutputChunk
from tfui.ui.log_lines import LONGEST, LogReader, scrub


def _chunk(text: str, *, seq: int = 0, fence: int = 1, stream: str = "stdout") -> OutputChunk:
    return OutputChunk(fence=fence, seq=seq, at=NOON, stream=stream, text=text)


def _texts(*chunks: OutputChunk) -> list[str]:
    return [line.text.plain for line in LogReader().read(chunks)]


def test_a_line_cut_into_chunks_is_put_together() -> None:
    assert _texts(_chunk("hel"), _chunk("lo\nwor", seq=1), _chunk("ld\n", seq=2)) == [
        "hello",
        "world",
    ]


def test_a_line_that_is_still_being_written_can_be_seen() -> None:
    reader = LogReader()

    assert list(reader.read([_chunk("50 %")])) == []
    assert [line.text.plain for line in reader.pending()] == ["50 %"]


def test_two_streams_do_not_mix_within_a_line() -> None:
    found = list(
        LogReader().read([_chunk("out"), _chunk("err\n", stream="stderr"), _chunk("put\n")])
    )

    assert [(line.stream, line.text.plain) for line in found] == [
        ("stderr", "err"),
        ("stdout", "output"),
    ]


def test_attempts_are_told_apart() -> None:
    assert _texts(_chunk("one\n"), _chunk("two\n", fence=2)) == [
        "one",
        "── next attempt ──",
        "two",
    ]


def test_a_progress_bar_shows_its_last_state() -> None:
    assert _texts(_chunk("10 %\r50 %\r100 %\n")) == ["100 %"]
    assert _texts(_chunk("dos line\r\n")) == ["dos line"]


def test_colours_are_kept_as_style_and_not_as_characters() -> None:
    (line,) = LogReader().read([_chunk("\x1b[31mred\x1b[0m plain\n")])

    assert line.text.plain == "red plain"
    assert line.text.spans


def test_titles_cursor_moves_and_bells_are_not_obeyed() -> None:
    assert scrub("\x1b]0;title\x07a\x1b[2Jb\x1b[10;10Hc\x07") == "abc␇"


def test_a_line_without_end_is_bounded() -> None:
    reader = LogReader()
    list(reader.read([_chunk("x" * 1_000_000)]))

    assert len(reader.pending()[0].text.plain) <= LONGEST


@given(st.text(max_size=200))
def test_nothing_that_a_job_prints_reaches_the_terminal_as_a_control(text: str) -> None:
    for line in _texts(_chunk(text + "\n")):
        assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in line)
