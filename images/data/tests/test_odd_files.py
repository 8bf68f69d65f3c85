"""Files as people have them: byte order marks, blank lines, CR LF, names with dots, and files of another kind."""

import gzip
import json
from collections.abc import Sequence
from typing import Any

import pyarrow
import pytest
from mixture_fixture import MixtureWorkspace
from pyarrow import parquet

from mixcpt_data.sources import lines
from mixcpt_store.errors import InputError

_BOM = b"\xef\xbb\xbf"
_PAIR = ["eng_Latn", "zul_Latn"]
_LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 12345\n"


def _mix_pairs(workspace: MixtureWorkspace, *patterns: str, **keys: Any) -> set[tuple[str, ...]]:
    """Returns the pairs of a mixture, English first, without the names of the languages."""
    texts = workspace.mix_sources(workspace.files_source(*patterns, languages=_PAIR, **keys))
    sides = [dict(line.split("]: ", 1) for line in text.split("\n")) for text in texts]
    return {(side["[English"], side["[Zulu"]) for side in sides}


@pytest.mark.parametrize("packed", [False, True])
def test_a_byte_order_mark_is_not_part_of_a_jsonl_row(workspace: MixtureWorkspace, packed: bool) -> None:
    content = _BOM + b'{"text": "One."}\n{"text": "Two."}\n'
    name = "a.jsonl.gz" if packed else "a.jsonl"
    workspace.write_input(name, gzip.compress(content) if packed else content)
    assert sorted(workspace.mix_sources(workspace.files_source(name))) == ["One.", "Two."]


