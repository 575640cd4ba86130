"""All invented organisations, by key."""

from __future__ import annotations

from typing import Final

from tests.sample.filler import filler
from tests.sample.firms import FIRMS
from tests.sample.not_social import EXCLUDED, FALSE_FRIENDS
from tests.sample.organisations import Org
from tests.sample.social_enterprises import SOCIAL

HIGHLIGHTED: Final = SOCIAL + EXCLUDED + FALSE_FRIENDS
ORGANISATIONS: Final = HIGHLIGHTED + FIRMS + filler()
BY_KEY: Final[dict[str, Org]] = {org.key: org for org in ORGANISATIONS}
