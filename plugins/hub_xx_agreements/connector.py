"""The connector: one catalogue, one scope. An agreement that a newer edition lacks is retired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from hub.sdk import (
    Complete,
    Connector,
    Context,
    ContractBroken,
    Drift,
    FetchItem,
    Manifest,
    RawRecord,
    Record,
    RecordRejected,
    Reject,
    Stream,
    mask_person_numbers,
)
from hub_xx_agreements.agreement import contract
from hub_xx_agreements.config import AgreementsConfig
from hub_xx_agreements.editions import edition
from hub_xx_agreements.group import Groups
from hub_xx_agreements.row import cells_of, kept
from hub_xx_agreements.sheets import Sheet, sheets_of

STREAM: Final = "agreements"


class Agreements(Connector[AgreementsConfig]):
    """Agreements with suppliers, or planned purchases, from a table that a buyer keeps in its own way."""

    manifest = Manifest(
        id="xx_agreements",
        title="Agreement catalogues and procurement plans, from CSV or Excel",
        publisher="The buyer",
        homepage="",
        licence="As agreed with the buyer",
        streams=(Stream(name=STREAM, title="Agreements, one per reference", snapshot=True),),
    )
    config_model = AgreementsConfig

    def fetch(self, ctx: Context[AgreementsConfig]) -> Iterator[FetchItem]:
        """Every reference once with its rows, then that the catalogue is whole."""
        with edition(ctx) as files:
            if files is None:
                return
            groups = Groups(ctx.config.country, ctx.config.currency)
            plans: set[bool] = set()
            for name, path in files:
                sheets, others = sheets_of(path, name, ctx.config)
                yield from (Drift("missing_field", f"headings of sheet {label}", stream=STREAM) for label in others)
                for sheet in sheets:
                    plans.add(_is_plan(ctx.config, sheet))
                    yield from _read(ctx, sheet, groups)
            if len(plans) > 1:
                raise ContractBroken(
                    "some sheets are plans and others agreements", instruction="write `what` in the source's [config]"
                )
            constant = _constant(ctx.config, plan=plans == {True})
            sent = 0
            for reference, rows, origin in groups.whole():
                sent += 1
                yield RawRecord(STREAM, reference, constant | {"rows": rows}, ctx.config.scope, origin)
            if not sent:
                raise ContractBroken("no row below the headings has a reference")
            yield Complete(STREAM, ctx.config.scope, sent)

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        """The contract in the rows of one reference."""
        if isinstance(raw.payload, bytes):
            raise RecordRejected("rows are a mapping, not bytes", where=raw.origin)
        yield from list(contract(raw.payload))


def _is_plan(config: AgreementsConfig, sheet: Sheet) -> bool:
    return sheet.headings.plan if config.what == "detect" else config.what == "plan"


def _read(ctx: Context[AgreementsConfig], sheet: Sheet, groups: Groups) -> Iterator[FetchItem]:
    """Put the sheet's rows into their groups; rows that cannot be read are told."""
    headings, config = sheet.headings, ctx.config
    if not config.buyer and not config.buyer_name and not {"buyer", "buyer_number"} & headings.places.keys():
        raise ContractBroken(
            "nothing says whose agreements these are",
            where=sheet.name,
            instruction="write `buyer` (its organisation number) in the source's [config]",
        )
    yield from (Drift("new_field", heading, stream=STREAM) for heading in headings.unknown)
    for row in sheet.rows():
        line, dropped = kept(cells_of(row, headings), ctx.person)
        ctx.count("persons_dropped", dropped)
        if _is_plan(config, sheet) and not line.get("reference") and line.get("title"):
            # A plan mostly numbers nothing: the title and the department are what stays the same.
            line["reference"] = " / ".join(filter(None, (line["title"], line.get("unit"))))
        elif mask_person_numbers(cells_of(row, headings).get("reference", ""))[1]:
            line.pop("reference", None)
        origin = f"{sheet.name}:{row.number}"
        if refused := groups.add(line, origin):
            text = mask_person_numbers(refused.value)[0]
            yield Reject(STREAM, origin, refused.reason, origin, field=refused.field, value=text)


def _constant(config: AgreementsConfig, *, plan: bool) -> dict[str, Any]:
    stated = {"buyer": config.buyer, "buyer_name": config.buyer_name}
    always = {"kind": "planned" if plan else "agreement", "country": config.country, "currency": config.currency}
    return always | {name: value for name, value in stated.items() if value}
