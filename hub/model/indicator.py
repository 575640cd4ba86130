"""Statistics of municipalities that give context to what they buy."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from hub.model.record import Record


class Indicator(Record):
    """One statistic of one municipality in one year."""

    entity: ClassVar[str] = "indicator"

    municipality_code: str = Field(description="As the publisher numbers areas: four digits, leading zero kept")
    indicator: str = Field(description="The publisher's id, e.g. Kolada's N00120")
    year: int
    group: str = Field(default="T", description="Whom it counts: T all, K women, M men")
    value: str | None = Field(description="Exact decimal text; None when published as missing")
    title: str | None = None
    unit: str | None = None

    @property
    def natural_key(self) -> tuple[str, ...]:
        """Municipality, indicator, year and group."""
        return (self.municipality_code, self.indicator, str(self.year), self.group)
