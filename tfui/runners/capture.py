"""What a job prints, between the threads that read it and the store that keeps it.

Bytes come in from any thread; time-stamped text goes out in drains small enough for one
transaction. Memory is bounded whatever the flood, and so is what the store ends up with: the
first `head` bytes, a remark saying how much was cut, and at most the last `tail` bytes.

Bytes are counted as the UTF-8 text the store keeps (an invalid byte or a NUL becomes a character
of three), except those that were cut before they were ever decoded, which count as printed. The
remark itself is not counted. The tail is trimmed by whole chunks of at most 64 KiB.
"""

from __future__ import annotations

import codecs
import threading
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

KIB = 1024
PIECE = 64 * KIB
"""Bytes that one chunk may be made of."""
CHUNKS = 8_192
"""Chunks that the head, and the tail, may consist of: rows cost more than the bytes in them."""
JOIN = timedelta(milliseconds=50)
"""Writes to one stream this close together share a chunk and its time."""

# Postgres has no text with NULs in it, and a person could not see one.
_NUL, _VISIBLE_NUL = "\0", "\N{SYMBOL FOR NULL}"
_WIDEST = 3  # bytes of UTF-8 that one byte of input can become


@dataclass(frozen=True, slots=True)
class Chunk:
    """Text that a job printed to one stream at about one moment."""

    seq: int
    """Orders an attempt's chunks; unique among those kept."""
    at: datetime
    stream: str
    """`stdout`, `stderr` or `system`."""
    text: str


@dataclass(frozen=True, slots=True)
class Drain:
    """What the store is to do: delete the chunks numbered in `dropped`, then insert `chunks`.

    In this order and in one transaction: the remark about the cut takes a dropped number. Nothing
    is ever dropped without a chunk, so an empty `chunks` means that there is nothing to do.
    """

    chunks: tuple[Chunk, ...]
    dropped: range
    more: bool
    """Whether another drain would give something at once."""


@dataclass(slots=True)
class _Piece:
    at: datetime
    stream: str
    data: bytearray


