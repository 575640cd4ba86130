"""What must appear nowhere: secrets, and natural persons' numbers."""

from __future__ import annotations

import gzip
import io
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import SecretStr

from hub.model.person import contains_person_number, luhn_valid
from hub.sdk import ConfigError, Connector, FetchItem, RawRecord
from hub.settings import secret_values
from hub.testing.actions import reply
from hub.testing.difference import shown
from hub.testing.promise import BrokenPromise
from hub.testing.trial import Stage, Trial
from hub.testing.watch import sleepless

CANARY: Final = "canary-7f3a9c51e2"
"""The secret that the configuration is given."""

_PERSON: Final = next(f"850512123{digit}" for digit in range(10) if luhn_valid(f"850512123{digit}"))
_SHORTEST: Final = 8
"""Secrets of a fixture that are shorter may stand anywhere by chance."""
_TEXT: Final = re.compile(rb">([^<>]*\w[^<>]*)<")

Plant = Callable[[RawRecord, int], RawRecord]


def silence(trial: Trial) -> None:
    """Whatever a run stores, archives, logs, prints or gives as its reason holds no secret and no person."""
    _kept_out(trial)
    secrets = _canaries(trial)
    with trial.stage(config=secrets) as stage:
        hidden = dict.fromkeys(_secrets(trial, stage), "the secret")
        hidden |= dict.fromkeys(_spellings(_PERSON), "a planted personal number")
        for text in trial.fixture.personal:
            hidden |= dict.fromkeys(_spellings(text), "a person of the fixture")
        for plant in (_everywhere, _somewhere):
            with trial.database() as database, _listening() as heard, sleepless():
                said = stage.run(database, fetch=_planting(plant)).reason
                if stage.server is not None:
                    stage.server.disturb(reply(500), 1)
                    said += stage.run(database, anew=False).reason
            _scan("the outcome's reason", said, hidden)
            _scan_output(trial, heard.getvalue(), hidden)
            for path in sorted(database.folder.rglob("*")):
                if path.is_file():
                    _scan(_place(path), _text(path), hidden)


def _kept_out(trial: Trial) -> None:
    """The gate is a second lock: what it has to mask, the connector let through, and a name may stand beside it."""
    if any(stream.public_keys for stream in trial.connector.manifest.streams):
        return  # publication numbers may look like persons' numbers
    with trial.stage() as stage, trial.database() as database, sleepless():
        masked = stage.run(database).counts["masked_by_gate"]
    if masked:
        raise BrokenPromise(
            f"{masked} personal numbers reached the hub, which masked them; the names beside them stay"
            " → drop the row of a natural person in fetch, or pass its number through ctx.person and drop the name"
        )


def _scan(place: str, text: str, hidden: Mapping[str, str]) -> None:
    for value, what in hidden.items():
        if value in text:
            start = text.index(value)
            around = text[max(0, start - 60) : start].rpartition("\n")[2]
            raise BrokenPromise(
                f"{what} appears in {place}, behind {shown(''.join(filter(str.isprintable, around)))}"
                " → keep secrets out of addresses, keys and origins; drop or pseudonymise (ctx.person) persons in fetch"
            )


def _scan_output(trial: Trial, text: str, hidden: Mapping[str, str]) -> None:
    _scan("a log line or printed output", text, hidden)
    if any(stream.public_keys for stream in trial.connector.manifest.streams):
        return  # publication numbers may look like persons' numbers
    for line in text.splitlines():
        if contains_person_number(line):
            raise BrokenPromise(
                "a log line or printed output holds a personal number that stands in the source"
                " → log counts and places, never values; print nothing"
            )


def _canaries(trial: Trial) -> dict[str, str]:
    """The canary for each key of the config that is a secret, if the model takes it."""
    fields = trial.connector.config_model.model_fields.items()
    found = {info.alias or name: CANARY for name, info in fields if _is_secret(info.annotation)}
    try:
        with trial.stage(config=found):
            return found
    except ConfigError:
        return {}


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or SecretStr in get_args(annotation)


def _secrets(trial: Trial, stage: Stage) -> set[str]:
    credentials = trial.connector().credentials(stage.config)
    found = {*secret_values(stage.config), *(secret_values(credentials) if credentials else ())}
    return {secret for secret in found if len(secret) >= _SHORTEST}


def _spellings(text: str) -> set[str]:
    digits = "".join(filter(str.isdigit, text))[-10:]
    if len(digits) < 10:  # noqa: PLR2004 - a personal number's
        return {text}
    return {text, digits, f"{digits[:6]}-{digits[6:]}"}


def _planting(plant: Plant) -> Callable[[Connector[Any], Any], Iterator[FetchItem]]:
    def fetch(connector: Connector[Any], ctx: Any) -> Iterator[FetchItem]:
        numbers = count()
        for item in connector.fetch(ctx):
            yield plant(item, next(numbers)) if isinstance(item, RawRecord) else item

    return fetch


def _everywhere(raw: RawRecord, _number: int) -> RawRecord:
    """A personal number in every text of the payload."""
    if isinstance(raw.payload, bytes):
        return replace(raw, payload=_TEXT.sub(rb">\1 " + _written().encode() + b"<", raw.payload))
    return replace(raw, payload={name: _in_all(value) for name, value in raw.payload.items()})


def _somewhere(raw: RawRecord, number: int) -> RawRecord:
    """A personal number in one text of the payload, another one in each record: the rest can still be read."""
    if isinstance(raw.payload, bytes):
        texts = list(_TEXT.finditer(raw.payload))
        if not texts:
            return raw
        end = texts[number % len(texts)].end(1)
        return replace(raw, payload=raw.payload[:end] + b" " + _written().encode() + raw.payload[end:])
    names: Sequence[str] = [name for name, value in raw.payload.items() if isinstance(value, str)]
    if not names:
        return raw
    name = names[number % len(names)]
    return replace(raw, payload={**raw.payload, name: _in_all(raw.payload[name])})


def _in_all(value: Any) -> Any:
    if isinstance(value, str):
        return f"{value} {_written()}".strip()
    if isinstance(value, Mapping):
        return {name: _in_all(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_in_all(item) for item in value]
    return value


def _written() -> str:
    return f"{_PERSON[:6]}-{_PERSON[6:]}"


@contextmanager
def _listening() -> Iterator[io.StringIO]:
    """Every log line of every library, down to debug, and what is printed."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    root, source = logging.getLogger(), logging.getLogger("hub")
    levels, others = (root.level, source.level), root.handlers[:]
    root.handlers[:] = [handler]  # nobody else need see it
    root.setLevel(logging.DEBUG)
    source.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(heard), redirect_stderr(heard):
            yield heard
    finally:
        root.handlers[:] = others
        root.setLevel(levels[0])
        source.setLevel(levels[1])


def _place(path: Path) -> str:
    return "the archive" if path.suffix == ".gz" else "the database"


def _text(path: Path) -> str:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return content.decode("utf-8", "replace")
