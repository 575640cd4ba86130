"""The documentation is in step with the code, and what it shows works."""

from __future__ import annotations

import ast
import inspect
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import text

from hub import sdk
from hub.service import Hub
from hub.settings import load_settings
from hub.social import load_signals
from hub.store.engine import Engine, open_engine
from hub.store.views import V1
from tests.acceptance.folder import Folder
from tests.docs.generate import ROOT, markdown, written
from tests.docs.pages import hook_functions

HEADINGS = [
    "Source",
    "Access",
    "Licence and attribution",
    "Coverage",
    "Cadence",
    "Quirks",
    "Fields ignored and why",
]
READING = ROOT / "docs" / "how-to" / "read-the-database.md"
SIGNALS = ROOT / "config" / "signals" / "README.md"
PAGES = markdown()


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks that begin with these words."""
    return re.findall(rf"^```{re.escape(language)}\n(.*?)^```$", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)


# In step with the code


@pytest.mark.parametrize("path", written(), ids=name_of)
def test_what_is_taken_from_the_code_is_up_to_date(path):
    assert path.exists()
    assert path.read_text("utf-8") == written()[path], "run `make docs`"


def test_the_readme_shows_the_example_as_it_is():
    example = (ROOT / "examples" / "hub-example" / "src" / "hub_example" / "__init__.py").read_text("utf-8")
    assert example in blocks(ROOT / "README.md", "python")


def test_the_public_names_are_sorted():
    constants = [name for name in sdk.__all__ if name.isupper()]
    classes = [name for name in sdk.__all__ if not name.isupper() and name[0].isupper()]
    others = [name for name in sdk.__all__ if name[0].islower()]
    assert list(sdk.__all__) == sorted(constants) + sorted(classes) + sorted(others)
    assert len(set(sdk.__all__)) == len(sdk.__all__)


@pytest.mark.parametrize("name", sdk.__all__)
def test_every_public_name_says_what_it_is(name):
    thing = getattr(sdk, name)
    own = inspect.isclass(thing) or inspect.isfunction(thing) or inspect.ismodule(thing)
    if own and getattr(thing, "__module__", "hub").startswith("hub"):
        assert thing.__dict__.get("__doc__") if inspect.isclass(thing) else thing.__doc__
    else:  # a constant, or a name for a type
        assert name.isupper() or name in _names_given_in_the_sdk()


def _names_given_in_the_sdk() -> set[str]:
    """The names that modules of the SDK or the model assign."""
    found: set[str] = set()
    for package in ("hub.sdk", "hub.model"):
        for module in files(package).iterdir():
            if module.name.endswith(".py"):
                for node in ast.parse(module.read_text("utf-8")).body:
                    if isinstance(node, ast.Assign):
                        found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize("name", hook_functions())
def test_every_hook_is_documented(name):
    hook = hook_functions()[name]
    page = (ROOT / "docs" / "reference" / "hooks.md").read_text("utf-8")
    assert inspect.getdoc(hook)
    assert f"## {name}\n\n```text\n{name}(" in page
    assert all(parameter in page for parameter in inspect.signature(hook).parameters)


@pytest.mark.parametrize("view", V1, ids=lambda view: view.name)
def test_every_view_says_what_its_columns_mean(view):
    assert view.row
    assert all(view.columns.values())


@pytest.mark.parametrize(
    "path", [*(ROOT / "plugins").glob("*/README.md"), *(ROOT / "examples").glob("*/README.md")], ids=name_of
)
def test_a_connectors_readme_has_the_fixed_headings(path):
    page = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == HEADINGS


def test_every_connector_has_a_readme():
    folders = [path for path in (ROOT / "plugins").iterdir() if (path / "__init__.py").exists()]
    assert [path.name for path in folders if not (path / "README.md").exists()] == []


# Links


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_lead_somewhere(path):
    page = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.DOTALL)
    broken = []
    for link in re.findall(r"\]\(<?([^)\s>]+)", page):
        target, _, anchor = unquote(link).partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        found = (path.parent / target).resolve() if target else path
        if not found.exists() or (anchor and anchor not in _anchors(found)):
            broken.append(link)
    assert broken == []


def _anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as they are made where it is shown."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_index_leads_to_every_page():
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if page != "README.md" and f"]({page})" not in index] == []


def test_versions_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"\n## {project['version']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


# What is shown works


def test_the_shown_sources_are_right(tmp_path):
    folder = Folder.empty(tmp_path, "")
    shown = blocks(ROOT / "docs" / "how-to" / "configure-sources.md", "toml")
    for page in [*(ROOT / "plugins").glob("*/README.md"), ROOT / "README.md"]:
        shown += blocks(page, "toml")
    sources = [block for block in shown if "connector =" in block]
    for number, block in enumerate(sources):
        folder.add_source(f"source-{number}", block)
    for example in (ROOT / "config" / "sources").glob("*.example"):
        folder.add_source(example.name.partition(".")[0], example.read_text("utf-8"))
    told = "".join(path.read_text("utf-8") for path in (tmp_path / "config" / "sources").iterdir())
    hub = Hub.open(tmp_path / "config", environ=dict.fromkeys(re.findall(r'env = "(\w+)"', told), "a-secret-to-test"))
    assert hub.check() == []
    shipped = {path.name.removeprefix("hub_") for path in (ROOT / "plugins").glob("hub_*")}
    assert {source.connector for source in hub.settings.sources} == shipped
    assert len(sources) >= 9


def test_the_operators_folder_is_right(tmp_path):
    shutil.copytree(ROOT / "config", tmp_path / "config")
    assert load_settings(tmp_path / "config", environ={}).sources == ()
    assert load_signals([tmp_path / "config" / "signals"]).version == load_signals().version, "only its README is there"


def test_the_shown_signals_are_right(tmp_path):
    for number, block in enumerate(blocks(SIGNALS, "csv")):
        (tmp_path / f"shown-{number}.csv").write_text(block, "utf-8")
    signals = load_signals([tmp_path])
    assert "UMEA_LIST" in signals.by_id
    assert "second_hand" in {phrase.id for phrase in signals.book.phrases}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The bundled sample in a database."""
    root = tmp_path_factory.mktemp("docs")
    if request.param == "sqlite":
        yield from _synced(root, f"sqlite:///{root / 'data' / 'hub.sqlite3'}")
    else:
        with request.getfixturevalue("postgres_server").database() as url:
            yield from _synced(root, url)


