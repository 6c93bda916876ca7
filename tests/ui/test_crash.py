"""What is left of a crash: a file without secrets that only its owner can read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.acceptance.terminal import Terminal
from tests.world import NOON
from tfui.ui import crash


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


@pytest.mark.parametrize(
    "told",
    [
        "https://api.example.org/hook?id=7&token=hush-hush&x=1",
        "{'env': {'DB_PASS': 'hush-hush', 'HOME': '/root'}}",
        "{'AWS_SECRET_ACCESS_KEY': 'hush-hush'}",
        "headers {'Authorization': 'Bearer hush-hush'}",
        "Set-Cookie: hush-hush",
        "passphrase=hush-hush",
        "amqp://guest:hush-hush@queue/",
    ],
)
def test_what_jobs_are_given_in_secret_is_masked(told: str) -> None:
    assert "hush-hush" not in crash.redact(told)


_CRASH = """
import sys
from {module} import {owner}

def fail(*arguments, **named):
    env = {{"DB_PASS": "hush-env"}}
    payload = {{"command": "curl hush-payload"}}
    raise RuntimeError("https://example.org/?token=hush-url failed with " + repr(env))

{owner}.{name} = fail
sys.argv = ["tfui", "--no-engine"]
from tfui.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("module", "owner", "name", "key"),
    [
        pytest.param("tfui.ui", "list_reading", "look", "", id="in a worker's thread"),
        pytest.param("tfui.ui.screens.main", "MainScreen", "compose", "", id="first frame"),
        pytest.param("tfui.ui.screens.help", "HelpScreen", "compose", "?", id="in a screen"),
        pytest.param("tfui.ui.screens.main", "MainScreen", "action_view", "3", id="by a key"),
    ],
)
def test_a_crash_leaves_three_lines_and_a_file_without_secrets(
    tmp_path: Path, module: str, owner: str, name: str, key: str
) -> None:
    environment = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }
    script = _CRASH.format(module=module, owner=owner, name=name)
    with Terminal([sys.executable, "-c", script], environment=environment) as terminal:
        if key:
            terminal.wait_for("Nothing scheduled yet", seconds=30)
            terminal.press(key)
        terminal.wait_for("tfui met a bug and stopped: RuntimeError", seconds=30)
        assert terminal.wait(seconds=30) == 1
        assert terminal.is_cooked()
        seen = terminal.raw.decode("utf-8", "replace")

    (written,) = (tmp_path / ".local/state/tfui").glob("tfui-crash-*.log")
    text = written.read_text(encoding="utf-8")
    assert "RuntimeError: https://example.org/?token=***" in text
    assert "Traceback" not in seen
    assert "hush" not in text + seen
