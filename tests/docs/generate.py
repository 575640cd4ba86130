"""Writes what the documentation takes from the code: ``python -m tests.docs.generate`` (``make docs``).

Two things: the pages in ``docs/reference``, and in any page a fenced block below ``<!-- include: path -->``, which
becomes that file's text. A test fails when something is not as this would write it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from tests.docs import pages

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = {
    "docs/reference/cli.md": pages.cli,
    "docs/reference/connectors.md": pages.connectors,
    "docs/reference/errors.md": pages.errors,
    "docs/reference/hooks.md": pages.hooks,
    "docs/reference/read-contract.md": pages.read_contract,
    "docs/reference/settings.md": pages.settings,
}
_MARK: Final = "<!-- Written by `make docs` from the code. Change it there. -->\n\n"
_INCLUDE: Final = re.compile(r"(<!-- include: (?P<path>\S+) -->\n+```\w+\n).*?^(```\n)", re.DOTALL | re.MULTILINE)


def markdown() -> list[Path]:
    """Every page of ours."""
    found = [*ROOT.glob("*.md")]
    for folder in ("config", "docs", "examples", "hub", "plugins"):
        found += (ROOT / folder).rglob("*.md")
    return sorted(found)


def written() -> dict[Path, str]:
    """The pages that are written here, and those that include something, as they should be."""
    made = {ROOT / name: _MARK + page() for name, page in PAGES.items()}
    for path in markdown():
        text = path.read_text("utf-8")
        if path not in made and _INCLUDE.search(text):
            made[path] = _INCLUDE.sub(_included, text)
    return made


def _included(match: re.Match[str]) -> str:
    return match[1] + (ROOT / match["path"]).read_text("utf-8") + match[3]


def main() -> None:
    for path, text in written().items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"wrote {path.relative_to(ROOT)}")  # noqa: T201


if __name__ == "__main__":
    main()
