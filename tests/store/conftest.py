"""Fixtures of the store tests that need something to have happened."""

from tests.engine.conftest import stage

__all__ = ["stage"]
