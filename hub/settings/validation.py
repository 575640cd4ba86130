"""Values checked against a model, with errors an operator can act on and without the values of secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from hub.sdk import ConfigError, ConnectorConfig
from hub.settings.errors import ConfigErrors, did_you_mean
from hub.settings.masking import fields_of, leaves, mask_values

ModelT = TypeVar("ModelT", bound=BaseModel)
ConfigT = TypeVar("ConfigT", bound=ConnectorConfig)

Loc = tuple[int | str, ...]

_KEY = "[key]"  # how pydantic marks that a mapping's key is wrong, not its value


def validate_source_config(model: type[ConfigT], raw: Mapping[str, Any], where: str) -> ConfigT:
    """A source's ``[config]``, secrets resolved, as its connector's model. ``where`` is the source's file.

    Raises :class:`ConfigErrors`, one for each key that is wrong, unknown or missing.
    """
    return validate(model, raw, lambda key: f"{where}, config.{key}" if key else f"{where}, config")


def validate(model: type[ModelT], raw: Mapping[str, Any], where: Callable[[str], str]) -> ModelT:
    """``raw`` as a ``model``; ``where`` tells the place of a dotted key (empty for the whole)."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        # A reference may also stand for a value that is no secret to the model, such as a folder or a port.
        revealed = raw
        for details in error.errors():
            revealed = _reveal(revealed, details["loc"])
        problems = error
    if revealed != raw:
        try:
            return model.model_validate(revealed)
        except ValidationError as error:
            problems = error
    secrets = {str(leaf.value) for leaf in leaves(raw, model) if leaf.secret}
    # `from None`: the original error carries the input.
    raise ConfigErrors(_explained(problems, model, where, secrets)) from None


def _explained(
    error: ValidationError, model: type[BaseModel], where: Callable[[str], str], secrets: set[str]
) -> Iterator[ConfigError]:
    for details in error.errors(include_url=False, include_context=False, include_input=False):
        reason, instruction = _reason(details, model)
        yield ConfigError(mask_values(reason, secrets), where=where(_dotted(details["loc"])), instruction=instruction)


def _reason(details: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    loc = details["loc"]
    name = str(loc[-1]) if loc else ""
    if name == _KEY:
        return f"unknown key: {_sentence(details)}", ""
    match details["type"]:
        case "extra_forbidden":
            known = _known_keys(model, loc[:-1])
            return f"unknown key{did_you_mean(name, known)}", f"known keys: {', '.join(sorted(known))}"
        case "missing":
            return "is missing", f"add {name} = …"
        case "model_type" | "dict_type" | "model_attributes_type":
            return "should be a table", ""
        case "list_type" | "tuple_type":
            return "should be a list", ""
        case _:
            return _sentence(details), ""


def _sentence(details: ErrorDetails) -> str:
    return details["msg"].removeprefix("Value error, ").replace("Input should", "should", 1)


def _known_keys(model: type[BaseModel], path: Loc) -> set[str]:
    annotation: Any = model
    for step in path:
        annotation = fields_of(annotation).get(str(step), annotation)
    return set(fields_of(annotation))


def _dotted(loc: Loc) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc if step != _KEY)
    return text.removeprefix(".")


def _reveal(value: Any, loc: Loc) -> Any:
    """``value`` with the secret at ``loc``, if there is one, in plain text."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if not loc:
        return value
    step, rest = loc[0], loc[1:]
    if isinstance(value, Mapping) and step in value:
        return {**value, str(step): _reveal(value[str(step)], rest)}
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return [*value[:step], _reveal(value[step], rest), *value[step + 1 :]]
    return _reveal(value, rest)  # the name of a member of a union, which pydantic puts into the path
