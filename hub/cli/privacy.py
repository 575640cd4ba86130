"""``hub privacy``: erasing what the hub holds of somebody."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.console import note, number, section, show, show_json, table
from hub.cli.options import ConfigDir, Database, Json
from hub.cli.session import open_hub
from hub.sdk.errors import ConfigError, HubError

if TYPE_CHECKING:
    from hub.runs.erase import Demand
    from hub.service import Hub
    from hub.store.engine import Connection
    from hub.store.naming import Somebody

    Chosen = Callable[[Connection, str, str], Collection[str]]
    # Raw ids to erase, asked with a source and what its ids are made from.

app = typer.Typer(help="Erase what the hub holds of somebody.", no_args_is_help=True)


@app.callback()
def privacy() -> None:
    """Erase what the hub holds of somebody."""


@app.command("erase")
def erase(
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides it; stays with the erasure.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; stays with the erasure.")],
    identifier: Annotated[
        str | None,
        typer.Option("--identifier", metavar="NUMBER", help="All that names this organisation or person; - reads it."),
    ] = None,
    scheme: Annotated[str | None, typer.Option("--scheme", help="The number's register, such as SE-ON.")] = None,
    source: Annotated[str | None, typer.Option("--source", help="The source of a single raw record.")] = None,
    key: Annotated[str | None, typer.Option("--key", help="The key of that raw record; - reads it.")] = None,
    stream: Annotated[str | None, typer.Option("--stream", help="Its stream; all of the source's.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase without asking.")] = False,
    config_dir: ConfigDir = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Erase raw records with all that came of them, for good: in the archive and the change feed, too.

    What goes is shown before. It is not stored again when the publisher still sends it. Backups are not touched.
    """
    if bool(identifier) == bool(source) or bool(source) != bool(key):
        raise typer.BadParameter("name somebody with --identifier, or one raw record with --source and --key")
    if (scheme and source) or (stream and identifier):
        raise typer.BadParameter("--scheme belongs to --identifier, and --stream to --source and --key")
    if not yes and not sys.stdin.isatty():
        raise ConfigError(
            "nobody is there to confirm that something is to be erased", instruction="write --yes, which does not ask"
        )
    hub, demand = open_hub(config_dir, database), _demand(by, reason)
    if identifier:
        chosen, found = _naming(hub, _read(identifier), scheme)
    else:
        chosen, found = _single(hub, source or "", _read(key or ""), stream)
    going = [_counted(hub, source_id, raw_ids) for source_id, raw_ids in sorted(found.items())]
    for each in going:  # what keeps one source from it is told before any is touched
        hub.prepare(hub.settings.source(each["source"]))
    if not as_json:
        show(*_going(going))
    if not going or not (yes or typer.confirm("Erase this for good?", err=True)):
        return
    gone = [_erase(hub, each["source"], chosen, demand) for each in going]
    if as_json:
        for each in gone:
            show_json(each)
    else:
        show(*_gone(gone))
    if any(each["reason"] for each in gone):
        raise typer.Exit(1)


