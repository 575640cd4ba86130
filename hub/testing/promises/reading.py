"""What fetch yields: keys, and scopes that are whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from hub.pipeline.fingerprint import raw_hash
from hub.sdk import Complete, FetchItem, RawRecord, Reject
from hub.testing.difference import shown
from hub.testing.promise import BrokenPromise
from hub.testing.trial import Trial


def keys(trial: Trial) -> None:
    """Every raw record has a key that nothing else has, and has it again when it is fetched again."""
    streams = {stream.name for stream in trial.connector.manifest.streams}
    known: dict[tuple[str, str], str] = {}
    for raw in trial.raw:
        if raw.stream not in streams:
            raise BrokenPromise(f"fetch yields stream {raw.stream!r}, the manifest names {sorted(streams)} → name it")
        if not raw.key.strip():
            raise BrokenPromise(f"the raw record of {raw.origin or 'unknown origin'} has an empty key → give it one")
        fingerprint = _fingerprint(raw)
        if known.setdefault((raw.stream, raw.key), fingerprint) != fingerprint:
            raise BrokenPromise(
                f"key {shown(raw.key)} of stream {raw.stream!r} comes twice with different payloads"
                " → put into the key what tells the two apart"
            )
    with trial.stage() as stage:
        again = {
            (item.stream, item.key)
            for item in stage.fetch(trial.fixture.now + timedelta(days=1))
            if isinstance(item, RawRecord)
        }
    lost, new = sorted(known.keys() - again), sorted(again - known.keys())
    if lost or new:
        raise BrokenPromise(
            f"fetched again, keys differ: {shown(lost[:1])} became {shown(new[:1])} ({len(lost)} lost, {len(new)} new)"
            " → make keys of what the publisher says, not of time, chance or place"
        )


def scopes(trial: Trial) -> None:
    """``Complete`` counts right and comes last; every scope of a snapshot stream has one."""
    counted: Counter[tuple[str, str]] = Counter()
    complete: set[tuple[str, str]] = set()
    for item in trial.items:
        if isinstance(item, RawRecord):
            if (item.stream, item.scope) in complete:
                raise BrokenPromise(
                    f"key {shown(item.key)} comes after its scope {item.scope!r} was said to be complete"
                    " → yield Complete behind the scope's last record"
                )
            counted[item.stream, item.scope] += 1
        elif isinstance(item, Complete):
            complete.add((item.stream, item.scope))
            came = counted[item.stream, item.scope]
            if item.expected != came:
                raise BrokenPromise(
                    f"Complete of scope {item.scope!r} expects {item.expected} raw records, {came} came"
                    " → count what is yielded, each raw record once"
                )
    _snapshots_are_complete(trial, counted, complete)


def _snapshots_are_complete(trial: Trial, counted: Counter[tuple[str, str]], complete: set[tuple[str, str]]) -> None:
    whole = {stream.name for stream in trial.connector.manifest.streams if stream.snapshot}
    for stream, scope in sorted(counted):
        if stream not in whole or (stream, scope) in complete or _misses_whole(trial.items):
            continue
        if not scope:
            raise BrokenPromise(f"stream {stream!r} is a snapshot and its raw records name no scope → give them one")
        raise BrokenPromise(
            f"scope {scope!r} of snapshot stream {stream!r} never ends"
            " → yield Complete(stream, scope, expected) behind its last record"
        )


def _misses_whole(items: Sequence[FetchItem]) -> bool:
    return any(isinstance(item, Reject) and item.whole for item in items)


def _fingerprint(raw: RawRecord) -> str:
    if not isinstance(raw.payload, bytes):
        try:
            msgspec.json.encode(raw.payload)
        except (TypeError, ValueError) as error:
            raise BrokenPromise(
                f"the payload of key {shown(raw.key)} is no JSON ({error}) → yield what the publisher sent, as text"
            ) from None
    return raw_hash(raw)
