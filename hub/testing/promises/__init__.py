"""The promises of a connector, in the order in which they are looked at."""

from __future__ import annotations

from typing import Final

from hub.testing.promise import Promise
from hub.testing.promises import declaring, importing, killing, mapping, reading, storing, telling, weathering

PROMISES: Final = (
    Promise("declaration", "manifest and configuration are valid", declaring.declaration),
    Promise("imports", "it is imported within its time and imports hub.sdk alone", importing.imports),
    Promise("keys", "keys are unique and the same next time", reading.keys, needs=("declaration",)),
    Promise("scopes", "scopes that are said to be complete are complete", reading.scopes, needs=("keys",)),
    Promise("pure", "normalise is pure and deterministic", mapping.pure, needs=("keys",)),
    Promise("unknown_field", "an unknown field alarms", mapping.unknown_field, needs=("pure",)),
    Promise("twice", "storing a second time changes nothing", storing.twice, needs=("scopes", "pure")),
    Promise("order", "the order of the payload does not matter", storing.order, needs=("twice",)),
    Promise("broken_record", "a broken record is quarantined and the others are stored", storing.broken_record,
            needs=("twice",)),
    Promise("kills", "killed anywhere and resumed it leaves the same database", killing.kills, needs=("twice",)),
    Promise("faults", "faults of the web that pass are survived", weathering.faults, needs=("twice",)),
    Promise("outage", "a site that stays broken ends the run and retires nothing", weathering.outage,
            needs=("twice",)),
    Promise("silence", "secrets and personal numbers appear nowhere", telling.silence, needs=("keys",)),
)  # fmt: skip
"""Each by its name, what it says, and what looks at it."""

BY_NAME: Final = {promise.name: promise for promise in PROMISES}
