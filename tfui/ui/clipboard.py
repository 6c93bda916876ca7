"""Putting text on the clipboard: by the terminal, by tmux, and by whatever program this desktop has.

None of the ways can be seen to work: a terminal says nothing about OSC 52, and over SSH the desktop
is another machine's. So each that may work is tried.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

_PATIENCE = 2.0  # seconds a program may take; xclip goes on in the background by itself


async def copy(app: App[object], text: str) -> str:
    """Copy a text in every way there is; give the end of the sentence that says so."""
    app.copy_to_clipboard(text)  # OSC 52
    took = await asyncio.to_thread(hand_over, text, os.environ)
    return f" · {', '.join(took)}" if took else ""


def hand_over(text: str, environment: Mapping[str, str]) -> list[str]:
    """Give a text to the programs that are there for this session; give those that took it."""
    return [command[0] for command in commands(environment) if _takes(command, text, environment)]


def commands(environment: Mapping[str, str], platform: str = sys.platform) -> list[list[str]]:
    """Name the programs that a session like this one would copy with, installed or not."""
    found = []
    if environment.get("TMUX"):
        found.append(["tmux", "load-buffer", "-w", "-"])
    if environment.get("WAYLAND_DISPLAY"):
        found.append(["wl-copy"])
    if environment.get("DISPLAY"):
        found.append(["xclip", "-selection", "clipboard"])
    if platform == "darwin":
        found.append(["pbcopy"])
    if environment.get("WSL_DISTRO_NAME"):
        found.append(["clip.exe"])
    return found


def _takes(command: list[str], text: str, environment: Mapping[str, str]) -> bool:
    program = shutil.which(command[0], path=environment.get("PATH"))
    if program is None:
        return False
    try:
        done = subprocess.run(
            [program, *command[1:]],
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
