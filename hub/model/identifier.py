"""Official identifiers and mentions: which organisation a text in a source names, if any."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from hub.model.ids import organisation_id
from hub.model.person import contains_person_number, is_person_number, is_pseudonym
from hub.model.record import Value
from hub.model.scheme import BY_CODE, scheme_of_country


class Identifier(Value):
    """A number in an official register, in its scheme's stored form: ``scheme="SE-ON", value="2120002627"``."""

    scheme: str
    value: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        scheme = BY_CODE.get(self.scheme)
        if scheme is not None and (scheme.code != self.scheme or scheme.clean(self.value) != self.value):
            message = f"{self.value!r} is not in the stored form of {self.scheme}; use Identifier.parse"
            raise ValueError(message)
        return self

    @classmethod
    def parse(cls, text: str | None, *, scheme: str | None = None, country: str | None = None) -> Identifier | None:
        """Any spelling of a number as an identifier of ``scheme``, or of the country's company register.

        ``None`` when the text is no valid number of that scheme: such text is kept as written and never linked.
        """
        if not text:
            return None
        found = BY_CODE.get(scheme) if scheme else scheme_of_country(country or "")
        if found is None:
            return None
        value = found.clean(text)
        return cls.model_construct(scheme=found.code, value=value) if value else None

    @property
    def organisation_id(self) -> str:
        """The id of the organisation that this number names."""
        return organisation_id(self.scheme, self.value)


class Mention(Value):
    """An organisation as written somewhere. With a valid ``identifier`` it *is* that organisation; without, it stays
    a mention. A natural person has only a ``pseudonym``.
    """

    name: str | None = None
    identifier_as_written: str | None = None
    identifier: Identifier | None = None
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-2")
    pseudonym: str | None = None

    @model_validator(mode="after")
    def _no_person(self) -> Self:
        written = self.identifier_as_written or ""
        if is_person_number(written) or contains_person_number(written) or contains_person_number(self.name or ""):
            message = "a personal number reached the model; the connector must pass it through ctx.person first"
            raise ValueError(message)
        if self.pseudonym and (self.name or self.identifier or self.identifier_as_written):
            message = "a natural person is kept under a pseudonym alone, without name or number"
            raise ValueError(message)
        return self

    @classmethod
    def of(
        cls, name: str | None, written: str | None = None, *, country: str | None = None, scheme: str | None = None
    ) -> Mention:
        """A mention from a name and a number as written; a pseudonym in place of the number makes it a person."""
        name, written = (name or "").strip() or None, (written or "").strip() or None
        if written and is_pseudonym(written):
            return cls(pseudonym=written)
        return cls(
            name=name,
            identifier_as_written=written,
            identifier=Identifier.parse(written, scheme=scheme, country=country),
            country=country,
        )

    @property
    def organisation_id(self) -> str | None:
        """The organisation meant, when the number says so."""
        return self.identifier.organisation_id if self.identifier else None
