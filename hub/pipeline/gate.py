"""The gate: nothing that a connector yields goes any further with a natural person's number in it (ADR 0004).

Connectors take persons out before they yield. The gate is the second lock: what slips through is masked, and the run
says how often that happened, so that the connector gets mended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from hub.model.person import contains_person_number, mask_person_numbers, pseudonym
from hub.sdk.events import Checkpoint, Complete, Drift, Erase, FetchItem, RawRecord, Reject

_PUBLIC: Final = re.compile(r"\d{1,8}-\d{4}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-\d{2})?")
"""Numbers that a publisher gives in public: a publication's number and year, or a UUID with a version."""


class Gate:
    """Masks personal numbers in what a connector yields; ``masked`` counts them.

    Keys and scopes must stay unique, so they get a pseudonym instead of a mask.
    """

    def __init__(self, pseudonym_key: bytes) -> None:
        self._key = pseudonym_key
        self.masked = 0
        self._changed = False

    def __call__(self, item: FetchItem, *, public_keys: bool = False) -> FetchItem:
        """The item without persons; itself when there was nothing to change in it.

        With ``public_keys`` a raw record's key, and a place named after it, only looks like a person's number: one in
        130 of TED's publication numbers does (``340663-2020``).
        """
        before, self._changed = self.masked, False
        cleaned = self._clean(item, public_keys=public_keys)
        return cleaned if self._changed or self.masked > before else item

    def _clean(self, item: FetchItem, *, public_keys: bool) -> FetchItem:
        match item:
            case RawRecord():
                public = public_keys and _PUBLIC.fullmatch(item.key) is not None
                return replace(
                    item,
                    payload=self._value(item.payload),
                    key=item.key if public else self._name(item.key),
                    scope=self._name(item.scope),
                    origin=item.origin if public and item.key in item.origin else self._text(item.origin),
                )
            case Reject():
                key, origin, reason = self._name(item.key), self._text(item.origin), self._text(item.reason)
                field, value = self._text(item.field), self._text(item.value)
                return replace(item, key=key, origin=origin, field=field, value=value, reason=reason)
            case Complete():
                return replace(item, scope=self._name(item.scope))
            case Checkpoint():
                scope, version = self._name(item.scope), self._name(item.version)
                return replace(item, cursor=self._value(item.cursor), scope=scope, version=version)
            case Erase():
                public = public_keys and _PUBLIC.fullmatch(item.key) is not None
                return item if public else replace(item, key=self._name(item.key))
            case Drift():
                return replace(item, field=self._text(item.field), value=self._text(item.value))

    def _name(self, text: str) -> str:
        text = self._unicode(text)
        if not contains_person_number(text):
            return text
        self.masked += 1
        return pseudonym(text, self._key)

    def _text(self, text: str) -> str:
        masked, count = mask_person_numbers(self._unicode(text))
        self.masked += count
        return masked

    def _unicode(self, text: str) -> str:
        # Names of files that are not UTF-8 come with lone surrogates, which nothing can store.
        if text.isascii():
            return text
        try:
            text.encode()
        except UnicodeEncodeError:
            self._changed = True
            return text.encode("utf-8", "replace").decode()
        return text

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bytes):
            return self._document(value)
        if isinstance(value, Mapping):
            return {self._text(str(name)): self._value(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(item) for item in value]
        if isinstance(value, int | float) and contains_person_number(str(value)):
            return self._text(str(value))
        return value

    def _document(self, document: bytes) -> bytes:
        try:
            encoding, text = "utf-8", document.decode("utf-8")
        except UnicodeDecodeError:
            # An ASCII superset, or no text at all: latin-1 maps every byte to itself and back.
            encoding, text = "latin-1", document.decode("latin-1")
        before = self.masked
        masked = self._text(text)
        return masked.encode(encoding) if self.masked > before else document
