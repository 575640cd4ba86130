"""A connector as its author would write it: pages over HTTP with positions, and a file."""

from __future__ import annotations

from collections.abc import Iterator

from hub.sdk import (
    Checkpoint,
    Complete,
    ConnectorConfig,
    Context,
    ContractBroken,
    Drift,
    FetchItem,
    Identifier,
    Manifest,
    Membership,
    Mention,
    RawRecord,
    Record,
    Stream,
)
from tests.runs.harness import Fake
from tests.torture.publisher import PAGE, SCOPES


class Config(ConnectorConfig):
    url: str


class Tortured(Fake):
    manifest = Manifest(
        **{
            **dict(Fake.manifest),
            "streams": (
                Stream(name="rows", title="Rows", snapshot=True, floor=0.2),
                Stream(name="members", title="Members", snapshot=True, floor=0.2),
            ),
        }
    )
    config_model = Config  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__([])

    def fetch(self, ctx: Context[Config]) -> Iterator[FetchItem]:  # type: ignore[override]
        edition = ctx.http.get(f"{ctx.config.url}/edition").raise_for_status().json()["edition"]
        for scope in SCOPES:
            yield from self._scope(ctx, scope, edition)
        with ctx.download(f"{ctx.config.url}/members.txt") as path:
            assert path is not None
            numbers = path.read_text().split()
        for number in numbers:
            yield RawRecord("members", number, {"member": number}, "all")
        yield Complete("members", "all", len(numbers))

    def _scope(self, ctx: Context[Config], scope: str, edition: str) -> Iterator[FetchItem]:
        page = ctx.position("rows", scope, edition).get("page", 0)
        while True:
            answer = ctx.http.get(f"{ctx.config.url}/rows?scope={scope}&page={page}").raise_for_status().json()
            if answer["edition"] != edition:
                raise ContractBroken("a new edition came out while the old one was read", where=scope)
            for item in answer["items"]:
                yield RawRecord("rows", item.pop("key"), item, scope)
            page += 1
            if page * PAGE >= answer["total"]:
                break
            yield Checkpoint({"page": page}, "rows", scope, edition)
        yield Complete("rows", scope, answer["total"])

    def normalise(self, raw: RawRecord) -> Iterator[Record | Drift]:
        row = dict(raw.payload)  # type: ignore[arg-type]
        if "member" not in row:
            yield from super().normalise(raw)
            return
        member = Identifier.parse(row["member"], country="SE")
        assert member is not None
        mention = Mention.of(None, row["member"], country="SE")
        yield Membership(member=mention, register_id="se_asf", register_name="ASF", number=raw.key)
