"""What is left of a crash: a file without secrets that only its owner can read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.world import NOON
from tfui.ui import crash

if TYPE_CHECKING:
    import pytest


def test_secrets_are_masked_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_API_TOKEN", "s3cr3t-value")
    text = crash.redact(
        "postgresql://ana:hunter2@db/x password='open sesame' {'api_key': 'k-123'} s3cr3t-value"
    )

    for secret in ("hunter2", "open sesame", "k-123", "s3cr3t-value"):
        assert secret not in text
    assert "postgresql://ana:***@db/x" in text


def test_a_crash_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    path = crash.record(ValueError("token=abc123"), folder=tmp_path / "logs", now=NOON)

    assert path.stat().st_mode & 0o777 == 0o600
    written = path.read_text(encoding="utf-8")
    assert "ValueError" in written
    assert "abc123" not in written


def test_the_notice_is_three_lines_and_no_traceback() -> None:
    said = crash.notice(ValueError("private"), Path("/logs/x.log"))

    assert len(said.splitlines()) == 3
    assert "private" not in said
    assert "/logs/x.log" in said
