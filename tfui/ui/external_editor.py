"""The person's own text editor, on a text of ours: $VISUAL, else $EDITOR, else vi."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tfui.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator


def edit(text: str, *, name: str) -> str | None:
    """Have a text edited; blocks until the editor has ended.

    None when it ended with an error, as `:cq` of vi does: nothing is wanted. Raises Invalid when it
    cannot be started, or leaves something that is no text. The file is in a folder of its own that
    nobody else may enter, and is gone afterwards.
    """
    words = command()
    with tempfile.TemporaryDirectory(prefix="tfui-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        try:
            with _interrupts_are_the_editors():
                ended = subprocess.run([*words, str(path)], check=False)
        except OSError as trouble:
            why = trouble.strerror or str(trouble)
            raise Invalid({"$EDITOR": f"{words[0]} could not be started: {why}"}) from None
        if ended.returncode:
            return None
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as trouble:
            raise Invalid({"$EDITOR": f"what it left cannot be read: {trouble}"}) from None


def command() -> list[str]:
    """Give the words of the editor's command. Raises Invalid when they cannot be told apart."""
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        return shlex.split(chosen) or ["vi"]
    except ValueError as bad:
        raise Invalid({"$EDITOR": f"{chosen!r} cannot be read: {bad}"}) from None


@contextmanager
def _interrupts_are_the_editors() -> Iterator[None]:
    """Let ^C reach the editor and not end us; a handler, since what is ignored is inherited."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
