"""The README promises every command and every key there is, and shows pictures that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import targets
from tfui.ui import keys
from tfui.ui.keys import Where

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _commands(*path: str) -> list[str]:
    """Read the commands that `tfui … --help` lists."""
    found = subprocess.run(
        [str(Path(sys.executable).parent / "tfui"), *path, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", "NO_COLOR": "1"},
    )
    _, _, listed = found.stdout.partition("Commands")
    return re.findall(r"^\W*([a-z]+)\s{2,}\S", listed, flags=re.MULTILINE)


def test_every_command_is_in_the_readme() -> None:
    commands = _commands()

    assert len(commands) > 20
    assert [name for name in commands if not re.search(rf"`[^`\n]*\b{name}\b", README)] == []


@pytest.mark.parametrize("where", [Where.EVERYWHERE, Where.VIEWS, Where.SCHEDULES])
def test_every_key_of_the_schedules_is_in_the_readme(where: Where) -> None:
    table = README.partition("## Keys")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([^`]+)`", table))
    silent = [
        action.id
        for action in keys.ACTIONS
        if action.where is where and not {keys.spell(key) for key in action.keys} & named
    ]

    assert silent == []


def test_the_readme_says_what_was_measured_last() -> None:
    assert targets.markdown() in README.partition("## Measured")[2].partition("\n## ")[0]


def test_every_picture_in_the_readme_exists() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)

    assert len(pictures) >= 3
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []


def test_the_readme_begins_with_one_command_to_run_and_one_to_test() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)

    assert blocks[0].strip().endswith("tfui --demo")
    assert blocks[1].strip().endswith("python -m tests")
    assert (ROOT / ".ci" / "run").is_file()
