"""The part of the editor that keeps unsaved work, and offers what an earlier one left behind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work
from textual.content import Content

from tfui.core.words import counted
from tfui.ui import kept_drafts
from tfui.ui.kept_drafts import Kept
from tfui.ui.office import office_of
from tfui.ui.parts import is_here
from tfui.ui.plain import plain
from tfui.ui.screens.asking import Answer, Ask
from tfui.ui.screens.editor_face import EditorFace

if TYPE_CHECKING:
    from pathlib import Path

    from tfui.ui.kept_drafts import DraftFile

EVERY = 2.0  # seconds between two looks at whether there is something new to keep

OFFER = (
    Answer("later", "Not now", "unsaved.later"),
    Answer("restore", "Go on with it", "unsaved.restore"),
    Answer("discard", "Discard it", "unsaved.discard", is_grave=True),
)


class EditorKeeping(EditorFace):
    """Writes a draft to a file while it is unsaved."""

    _file: DraftFile | None = None
    _kept_texts: dict[str, str] | None = None

    @property
    def _folder(self) -> Path | None:
        office = office_of(self)
        return office.drafts if office.is_open else None

    def _begin_keeping(self) -> None:
        """Offer what was left behind, and keep what is typed from now on."""
        if self._folder is None:
            return
        self.set_interval(EVERY, self._keep)
        if self._sitting.is_edit or self._sitting.is_blank:
            self._offer()

    def _keep(self) -> None:
        """Write down what is typed, if it is unsaved and not written yet."""
        sitting, folder = self._sitting, self._folder
        if folder is None or not is_here(self):
            return
        if not sitting.is_dirty:
            self._forget_draft()
            return
        if sitting.texts == self._kept_texts:
            return
        try:
            if self._file is None:
                organization = office_of(self).caller.organization_id
                self._file = kept_drafts.begin(folder, organization, sitting.schedule_id)
            self._file.write(
                Kept(
                    at=self._now(),
                    schedule_id=sitting.schedule_id,
                    revision=sitting.revision,
                    base=sitting.base if sitting.is_edit else None,
                    texts=sitting.texts,
                )
            )
        except OSError as trouble:
            self._say(f"! no draft is kept: {plain(str(trouble))}", "$text-warning")
        self._kept_texts = sitting.texts

    def _forget_draft(self) -> None:
        """Take the file away: nothing is unsaved any more."""
        if self._file is not None:
            self._file.drop()
        self._file = self._kept_texts = None

    def on_unmount(self) -> None:
        """Leave what is still unsaved to the next editor."""
        if self._file is not None:
            self._file.let_go()
            self._file = None

    @work(group="editor-kept")
    async def _offer(self) -> None:
        sitting, folder = self._sitting, self._folder
        if folder is None:
            return
        found = await asyncio.to_thread(
            kept_drafts.take_over,
            folder,
            office_of(self).caller.organization_id,
            sitting.schedule_id,
        )
        if found is None:
            return
        file, kept = found
        answer = await self.app.push_screen_wait(
            Ask("An unsaved draft was left behind", self._describe(kept), OFFER)
        )
        if answer == "restore":
            self._file, self._kept_texts = file, dict(kept.texts)
            self._restore(kept)
        elif answer == "discard":
            file.drop()
        else:
            file.let_go()

    def _describe(self, kept: Kept) -> Content:
        known = self._sitting.begun
        count = sum(kept.texts.get(key) != text for key, text in known.items())
        at = kept.at.astimezone(office_of(self).zones.local)
        lines = [
            f"It is of {at:%a %d %b %H:%M}, with {counted(count, 'field')} unlike what is here."
        ]
        if kept.revision != self._sitting.revision:
            lines.append("The schedule was changed since; a save will show both sides.")
        return Content("\n".join(lines))

    def _restore(self, kept: Kept) -> None:
        """Put the draft into the fields, on top of what it was begun from."""
        sitting = self._sitting
        texts = {key: kept.texts.get(key, text) for key, text in sitting.begun.items()}
        if kept.base is not None and kept.revision is not None:
            self._begin_anew(kept.base, kept.revision, texts)
        else:
            self._fill(texts)
