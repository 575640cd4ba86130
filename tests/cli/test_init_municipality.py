"""``hub init --municipality``, and the sources of the network's municipalities that ship."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from hub.cli.app import main
from hub.cli.place import NETWORK, find, places
from hub.cli.starting import municipal, national
from hub.registry import Registry
from hub.sdk import ConfigError, Identifier
from hub.settings import validate_source_config
from hub.settings.schema import SourceFile

SHIPPED = Path(__file__).parents[2] / "config" / "municipalities"


@pytest.mark.parametrize("name", ["Karlstad", "karlstads kommun", " KARLSTAD ", "1780", "Karlstads stad"])
def test_a_municipality_is_found_however_it_is_written(name):
    assert find(name).code == "1780"


@pytest.mark.parametrize(("name", "code"), [("Umea", "2480"), ("malmö stad", "1280"), ("Borås", "1490"),
                                            ("Borås kommun", "1490"), ("harjedalen", "2361")])  # fmt: skip
def test_accents_and_the_genitive_do_not_matter(name, code):
    assert find(name).code == code


def test_a_misspelt_name_is_answered_with_a_proposal():
    with pytest.raises(ConfigError, match="Karlstad"):
        find("Karlstadt")


def test_every_municipality_is_found_by_each_of_its_names_and_has_a_folder_of_its_own():
    assert len(places()) == 290
    assert len({place.slug for place in places()}) == 290
    for place in places():
        assert find(place.code) == find(place.name) == find(place.short) == place
        assert Identifier.parse(place.number, country="SE") is not None
    assert [place.short for place in places() if place.derived and place.short in NETWORK] == ["Laxå"]


def test_it_makes_a_folder_that_passes_the_check_and_takes_a_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--municipality", "karlstad", "--municipality", "Laxa"]) == 0
    said = capsys.readouterr().out
    assert "derived" in said
    assert (tmp_path / "inbox/karlstad/LÄS_MIG.txt").is_file()
    assert (tmp_path / "inbox/laxa/klart/reskontra").is_dir()
    assert main(["check"]) == 0, capsys.readouterr().out
    assert main(["inbox"]) == 0
    (tmp_path / "inbox/karlstad/semester.csv").write_text("namn\n")
    assert main(["inbox"]) == 0, "it was written a moment ago, and waits"
    assert "waiting" in capsys.readouterr().out


def test_a_municipality_is_added_to_a_folder_and_nothing_is_overwritten(tmp_path):
    assert main(["init", str(tmp_path), "--municipality", "Tierp"]) == 0
    mine = tmp_path / "config/sources/tierp-reskontra.toml"
    mine.write_text("# mine\n")
    assert main(["init", str(tmp_path), "--municipality", "Tierp", "--municipality", "Umeå"]) == 0
    assert mine.read_text() == "# mine\n"
    assert (tmp_path / "config/sources/umea-reskontra.toml").is_file()


def test_a_wrong_name_writes_nothing(tmp_path):
    assert main(["init", str(tmp_path), "--municipality", "Umeå", "--municipality", "Nowhere"]) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", NETWORK)
def test_the_sources_of_the_network_ship_as_they_would_be_written(name):
    place = find(name)
    shipped = {path.name: path.read_text(encoding="utf-8") for path in (SHIPPED / place.slug).iterdir()}
    assert shipped == municipal(place), "write them anew with `hub init --municipality`"


@pytest.mark.parametrize("name", [*NETWORK, "Upplands Väsby"])
def test_every_source_is_one_that_its_connector_takes(name, monkeypatch):
    registry = Registry.discover()
    for file, text in {**municipal(find(name)), **national()}.items():
        if not file.endswith(".toml"):
            continue  # what waits for a key or a connector is an example until then
        told = SourceFile.model_validate(tomllib.loads(text))
        config = {
            key: "x" if isinstance(value, dict) and "env" in value else value for key, value in told.config.items()
        }
        validate_source_config(registry.connector(told.connector).config_model, config, file)