@pytest.mark.parametrize("size", [1, 4, 10, 10_000])
def test_a_byte_order_mark_is_removed_wherever_the_file_is_split(
    workspace: MixtureWorkspace, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    workspace.write_input("a.tsv", _BOM + "One.\n\ufeffTwo.\n".encode())
    monkeypatch.setattr(lines, "MAX_RANGE_BYTES", size)
    source = workspace.files_source("a.tsv", format="tsv", columns=["1"])
    assert sorted(workspace.mix_sources(source)) == ["One.", "\ufeffTwo."]


def test_a_byte_order_mark_is_not_part_of_a_pair(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.eng", _BOM + b"One.\n")
    workspace.write_input("a.zul", _BOM + b"Kunye.\n")
    workspace.write_input("a.tsv", _BOM + b"Two.\tKubili.\n")
    assert _mix_pairs(workspace, "a.eng", "a.zul", format="moses") == {("One.", "Kunye.")}
    workspace.output.rename(workspace.folder / "moses")
    assert _mix_pairs(workspace, "a.tsv", format="tsv") == {("Two.", "Kubili.")}


def test_cr_lf_and_a_missing_last_line_end_leave_no_trace(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.eng", b"One.\r\nTwo.\r\n")
    workspace.write_input("a.zul", b"Kunye.\nKubili.")
    workspace.write_input("a.tsv", b"Three.\tKuthathu.\r\nFour.\tKune.")
    assert _mix_pairs(workspace, "a.eng", "a.zul", format="moses") == {("One.", "Kunye."), ("Two.", "Kubili.")}
    workspace.output.rename(workspace.folder / "moses")
    assert _mix_pairs(workspace, "a.tsv", format="tsv") == {("Three.", "Kuthathu."), ("Four.", "Kune.")}


@pytest.mark.parametrize("character", ["\u2028", "\u0085", "\x0b", "\x0c", "\r"])
def test_only_line_feeds_end_a_line(workspace: MixtureWorkspace, character: str) -> None:
    workspace.write_input("a.eng", f"One{character}house.\nTwo.\n")
    workspace.write_input("a.zul", "Kunye.\nKubili.\n")
    pairs = _mix_pairs(workspace, "a.eng", "a.zul", format="moses")
    assert pairs == {(f"One{character}house.", "Kunye."), ("Two.", "Kubili.")}


def test_blank_lines_of_jsonl_are_no_rows(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.jsonl", b'\n{"text": "One."}\n\n \t\r\n{"text": "Two."}\n\n')
    assert sorted(workspace.mix_sources(workspace.files_source("a.jsonl"))) == ["One.", "Two."]
    assert workspace.read_stats()["filter"]["files"]["eng_Latn"] == {"read": 2, "kept": 2}


def test_an_error_after_blank_lines_names_the_line_of_the_file(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.jsonl", b'{"text": "One."}\n\n\n{"text": \n')
    with pytest.raises(InputError, match=r"a\.jsonl, line 4: not JSON"):
        workspace.mix_sources(workspace.files_source("a.jsonl"))


def test_a_blank_line_of_tsv_is_no_pair(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.tsv", b"One.\tKunye.\n\nTwo.\tKubili.\n\n")
    assert _mix_pairs(workspace, "a.tsv", format="tsv") == {("One.", "Kunye."), ("Two.", "Kubili.")}


@pytest.mark.parametrize("text", ["0", "1", "True", "False", "None", "NA", "N/A", "null", "NaN", "2024-01-01"])
def test_words_that_libraries_take_for_other_values_are_text(workspace: MixtureWorkspace, text: str) -> None:
    workspace.write_jsonl("a.jsonl", [text])
    workspace.write_input("a.tsv", f"{text}\t{text}\n")
    workspace.write_input("a.parquet", b"")
    parquet.write_table(pyarrow.table({"text": [text]}), workspace.folder / "inputs" / "a.parquet")
    texts = workspace.mix_sources(
        workspace.files_source("a.jsonl"),
        workspace.files_source("a.tsv", format="tsv", columns=["2"]),
        workspace.files_source("a.parquet", format="parquet"),
    )
    assert texts == [text] * 3


def test_a_number_of_any_length_beside_the_text_is_read_over(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.jsonl", b'{"text": "One.", "id": ' + b"9" * 5000 + b"}\n")
    assert workspace.mix_sources(workspace.files_source("a.jsonl")) == ["One."]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "line 1: not readable as JSON: .* nested too deeply"),
        (b'{"text": "One."}\n{"text": ' + b"9" * 5000 + b"}\n", "line 2: column text holds float; it must be text"),
        (b'{"text": NaN}\n', "line 1: column text holds float; it must be text"),
        (b'{"text": ["a"]}\n', "line 1: column text holds list; it must be text"),
        (b'[{"text": "a"},\n{"text": "b"}]\n', "line 1: not JSON"),
        (b'{"text": "a"}\n{"text": "b\x00"}\n', "line 2: has a NUL at byte 11; text must not contain any"),
        (b'{"text": "a"}\n{"text": "\xff"}\n', "line 2: not UTF-8: invalid start byte at byte 10"),
        ('{"text": "a"}\n'.encode("utf-16"), "line 1: not UTF-8: .*; it begins like UTF-16; convert it to UTF-8"),
        (_LFS_POINTER, "line 1: not the text itself; it is a pointer of git-lfs; fetch the file itself"),
        (gzip.compress(b'{"text": "a"}\n'), "line 1: not UTF-8: .*; it begins like gzip; give it a name that ends in"),
        (b"PK\x03\x04aaaa", "line 1: not the text itself; it begins like a ZIP archive; unpack it"),
        (b"<!DOCTYPE html>\n<html>please log in</html>\n", "line 1: not JSON: .*; it begins like an HTML page"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_reason(
    workspace: MixtureWorkspace, content: bytes, message: str
) -> None:
    workspace.write_input("a.jsonl", content)
    with pytest.raises(InputError, match=rf"a\.jsonl, {message}"):
        workspace.mix_sources(workspace.files_source("a.jsonl"))
    assert not workspace.output.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"One.\nTw\x00o.\n", "line 2: has a NUL at byte 2"),
        (b"One.\nTw\xe9o.\n", "line 2: not UTF-8: invalid continuation byte at byte 2"),
        (_LFS_POINTER, "line 1: not the text itself; it is a pointer of git-lfs"),
        (b"PK\x03\x04aaaa", "line 1: not the text itself; it begins like a ZIP archive"),
    ],
)
@pytest.mark.parametrize("file_format", ["moses", "tsv"])
def test_a_damaged_line_of_plain_text_is_named(
    workspace: MixtureWorkspace, content: bytes, message: str, file_format: str
) -> None:
    workspace.write_input("a.eng", content)
    workspace.write_input("a.zul", b"Kunye.\nKubili.\n")
    source = (
        workspace.files_source("a.eng", "a.zul", format="moses", languages=_PAIR)
        if file_format == "moses"
        else workspace.files_source("a.eng", format="tsv", columns=["1"])
    )
    with pytest.raises(InputError, match=rf"a\.eng, {message}"):
        workspace.mix_sources(source)


def test_a_pointer_of_git_lfs_instead_of_a_packed_file_is_named(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.jsonl.gz", _LFS_POINTER)
    with pytest.raises(InputError, match=r"a\.jsonl\.gz: damaged after line 0: .*; it is a pointer of git-lfs"):
        workspace.mix_sources(workspace.files_source("a.jsonl.gz"))


def test_gzip_files_of_several_parts_are_read_to_their_end(workspace: MixtureWorkspace) -> None:
    parts = gzip.compress(b'{"text": "One."}\n') + gzip.compress(b'{"text": "Two."}\n')
    workspace.write_input("a.jsonl.gz", parts + b"\0" * 64)
    assert sorted(workspace.mix_sources(workspace.files_source("a.jsonl.gz"))) == ["One.", "Two."]


def _mix_parquet(workspace: MixtureWorkspace, table: dict[str, Any], columns: Sequence[str], **keys: Any) -> list[str]:
    workspace.write_input("a.parquet", b"")
    parquet.write_table(pyarrow.table(table), workspace.folder / "inputs" / "a.parquet")
    return workspace.mix_sources(workspace.files_source("a.parquet", format="parquet", columns=list(columns), **keys))


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ({"text.en": ["One."]}, "text.en"),
        ({"text.en": ["One."], "text": [{"en": "Other."}]}, "text.en"),
        ({"text": [{"en": "One."}]}, "text.en"),
        ({"text": [{"v1.en": "One."}]}, "text.v1.en"),
        ({"a.b": [{"c.d": {"e": "One."}}]}, "a.b.c.d.e"),
    ],
)
def test_a_parquet_column_is_found_by_its_exact_name_and_then_by_its_path(
    workspace: MixtureWorkspace, table: dict[str, Any], column: str
) -> None:
    assert _mix_parquet(workspace, table, [column]) == ["One."]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"text.en": "One.", "text": {"en": "Other."}}, "text.en"),
        ({"text": {"en": "One."}}, "text.en"),
        ({"a": "Other.", "a.b": {"c": "One."}}, "a.b.c"),
    ],
)
def test_a_jsonl_column_is_found_by_its_exact_name_and_then_by_its_path(
    workspace: MixtureWorkspace, row: dict[str, Any], column: str
) -> None:
    workspace.write_input("a.jsonl", json.dumps(row))
    assert workspace.mix_sources(workspace.files_source("a.jsonl", columns=[column])) == ["One."]


