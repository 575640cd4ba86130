"""The page that answers whoever dropped a file: in Swedish, in one piece, without a person's data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Final

from hub.sdk import Money

if TYPE_CHECKING:
    from hub.sdk.recognition import Recognition

_PAGE: Final = """<!doctype html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 sans-serif; color: #1a1a1a; background: #fff; max-width: 48rem; margin: 2rem auto }}
h1 {{ font-size: 1.5rem; border-left: .5rem solid {colour}; padding-left: .75rem }}
h2 {{ font-size: 1.15rem; margin-top: 2rem }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid #bbb }}
td {{ overflow-wrap: anywhere }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
_GOOD, _MEND, _BAD = "#1b6e3a", "#8a5a00", "#a11d1d"
_MOST: Final = 100
"""Rows with faults that are listed; the others are counted."""


@dataclass(frozen=True)
class Fault:
    """A row that could not be read: where it stands, as ``rad 7``, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Answer:
    """What became of a file. ``loaded`` is false for a file in ``fel``.

    ``stored`` is what the hub has now for the file's period, to compare with ``recognition.total``.
    """

    file: str
    loaded: bool
    outcome: str
    recognition: Recognition | None = None
    faults: Sequence[Fault] = ()
    stored: Sequence[tuple[Money, int]] = ()
    counts: Sequence[tuple[str, int]] = ()
    mend: Sequence[str] = ()

    def html(self, clean: Callable[[str], str]) -> str:
        """The page. ``clean`` takes persons and secrets out of text that is not the hub's own."""

        def said(text: object) -> str:
            return escape(clean(str(text)))

        state = "Inläst" if self.loaded else "Inte inläst"
        mend = [*self.mend, *(self.recognition.notes if self.recognition else ())]
        colour = _BAD if not self.loaded else _MEND if self.faults or mend else _GOOD
        parts = [f"<p>{said(self.outcome)}</p>"]
        if mend:
            parts += ["<h2>Att åtgärda</h2>", _list(map(said, mend))]
        if self.recognition is not None:
            parts += _money(self, self.recognition, said)
        if self.counts:
            parts += ["<h2>Rader</h2>", _table(("Vad", "Antal"), ((said(k), _number(n)) for k, n in self.counts))]
        if self.faults:
            parts += _faults(self.faults, said)
        if self.recognition is not None:
            parts += _columns(self.recognition, said)
        return _PAGE.format(title=f"{state}: {said(self.file)}", colour=colour, body="\n".join(parts))


def kronor(money: Money) -> str:
    """An amount as Swedes write it: ``1 234,50 kr``, with spaces that do not break."""
    unit = "kr" if money.currency == "SEK" else money.currency
    return f"{Decimal(money.amount):,}".replace(",", "\u00a0").replace(".", ",") + f"\u00a0{unit}"


def _money(answer: Answer, seen: Recognition, said: Callable[[object], str]) -> list[str]:
    rows = [("Summa i filen", kronor(total), "") for total in seen.total]
    rows += [("Summa i hubben för perioden", kronor(total), _number(count)) for total, count in answer.stored]
    if not rows:
        return []
    when = f" {said(seen.period)}" if seen.period else ""
    return [
        f"<h2>Kronor att jämföra med reskontran{when}</h2>",
        _table(("Vad", "Belopp", "Betalningar"), rows),
    ]


def _faults(faults: Sequence[Fault], said: Callable[[object], str]) -> list[str]:
    rows = ((said(fault.where), said(fault.why)) for fault in faults[:_MOST])
    more = len(faults) - _MOST
    return [
        f"<h2>Rader som inte kunde läsas ({_number(len(faults))})</h2>",
        _table(("Var", "Varför"), rows),
        *([f"<p>… och {_number(more)} till.</p>"] if more > 0 else []),
    ]


def _columns(seen: Recognition, said: Callable[[object], str]) -> list[str]:
    sureness = f"{int(seen.sureness * 100)}\u00a0%"
    parts = ["<h2>Så lästes filen</h2>", f"<p>Filen känns igen som {said(seen.title)} (säkerhet {sureness}).</p>"]
    if seen.columns:
        rows = ((said(heading), said(meaning or "används inte")) for heading, meaning in seen.columns)
        parts.append(_table(("Rubrik i filen", "Läses som"), rows))
    if seen.ignored:
        parts.append(f"<p>Används inte: {', '.join(map(said, seen.ignored))}.</p>")
    if seen.missing:
        parts.append(f"<p>Saknas i filen: {', '.join(map(said, seen.missing))}.</p>")
    return parts


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    heads = "".join(f'<th scope="col">{name}</th>' for name in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", "\u00a0")
