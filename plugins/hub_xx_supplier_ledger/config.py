"""What the operator says about a source of ledgers."""

from __future__ import annotations

import codecs
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from hub.sdk import ConnectorConfig, Identifier
from hub_xx_supplier_ledger.headings import FIELDS


class LedgerConfig(ConnectorConfig):
    """Where the files are and whose they are; the rest is for files whose layout cannot be detected."""

    path: str = Field(description="File, folder or glob of ledger files (CSV or .xlsx, XML-SIE)")
    buyer: str | None = Field(default=None, description="The buyer's organisation number, if files do not give it")
    buyer_name: str | None = Field(default=None, description="The buyer's name, if files do not give it")
    municipality: str | None = Field(default=None, description="Municipality code, with its leading zero")
    country: str = Field(default="SE", pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2, of the buyer")
    currency: str = Field(default="SEK", pattern=r"^[A-Z]{3}$", description="ISO 4217, where rows do not say")
    amount: Literal["net", "gross"] = Field(default="net", description="Which amount to take where files have both")
    encoding: str | None = Field(default=None, description="Where it is not detected: utf-8, cp1252, utf-16, …")
    delimiter: str | None = Field(
        default=None, min_length=1, max_length=1, description="Between cells, where it is not detected"
    )
    decimal: Literal[",", "."] | None = Field(default=None, description="Decimal mark, where it is not detected")
    sheet: str | None = Field(default=None, description="Name, or position from 1")
    columns: dict[str, str] = Field(default_factory=dict, description="Header → field, see the README's list")

    @model_validator(mode="after")
    def _buyer_has_a_number(self) -> Self:
        # A mistyped buyer would leave every payment without one.
        if self.buyer and Identifier.parse(self.buyer, country=self.country) is None:
            message = f"buyer: {self.buyer!r} is no organisation number of {self.country}: look at its check digit"
            raise ValueError(message)
        return self

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str | None) -> str | None:
        try:
            return codecs.lookup(encoding).name if encoding else None
        except LookupError:
            message = f"no such encoding: {encoding}; usual ones are utf-8, cp1252, utf-16"
            raise ValueError(message) from None

    @field_validator("columns")
    @classmethod
    def _known_fields(cls, columns: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(columns.values()) - set(FIELDS)):
            message = f"no such field: {', '.join(unknown)}; choose from {', '.join(FIELDS)}"
            raise ValueError(message)
        return columns
