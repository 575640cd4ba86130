"""The first difference between two things that should be equal, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from hub.model.person import mask_person_numbers
from hub.testing.sql import Content

_LONGEST: Final = 200


def between(expected: Content, found: Content) -> str:
    """Table, row and field in which two databases differ first, with both values; empty when they are equal."""
    for table in sorted({*expected, *found}):
        if told := _of_rows(expected.get(table, []), found.get(table, [])):
            return f"{table}: {told}"
    return ""


def of_objects(expected: object, found: object) -> str:
    """The field in which two records differ, with both values."""
    one, other = _fields(expected), _fields(found)
    if type(expected) is not type(found) or not one:
        return f"{shown(expected)} and {shown(found)}"
    return f"{type(expected).__name__}.{_of_fields(one, other) or 'something that does not show'}"


def shown(value: object) -> str:
    """A value in a message: short, and without persons."""
    text = mask_person_numbers(repr(value))[0]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _of_rows(expected: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> str:
    if expected == found:
        return ""
    by_id, other_by_id = _by_id(expected), _by_id(found)
    for key in by_id.keys() - other_by_id.keys():
        return f"there is no {shown(_brief(by_id[key]))} any more ({len(expected)} rows before, {len(found)} now)"
    for key in other_by_id.keys() - by_id.keys():
        return f"{shown(_brief(other_by_id[key]))} is new ({len(expected)} rows before, {len(found)} now)"
    for key, row in by_id.items():
        if told := _of_fields(row, other_by_id[key]):
            return f"{shown(_brief(row))}: {told}"
    return f"{len(expected)} rows before, {len(found)} now"


def _by_id(rows: Iterable[Mapping[str, Any]]) -> dict[object, Mapping[str, Any]]:
    return {row.get("id") or repr(row): row for row in rows}


def _brief(row: Mapping[str, Any]) -> dict[str, Any]:
    telling = ("key", "identifier", "name", "line_key", "title", "publication_number", "id")
    return {name: row[name] for name in telling if row.get(name)} or dict(row)


def _of_fields(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    for name in [*one, *(name for name in other if name not in one)]:
        if one.get(name) != other.get(name):
            return f"{name} was {shown(one.get(name))} and is {shown(other.get(name))}"
    return ""


def _fields(value: object) -> dict[str, Any]:
    if dump := getattr(value, "model_dump", None):
        return dict(dump())
    return {name: getattr(value, name) for name in getattr(value, "__slots__", ())}
