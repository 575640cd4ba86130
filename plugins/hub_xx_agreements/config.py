"""What an operator says about a catalogue: where it lies, whose it is, and what its columns mean."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from hub.sdk import ConnectorConfig

Column = Literal[
    "reference",
    "title",
    "supplier",
    "number",
    "charity_number",
    "starts",
    "ends",
    "ends_max",
    "extension",
    "rank",
    "value",
    "ceiling",
    "cpv",
    "type",
    "signed",
    "buyer",
    "buyer_number",
    "planned_start",
    "unit",
]
"""What the hub takes. ``ceiling`` is the most that may be called off, ``value`` any other stated value."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) and value else value or []


Addresses = Annotated[tuple[Annotated[str, Field(pattern=r"^https?://[^/\s]+/\S*$")], ...], BeforeValidator(_listed)]
"""One address, or several."""


class AgreementsConfig(ConnectorConfig):
    """One catalogue, or one procurement plan, of one buyer."""

    path: str = Field(default="", description="The file, a folder or a glob; the one with the latest date is read")
    url: Addresses = Field(default=(), description="Addresses of the files that together are the catalogue")
    what: Literal["detect", "agreements", "plan"] = Field(default="detect", description="Else told by the headings")
    catalogue: str = Field(default="catalogue", pattern=r"^[a-z0-9_-]+$", description="Tells a buyer's lists apart")
    buyer: str = Field(default="", description="Organisation number of who signs, where no column names the buyer")
    buyer_name: str = Field(default="", description="The name that goes with it")
    country: str = Field(default="SE", pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2, of the numbers")
    currency: str = Field(default="SEK", pattern=r"^[A-Z]{3}$", description="ISO 4217, of the values")
    columns: dict[Column, str] = Field(default_factory=dict, description="What the hub takes → the heading over it")
    ignore: tuple[str, ...] = Field(default=(), description="Headings that are known and not wanted")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.path) == bool(self.url):
            message = "write either `path` or `url`"
            raise ValueError(message)
        return self

    @property
    def scope(self) -> str:
        """The buyer and the catalogue: a new edition replaces the former one of the same scope."""
        return f"{self.buyer or 'all'}/{self.catalogue}"
