"""How the dashboard was asked to look and behave, decided before it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tfui.ui.key_map import KeyMap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from textual.dom import DOMNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line and the settings say about the dashboard."""

    ascii: bool = False
    """Only characters of ASCII, for terminals and readers that have no others."""
    read_only: bool = False
    """Nothing may be changed from here."""
    theme: str | None = None
    """A theme's name; None: the one used last, else tfui-dark."""
    zone: str | None = None
    """The local time zone's name for the `t` key; None: the machine's own."""
    engine: bool = True
    """Whether an engine was asked for; says what the summary bar shows while opening."""
    state_path: Path | None = None
    """Where the last theme and sort are remembered; None remembers nothing."""
    view: str | None = None
    """The view to begin with; None: the one that was open last."""
    schedule: str | None = None
    """A schedule to begin with, by its name or the beginning of its id; None: the last one."""
    key_map: KeyMap = field(default_factory=KeyMap)
    """The keys, with what a person has changed of them."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Filters by the names they are saved under."""
    animation: bool = False
    """Whether anything may move smoothly."""
    log_folder: Path | None = None
    """Where a crash is written down; None: the folder for temporary files."""

    @property
    def drafts_folder(self) -> Path | None:
        """Where unsaved work of the editor is kept; None keeps none."""
        return None if self.state_path is None else self.state_path.parent / "drafts"


def is_ascii(node: DOMNode) -> bool:
    """Whether the app that `node` lives in is to draw with ASCII alone."""
    return node.app.has_class("-ascii")
