"""The operator's folder and the environment as typed settings. A source's ``[config]`` stays raw here."""

from hub.settings.errors import ConfigErrors, Problem, did_you_mean
from hub.settings.explain import Explained, explain
from hub.settings.key import pseudonym_key
from hub.settings.load import environment_name, load_settings
from hub.settings.masking import mask_url
from hub.settings.schema import DatabaseUrl, Settings, Source
from hub.settings.secret import SecretHook, resolve_secrets, secret_values
from hub.settings.validation import validate_source_config

__all__ = [
    "ConfigErrors",
    "DatabaseUrl",
    "Explained",
    "Problem",
    "SecretHook",
    "Settings",
    "Source",
    "did_you_mean",
    "environment_name",
    "explain",
    "load_settings",
    "mask_url",
    "pseudonym_key",
    "resolve_secrets",
    "secret_values",
    "validate_source_config",
]
