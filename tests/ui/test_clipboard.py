"""Copying through tmux and the desktop's programs: here small scripts that keep what they were given."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tfui.ui import clipboard

if TYPE_CHECKING:
    from pathlib import Path


def _program(folder: Path, name: str, *, code: int = 0) -> None:
    script = folder / name
    script.write_text(
        f'#!/bin/sh\necho "$@" > {folder}/{name}.words\ncat > {folder}/{name}.text\nexit {code}\n'
    )
    script.chmod(0o755)


def _environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin", **more}


@pytest.mark.parametrize(
    ("variables", "platform", "expected"),
    [
        ({}, "linux", []),
        ({"TMUX": "/tmp/x,1,0"}, "linux", ["tmux"]),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", ["wl-copy", "xclip"]),
        ({}, "darwin", ["pbcopy"]),
        ({"WSL_DISTRO_NAME": "Debian", "TMUX": "x"}, "linux", ["tmux", "clip.exe"]),
    ],
)
def test_a_session_names_the_programs_that_it_may_have(
    variables: dict[str, str], platform: str, expected: list[str]
) -> None:
    found = clipboard.commands(variables, platform)

    assert [command[0] for command in found] == expected


def test_each_program_gets_the_text_as_it_is(tmp_path: Path) -> None:
    _program(tmp_path, "tmux")
    _program(tmp_path, "wl-copy")
    text = "naïve\n'quoted' $HOME\n"

    took = clipboard.hand_over(
        text, _environment(tmp_path, TMUX="x", WAYLAND_DISPLAY="wayland-0", DISPLAY=":0")
    )

    assert took == ["tmux", "wl-copy"]
    assert (tmp_path / "tmux.text").read_text(encoding="utf-8") == text
    assert (tmp_path / "wl-copy.text").read_text(encoding="utf-8") == text
    assert (tmp_path / "tmux.words").read_text() == "load-buffer -w -\n"


def test_a_program_that_fails_has_not_taken_it(tmp_path: Path) -> None:
    _program(tmp_path, "xclip", code=1)

    assert clipboard.hand_over("x", _environment(tmp_path, DISPLAY=":0")) == []
