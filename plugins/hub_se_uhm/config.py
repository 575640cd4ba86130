"""What an operator says: saved files, addresses of whole files, or the row store with its data sets."""

from __future__ import annotations

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from hub.sdk import ConnectorConfig

StreamName = Literal["procurements", "awards", "values", "tender_counts", "tenderers", "estimates"]

DATASETS: Final[dict[StreamName, str]] = {
    "procurements": "5ad00e4f-0697-4ee5-8dff-1b282a236e64",
    "awards": "582c2145-af7d-4eb5-a02d-dffd60585ff0",
    "values": "a616c14a-3068-407f-a591-f1e2f142e1d2",
    "tender_counts": "14137f50-c74a-4502-8814-75bf1dbe2a04",
    "tenderers": "75ea48bf-7a59-478b-ada2-9226cbd4e008",
    "estimates": "d093fe34-54e4-4d25-8f8c-1ab7a160c329",
}
"""The row store's id of each data set."""


class UhmConfig(ConnectorConfig):
    """One of ``path``, ``files`` and the row store."""

    path: str | None = Field(default=None, description="Saved files (.csv, .csv.gz): a file, a folder or a glob")
    files: dict[StreamName, str] = Field(default_factory=dict, description="Stream → address of its whole CSV file")
    rowstore: str = Field(
        default="https://catalog.upphandlingsmyndigheten.se", pattern=r"^https?://", description="Base of the row store"
    )
    datasets: dict[StreamName, str] = Field(
        default_factory=lambda: dict(DATASETS), min_length=1, description="Stream → id in the row store"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.path is not None and self.files:
            message = "`path` and `files` are two ways to read the same data: set one of them"
            raise ValueError(message)
        return self
