"""The connector: one list, one scope. Who has left the list is retired, because the list was seen whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hub.sdk import (
    Complete,
    Connector,
    Context,
    ContractBroken,
    Drift,
    FetchItem,
    Identifier,
    Manifest,
    RawRecord,
    Record,
    RecordRejected,
    Reject,
    Stream,
)
from hub.sdk.formats.table import open_table
from hub_xx_membership_list.config import MembershipListConfig
from hub_xx_membership_list.edition import date_in_name, edition
from hub_xx_membership_list.header import find_header
from hub_xx_membership_list.member import end_of, key_of, membership, without_person

STREAM: Final = "members"
_CONFLICT: Final = "an earlier row says of the same member and start that the membership ends at another time"


class MembershipList(Connector[MembershipListConfig]):
    """Members of a special register, a network or a certificate, from a list that somebody keeps as a table."""

    manifest = Manifest(
        id="xx_membership_list",
        title="Members of a register or network, from CSV or Excel",
        publisher="Whoever keeps the list",
        homepage="",
        licence="As agreed with whoever keeps the list",
        streams=(Stream(name=STREAM, title="Members of the list", snapshot=True),),
    )
    config_model = MembershipListConfig

    def fetch(self, ctx: Context[MembershipListConfig]) -> Iterator[FetchItem]:
        """Every member once, then that the list is whole. Its scope is the register's id."""
        with edition(ctx) as found:
            if found is not None:
                yield from self._read(ctx, *found)

    def _read(self, ctx: Context[MembershipListConfig], path: Path, name: str) -> Iterator[FetchItem]:
        config = ctx.config
        ctx.log.info("reading %s, a list of %s", name, config.list_date or date_in_name(name) or "unknown date")
        table = open_table(path)
        header = find_header(table.rows(), config.columns, where=name)
        yield from (Drift("new_field", name, stream=STREAM) for name in _unasked(header.others, config.ignore))
        constant = {"register": config.register_id, "register_name": config.register_name, "country": config.country}
        if config.identifier_scheme:
            constant["scheme"] = config.identifier_scheme
        seen: dict[str, str] = {}  # key → the end of the membership
        for row in table.rows():
            if row.number <= header.number or not any(cell.strip() for cell in row.cells):
                continue
            cells = header.cells(row)
            written = cells.get("identifier")
            identifier = Identifier.parse(written, scheme=config.identifier_scheme, country=config.country)
            cells = without_person(cells, identifier, ctx.person)
            key, end, origin = key_of(cells, identifier), end_of(cells), f"{name}:{row.number}"
            if not key:
                yield Reject(STREAM, f"row {row.number}", "the row has neither a name nor a number", origin)
            elif key in seen and seen[key] != end:
                yield Reject(STREAM, f"row {row.number}", _CONFLICT, origin, field="valid_to", value=end)
            elif key in seen:
                ctx.count("duplicates")
            else:
                seen[key] = end
                ctx.count("linked" if identifier else "not_linked")
                yield RawRecord(STREAM, key, constant | cells, config.register_id, origin)
        if not seen:
            raise ContractBroken("the list has no members below its header", where=name)
        yield Complete(STREAM, config.register_id, len(seen))

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The membership in one row."""
        if isinstance(raw.payload, bytes):
            raise RecordRejected("a row is a mapping of columns, not bytes", where=raw.origin)
        stated, drift = membership(raw.payload)
        yield stated
        yield from drift


def _unasked(headers: tuple[str, ...], ignored: tuple[str, ...]) -> list[str]:
    known = {name.strip().casefold() for name in ignored}
    return [header for header in headers if header.casefold() not in known]