@pytest.mark.parametrize(
    ("table", "column", "message"),
    [
        ({"blob_id": ["1"], "path": ["x.py"]}, "content", "column content is missing; available: blob_id, path"),
        ({"text": [{"en": "One."}]}, "text.zu", "column text.zu is missing; available: text"),
        ({"text": ["One."]}, "text.en", "column text.en is missing; available: text"),
        ({"text": [["One."]]}, "text.en", "column text.en is missing; available: text"),
        ({"text": [None, b"One."]}, "text", "row 2: column text holds bytes; it must be text"),
        ({"text": [1, 2]}, "text", "row 1: column text holds int; it must be text"),
        ({"text": [{"en": "One."}]}, "text", "row 1: column text holds dict; it must be text"),
    ],
)
def test_a_missing_or_wrong_parquet_column_is_named(
    workspace: MixtureWorkspace, table: dict[str, Any], column: str, message: str
) -> None:
    with pytest.raises(InputError, match=rf"a\.parquet(: |, ){message}"):
        _mix_parquet(workspace, table, [column])


def test_absent_parquet_values_are_empty_texts(workspace: MixtureWorkspace) -> None:
    table = {"text": pyarrow.array(["One.", None, "One."]).dictionary_encode()}
    assert _mix_parquet(workspace, table, ["text"]) == ["One.", "One."]
    workspace.output.rename(workspace.folder / "flat")
    assert _mix_parquet(workspace, {"text": [{"en": "One."}, None]}, ["text.en"]) == ["One."]


def test_a_pointer_of_git_lfs_instead_of_parquet_is_named(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.parquet", _LFS_POINTER)
    with pytest.raises(InputError, match=r"a\.parquet: not a complete parquet file: .*; it is a pointer of git-lfs"):
        workspace.mix_sources(workspace.files_source("a.parquet", format="parquet"))


@pytest.mark.parametrize("pattern", ["/etc/*", "**x", ""])
def test_a_pattern_that_cannot_be_one_is_refused(workspace: MixtureWorkspace, pattern: str) -> None:
    with pytest.raises(InputError, match="is not a pattern of file names"):
        workspace.mix_sources(workspace.files_source(pattern))
