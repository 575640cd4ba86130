"""What an operator says about a list: whose members it holds and which column means what."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from hub.sdk import ConnectorConfig

Column = Literal["name", "identifier", "number", "valid_from", "valid_to", "municipality"]
"""What the hub takes from a list: ``identifier`` is the official number, ``number`` the register's own."""


class MembershipListConfig(ConnectorConfig):
    """One list of one register or network."""

    path: str = Field(
        default="", description="The file, a folder or a glob; of several files the one with the latest date is read"
    )
    url: str = Field(default="", pattern=r"^(https?://[^/\s]+/\S*)?$", description="Else the address of the file")
    register_id: str = Field(alias="register", pattern=r"^[a-z0-9_]+$", description="The id that signals refer to")
    register_name: str = Field(min_length=1, description="What people call the list; stands in explanations")
    country: str = Field(default="SE", pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2, of its members")
    columns: dict[Column, str] = Field(description="What the hub takes → the header over it in the file")
    ignore: tuple[str, ...] = Field(default=(), description="Headers that are known and not wanted")
    list_date: date | None = Field(default=None, description="When the list was published; else from the file's name")
    identifier_scheme: str | None = Field(default=None, description="Else the country's company register")

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not {"name", "identifier"} & self.columns.keys():
            message = "columns needs at least `name` or `identifier`: a list of members says who they are"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.path) == bool(self.url):
            message = "write either `path` or `url`"
            raise ValueError(message)
        return self
