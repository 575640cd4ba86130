"""Codes never travel alone: a code names its scheme and the scheme's version (SNI 2007 is not SNI 2025)."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

CPV: Final = "CPV 2008"
"""Common Procurement Vocabulary, Commission Regulation (EC) No 213/2008; eight digits, without the check digit."""
SNI_2007: Final = "SNI 2007"
SNI_2025: Final = "SNI 2025"


class Code(BaseModel):
    """One code of a versioned list, as published."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scheme: str = Field(min_length=1, description='List and version: "SNI 2025", "CPV 2008"')
    code: str = Field(min_length=1)
