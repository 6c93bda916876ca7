"""What goes in as bytes from several threads comes out as bounded, time-stamped text."""

from __future__ import annotations

import re
import threading
import tracemalloc
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tests.runners.orders import apply, drained
from tests.world import NOON
from tfui.clock import FrozenClock
from tfui.runners import capture
from tfui.runners.capture import KIB, Chunk, Drain, OutputBuffer

if TYPE_CHECKING:
    import pytest


def a_buffer(head: int = 100, tail: int = 100, per_drain: int = 512 * KIB) -> OutputBuffer:
    return OutputBuffer(FrozenClock(NOON).now, head=head, tail=tail, per_drain=per_drain)


def size(chunks: list[Chunk]) -> int:
    """Give the bytes that count."""
    return sum(len(chunk.text.encode()) for chunk in chunks if chunk.stream != "system")


def text(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in sorted(chunks, key=lambda chunk: chunk.seq))


def test_what_is_written_comes_out_once_with_its_stream_and_time() -> None:
    clock = FrozenClock(NOON)
    buffer = OutputBuffer(clock.now)
    buffer.write("stdout", b"one\n")
    later = clock.advance(timedelta(seconds=1))
    buffer.write("stderr", b"two\n")

    drain = buffer.drain()

    first, second = Chunk(0, NOON, "stdout", "one\n"), Chunk(1, later, "stderr", "two\n")
    assert drain == Drain((first, second), range(0), more=False)
    assert buffer.drain() == Drain((), range(0), more=False)


def test_writes_of_one_moment_to_one_stream_share_a_chunk() -> None:
    clock = FrozenClock(NOON)
    buffer = OutputBuffer(clock.now)
    for letter in (b"a", b"b"):
        buffer.write("stdout", letter)
    clock.advance(timedelta(milliseconds=51))
    buffer.write("stdout", b"c")

    assert [chunk.text for chunk in buffer.drain().chunks] == ["ab", "c"]


def test_a_character_split_over_writes_and_drains_stays_whole() -> None:
    buffer = a_buffer()
    euro = "€".encode()
    buffer.write("stdout", euro[:1])
    assert buffer.drain().chunks == ()
    buffer.write("stderr", b"!")
    buffer.write("stdout", euro[1:])

    assert text(drained(buffer)) == "!€"


def test_invalid_bytes_and_characters_never_completed_become_replacement_characters() -> None:
    buffer = a_buffer()
    buffer.write("stdout", b"caf\xe9 \xff.")
    buffer.write("stderr", b"\xe2\x82")

    assert text(drained(buffer)) == "caf\ufffd \ufffd.\ufffd"


def test_a_nul_is_made_visible_because_no_database_keeps_one() -> None:
    buffer = a_buffer()
    buffer.write("stdout", b"a\0b")

    assert text(drained(buffer)) == "a\N{SYMBOL FOR NULL}b"


def test_escape_codes_pass_unchanged_for_the_viewer_to_judge() -> None:
    buffer = a_buffer()
    buffer.write("stdout", b"\x1b[31mred\x1b[0m\r\n")

    assert text(drained(buffer)) == "\x1b[31mred\x1b[0m\r\n"


def test_the_head_is_kept_whole_and_the_tail_follows_a_remark_about_the_cut() -> None:
    buffer = a_buffer(head=10, tail=10)
    buffer.write("stdout", b"0123456789" + 1000 * b"x" + b"abcdefghij")

    kept = drained(buffer)

    assert text(kept) == "0123456789[1,000 bytes cut here]\nabcdefghij"
    assert [chunk.text for chunk in kept if chunk.stream == "system"] == [
        "[1,000 bytes cut here]\n"
    ]


def test_a_slow_flood_deletes_from_the_store_what_it_pushes_out_and_moves_the_remark() -> None:
    clock = FrozenClock(NOON)
    buffer = OutputBuffer(clock.now, head=4, tail=8)
    kept: dict[int, Chunk] = {}
    for number in range(10):
        buffer.write("stdout", f"{number:04}".encode())
        clock.advance(timedelta(seconds=1))
        apply(buffer.drain(), kept)

    assert text(list(kept.values())) == "0000[28 bytes cut here]\n00080009"


def test_what_was_drained_before_a_gap_is_replaced_by_what_came_after_it() -> None:
    buffer = a_buffer(head=4, tail=8)
    kept: dict[int, Chunk] = {}
    buffer.write("stdout", b"HEADtail")
    apply(buffer.drain(), kept)
    assert text(list(kept.values())) == "HEADtail"
    buffer.write("stdout", 20 * b"x" + b"the end.")
    apply(buffer.drain(), kept)

    assert text(list(kept.values())) == "HEAD[24 bytes cut here]\nthe end."