def _synced(root: Path, url: str) -> Iterator[Engine]:
    folder = Folder.of_sample(root, url)
    assert {line["outcome"] for line in folder.sync().values()} == {"succeeded"}
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("query", blocks(READING, "sql runnable"), ids=lambda query: query.split("FROM ")[1].split()[0])
def test_the_shown_queries_find_something(sample, query):
    with sample.connect() as connection:
        if sample.dialect.name == "postgresql":
            connection.execute(text("SET search_path TO hub_v1"))
        assert connection.execute(text(query)).fetchall()


@pytest.mark.parametrize("sample", ["postgresql"], indirect=True)
def test_the_shown_role_reads_views_and_no_tables(sample):
    (statements,) = blocks(READING, "sql postgresql")
    with sample.connect() as connection:
        for statement in filter(str.strip, statements.split(";")):
            connection.execute(text(statement))
        connection.execute(text("SET LOCAL ROLE reader"))
        connection.execute(text("SET LOCAL search_path TO hub_v1"))
        assert connection.execute(text("SELECT count(*) FROM v1_organisation")).scalar_one()
        allowed = "SELECT has_table_privilege('reader', 'public.organisation', 'SELECT')"
        assert connection.execute(text(allowed)).scalar_one() is False
        connection.rollback()  # a role belongs to the server, which other tests use


@pytest.mark.parametrize(
    ("path", "code"),
    [(path, code) for path in PAGES for code in blocks(path, "python runnable")],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_the_shown_python_runs(tmp_path, path, code):
    folder = Folder.of_sample(tmp_path, f"sqlite:///{tmp_path / 'data' / 'hub.sqlite3'}")
    if "hub.sqlite3" in code:
        folder.sync("asf")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
