"""A published value: from a member of an answer to raw records, and from each of those to an indicator."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from hub.sdk import Drift, Indicator, RawRecord, RecordRejected, Reject, clean
from hub_se_kolada.answer import MEMBERS

STREAM: Final = "values"
GROUPS: Final = ("T", "K", "M")
"""All, women, men. The README of version 2 says F for women; its answers say K."""
_DELETED: Final = ("is_deleted", "isdeleted")
"""Only the answers to ``from_date`` have it; its spelling differs between descriptions."""
_STATUSES: Final = frozenset({None})
_KPI: Final = re.compile(r"[A-Z][0-9]{5}")
_MUNICIPALITY: Final = re.compile(r"[0-9]{4}")
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_MOST_DIGITS: Final = 30


def raw_records(member: Mapping[str, Any], title: str | None, origin: str) -> Iterator[RawRecord | Reject]:
    """One raw record for each group, so that a change of one of them leaves the others as they are."""
    about = {name: said for name, said in member.items() if name != MEMBERS}
    place = "/".join(str(about.get(name, "?"))[:20] for name in ("kpi", "municipality", "period"))
    try:
        _matching(about.get("kpi"), _KPI, "kpi")
        _matching(about.get("municipality"), _MUNICIPALITY, "municipality")
        _matching(about.get("period"), _YEAR, "period")
        values = member.get(MEMBERS)
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise RecordRejected("is no list of values", field=MEMBERS)  # noqa: TRY301 - all faults are told at one place
        if not values and _is_deleted(about):
            values = [{"gender": group, "value": None} for group in GROUPS]
    except RecordRejected as error:
        yield Reject(STREAM, place, error.reason, origin, error.field, error.value)
        return
    for value in values:
        group = value.get("gender")
        try:
            if not isinstance(group, str) or not group.strip():
                raise RecordRejected("the value does not say whom it counts", field="gender")  # noqa: TRY301
            payload = {**about, **value, "title": title, "value": _exact(value.get("value"))}
        except RecordRejected as error:
            yield Reject(STREAM, f"{place}/{group}", error.reason, origin, error.field, error.value)
            continue
        if "value" not in value and not _is_deleted(payload):
            del payload["value"]  # not told is not the same as told to be missing
        yield RawRecord(STREAM, f"{place}/{group}", payload, origin=origin)


def indicators(payload: Mapping[str, Any], origin: str) -> Iterator[Indicator | Drift]:
    """The indicator in a raw record; none when the publisher deleted the value, so that the stored one goes."""
    fields = clean.Fields(payload)
    fields.ignore("count", "title", *_DELETED)
    kpi = _matching(fields.take("kpi"), _KPI, "kpi")
    municipality = _matching(fields.take("municipality"), _MUNICIPALITY, "municipality")
    year = int(_matching(fields.take("period"), _YEAR, "period"))
    group, status, value = fields.take("gender"), fields.take("status"), fields.take("value")
    if group is None:
        raise RecordRejected("the value does not say whom it counts", field="gender", where=origin)
    if group not in GROUPS:
        yield Drift("unknown_code", "gender", group)
    if status not in _STATUSES:
        yield Drift("unknown_code", "status", status or "")
    yield from fields.left_over()
    if _is_deleted(payload):
        return
    if "value" not in payload:
        raise RecordRejected("there is no value, not even an empty one", field="value", where=origin)
    yield Indicator(
        municipality_code=municipality,
        indicator=kpi,
        year=year,
        group=group,
        value=None if value is None else _exact(_number(value)),
        title=clean.text(payload.get("title")),
    )


def _is_deleted(fields: Mapping[str, Any]) -> bool:
    said = [fields[name] for name in _DELETED if fields.get(name) is not None]
    if not all(isinstance(one, bool) for one in said):
        raise RecordRejected("is neither true nor false", field="is_deleted", value=str(said[0])[:40])
    return any(said)


def _matching(said: object, pattern: re.Pattern[str], field: str) -> str:
    text = "" if said is None or isinstance(said, bool) else str(said)
    if pattern.fullmatch(text) is None:
        raise RecordRejected(f"is no {field} as Kolada writes it", field=field, value=text[:40])
    return text


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise RecordRejected("is no number", field="value", value=text[:40]) from None


def _exact(said: object) -> str | None:
    """The number as decimal text without exponent: what JSON says, digit for digit."""
    if said is None:
        return None
    if isinstance(said, bool | float) or not isinstance(said, int | Decimal):
        raise RecordRejected("is no number", field="value", value=str(said)[:40])
    number = Decimal(said)
    if not number.is_finite() or not -_MOST_DIGITS < number.adjusted() < _MOST_DIGITS:
        raise RecordRejected("is beyond what any figure can be", field="value", value=str(said)[:40])
    return format(number, "f")
