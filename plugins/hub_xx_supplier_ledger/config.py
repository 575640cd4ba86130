"""What the operator says about a source of ledgers."""

from __future__ import annotations

import codecs
import re
from fnmatch import fnmatch
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from hub.sdk import ConnectorConfig, Identifier
from hub_xx_supplier_ledger.headings import FIELDS

_ADDRESS = r"^https?://[^/\s]+/\S*$"


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Addresses = Annotated[tuple[Annotated[str, Field(pattern=_ADDRESS)], ...], BeforeValidator(_listed)]
"""One address, or several."""


class Reading(ConnectorConfig):
    """Whose files they are and how they are written: what detection cannot know."""

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
    header_row: int | None = Field(default=None, ge=1, description="Row of the header, from 1, where it is not found")
    period: str | None = Field(
        default=None, description="Regular expression with the groups year and, if any, month, searched in file names"
    )
    sign: Literal["as_written", "reversed"] = Field(
        default="as_written", description="Reversed: the publisher writes payments as negative amounts"
    )
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

    @field_validator("period")
    @classmethod
    def _names_a_year(cls, pattern: str | None) -> str | None:
        try:
            groups = re.compile(pattern or "(?P<year>)").groupindex
        except re.error as error:
            message = f"period: {pattern!r} is no regular expression: {error}"
            raise ValueError(message) from None
        if "year" not in groups or set(groups) - {"year", "month"}:
            message = r"period: name the groups year and month, as in (?P<year>\d{4})_(?P<month>\d\d)"
            raise ValueError(message)
        return pattern

    @field_validator("columns")
    @classmethod
    def _known_fields(cls, columns: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(columns.values()) - set(FIELDS)):
            message = f"no such field: {', '.join(unknown)}; choose from {', '.join(FIELDS)}"
            raise ValueError(message)
        return columns


class Profile(Reading):
    """One publisher's way of writing. What it says goes before the source's own settings."""

    files: str = Field(default="*", min_length=1, description="Glob of the file names that it is for")


class LedgerConfig(Reading):
    """Where the ledgers are and how they are written."""

    path: str | None = Field(default=None, description="File, folder or glob of ledger files (CSV, .xlsx, XML-SIE)")
    url: Addresses = Field(default=(), description="Address of a ledger file, or a list of them")
    rowstore: Addresses = Field(
        default=(), description="Address of an EntryScape row store, …/rowstore/dataset/<uuid>, or a list"
    )
    datastore: Addresses = Field(
        default=(),
        description="Address of a CKAN data store, …/api/3/action/datastore_search?resource_id=<id>, or a list",
    )
    profile: dict[str, Profile] = Field(default_factory=dict, description="Publisher → how its files are written")

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if not (self.path or self.url or self.rowstore or self.datastore):
            message = "say where the ledgers are: path, url, rowstore or datastore"
            raise ValueError(message)
        return self

    @field_validator("rowstore")
    @classmethod
    def _is_a_rowstore(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            if not re.fullmatch(r"[^?#]+/rowstore/dataset/[\w-]+(?:/json)?/?", address):
                message = "rowstore: write the data set's address, https://host/rowstore/dataset/<uuid>"
                raise ValueError(message)
        return tuple(address.rstrip("/").removesuffix("/json") for address in addresses)

    @field_validator("datastore")
    @classmethod
    def _is_a_datastore(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            if not re.fullmatch(r"[^?#]+/api/3/action/datastore_search\?resource_id=[\w-]+", address):
                message = "datastore: write https://host/api/3/action/datastore_search?resource_id=<id>"
                raise ValueError(message)
        return addresses

    def of_file(self, name: str) -> LedgerConfig:
        """These settings with those of the first profile that is for a file of this name."""
        for profile in self.profile.values():
            if fnmatch(name, profile.files):
                told = {field: getattr(profile, field) for field in profile.model_fields_set - {"files"}}
                return self.model_copy(update=told)
        return self
