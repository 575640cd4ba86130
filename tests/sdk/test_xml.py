"""XML from strangers: bombs, other files, web pages and broken text are refused with a reason people understand."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hub.sdk import RecordRejected
from hub.sdk.formats.xml import parse_xml, read_xml

LAUGHS = b"""<?xml version="1.0"?>
<!-- a comment before -->
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
 <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">
]>
<lolz name="&lol3;">&lol3;</lolz>"""


def reason(data: bytes, **how: int) -> str:
    with pytest.raises(RecordRejected) as caught:
        parse_xml(data, where="notice.xml", **how)
    assert str(caught.value).startswith("notice.xml: ")
    assert caught.value.instruction
    return caught.value.reason


def test_plain_xml_without_comments_and_instructions():
    root = parse_xml(b'<?xml version="1.0"?><!-- who --><?do it?><a>one<!-- two -->three<b/></a>')
    assert root.tag == "a"
    assert root.text == "onethree"
    assert [child.tag for child in root] == ["b"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings(encoding):
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = f'<?xml version="1.0" encoding="{declared}"?><a>Åmål</a>'
    assert parse_xml(text.encode(encoding)).text == "Åmål"


def test_entity_bomb():
    assert "line 3" in reason(LAUGHS)
    assert "entity bombs" in reason(LAUGHS)


def test_entity_bomb_in_utf_16():
    assert "document type" in reason(LAUGHS.decode().encode("utf-16"))


def test_document_type_behind_a_long_prolog():
    assert "document type" in reason(b"<!--" + b"x" * 100_000 + b"--><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")


def test_external_entity_is_never_read(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("do not tell")
    data = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'.encode()
    assert "do not tell" not in reason(data)


def test_a_prolog_of_many_comments_is_quick():
    started = time.monotonic()
    parse_xml(b"<!-- x -->" * 6000 + b"<?p q?>" * 6000 + b"<a/>")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<a>\n<b>\n</a>", "line 3"),
        (b"<a>", "line 1"),
        (b"<a>&nope;</a>", "line 1"),
        (b"no xml at all", "not well-formed XML"),
        (b"<!doctype html><html><body>Log in</body></html>", "web page"),
        (b"<html><body>Error 503</body></html>", "web page"),
    ],
)
def test_broken_documents(data, said):
    assert said in reason(data)


def test_size_limit(tmp_path: Path):
    assert "100 bytes" in reason(b"<a>" + b"x" * 100 + b"</a>", limit=100)
    file = tmp_path / "large.xml"
    file.write_bytes(b"<a>" + b"x" * 100 + b"</a>")
    with pytest.raises(RecordRejected, match=r"large\.xml.*100 bytes"):
        read_xml(file, limit=100)


def test_depth_is_limited():
    assert "not well-formed" in reason(b"<a>" * 5000 + b"</a>" * 5000)
