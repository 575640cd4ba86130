"""The archive: raw records in compressed segments, so that any mapping can be run again over what was sent.

A segment is one gzip file per run and source, ``<source>/<yyyy-mm>/<run id>.jsonl.gz``, a JSON object per line. Each
batch is a gzip member of its own; the database notes how many bytes belong to committed batches, and nothing beyond
that is ever read. A process that dies leaves at most bytes that nobody refers to.
"""

from hub.archive.segment import ArchivedRecord, Segment, read_segment

__all__ = ["ArchivedRecord", "Segment", "read_segment"]
