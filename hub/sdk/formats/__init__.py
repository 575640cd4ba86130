"""Safe readers for the formats that publishers use: bounded, without network, in constant memory."""

from hub.sdk.formats.encoding import detect_encoding
from hub.sdk.formats.table import Limits, Row, Table, open_table

__all__ = [
    "Limits",
    "Row",
    "Table",
    "detect_encoding",
    "open_table",
]
