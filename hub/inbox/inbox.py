"""One look at the drop folders: each file that lies still is recognised, put away, loaded and answered.

Nothing is remembered but where files lie, so that the process may die between any two steps: a file in the drop folder
was not begun, a file in a source's folder without its answer was not finished, and an answer is written whole.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hub.inbox import verdict
from hub.inbox.answer import Answer
from hub.inbox.choice import Candidate, Choice, choose, recognise
from hub.inbox.folder import DropFolder, answer_of, free_name, put, same_content, write_answer
from hub.inbox.stillness import Stillness
from hub.sdk import HubError
from hub.service import Hub

_log = logging.getLogger(__name__)

Became = Literal["loaded", "failed", "repeated", "waiting", "refused"]


@dataclass(frozen=True)
class Handled:
    """What became of a file. ``source`` is empty when none took it; ``answer`` is where the answer stands, if any."""

    folder: str
    file: str
    became: Became
    source: str = ""
    answer: Path | None = None
    why: str = ""


class Inbox:
    """Looks at the drop folders of a hub's sources, again and again."""

    def __init__(self, stillness: Stillness | None = None) -> None:
        self._stillness = stillness or Stillness()

    def look(self, hub: Hub) -> Iterator[Handled]:
        """Handle what lies in the drop folders. One file's failure never keeps the others waiting."""
        for name in dict.fromkeys(source.inbox for source in hub.settings.sources if source.inbox and source.enabled):
            folder, candidates = DropFolder(hub.settings.root, name), _candidates(hub, name)
            if not folder.path.is_dir() or not candidates:
                continue
            if not folder.is_safe(*(each.kept for each in candidates)):
                why = "a folder in it is a link; make it a real folder"
                _log.warning("%s is left alone: %s", name, why, extra={"action": "inbox_refused"})
                yield Handled(name, "", "refused", why=why)
                continue
            yield from _Round(hub, folder, candidates, self._stillness).handle()


@dataclass(frozen=True)
class _Round:
    """One look at one drop folder."""

    hub: Hub
    folder: DropFolder
    candidates: list[Candidate]
    stillness: Stillness

    def handle(self) -> Iterator[Handled]:
        for candidate in self.candidates:
            for file in list(self.folder.unanswered(candidate.kept)):
                yield from self._guarded(file, candidate)
        for file in list(self.folder.dropped()):
            yield from self._guarded(file, None)

    def _guarded(self, file: Path, candidate: Candidate | None) -> Iterator[Handled]:
        if self.hub.stopping.is_set():
            return
        try:
            yield self._load(file, candidate) if candidate else self._receive(file)
        except FileNotFoundError:  # whoever dropped it took it back, or another process has it
            return
        except (OSError, HubError) as error:
            why = self.hub.redactor(str(error))
            _log.warning("a dropped file waits: %s", why, extra={"action": "inbox_failed"})
            yield self._told(file, "waiting", why=why)

    def _receive(self, file: Path) -> Handled:
        if not self.stillness.is_still(file):
            return self._told(file, "waiting", why="it was written to a moment ago")
        choice = choose(file, self.candidates)
        if choice.candidate is None:
            return self._fail(file, choice)
        kept = choice.candidate.kept
        if earlier := same_content(file, kept):
            if earlier.samefile(file):  # the process died when it had been put away, and still lay here
                file.unlink()
                return self._load(earlier, choice.candidate)
            return self._repeat(file, choice.candidate, earlier)
        target = free_name(file.name, kept)
        put(file, target)
        return self._load(target, choice.candidate)

    def _load(self, file: Path, candidate: Candidate) -> Handled:
        """Sync the source that a file lies in the folder of, and answer."""
        seen = recognise(file, candidate)
        result = self.hub.run(candidate.source)
        if not result.run_id or result.outcome in {"cancelled", "lost"}:
            return self._told(file, "waiting", candidate, why=result.reason or "the run was stopped")
        found = verdict.of(self.hub, result, file, seen)
        if found.loaded:
            answer = write_answer(file, found.html(self.hub.redactor), like=file)
            return self._told(file, "loaded", candidate, answer, why=result.reason)
        target = self._put_failed(file, found)
        if any(self._others(candidate)):
            self.hub.run(candidate.source)  # without it the source is well again
        return self._told(target, "failed", candidate, answer_of(target), why=result.reason)

    def _fail(self, file: Path, choice: Choice) -> Handled:
        mend = (
            "Kontrollera att det är rätt fil och att rubrikraden är med.",
            "Spara den som .csv eller .xlsx och lägg den i mappen igen.",
        )
        answer = Answer(file.name, loaded=False, outcome=choice.why, recognition=choice.recognition, mend=mend)
        target = self._put_failed(file, answer)
        return self._told(target, "failed", answer=answer_of(target), why="it is not recognised")

    def _repeat(self, file: Path, candidate: Candidate, earlier: Path) -> Handled:
        told = f"Redan inläst: filen har samma innehåll som {earlier.name}. Inget har räknats två gånger."
        target = free_name(file.name, self.folder.repeated)
        page = Answer(file.name, loaded=True, outcome=told).html(self.hub.redactor)
        answer = write_answer(target, page, like=file)
        put(file, target)
        return self._told(target, "repeated", candidate, answer)

    def _put_failed(self, file: Path, answer: Answer) -> Path:
        # The answer first: were it the last, a file might lie there for ever without one.
        target = free_name(file.name, self.folder.failed)
        write_answer(target, answer.html(self.hub.redactor), like=file)
        put(file, target)
        return target

    def _others(self, candidate: Candidate) -> Iterator[Path]:
        return (path for path in candidate.kept.iterdir() if path.is_file() and answer_of(path).exists())

    def _told(
        self, file: Path, became: Became, candidate: Candidate | None = None, answer: Path | None = None, why: str = ""
    ) -> Handled:
        source = candidate.source.id if candidate else ""
        name = self.hub.redactor(file.name)
        if became != "waiting":
            extra = {"action": "inbox_handled", "source": source, "became": became}
            _log.info("%s in %s: %s", name, self.folder.name, became, extra=extra)
        return Handled(self.folder.name, name, became, source, answer, why)


def _candidates(hub: Hub, name: str) -> list[Candidate]:
    found = []
    for source in hub.settings.sources:
        if source.inbox != name or not source.enabled:
            continue
        try:
            connector, config = hub.prepare(source)
        except HubError as error:
            told = hub.redactor(str(error))
            _log.warning(
                "%s takes no files: %s", source.id, told, extra={"action": "inbox_failed", "source": source.id}
            )
            continue
        found.append(Candidate(source, connector, config, hub.settings.root / str(source.config["path"])))
    return found
