"""The archive: raw records in compressed segments, so that any mapping can be run again over what was sent.

A segment is one gzip file per run and source, ``<source>/<yyyy-mm>/<run id>.jsonl.gz``, a JSON object per line. Each
batch is a gzip member of its own; the database notes how many bytes belong to committed batches, and nothing beyond
that is ever read. A process that dies leaves at most bytes that nobody refers to,
which the next whole sync cuts off. Of an erased record the line ``null``
stays, in a new file beside the old one's name (``<run id>.jsonl.gz.<mark>``).
"""

from hub.archive.segment import (
    ArchivedRecord,
    Segment,
    count_records,
    cut,
    find_positions,
    read_positions,
    read_segment,
    settle,
    write_without,
)

__all__ = [
    "ArchivedRecord",
    "Segment",
    "count_records",
    "cut",
    "find_positions",
    "read_positions",
    "read_segment",
    "settle",
    "write_without",
]
