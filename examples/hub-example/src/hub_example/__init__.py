"""Connector xx_example: organisations from a CSV file with the columns number, name, form and town."""

from collections.abc import Iterable, Iterator

from hub import sdk
from hub.sdk.formats import open_table

KINDS = {"company": sdk.Kind.COMPANY, "co-operative": sdk.Kind.COOPERATIVE, "association": sdk.Kind.ASSOCIATION}


class ExampleConfig(sdk.ConnectorConfig):
    """The ``[config]`` table of a source."""

    path: str


class Example(sdk.Connector[ExampleConfig]):
    """Organisations from a CSV file."""

    manifest = sdk.Manifest(
        id="xx_example",
        title="Organisations from a CSV file",
        publisher="Example",
        homepage="",
        licence="CC0-1.0",
        streams=(sdk.Stream(name="organisations", title="Organisations", snapshot=True),),
    )
    config_model = ExampleConfig

    def fetch(self, ctx: sdk.Context[ExampleConfig]) -> Iterator[sdk.FetchItem]:
        """Each row as it stands there, then that the list is whole: what it lacks now is retired."""
        sent = 0
        for path in ctx.files(ctx.config.path):
            rows = open_table(path).rows()
            header = next(rows).cells
            if "number" not in header:
                raise sdk.ContractBroken("there is no column `number`", where=path.name)
            for row in rows:
                origin = f"{path.name}:{row.number}"
                if len(row.cells) != len(header):
                    yield sdk.Reject("organisations", origin, "more or fewer cells than the header", origin)
                    continue
                cells = dict(zip(header, row.cells, strict=True))
                if sdk.looks_like_person_number(cells["number"]):
                    ctx.count("persons_dropped")  # a sole trader's number is the person's own
                    continue
                sent += 1
                yield sdk.RawRecord("organisations", cells["number"], cells, "list", origin)
        yield sdk.Complete("organisations", "list", sent)

    def normalise(self, raw: sdk.RawRecord) -> Iterator[sdk.Record | sdk.Drift]:
        """The organisation in one row; a wrong number goes to quarantine, an unknown word or column is reported."""
        if isinstance(raw.payload, bytes):
            raise sdk.RecordRejected("a row is a mapping, not bytes", where=raw.origin)
        row = sdk.clean.Fields(raw.payload)
        number, form = row.take("number") or "", row.take("form") or ""
        identifier = sdk.Identifier.parse(number, country="SE")
        if identifier is None:
            raise sdk.RecordRejected("not a Swedish organisation number", field="number", value=number)
        if form and form not in KINDS:
            yield sdk.Drift("unknown_code", "form", form)
        name, town = row.take("name") or "", row.take("town")
        yield sdk.Organisation(identifier=identifier, name=name, kind=KINDS.get(form), locality=town)
        yield from row.left_over()


@sdk.hookimpl
def hub_connectors() -> Iterable[sdk.ConnectorClass]:
    """The connectors of this plugin."""
    return [Example]
