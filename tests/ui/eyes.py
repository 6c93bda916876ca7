"""What eyes make of colours: contrast as WCAG 2 has it, and colours as seen with a colour blindness.

The simulation is Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of
Color Vision Deficiency", IEEE TVCG 15(6), 2009: its matrices for severity 1.0, on linear sRGB.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from textual.color import Color

if TYPE_CHECKING:
    from collections.abc import Sequence

    Triple: TypeAlias = tuple[float, float, float]
    Matrix: TypeAlias = tuple[Triple, Triple, Triple]

SIGHTS: dict[str, Matrix] = {
    "usual": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
"""Linear light as it comes in, to linear light as it looks."""

_TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_times(_TO_XYZ, _linear(c))[1] for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def distance(one: str, other: str, sight: str = "usual") -> float:
    """Give the difference of two colours for a sight, in CIE 1976 ΔE; 2.3 is just noticeable."""
    seen = [_lab(_times(SIGHTS[sight], _linear(c))) for c in (one, other)]
    return math.dist(*seen)


def _linear(colour: str) -> list[float]:
    return [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in Color.parse(colour).normalized
    ]


def _lab(light: Sequence[float]) -> tuple[float, float, float]:
    within = [min(1.0, max(0.0, part)) for part in light]
    x, y, z = (
        _root(part / white) for part, white in zip(_times(_TO_XYZ, within), _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(part: float) -> float:
    return float(part ** (1 / 3)) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116


def _times(matrix: Matrix, column: Sequence[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, column, strict=True)) for row in matrix]
