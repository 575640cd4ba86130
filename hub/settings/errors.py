"""Errors in the configuration: all of them at once, each with the word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from hub.sdk import ConfigError, HubError


class ConfigErrors(ConfigError):
    """Everything that is wrong with a configuration, so that an operator mends it in one go.

    ``errors`` holds each with its reason, place and instruction; a single one's are this error's too.
    """

    def __init__(self, errors: Iterable[ConfigError]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        if len(self.errors) == 1:
            super().__init__(first.reason, where=first.where, instruction=first.instruction)
        else:
            super().__init__(f"{len(self.errors)} errors in the configuration")

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


@dataclass(frozen=True)
class Problem:
    """Something that keeps a source (or, named ``signals``, all of them) from running."""

    source: str
    error: HubError


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``"; did you mean eu_ted?"`` when a known word is close, otherwise nothing."""
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def flattened(errors: Iterable[ConfigError]) -> Iterator[ConfigError]:
    """The single errors in ``errors``, with those that hold several taken apart."""
    for error in errors:
        if isinstance(error, ConfigErrors):
            yield from error.errors
        else:
            yield error
