"""What becomes of old archive segments, and of what killed runs left: deleted while the lease is held.

A segment's row goes first and its file after the commit. A process that dies between the two leaves a file that nobody
refers to, and the next whole sync deletes it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hub.archive import cut
from hub.runs import sql
from hub.runs.execution import Execution
from hub.store import retention
from hub.store.engine import reading, transaction
from hub.store.rows.aggregate import instant

_FILE: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl\.gz.*")


def tidy(work: Execution) -> None:
    """After a whole sync, delete what the archive's settings no longer keep, and files that nobody refers to."""
    if not work.result.whole:
        return
    keep = work.plan.keep_archive
    if keep is not None and not _forget_expired(work, before=instant(work.now - keep) or ""):
        return
    tidied = sweep(work)
    if tidied:
        work.log.info("deleted or cut %d files of the archive", tidied, extra={"action": "archive_tidied"})


def _forget_expired(work: Execution, *, before: str) -> bool:
    """Whether all that is expired was forgotten; not when the run should end or the lease is somebody else's."""
    plan = work.plan
    with reading(plan.engine) as connection:
        expired = retention.expired(connection, plan.source_id, before=before, keep_current=plan.keep_current)
    for segment_id in expired:
        if plan.stop.is_set():
            return False
        with transaction(plan.engine) as connection:
            if not sql.beat(connection, work.lease.run_id, at=datetime.now(UTC)):
                return False
            retention.forget_segment(connection, segment_id)
    return True


def sweep(work: Execution) -> int:
    """Delete files that nobody refers to, and what killed runs left behind the committed part of others.

    Gives how many files there were. Looked for before the database is asked: what another run begins meanwhile is not
    among them.
    """
    root = work.plan.archive
    found = sorted((root / work.lease.seed).glob("*/*"))
    files = {path.relative_to(root).as_posix(): match[1] for path in found if (match := _FILE.fullmatch(path.name))}
    if not files:
        return 0
    with reading(work.plan.engine) as connection:
        written = retention.written(connection, set(files.values()))
    tidied = 0
    for path, run_id in files.items():
        if run_id in written:
            try:
                tidied += _tidy(root / path, written[run_id], is_kept=written[run_id].path == path)
            except OSError as error:
                work.log.warning("%s cannot be tidied: %s", root / path, error.strerror or type(error).__name__)
    return tidied


def _tidy(path: Path, written: retention.Written, *, is_kept: bool) -> bool:
    if is_kept:
        return cut(path, written.byte_count)
    path.unlink(missing_ok=True)
    with suppress(OSError):  # it holds other files
        path.parent.rmdir()
    return True
