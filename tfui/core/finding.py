"""What a check-up of a store finds: how bad it is, about what, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    """A promise is broken, or soon will be."""
    WARNING = "warning"
    OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence about one subject."""

    severity: Severity
    subject: str
    """`ledger`, `journal`, `engines`, ...; or a schedule's name."""
    text: str
    advice: str = ""
    """What to do; empty when nothing needs doing."""
