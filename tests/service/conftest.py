"""Engines turned by hand over a frozen clock, as the engine's own tests have them."""

from __future__ import annotations

from tests.engine.conftest import sqlite_stage, stage

__all__ = ["sqlite_stage", "stage"]
