"""The report: the facts on one self-contained page, in Swedish, stamped as invented."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hub import __version__
from hub.demo import proposal, purchases, sql, swedish
from hub.demo.facts import Facts
from hub.sdk.errors import HubError


def render(facts: Facts, *, database: str) -> str:
    """The page. ``database`` is where the facts came from, without a password."""
    environment = Environment(
        loader=PackageLoader("hub.demo", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "kr": _kronor,
        "day": swedish.day,
        "number": swedish.number,
        "orgnr": lambda digits: _whole(swedish.identifier(digits)),
        "whole": _whole,
        "listed": swedish.listed,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
    }
    return environment.get_template("report.html.j2").render(
        facts=facts,
        paid=facts.purchases,
        groups=purchases.PURCHASES,
        social=purchases.SOCIAL,
        points=proposal.POINTS,
        example=sql.EXAMPLE,
        database=database,
        version=__version__,
        share=swedish.share,
        count=swedish.count,
    )


def write(facts: Facts, path: Path, *, database: str) -> None:
    """Write the page to a file."""
    try:
        path.write_text(render(facts, database=database), encoding="utf-8")
    except OSError as error:
        reason = f"cannot be written ({error.strerror or type(error).__name__})"
        raise HubError(reason, where=str(path), instruction="close it elsewhere or name another folder") from None


def _kronor(ore: int) -> Markup:
    """An amount for people, with the exact one for machines."""
    return Markup('<data value="{}">{}</data>').format(swedish.exact(ore), swedish.kronor(ore))


def _whole(text: str) -> Markup:
    """A number that is not broken over two lines at its hyphen."""
    return Markup('<span class="whole">{}</span>').format(text)
