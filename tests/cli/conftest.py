"""A home of its own for every test of the command line: settings, state and an empty database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without a database, which the command line believes to be the user's."""
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    for name in ("TFUI_DB", "TFUI_ORG", "TFUI_SEATS", "TFUI_ZONE", "TFUI_READ_ONLY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def db(home: Path, sqlite_template: Path) -> Path:
    """An empty, migrated database where the command line looks for it."""
    path = home / "data" / "tfui" / "tfui.db"
    path.parent.mkdir(parents=True)
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o600)
    return path
