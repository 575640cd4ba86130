"""Plugins are found without being imported, loaded apart, and their faults stay theirs."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from hub.observe import dispatch
from hub.registry import Registry
from hub.registry.plugin import found_in
from hub.sdk import Connector, ConnectorConfig, Manifest, PluginError, Stream, hookimpl

GOOD = """
from hub.sdk import Connector, ConnectorConfig, Manifest, Stream, hookimpl

class Config(ConnectorConfig):
    pass

def make(id, **more):
    class Made(Connector):
        manifest = Manifest(id=id, title=f"The {id}", publisher="P", homepage="h", licence="CC0-1.0",
                            streams=(Stream(name="s", title="S"),), **more)
        config_model = Config
        def fetch(self, ctx): yield from ()
        def normalise(self, raw): yield from ()
    return Made
"""

OFFER = """
@hookimpl
def hub_connectors():
    return [make("xx_mine")]
"""


class Distribution:
    def __init__(self, name: str, version: str) -> None:
        self.name = name
        self.version = version


Install = Callable[..., Registry]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Plugins as installed distributions: the source of each module, and entry points as (group, name, value)."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def make(modules: dict[str, str], *points: tuple[str, str, str], environ: dict[str, str] | None = None) -> Registry:
        for name, text in modules.items():
            (tmp_path / f"{name}.py").write_text(text, "utf-8")
        made = []
        for group, name, value in points:
            point = EntryPoint(name, value, group)
            module = value.partition(":")[0]
            distribution = Distribution(module.replace("_", "-"), "1.2")
            vars(point).update(dist=distribution)
            made.append(point)
        monkeypatch.setattr(
            "hub.registry.plugin.entry_points", lambda group: [point for point in made if point.group == group]
        )
        return Registry.discover(environ or {})

    yield make
    for name in set(sys.modules) - before:
        if name.startswith("plug_"):
            del sys.modules[name]


def connector(identifier: str = "xx_given", **manifest: Any) -> type[Connector[Any]]:
    class Given(Connector[Any]):
        config_model = ConnectorConfig

        def fetch(self, ctx: Any) -> Iterator[Any]:
            yield from ()

        def normalise(self, raw: Any) -> Iterator[Any]:
            yield from ()

    Given.manifest = Manifest(
        id=identifier, title="T", publisher="P", homepage="h", licence="l",
        streams=(Stream(name="s", title="S"),), **manifest,
    )  # fmt: skip
    return Given


def plugin(**hooks: Callable[..., object]) -> object:
    """A plugin object with these hooks."""
    return type("Made", (), {name: staticmethod(hookimpl(function)) for name, function in hooks.items()})()


C, E = "integration_hub", "integration_hub_extensions"


def test_found_without_import_and_loaded_when_needed(install: Install) -> None:
    other = GOOD + OFFER.replace("xx_mine", "xx_other")
    registry = install({"plug_a": GOOD + OFFER, "plug_b": other}, (C, "xx_mine", "plug_a"), (C, "xx_other", "plug_b"))
    assert [(row.id, row.status, row.distribution, row.version, row.api) for row in registry.connectors()] == [
        ("xx_mine", "not loaded", "plug-a", "1.2", None),
        ("xx_other", "not loaded", "plug-b", "1.2", None),
    ]
    assert "plug_a" not in sys.modules
    assert registry.load(["xx_mine"]) == ()
    assert "plug_b" not in sys.modules
    assert registry.connector("xx_mine").manifest.id == "xx_mine"
    assert [(row.status, row.title, row.api) for row in registry.connectors()] == [
        ("ready", "The xx_mine", 1),
        ("not loaded", "", None),
    ]
    assert registry.connector("xx_other")  # loaded when asked for
    assert registry.failures == ()


def test_one_plugin_with_two_connectors_and_one_naming_its_class(install: Install) -> None:
    two = GOOD + "@hookimpl\ndef hub_connectors():\n    yield make('xx_one')\n    yield make('xx_two')\n"
    single = GOOD + "Single = make('xx_single')\n"
    registry = install(
        {"plug_two": two, "plug_single": single},
        (C, "xx_one", "plug_two"), (C, "xx_two", "plug_two"), (C, "xx_single", "plug_single:Single"),
    )  # fmt: skip
    assert registry.load() == ()
    assert [row.id for row in registry.connectors() if row.status == "ready"] == ["xx_one", "xx_single", "xx_two"]


@pytest.mark.parametrize(
    ("text", "reason", "instruction"),
    [
        ("import plug_not_there", "no module named 'plug_not_there'", "install what provides plug_not_there"),
        ("def broken(:", "cannot be imported: invalid syntax", "line 1"),
        ("1 / 0", "ZeroDivisionError: division by zero", "plug_bad.py, line 1"),
        ("import sys\nsys.exit(3)", "SystemExit: 3", "update or uninstall plug-bad"),
        (
            GOOD + OFFER.replace('"xx_mine"', '"xx_mine", api=2'),
            "speaks plugin API 2; this hub speaks 1",
            "update the hub",
        ),
        (GOOD + OFFER.replace('"xx_mine"', '"xx_mine", api=0'), "speaks plugin API 0", "update plug-bad"),
        (
            GOOD + OFFER + "\n@hookimpl\ndef hub_signal(): return []",
            "'hub_signal', which does not exist; did you mean",
            "",
        ),
        (GOOD + "@hookimpl\ndef hub_connectors(wrong): return []", "implements the hook 'hub_connectors' wrongly", ""),
        (GOOD, "announces connector 'xx_mine' and does not offer it", "entry points"),
        (GOOD + OFFER.replace("@hookimpl", ""), "hub_connectors is not marked as a hook", "put @hookimpl above it"),
        (GOOD + OFFER.replace('"xx_mine"', '"xx_other"'), "announces connector 'xx_mine' and does not offer it", ""),
        (
            GOOD + OFFER.replace('"xx_mine"', '"Wrong Id"'),
            "hub_connectors failed: ValidationError",
            "plug_bad.py, line",
        ),
        (
            GOOD + OFFER.replace('make("xx_mine")', '"xx_mine"'),
            "gives 'xx_mine', which is no Connector class",
            "author",
        ),
        (
            GOOD + OFFER.replace('make("xx_mine")', 'make("xx_mine"), make("xx_mine")'),
            "offers two connectors 'xx_mine'",
            "",
        ),
        (GOOD.replace("config_model = Config", "") + OFFER, "Made.config_model is no ConnectorConfig", "author"),
        (GOOD.replace("def fetch", "def fetsch") + OFFER, "Made does not define fetch", "author"),
        (GOOD.replace("manifest =", "manifesto =") + OFFER, "Made has no manifest", "author"),
        (GOOD + "@hookimpl\ndef hub_connectors(): raise OSError('boom')", "hub_connectors failed: OSError: boom", ""),
        (GOOD + "@hookimpl\ndef hub_connectors(): return None", "announces connector 'xx_mine'", ""),
        (GOOD + "@hookimpl\ndef hub_connectors(): return 3", "hub_connectors failed: TypeError", ""),
    ],
)
def test_a_broken_plugin_blocks_only_its_own(install: Install, text: str, reason: str, instruction: str) -> None:
    good = GOOD + OFFER.replace("xx_mine", "xx_good")
    modules = {"plug_bad": text, "plug_good": good}
    points = ((C, "xx_mine", "plug_bad"), (C, "xx_good", "plug_good"))
    registry = install(modules, *points)
    registry.load()
    assert registry.connector("xx_good")
    failure = next(failure for failure in registry.failures if failure.name == "xx_mine")
    assert reason in failure.reason
    assert instruction in f"{failure.reason} {failure.instruction}"
    assert failure.instruction
    assert (failure.distribution, failure.version) == ("plug-bad", "1.2")
    with pytest.raises(PluginError, match="connector 'xx_mine' cannot be used") as raised:
        registry.connector("xx_mine")
    assert failure.reason in str(raised.value)
    row = next(row for row in registry.connectors() if row.id == "xx_mine")
    assert (row.status, row.reason) == ("failed", failure.reason)

    sys.modules.pop("plug_bad", None)
    with pytest.raises(PluginError, match="xx_mine"):
        install(modules, *points, environ={"HUB_STRICT_PLUGINS": "1"}).load()


def test_two_plugins_with_one_id_are_both_refused(install: Install) -> None:
    registry = install(
        {"plug_a": GOOD + OFFER, "plug_b": GOOD + OFFER}, (C, "xx_mine", "plug_a"), (C, "xx_mine", "plug_b")
    )
    registry.load()
    with pytest.raises(PluginError, match=r"offered by plug-a 1\.2 \(plug_a\) and by plug-b 1\.2 \(plug_b\)"):
        registry.connector("xx_mine")
    assert "plug_a" not in sys.modules
    (row,) = registry.connectors()
    assert row.status == "failed"


def test_an_id_that_is_not_announced_is_not_let_in(install: Install) -> None:
    text = GOOD + OFFER.replace('[make("xx_mine")]', '[make("xx_mine"), make("xx_sly")]')
    registry = install({"plug_a": text}, (C, "xx_mine", "plug_a"))
    (failure,) = registry.load()
    assert "offers connector 'xx_sly' without announcing it" in failure.reason
    assert registry.connector("xx_mine")
    with pytest.raises(PluginError, match="no plugin offers"):
        registry.connector("xx_sly")


def test_unknown_connectors_get_a_suggestion() -> None:
    registry = Registry.of(connector("eu_ted"))
    with pytest.raises(PluginError, match=r"no plugin offers connector 'eu_tedd'; did you mean eu_ted\?") as raised:
        registry.connector("eu_tedd")
    assert raised.value.exit_code == 3


def test_extensions_are_always_loaded_and_fail_alone(install: Install) -> None:
    good = "from hub.sdk import hookimpl\n@hookimpl\ndef hub_signals(): return [{'id': 's'}]"
    registry = install({"plug_e": good, "plug_f": "1/0"}, (E, "signals", "plug_e"), (E, "broken", "plug_f"))
    assert registry.hooks.signals() == [{"id": "s"}]
    assert [failure.name for failure in registry.failures] == ["broken"]
    assert registry.connectors() == []


def test_the_same_plugin_twice(install: Install) -> None:
    registry = install({"plug_a": GOOD + OFFER}, (C, "xx_mine", "plug_a"), (E, "again", "plug_a"))
    registry.load()
    assert registry.connector("xx_mine")
    assert {failure.name for failure in registry.failures} == {"again"}


def test_given_plugins() -> None:
    class Klass:
        @hookimpl
        def hub_connectors(self) -> list[object]:
            return [connector("xx_klass")]

    registry = Registry.of(connector("xx_class"), plugin(hub_connectors=lambda: [connector("xx_object")]), Klass)
    assert registry.failures == ()
    assert [row.id for row in registry.connectors()] == ["xx_class", "xx_klass", "xx_object"]
    twice = Registry.of(connector("xx_a"), connector("xx_a"), connector("xx_b"))
    with pytest.raises(PluginError, match="offered by given"):
        twice.connector("xx_a")
    assert twice.connector("xx_b")
    with pytest.raises(PluginError):
        Registry.of(connector("xx_a"), connector("xx_a"), strict=True)


def test_a_plugin_that_pluggy_cannot_keep() -> None:
    (failure,) = Registry.of(SimpleNamespace(), connector("xx_a")).failures
    assert "cannot be hashed" in failure.reason


def test_signals_and_schemes_of_each_plugin_alone() -> None:
    def broken() -> Iterator[object]:
        yield {"id": "half"}
        raise OSError("boom")

    registry = Registry.of(
        plugin(hub_signals=lambda: [{"id": "a"}]), plugin(hub_signals=broken), plugin(hub_signals=lambda: [{"id": "b"}])
    )
    assert [signal["id"] for signal in registry.hooks.signals()] == ["a", "b"]
    assert registry.hooks.identifier_schemes() == []
    (failure,) = registry.failures
    assert failure.reason == "hub_signals failed: OSError: boom"


def test_hook_hub_secret() -> None:
    def broken(reference: str) -> SecretStr:
        raise OSError("CANARY")

    knows = plugin(hub_secret=lambda reference: SecretStr("s") if reference == "r" else None)
    registry = Registry.of(plugin(hub_secret=broken), knows)
    assert registry.hooks.secret("r") == SecretStr("s")
    with pytest.raises(PluginError, match="failed with OSError") as raised:
        registry.hooks.secret("other")
    assert "CANARY" not in str(raised.value)
    assert Registry.of(knows).hooks.secret("other") is None
    with pytest.raises(PluginError, match="gave str instead of SecretStr") as raised:
        Registry.of(plugin(hub_secret=lambda: "CANARY")).hooks.secret("r")
    assert "CANARY" not in str(raised.value)


def test_hook_hub_event() -> None:
    seen = []

    def listen(event: object) -> None:
        seen.append(event)

    def broken(event: object) -> None:
        raise OSError

    registry = Registry.of(plugin(hub_event=broken), plugin(hub_event=listen), plugin(hub_event=lambda: None))
    failed = dispatch({"action": "run_finished"}, registry.hooks.event_receivers())
    assert failed == ("given (Made)",)
    assert seen == [{"action": "run_finished"}]


def test_entry_points_of_one_module_are_one_plugin() -> None:
    points = [EntryPoint(name, "hub_x", C) for name in ("b", "a", "a")] + [EntryPoint("e", "hub_y", E)]
    assert [(found.name, found.ids) for found in found_in(points)] == [("hub_x", ("a", "b")), ("e", ())]


def test_bundled_connectors_are_announced() -> None:
    announced = {point.name for point in importlib.metadata.entry_points(group=C)}
    assert {row.id for row in Registry.discover({}).connectors()} == announced
    assert announced >= {"eu_ted", "se_bolagsverket", "xx_supplier_ledger", "xx_membership_list"}


def test_two_extensions_of_one_name(install: Install) -> None:
    text = "from hub.sdk import hookimpl\n@hookimpl\ndef hub_signals(): return ['{}']"
    registry = install(
        {"plug_e": text.format("e"), "plug_f": text.format("f")}, (E, "signals", "plug_e"), (E, "signals", "plug_f")
    )
    assert registry.load() == ()
    assert registry.hooks.signals() == ["e", "f"]
