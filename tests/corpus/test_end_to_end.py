"""The whole corpus through the hub as a user runs it, twice, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.folder import Folder
from tests.corpus.test_ledgers import COUNTRIES, FILES, LEDGERS, amounts_of

CORPUS = LEDGERS.parent
pytestmark = pytest.mark.skipif(
    not (CORPUS / "ted").is_dir(), reason=f"no corpus at {CORPUS}: set HUB_CORPUS to the folder that holds ted/"
)


def configured(root: Path, database: str) -> Folder:
    folder = Folder.empty(root, database)
    for kind in ("eforms", "legacy"):
        folder.add_source(f"ted-{kind}", f'connector = "eu_ted"\n[config]\npath = "{CORPUS}/ted/{kind}"\n')
    bulk = CORPUS / "registers" / "se-bolagsverket" / "synthetic-bulk" / "*.txt"
    folder.add_source("register", f'connector = "se_bolagsverket"\n[config]\npath = "{bulk}"\n')
    for number, ledger in enumerate(FILES):
        country, currency = COUNTRIES[Path(ledger.name).parent.name]
        folder.add_source(
            f"ledger-{number}",
            f'connector = "xx_supplier_ledger"\n[config]\npath = "{LEDGERS}/{ledger.name}"\n'
            f'buyer_name = "Köparen"\ncountry = "{country}"\ncurrency = "{currency}"\n',
        )
    return folder


def test_everything_is_stored_and_a_second_sync_changes_nothing(database_url: str, tmp_path: Path):
    folder = configured(tmp_path / "operator", database_url)
    first = folder.sync()
    assert {line["outcome"] for line in first.values()} == {"succeeded"}
    files = {kind: len(list((CORPUS / "ted" / kind).glob("*.xml"))) for kind in ("eforms", "legacy")}
    for kind, count in files.items():
        line = first[f"ted-{kind}"]
        assert line["stored"] + line["quarantined"] == count
    assert folder.all("SELECT count(*) FROM v1_notice") == [(sum(files.values()),)]
    stored = dict(folder.all("SELECT source, sum(amount_minor) FROM v1_payment GROUP BY source"))
    assert stored == {f"ledger-{number}": sum(amounts_of(ledger)) * 100 for number, ledger in enumerate(FILES)}

    ((before,),) = folder.all("SELECT count(*) FROM v1_change")
    second = folder.sync()
    assert {line["outcome"] for line in second.values()} == {"unchanged"}
    assert sum(line["changed"] + line["stored"] + line["retired"] for line in second.values()) == 0
    assert folder.all("SELECT count(*) FROM v1_change") == [(before,)]
