"""TED XML (TED_EXPORT), the format of TED from 2011 to early 2024."""

from hub_eu_ted.legacy.export import ROOT, publication
from hub_eu_ted.legacy.notice import read_notice

__all__ = ["ROOT", "publication", "read_notice"]
