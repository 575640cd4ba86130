"""Elements as nested tuples, and their text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

Node: TypeAlias = "tuple[str, dict[str, str], str | list[Node]]"
Content: TypeAlias = "str | int | Iterable[Node | None]"


def el(tag: str, content: Content = "", **attributes: str) -> Node:
    """An element with text or with children; ``None`` among the children is left out."""
    if isinstance(content, str | int):
        return (tag, attributes, str(content))
    return (tag, attributes, [child for child in content if child is not None])


def path(tags: str, content: Content, **attributes: str) -> Node:
    """Nested elements, outermost first: ``path("a/b", "x")``. Attributes belong to the innermost."""
    *outer, inner = tags.split("/")
    node = el(inner, content, **attributes)
    for tag in reversed(outer):
        node = el(tag, (node,))
    return node


def document(root: Node) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(_lines(root, 0))


def _lines(node: Node, depth: int) -> Iterator[str]:
    tag, attributes, content = node
    start = " " * depth + "<" + tag + "".join(f" {name}={quoteattr(text)}" for name, text in attributes.items())
    if isinstance(content, str):
        yield f"{start}>{escape(content)}</{tag}>\n" if content else f"{start}/>\n"
        return
    yield start + ">\n"
    for child in content:
        yield from _lines(child, depth + 1)
    yield " " * depth + f"</{tag}>\n"
