"""Reading: what an answer becomes before it is stored, whether it was asked for or saved in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hub.sdk import (
    AuthFailed,
    Context,
    ContractBroken,
    Drift,
    FetchItem,
    Identifier,
    RawRecord,
    RecordRejected,
    Reject,
    SourceUnavailable,
)
from hub_se_bolagsverket_api.answer import ROWS, Answer, identity, parse
from hub_se_bolagsverket_api.lap import Lap
from hub_se_bolagsverket_api.person import cleaned, is_organisation_number, is_person

if TYPE_CHECKING:
    from hub_se_bolagsverket_api.connector import BolagsverketApiConfig

STREAM: Final = "organisations"
_CHECKPOINT_EVERY: Final = 20
"""Answers, about as many seconds at the publisher's limit."""
_LARGEST_FILE: Final = 16 << 20
_IN_A_NAME: Final = re.compile(r"(?<!\d)\d{10}(?!\d)")
_KEYS: Final = "check client_id and client_secret; keys are ordered free of charge from Bolagsverket, see the README"


def asked(ctx: Context[BolagsverketApiConfig]) -> Iterator[FetchItem]:
    """An answer for each number whose turn it is."""
    wanted = {*ctx.watched("SE-ON"), *ctx.config.numbers}
    numbers = {number for number in wanted if is_organisation_number(number)}
    ctx.count("numbers_not_asked", len(wanted) - len(numbers))
    lap = Lap(numbers, ctx.cursor, ctx.config.limit)
    for done, number in enumerate(lap, start=1):
        try:
            items, whole = _ask(ctx, number)
        except (SourceUnavailable, ContractBroken):
            # A number that the API always fails at must not be the one where every run ends.
            lap.answered(number, whole=True)
            yield lap.checkpoint()
            raise
        yield from items
        lap.answered(number, whole=whole)
        ctx.progress(done, len(lap), "numbers asked")
        if done % _CHECKPOINT_EVERY == 0 or done == len(lap):
            yield lap.checkpoint()


def saved(ctx: Context[BolagsverketApiConfig]) -> Iterator[FetchItem]:
    """Answers in files, one in each. A number that the answer does not repeat is looked for in the file's name."""
    files = ctx.files(ctx.config.path)
    for done, path in enumerate(files, start=1):
        yield from _saved(ctx, path)
        ctx.progress(done, len(files), path.name)


def _saved(ctx: Context[BolagsverketApiConfig], path: Path) -> list[FetchItem]:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            return [Reject(STREAM, path.name, f"has more than {_LARGEST_FILE} bytes: no answer", path.name)]
        answer = parse(path.read_bytes())
    except RecordRejected as error:
        return [Reject(STREAM, path.name, error.reason, path.name, error.field)]
    except OSError as error:
        return [Reject(STREAM, path.name, f"the file cannot be read: {error.strerror}", path.name)]
    told = next((number for row in answer.rows if (number := identity(row))), "")
    if told and not is_organisation_number(told):
        ctx.count("persons_dropped", len(answer.rows))
        return []
    in_name = _IN_A_NAME.search(path.stem)
    number = told or (in_name[0] if in_name else "")
    if answer.verdict != "incomplete" and not is_organisation_number(number):
        return [Reject(STREAM, path.name, "the answer does not say which organisation was asked for", path.name)]
    return _items(ctx, number or path.name, answer, path.name)


def _ask(ctx: Context[BolagsverketApiConfig], number: str) -> tuple[list[FetchItem], bool]:
    """What one number's answer becomes, and whether that was a whole answer."""
    url = f"{ctx.config.url}/organisationer"
    try:
        response = ctx.http.post(url, json={"identitetsbeteckning": number}, extensions={"hub.safe": True})
    except AuthFailed as error:
        raise AuthFailed(error.reason, where=error.where, instruction=_KEYS) from None
    if response.status_code == 400 and Identifier.parse(number, scheme="SE-ON") is None:  # noqa: PLR2004 - HTTP's own
        reason = "the API does not take this number (400): its check digit is wrong"
        return [Reject(STREAM, number, reason, url, "identitetsbeteckning", number)], True
    response.raise_for_status()
    try:
        answer = parse(response.content)
    except RecordRejected as error:
        message = f"the answer {error.reason}"
        raise ContractBroken(message, where=url, instruction="compare it with the publisher's API") from None
    return _items(ctx, number, answer, url), answer.verdict != "incomplete"


def _items(ctx: Context[BolagsverketApiConfig], number: str, answer: Answer, origin: str) -> list[FetchItem]:
    """The raw record of an answer. What is not known at present is told and not stored: it would undo what is known."""
    drift = [Drift("unknown_code", "fel.typ", kind[:80], stream=STREAM) for kind in answer.unlisted]
    if answer.verdict == "incomplete":
        ctx.count("answers_incomplete")
        reason = f"not known at present: {', '.join(answer.missing)}; what is stored stays, it is asked for again"
        return [*drift, Reject(STREAM, number, reason, origin, "fel", whole=True)]
    if answer.verdict == "invalid":
        return [Reject(STREAM, number, "the API calls the request invalid (OGILTIG_BEGARAN)", origin, "fel", number)]
    if answer.verdict == "not_found":
        ctx.count("not_found")
        return [_raw(ctx, number, [], origin)]
    rows = [row for row in answer.rows if not is_person(row)]
    ctx.count("persons_dropped", len(answer.rows) - len(rows))
    if any(identity(row) not in {"", number} for row in rows):
        return [Reject(STREAM, number, "the answer is about another number", origin, "organisationsidentitet")]
    return [_raw(ctx, number, rows, origin)] if rows else []


def _raw(ctx: Context[BolagsverketApiConfig], number: str, rows: list[Any], origin: str) -> RawRecord:
    payload = {"number": number, "sni": ctx.config.sni, ROWS: cleaned(rows)}
    return RawRecord(STREAM, number, payload, origin=origin)
