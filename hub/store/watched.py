"""Organisations that the hub cares about, for publishers who answer about one at a time."""

from __future__ import annotations

from sqlalchemy import Connection, text

_WATCHED = text("""
SELECT o.identifier FROM organisation o
WHERE o.scheme = :scheme AND o.retired_at IS NULL AND (
  EXISTS (SELECT 1 FROM payment p WHERE p.supplier_id = o.id AND p.retired_at IS NULL)
  OR EXISTS (SELECT 1 FROM contract_supplier s JOIN contract c ON c.id = s.contract_id
             WHERE s.organisation_id = o.id AND c.retired_at IS NULL)
  OR EXISTS (SELECT 1 FROM notice_party p JOIN notice n ON n.id = p.notice_id
             WHERE p.organisation_id = o.id AND p.role <> 'buyer' AND n.retired_at IS NULL)
  OR EXISTS (SELECT 1 FROM social_assessment a
             WHERE a.organisation_id = o.id AND a.status IN ('confirmed', 'likely', 'possible')))
ORDER BY o.identifier
""")


def watched(connection: Connection, scheme: str) -> list[str]:
    """Their numbers in that scheme, in order: suppliers and tenderers, and whoever may be a social enterprise."""
    return [str(row.identifier) for row in connection.execute(_WATCHED, {"scheme": scheme})]