def _read(given: str) -> str:
    """What was given, or for ``-`` what is typed or piped in: a command line is seen by others and stays in a history.

    It is never shown again.
    """
    if given != "-":
        return given
    typed = typer.prompt("Number or key", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    return str(typed).strip()


def _demand(by: str, reason: str) -> Demand:
    from hub.model.person import mask_person_numbers
    from hub.runs.erase import Demand

    return Demand(mask_person_numbers(by)[0], mask_person_numbers(reason)[0], barred=True)


def _naming(hub: Hub, written: str, scheme: str | None) -> tuple[Chosen, dict[str, set[str]]]:
    """What names somebody: how to choose it in each source, and what of it is stored."""
    from hub.store.engine import reading
    from hub.store.naming import find_naming

    with reading(hub.engine) as connection:
        named = [(who, found) for who in _meant(hub, written, scheme) if (found := find_naming(connection, who))]
    if len(named) > 1:
        raise ConfigError(
            f"the number means another organisation in each of {', '.join(who.scheme for who, _ in named)}",
            instruction="say which with --scheme",
        )
    who, found = named[0] if named else (None, {})

    def chosen(connection: Connection, source_id: str, _: str) -> Collection[str]:
        return find_naming(connection, who, source_id).get(source_id, ()) if who else ()

    return chosen, found


def _meant(hub: Hub, written: str, scheme: str | None) -> list[Somebody]:
    """Whom a number may mean. The words of an error never hold the number: it may be a mistyped person's."""
    from hub.model import Identifier
    from hub.model.person import looks_like_person_number, pseudonym
    from hub.model.scheme import BY_CODE
    from hub.store.naming import Somebody

    if scheme is not None and scheme not in BY_CODE:
        raise ConfigError(f"there is no register {scheme!r}", instruction=f"write one of {', '.join(sorted(BY_CODE))}")
    if scheme is None and looks_like_person_number(written):
        return [Somebody(pseudonym=pseudonym(written, hub.pseudonym_key))]
    codes = [scheme] if scheme else sorted({each.code for each in BY_CODE.values()})
    valid = [found for code in codes if (found := Identifier.parse(written, scheme=code))]
    if not valid:
        raise ConfigError("that is no valid number of an organisation or a person", instruction="check the digits")
    return [Somebody(each.organisation_id, each.scheme, each.value) for each in valid]


def _single(hub: Hub, source: str, key: str, stream: str | None) -> tuple[Chosen, dict[str, set[str]]]:
    """One raw record, in each stream that may have it."""
    from hub.runs.sql import seed_of
    from hub.store.engine import reading
    from hub.store.naming import find_erasable
    from hub.store.raw import raw_id

    named = _as_stored(hub, source, key, stream)

    def chosen(_: Connection, __: str, seed: str) -> Collection[str]:
        return [raw_id(seed, name, stored) for name, stored in named]

    with reading(hub.engine) as connection:
        found = find_erasable(connection, chosen(connection, source, seed_of(connection, source)))
    return chosen, {source: found} if found else {}


def _as_stored(hub: Hub, source: str, key: str, stream: str | None) -> list[tuple[str, str]]:
    """Streams with the key as it is stored there: one with a person's number in it passed the gate."""
    from hub.pipeline.gate import Gate
    from hub.sdk import Erase

    connector, _ = hub.prepare(hub.settings.source(source))
    streams = [each for each in connector.manifest.streams if stream in (None, each.name)]
    if not streams:
        names = ", ".join(each.name for each in connector.manifest.streams)
        raise ConfigError(f"{source} has no stream {stream!r}", instruction=f"it has {names}")
    gate = Gate(hub.pseudonym_key)
    passed = [gate(Erase(each.name, key), public_keys=each.public_keys) for each in streams]
    return [(item.stream, item.key) for item in passed if isinstance(item, Erase)]


def _counted(hub: Hub, source: str, raw_ids: Collection[str]) -> dict[str, Any]:
    from hub.store.engine import reading
    from hub.store.naming import count_owned

    with reading(hub.engine) as connection:
        return {"source": source, "raw_records": len(raw_ids), "records": dict(count_owned(connection, raw_ids))}


def _erase(hub: Hub, source: str, chosen: Chosen, demand: Demand) -> dict[str, Any]:
    """Erase in one source, with its lease; what keeps it from that is told, and the other sources go on."""
    from hub.runs import erase

    try:
        with hub.plan(hub.settings.source(source)) as plan:
            result = erase.run(plan, lambda connection, seed: chosen(connection, source, seed), demand)
    except HubError as error:
        return {"source": source, "erased": 0, "barred_anew": 0, "reason": hub.redactor(str(error))}
    reason = "" if result.whole else result.reason
    counts = {name: result.counts[name] for name in ("erased", "barred_anew")}
    return {"source": source, **counts, "reason": reason}


def _going(going: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    if not going:
        yield note("Nothing of it is stored.", "green")
        return
    lines = []
    for each in going:
        lines.append((each["source"], "raw records", each["raw_records"]))
        lines += [(" ", entity.replace("_", " "), count) for entity, count in sorted(each["records"].items())]
    yield section("Would be erased", table(("source", "what", ">number"), lines))


def _gone(gone: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    for each in gone:
        if each["reason"]:
            yield note(f"{each['source']}: {each['reason']}; run this again for what is left", "red")
        else:
            yield note(f"{each['source']}: {number(each['erased'])} raw records are erased for good.", "green")
