"""Register rows about organisations, and memberships."""

from __future__ import annotations

from hub.model.ids import make_id
from hub.model.organisation import Membership, Organisation
from hub.store.rows.aggregate import Aggregate, ChildShape, NameColumn, Named, Shape, array, day, named
from hub.store.tables import organisation as tables

CLAIM = Shape(
    entity="organisation_claim",
    table=tables.organisation_claim,
    columns=("id", "organisation_id", "scheme", "identifier", "row_key", *tables.CLAIM_FIELDS, "other_names"),
    children={
        "identifiers": ChildShape(
            tables.organisation_identifier, "claim_id", ("claim_id", "organisation_id", "scheme", "value")
        ),
        "activities": ChildShape(
            tables.organisation_activity, "claim_id", ("claim_id", "organisation_id", "scheme", "code", "rank")
        ),
        "figures": ChildShape(
            tables.organisation_figure,
            "claim_id",
            ("claim_id", "organisation_id", "figure", "year", "value", "unit"),
        ),
    },
)
MEMBERSHIP = Shape(
    entity="membership",
    table=tables.membership,
    columns=(
        "id",
        "register_id",
        "register_name",
        "number",
        "organisation_id",
        "name_as_written",
        "identifier_as_written",
        "pseudonym",
        "valid_from",
        "valid_to",
        "valid_from_basis",
    ),
    children={},
    names=(NameColumn("membership", "id", "organisation_id", "name_as_written"),),
)


def claim(record: Organisation, source_id: str) -> Aggregate:
    """What one register row says about one organisation."""
    claim_id = make_id(record.entity, source_id, *record.natural_key)
    about = record.identifier.organisation_id
    identifiers = dict.fromkeys((record.identifier, *record.other_identifiers))
    return Aggregate(
        CLAIM,
        (
            claim_id,
            about,
            record.identifier.scheme,
            record.identifier.value,
            record.row_key,
            record.name,
            record.country,
            record.legal_form,
            record.legal_form_scheme,
            record.kind.value if record.kind else None,
            record.status.value if record.status else None,
            record.status_reason,
            day(record.registered_on),
            day(record.dissolved_on),
            record.street,
            record.postal_code,
            record.locality,
            record.municipality_code,
            record.municipality_basis,
            record.purpose,
            array(record.other_names),
        ),
        {
            "identifiers": [(claim_id, about, found.scheme, found.value) for found in identifiers],
            "activities": [
                (claim_id, about, activity.code.scheme, activity.code.code, activity.rank)
                for activity in record.activities
            ],
            "figures": [
                (claim_id, about, figure.figure, figure.year, figure.value, figure.unit) for figure in record.figures
            ],
        },
        named=(),
        organisation_ids=(about,),
    )


def membership(record: Membership, source_id: str) -> Aggregate:
    """An organisation's place in a special register."""
    member = record.member
    about = member.organisation_id
    mentions: list[Named] = named((member,))
    return Aggregate(
        MEMBERSHIP,
        (
            make_id(record.entity, source_id, *record.natural_key),
            record.register_id,
            record.register_name,
            record.number,
            about,
            member.name,
            member.identifier_as_written,
            member.pseudonym,
            day(record.valid_from),
            day(record.valid_to),
            record.valid_from_basis,
        ),
        {},
        named=mentions,
        organisation_ids=(about,) if about else (),
    )
