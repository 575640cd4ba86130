"""Zip archives from strangers: read member by member, refused when they are bombs, cut off or climb out."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from hub.sdk import ContractBroken
from hub.sdk.formats.zip import ZipLimits, leaves_archive, zip_members


def packed(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def read(data: bytes, **how) -> dict[str, bytes]:
    return {member.name: member.stream.read() for member in zip_members(io.BytesIO(data), where="a.zip", **how)}


def refused(data: bytes, **how) -> str:
    with pytest.raises(ContractBroken) as caught:
        read(data, **how)
    assert caught.value.where.startswith("a.zip")
    assert "nothing was retired" in caught.value.instruction
    return caught.value.reason


def test_members_in_order_as_streams(tmp_path: Path):
    file = tmp_path / "register.zip"
    file.write_bytes(packed(b=b"second", a="första\nandra".encode()))
    seen = []
    for member in zip_members(file):
        with io.TextIOWrapper(member.stream, encoding="utf-8") as lines:
            seen.append((member.name, member.size, [line.strip() for line in lines]))
    assert seen == [("b", 6, ["second"]), ("a", 13, ["första", "andra"])]


def test_selected_members_only():
    assert read(packed(a=b"1", b=b"2"), select=lambda name: name == "b") == {"b": b"2"}


def test_folders_are_no_members():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.mkdir("folder")
        archive.writestr("folder/file", b"x")
    assert read(buffer.getvalue()) == {"folder/file": b"x"}


def test_bomb_is_refused_before_it_is_unpacked():
    assert "1:200" in refused(packed(bomb=b"\0" * 5_000_000))


def test_limits_on_members_and_size():
    assert "more than the 1 allowed" in refused(packed(a=b"1", b=b"2"), limits=ZipLimits(members=1))
    assert "more than the 10 allowed" in refused(packed(a=b"123456", b=b"123456"), limits=ZipLimits(total=10))


@pytest.mark.parametrize("length", [0, 10, 60, -30])
def test_truncated_archive(length):
    data = packed(a=b"some text " * 50)
    assert "cut off" in refused(data[:length])


def test_damaged_member():
    data = bytearray(packed(a=bytes(range(256)) * 20))
    data[60:70] = b"\xff" * 10
    assert "damaged" in refused(bytes(data))


def test_size_that_lies():
    data = bytearray(packed(a=b"x" * 1000))
    # The table of contents says 10 bytes instead of 1000.
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    assert "damaged" in refused(bytes(data))


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "C:/x", "a\\..\\x", "\\\\server\\x"])
def test_paths_that_leave(name):
    assert leaves_archive(name)


@pytest.mark.parametrize("name", ["x", "a/b.xml", "a..b", "..a/b", "2024-05-02.xml"])
def test_paths_that_stay(name):
    assert not leaves_archive(name)


def test_climbing_member():
    assert "out of the archive" in refused(packed(**{"../../etc/cron.d/x": b"x"}))


def test_link():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("link")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    assert "link" in refused(buffer.getvalue())


def test_encrypted():
    data = bytearray(packed(a=b"x"))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refused(bytes(data))


def test_no_zip_at_all():
    assert "no zip" in refused(b"<html>Log in</html>")