def test_no_drain_gives_more_than_its_limit() -> None:
    buffer = a_buffer(head=1000, tail=1000, per_drain=100)
    buffer.write("stdout", 300 * b"x" + 100 * b"\xff")
    sizes = []
    more = True
    while more:
        drain = buffer.drain()
        sizes.append(sum(len(chunk.text.encode()) for chunk in drain.chunks))
        more = drain.more

    assert max(sizes) <= 100
    assert sum(sizes) == 300 + 3 * 100


def test_binary_junk_cannot_exceed_the_bound_by_growing_when_decoded() -> None:
    buffer = a_buffer(head=300, tail=300)
    for _ in range(50):
        buffer.write("stdout", 50 * b"\xff")

    assert 300 <= size(drained(buffer)) <= 600


def test_a_gap_inside_a_character_leaves_no_fragment_of_it() -> None:
    buffer = a_buffer(head=1, tail=7)
    buffer.write("stdout", b"." + 100 * "€".encode())

    assert text(drained(buffer)) == ".[293 bytes cut here]\n€€"


def test_tiny_chunks_are_bounded_in_number_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "CHUNKS", 5)
    buffer = a_buffer(head=1000, tail=1000)
    kept: dict[int, Chunk] = {}
    for number in range(100):
        buffer.write(("stdout", "stderr")[number % 2], b"x")
        if number % 7 == 0:
            apply(buffer.drain(), kept)

    assert len([chunk for chunk in drained(buffer, kept) if chunk.stream != "system"]) <= 10


def test_memory_stays_bounded_however_much_is_printed_and_never_drained() -> None:
    buffer = OutputBuffer(FrozenClock(NOON).now)
    flood = 64 * KIB * b"y"
    tracemalloc.start()
    try:
        for _ in range(2000):
            buffer.write("stdout", flood)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 2 * 1024 * KIB


def test_the_engine_is_woken_once_per_drain_not_once_per_write() -> None:
    rings = []
    buffer = OutputBuffer(FrozenClock(NOON).now, on_output=lambda: rings.append(1))
    for _ in range(3):
        buffer.write("stdout", b"x")
    assert len(rings) == 1
    buffer.drain()
    buffer.write("stdout", b"x")

    assert len(rings) == 2


def test_after_the_end_a_straggler_is_ignored() -> None:
    buffer = a_buffer()
    buffer.write("stdout", b"in time")
    buffer.close()
    buffer.write("stdout", b"too late")

    assert text(drained(buffer)) == "in time"


def test_several_threads_lose_nothing() -> None:
    buffer = OutputBuffer(FrozenClock(NOON).now)

    def write(letter: bytes) -> None:
        for _ in range(1000):
            buffer.write(letter.decode(), letter)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(text(drained(buffer))) == sorted(1000 * "abc")


@given(
    writes=st.lists(st.tuples(st.sampled_from(["stdout", "stderr"]), st.binary(max_size=60))),
    head=st.integers(0, 40),
    tail=st.integers(1, 40),
    drains=st.sets(st.integers(0, 30)),
    per_drain=st.integers(6, 60),
)
def test_whatever_is_printed_the_store_never_holds_more_than_head_and_tail(
    writes: list[tuple[str, bytes]], head: int, tail: int, drains: set[int], per_drain: int
) -> None:
    buffer = a_buffer(head, tail, per_drain)
    kept: dict[int, Chunk] = {}
    for number, (stream, said) in enumerate(writes):
        buffer.write(stream, said)
        if number in drains:
            drain = buffer.drain()
            apply(drain, kept)
            assert size(list(drain.chunks)) <= per_drain
            assert size(list(kept.values())) <= head + tail
    left = drained(buffer, kept)

    assert size(left) <= head + tail
    assert sum(chunk.stream == "system" for chunk in left) <= 1


@given(
    writes=st.lists(st.text("abcdefgh", max_size=30)),
    head=st.integers(0, 40),
    tail=st.integers(1, 40),
    drains=st.sets(st.integers(0, 30)),
)
def test_what_is_kept_is_the_beginning_and_the_end_and_the_remark_counts_the_rest(
    writes: list[str], head: int, tail: int, drains: set[int]
) -> None:
    buffer = a_buffer(head, tail)
    kept: dict[int, Chunk] = {}
    for number, said in enumerate(writes):
        buffer.write("stdout", said.encode())
        if number in drains:
            apply(buffer.drain(), kept)
    printed = "".join(writes)
    left = text(drained(buffer, kept))

    if len(printed) <= head + tail:
        assert left == printed
        return
    begun, cut, ended = re.split(r"\[([\d,]+) bytes cut here\]\n", left)
    assert begun == printed[:head]
    assert printed.endswith(ended)
    assert len(begun) + int(cut.replace(",", "")) + len(ended) == len(printed)
