"""Numbers that look random and never change: the same parts always draw the same."""

from __future__ import annotations


def draw(*parts: str) -> int:
    """Give a number from 0 to 2**64 - 1 that depends on `parts` alone, on every machine."""
    from hashlib import blake2b  # costs a millisecond that few commands need

    text = "\n".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