class OutputBuffer:
    """The Sink of one attempt. `on_output` is called once per drain, by the first write after it."""

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        head: int = 512 * KIB,
        tail: int = 512 * KIB,
        per_drain: int = 512 * KIB,
        on_output: Callable[[], None] | None = None,
    ) -> None:
        if head < 0 or tail < 1 or per_drain < 2 * _WIDEST:
            raise ValueError(f"no output fits in head={head}, tail={tail}, per_drain={per_drain}")
        self._now = now
        self._head_size, self._tail_size, self._per_drain = head, tail, per_drain
        # No single chunk may be more than the tail can hold, or trimming would leave nothing.
        self._piece_size = min(PIECE, max(1, tail // _WIDEST - 1))
        self._on_output = on_output
        self._lock = threading.Lock()
        self._announced = False
        self._closed = False
        # Not yet drained, as it came.
        self._head: deque[_Piece] = deque()
        self._head_room = head
        self._head_pieces = 0
        self._tail: deque[_Piece] = deque()
        self._tail_bytes = 0
        self._evicted = 0
        # Drained: what the store holds of the head (only its size) and of the tail.
        self._decoders: dict[str, codecs.IncrementalDecoder] = {}
        self._torn: set[str] = set()
        self._stored_head = 0
        self._stored_tail: deque[tuple[int, int]] = deque()
        self._stored_tail_bytes = 0
        self._tail_from: int | None = None
        self._next_seq = 0
        self._cut = 0

    def write(self, stream: str, chunk: bytes) -> None:
        """Take bytes from one stream; after `close` they are ignored."""
        if not chunk:
            return
        at = self._now()
        with self._lock:
            if self._closed:
                return
            self._take(at, stream, chunk)
            announce = not self._announced
            self._announced = True
        if announce and self._on_output is not None:
            self._on_output()

    def close(self) -> None:
        """Say that nothing more will come; drain until `more` is False for the last of it."""
        with self._lock:
            self._closed = True

    def drain(self) -> Drain:
        """Give what is new for the store, at most `per_drain` bytes of it."""
        with self._lock:
            self._announced = False
            start = self._tail_from
            fresh: list[Chunk] = []
            room = self._decode(self._head, fresh, self._per_drain)
            is_cut = False
            if not self._head:
                is_cut = self._leave_out_evicted(fresh)
                if self._tail and self._tail_from is None:
                    self._tail_from = self._next_seq
                self._decode(self._tail, fresh, room)
                self._tail_bytes = sum(len(piece.data) for piece in self._tail)
                if self._closed and not self._tail:
                    self._flush(fresh)
            is_cut = self._trim(fresh) or is_cut
            dropped = self._remark(start, fresh) if is_cut else range(0)
            more = bool(self._head or self._tail or (self._closed and self._decoders))
            return Drain(tuple(fresh), dropped, more)

    def _take(self, at: datetime, stream: str, chunk: bytes) -> None:
        if self._head_room:
            kept = chunk[: self._head_room]
            chunk = chunk[len(kept) :]
            self._head_pieces += self._append(self._head, at, stream, kept)
            self._head_room -= len(kept)
            if self._head_pieces >= CHUNKS:
                self._head_room = 0
        if chunk:
            excess = max(0, len(chunk) - self._tail_size)
            self._evicted += excess
            self._append(self._tail, at, stream, chunk[excess:])
            self._tail_bytes += len(chunk) - excess
            self._evict()

    def _append(self, pieces: deque[_Piece], at: datetime, stream: str, data: bytes) -> int:
        """Put bytes at the end of `pieces`; give the number of pieces that this took."""
        if pieces:
            last = pieces[-1]
            near = last.stream == stream and at - last.at <= JOIN
            if near and len(last.data) + len(data) <= self._piece_size:
                last.data += data
                return 0
        before = len(pieces)
        pieces.extend(
            _Piece(at, stream, bytearray(data[begin : begin + self._piece_size]))
            for begin in range(0, len(data), self._piece_size)
        )
        return len(pieces) - before

    def _evict(self) -> None:
        while self._tail_bytes > self._tail_size or len(self._tail) > CHUNKS:
            oldest = self._tail[0]
            excess = len(oldest.data)
            if len(self._tail) <= CHUNKS:
                excess = min(excess, self._tail_bytes - self._tail_size)
            if excess == len(oldest.data):
                self._tail.popleft()
            else:
                del oldest.data[:excess]
            self._tail_bytes -= excess
            self._evicted += excess

    def _leave_out_evicted(self, fresh: list[Chunk]) -> bool:
        """After a gap, begin the tail anew: what is pending would push out all that is stored."""
        if not self._evicted:
            return False
        if self._tail_from is not None:
            fresh[:] = [chunk for chunk in fresh if chunk.seq < self._tail_from]
        self._cut += self._evicted + self._stored_tail_bytes
        self._evicted = 0
        self._stored_tail.clear()
        self._stored_tail_bytes = 0
        self._tail_from = self._next_seq  # the remark's
        self._next_seq += 1
        self._torn = {piece.stream for piece in self._tail}
        self._decoders.clear()
        return True

    def _decode(self, pieces: deque[_Piece], fresh: list[Chunk], room: int) -> int:
        """Move pieces to `fresh` as text while they fit in `room`; give the room that is left."""
        while pieces:
            piece = pieces[0]
            length = _fitting(piece.data, room)
            if length == 0:
                break
            data = bytes(piece.data[:length])
            del piece.data[:length]
            if not piece.data:
                pieces.popleft()
            room -= self._add(piece.at, piece.stream, data, fresh)
        return room

    def _add(self, at: datetime, stream: str, data: bytes, fresh: list[Chunk]) -> int:
        """Decode bytes of one stream into a chunk of `fresh`; give the bytes of its text."""
        if stream in self._torn:
            self._torn.discard(stream)
            data = _from_character(data)
        decoder = self._decoders.get(stream)
        if decoder is None:
            decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
            self._decoders[stream] = decoder
        return self._number(at, stream, decoder.decode(data), fresh)

    def _flush(self, fresh: list[Chunk]) -> None:
        """Give up on characters that were begun and never completed."""
        for stream, decoder in self._decoders.items():
            self._number(self._now(), stream, decoder.decode(b"", final=True), fresh)
        self._decoders.clear()

    def _number(self, at: datetime, stream: str, text: str, fresh: list[Chunk]) -> int:
        if not text:
            return 0
        text = text.replace(_NUL, _VISIBLE_NUL)
        size = len(text) if text.isascii() else len(text.encode())
        seq = self._next_seq
        self._next_seq += 1
        if self._tail_from is None and self._stored_head + size <= self._head_size:
            self._stored_head += size
        else:
            if self._tail_from is None:
                self._tail_from = seq
            self._stored_tail.append((seq, size))
            self._stored_tail_bytes += size
        fresh.append(Chunk(seq, at, stream, text))
        return size

    def _trim(self, fresh: list[Chunk]) -> bool:
        """Leave out the oldest chunks of the tail that no longer fit, drained before or just now."""
        first = last = -1
        while self._stored_tail_bytes > self._tail_size or len(self._stored_tail) > CHUNKS:
            last, size = self._stored_tail.popleft()
            first = last if first < 0 else first
            self._stored_tail_bytes -= size
            self._cut += size
        if last < 0:
            return False
        fresh[:] = [chunk for chunk in fresh if not first <= chunk.seq <= last]
        self._tail_from = last  # the remark's
        return True

    def _remark(self, start: int | None, fresh: list[Chunk]) -> range:
        """Say in `fresh` how much was cut; give the numbers, from `start`, that it stands for."""
        seq = self._tail_from
        if seq is None:
            raise AssertionError("something was cut from a tail that never began")
        remark = Chunk(seq, self._now(), "system", f"[{self._cut:,} bytes cut here]\n")
        fresh.insert(sum(chunk.seq < seq for chunk in fresh), remark)
        return range(0) if start is None else range(start, seq + 1)


def _fitting(data: bytearray, room: int) -> int:
    """How many of these bytes surely become no more than `room` bytes of UTF-8."""
    room = max(0, room - _WIDEST)  # for a character that an earlier piece began
    if data.isascii() and b"\0" not in data:
        return min(len(data), room)
    return min(len(data), room // _WIDEST)


def _from_character(data: bytes) -> bytes:
    """Leave off the end of a character whose beginning was cut."""
    begin = 0
    while begin < min(3, len(data)) and data[begin] & 0xC0 == 0x80:
        begin += 1
    return data[begin:]
