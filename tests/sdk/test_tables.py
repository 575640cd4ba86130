"""Tabular files: whatever the dialect, the same text comes out."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.sdk import ConfigError, ContractBroken, SourceUnavailable
from hub.sdk.formats import Limits, Table, detect_encoding, open_table
from hub.sdk.formats.sheet import number_text


def opened(path: Path, data: bytes | str, **options: object) -> Table:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return open_table(path, **options)


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows()]


# What cp1252 and UTF-8 both can say; a cell that is quoted may hold delimiters, quotes and line ends.
TEXT = st.text(st.sampled_from("abcåäöÅÄÖéü 0123;,|\t\"'\n.-€"), min_size=0, max_size=12)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(TEXT, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(
    rows=TABLES,
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_dialect_gives_the_same_cells(
    tmp_path: Path, rows: list[list[str]], delimiter: str, encoding: str, line_end: str
) -> None:
    header = [f"kolumn{number}å" for number, _ in enumerate(rows[0])]
    # Enough regular lines, as any real file has, for the delimiter to show.
    table = [header, *[[str(number)] * len(header) for number in range(20)], *rows]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(table)
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    result = opened(tmp_path / "t.csv", mark + text.getvalue().encode(encoding))

    assert result.delimiter == delimiter
    assert cells(result) == [tuple(row) for row in table]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("namn;å\n".encode(), "utf-8"),
        ("\ufeffnamn;å\n".encode(), "utf-8-sig"),
        ("namn;å\n".encode("cp1252"), "cp1252"),
        ("namn;å\n".encode("utf-16"), "utf-16"),
        ("namn;leverantör;belopp\n".encode("utf-16-le"), "utf-16-le"),
        ("namn;leverantör;belopp\n".encode("utf-16-be"), "utf-16-be"),
        (b"namn;\x81\xe5\n", "latin-1"),
        (b"namn;x\n", "utf-8"),
        # The first megabyte says nothing.
        (b"ascii;text\n" * 120_000 + "Malmö\n".encode("cp1252"), "cp1252"),
        (b"ascii;text\n" * 120_000 + "Malmö\n".encode(), "utf-8"),
    ],
)
def test_the_whole_file_decides_its_encoding(tmp_path: Path, data: bytes, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    assert detect_encoding(path) == encoding


def test_a_utf_8_sequence_across_two_chunks_is_not_taken_for_cp1252(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    for shift in range(4):
        path.write_bytes(b"x" * ((1 << 20) - shift) + "€ö".encode())
        assert detect_encoding(path) == "utf-8"


def test_cells_pasted_in_another_encoding_are_read_beside_the_rest(tmp_path: Path) -> None:
    data = "Malmö;Växjö\nÖrebro;Luleå\n".encode() + "Umeå;x\n".encode("cp1252")
    assert cells(opened(tmp_path / "t.csv", data))[-1] == ("Umeå", "x")


def test_what_the_operator_says_wins(tmp_path: Path) -> None:
    table = opened(tmp_path / "t.csv", "a;b,c\n1;2,3\n", delimiter=",", encoding="latin-1")
    assert (table.encoding, table.delimiter) == ("latin-1", ",")
    assert cells(table)[1] == ("1;2", "3")


def test_excels_own_hint_names_the_delimiter(tmp_path: Path) -> None:
    assert opened(tmp_path / "t.csv", "sep=|\na|b,c,d\n").delimiter == "|"


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    text = "namn;netto;brutto\n" + "Alfa, Beta och Gamma AB;1,50;2,00\n" * 5
    assert opened(tmp_path / "t.csv", text).delimiter == ";"


def test_nul_characters_are_dropped_and_empty_rows_counted(tmp_path: Path) -> None:
    table = opened(tmp_path / "t.csv", "a;b\n\n1\0;2\n")
    assert [(row.number, row.cells) for row in table.rows()] == [(1, ("a", "b")), (2, ()), (3, ("1", "2"))]


def test_quotes_without_meaning_swallow_nothing(tmp_path: Path) -> None:
    text = 'namn;belopp\n"Alfa" AB;1\n"Beta AB;2\nGamma "G" AB;3\n"Delta;AB";4\n"Epsilon AB;5\n'
    assert cells(opened(tmp_path / "t.csv", text))[1:] == [
        ("Alfa AB", "1"),
        ('"Beta AB', "2"),
        ('Gamma "G" AB', "3"),
        ("Delta;AB", "4"),
        ('"Epsilon AB', "5"),
    ]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("a;b\n1;2\n", "line"),
        ("a;b\r\n1;2\r\n", "line"),
        ("a;b\r1;2\r", "line"),
        ('a;b\n1;"2\n3"\n', "line"),
        ('a;b\n1;"Alfa" AB\n', "line"),
        ('a;b\n1;"2\n', "line"),
        ("a;b\n1;2", "file"),
        ("a;b\r1", "file"),
        ('a;b\n1;"2\n3"', "file"),
        ('a;b\n1;"Alfa" AB', "file"),
        ('a;b\n1;"x\n1;2', "file"),  # the quote is without meaning
        ('a;b\n1;"2', "quote"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_row_tells_how_it_ends(tmp_path: Path, text: str, end: str, encoding: str) -> None:
    table = opened(tmp_path / "t.csv", text.encode(encoding), delimiter=";")
    *others, last = [row.end for row in table.rows()]
    assert last == end
    assert set(others) == {"line"}


def test_a_row_without_end_is_refused(tmp_path: Path) -> None:
    table = opened(tmp_path / "t.csv", b"a;b\n" + b"x" * 5_000, limits=Limits(row_characters=1_000))
    with pytest.raises(ContractBroken, match=r"t\.csv:2: the row does not end"):
        cells(table)


def test_a_quote_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    data = 'a;b\n"x;1\n' + "y;2\n" * 2_000
    table = opened(tmp_path / "t.csv", data, limits=Limits(row_characters=1_000))
    assert len(cells(table)) == 2_002


def test_too_many_cells_or_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractBroken, match="cells and the limit"):
        cells(opened(tmp_path / "t.csv", ";" * 3_000))
    with pytest.raises(ContractBroken, match="split it"):
        opened(tmp_path / "t.csv", "a;b\n" * 10, limits=Limits(file_bytes=20))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"old kind \(\.xls\)"),
        (b"<html><table><tr>", "a web page"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"PK\x03\x04 not a zip", "damaged"),
    ],
)
def test_other_formats_are_named(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(ContractBroken, match=message):
        opened(tmp_path / "t.xlsx", data)


def test_a_missing_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="cannot be read"):
        open_table(tmp_path / "nothing.csv")


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_gives_exact_text(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "blad.csv",  # the suffix does not matter
        Försättsblad=[["Leverantörsreskontra"], ["2025"]],
        Data=[
            ["namn", "orgnr", "belopp", "datum", "text"],
            ["Ålfa", 5560125790.0, 12.34, datetime(2025, 1, 31), None],  # noqa: DTZ001
            ["", 0.1 + 0.2, -1234.5, date(2025, 2, 1), "0012"],
        ],
    )
    table = open_table(path)

    assert (table.format, table.sheet, table.sheets) == ("workbook", "Data", ("Försättsblad", "Data"))
    rows = list(table.rows())
    assert rows[1].cells[:4] == ("Ålfa", "5560125790", "12.34", "2025-01-31")
    assert rows[1].exact == {1, 2}
    assert rows[2].cells == ("", "0.3", "-1234.5", "2025-02-01", "0012")
    assert [row.number for row in rows] == [1, 2, 3]


def test_a_sheet_can_be_chosen_by_name_or_position(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", Ett=[["a", "b"]], Två=[["c", "d"]])
    assert cells(open_table(path, sheet="Två")) == [("c", "d")]
    assert cells(open_table(path, sheet="2")) == [("c", "d")]
    with pytest.raises(ConfigError, match="choose one of: Ett, Två"):
        open_table(path, sheet="Tre")


def test_a_workbook_without_a_table_or_with_too_much_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", Ett=[["bara en rubrik"]])
    with pytest.raises(ContractBroken, match="no sheet"):
        open_table(path)
    with pytest.raises(ContractBroken, match="more than is safe"):
        open_table(path, limits=Limits(unpacked_bytes=100))
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (8 << 20))
    with pytest.raises(ContractBroken, match="more than is safe"):
        open_table(bomb)


def test_an_archive_that_is_no_workbook_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.csv", "a;b")
    with pytest.raises(ContractBroken, match=r"not an \.xlsx workbook"):
        open_table(path)


def test_entities_in_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", Ett=[["a", "b"]])
    evil = tmp_path / "evil.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(evil, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = b'<!DOCTYPE worksheet [<!ENTITY x "y">]>' + data.replace(b"<t>a</t>", b"<t>&x;</t>")
            target.writestr(name, data)
    with pytest.raises(ContractBroken, match="document type"):
        cells(open_table(evil))


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("1234", "1234"),
        ("1234.0", "1234"),
        ("1E15", "1000000000000000"),
        ("1.0000000000000001E-6", "0.000001"),
        ("-0.5", "-0.5"),
        ("12.340000000000002", "12.34"),
        ("5560125790", "5560125790"),
    ],
)
def test_stored_numbers_as_text(stored: str, text: str) -> None:
    assert number_text(stored) == text


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_money_in_a_cell_keeps_its_two_decimals(amount: Decimal) -> None:
    assert Decimal(number_text(repr(float(amount)))) == amount


def test_gaps_times_and_truth_values(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["C1"] = "a", "c"
    sheet["B4"], sheet["D4"], sheet["AA4"] = True, datetime(2020, 1, 2, 3, 4), time(10, 30)  # noqa: DTZ001
    book.save(tmp_path / "t.xlsx")
    rows = list(open_table(tmp_path / "t.xlsx").rows())

    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert rows[0].cells == ("a", "", "c")
    assert rows[1].cells == ()
    assert rows[3].cells[:4] == ("", "TRUE", "", "2020-01-02 03:04:00")
    assert (len(rows[3].cells), rows[3].cells[26]) == (27, "10:30:00")
