"""Indicators."""

from __future__ import annotations

from hub.model.ids import make_id
from hub.model.indicator import Indicator
from hub.store.rows.aggregate import Aggregate, Shape
from hub.store.tables import organisation as tables

INDICATOR = Shape(
    entity="indicator",
    table=tables.indicator,
    columns=("id", "municipality_code", "indicator", "year", "population", "value", "title", "unit"),
    children={},
)


def indicator(record: Indicator, source_id: str) -> Aggregate:
    """One statistic."""
    root = (
        make_id(record.entity, source_id, *record.natural_key),
        record.municipality_code,
        record.indicator,
        record.year,
        record.group,
        record.value,
        record.title,
        record.unit,
    )
    return Aggregate(INDICATOR, root, {}, named=())
