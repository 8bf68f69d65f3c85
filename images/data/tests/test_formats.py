"""File formats: every row is read once however a file is split, and errors name the file and the line."""

import errno
import gzip
import io
import json
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow
import pytest
from mixture_fixture import MixtureWorkspace, format_jsonl, write_word_tokenizer
from pyarrow import parquet
from store_fixture import fail_listing

from mixcpt_data.mixture.make_mixture import make_mixture
from mixcpt_data.sources.formats import FILE_FORMATS
from mixcpt_data.sources.lines import LineReader, split_into_ranges
from mixcpt_data.storage.locations import StoredFile, StoreDirectory
from mixcpt_store.command import run_step
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.language_model import PACKAGED_MODEL

TEXTS = ["First sentence.", "Zweiter Satz mit Umlaut: ä.", "第三句。", "x" * 50, "last"]


@pytest.mark.parametrize("size", [1, 7, 40, 10_000])
@pytest.mark.parametrize("ending", ["\n", ""])
def test_reads_every_line_once_wherever_the_file_is_split(tmp_path: Path, size: int, ending: str) -> None:
    (tmp_path / "a.txt").write_text("\n".join(TEXTS) + ending)
    location = StoreDirectory(tmp_path)
    (file,) = location.list_files("a.txt")
    assert [line for part in split_into_ranges(file, size) for line in LineReader(location, part)] == TEXTS


def test_an_error_in_a_later_range_gives_the_line_number_in_the_whole_file(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(format_jsonl(TEXTS[:3]) + '{"text": "cut')
    location = StoreDirectory(tmp_path)
    last = split_into_ranges(location.list_files("a.jsonl")[0], 30)[-1]
    with pytest.raises(InputError, match=r"a\.jsonl, line 4: not JSON: .*the line ends with '\{\"text\": \"cut'"):
        list(FILE_FORMATS["jsonl"].read(location, (last,), ("text",)))


def test_replaces_a_lone_surrogate_instead_of_failing(workspace: MixtureWorkspace) -> None:
    sentence = "Everyone has the right to life and liberty"
    endings = (r"\ud83d", r"\ud83d\ude00")
    workspace.write_input("a.jsonl", "".join(f'{{"text": "{sentence} {end}"}}\n' for end in endings))
    source = workspace.files_source("a.jsonl", languageModel=PACKAGED_MODEL, tokens=100)
    texts = workspace.mix_sources(source, tokenizer=str(write_word_tokenizer(workspace.folder)))
    assert sorted(texts) == [f"{sentence} ?", f"{sentence} 😀"]


def test_reads_gzip(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.jsonl.gz", gzip.compress(format_jsonl(TEXTS).encode()))
    assert sorted(workspace.mix_sources(workspace.files_source("a.jsonl.gz"))) == sorted(TEXTS)


def test_reads_nested_columns(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.jsonl", json.dumps({"translation": {"en": "Free.", "zu": "Khululekile."}}))
    columns = ["translation.en", "translation.zu"]
    texts = workspace.mix_sources(
        workspace.files_source("a.jsonl", languages=["eng_Latn", "zul_Latn"], columns=columns)
    )
    assert sorted(texts[0].split("\n")) == ["[English]: Free.", "[Zulu]: Khululekile."]


def test_reads_parquet(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.parquet", b"")
    table = pyarrow.table({"content": [f"x = {n}\n" for n in range(3000)], "size": list(range(3000))})
    parquet.write_table(table, workspace.folder / "inputs" / "a.parquet", row_group_size=700)
    source = workspace.files_source("a.parquet", format="parquet", columns=["content"], languages=[])
    assert sorted(workspace.mix_sources(source)) == sorted(f"x = {n}" for n in range(3000))


def test_reads_moses_pairs_line_by_line(workspace: MixtureWorkspace) -> None:
    workspace.write_input("eng-zul.eng", "One.\nTwo.\n")
    workspace.write_input("eng-zul.zul", "Kunye.\nKubili.\n")
    source = workspace.files_source("*.eng", "*.zul", format="moses", languages=["eng_Latn", "zul_Latn"])
    texts = {tuple(sorted(text.split("\n"))) for text in workspace.mix_sources(source)}
    assert texts == {("[English]: One.", "[Zulu]: Kunye."), ("[English]: Two.", "[Zulu]: Kubili.")}
    assert workspace.read_stats()["languages"]["eng_Latn-zul_Latn"]["rows"] == 2


def test_reads_the_requested_columns_of_tsv(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.tsv", "0.9\tOne.\tKunye.\n")
    source = workspace.files_source("a.tsv", format="tsv", languages=["zul_Latn", "eng_Latn"], columns=["3", "2"])
    assert set(workspace.mix_sources(source)[0].split("\n")) == {"[English]: One.", "[Zulu]: Kunye."}


def test_escaped_newlines_become_line_breaks_only_on_request(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["one\\ntwo"])
    assert workspace.mix_sources(workspace.files_source("a.jsonl", escapedNewlines=True)) == ["one\ntwo"]


_PAIR = ["eng_Latn", "zul_Latn"]


@pytest.mark.parametrize(
    ("name", "content", "keys", "message"),
    [
        ("a.jsonl", format_jsonl(["good"]) + '{"text": "cu', {}, "a.jsonl, line 2: not JSON"),
        ("a.jsonl", '{"content": "x"}\n', {}, "a.jsonl, line 1: column text is missing; available: content"),
        ("a.jsonl", '{"text": 5}\n', {}, "a.jsonl, line 1: column text holds int; it must be text"),
        ("a.jsonl", b'{"text": "\xff"}\n', {}, "a.jsonl, line 1: not UTF-8"),
        ("a.jsonl.gz", gzip.compress(format_jsonl(TEXTS).encode())[:-12], {}, "a.jsonl.gz: damaged after line"),
        ("a.jsonl.gz", b"not gzip", {}, "a.jsonl.gz: damaged after line 0"),
        (
            "a.tsv",
            "one\n",
            {"format": "tsv", "languages": _PAIR},
            "line 1: the number of columns is 1, but column 2 is needed",
        ),
        ("a.parquet", b"PAR1 cut", {"format": "parquet"}, "a.parquet: not a complete parquet file"),
        ("a.jsonl", "", {}, "spec.sources[0] (files) adds nothing to the mixture: it has no rows"),
        (
            "a.jsonl",
            format_jsonl(["", " "]),
            {},
            'adds nothing to the mixture: all rows were dropped: {"eng_Latn": {"read": 2',
        ),
        ("b.jsonl", "", {}, "a.*: no file matches this pattern"),
    ],
)
def test_damaged_input_gives_one_line_and_leaves_no_mixture(
    workspace: MixtureWorkspace,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: str | bytes,
    keys: dict[str, Any],
    message: str,
) -> None:
    workspace.write_input(name, content)
    monkeypatch.setenv("MIXCPT_SPEC", json.dumps(workspace.build_spec(workspace.files_source("a.*", **keys))))
    assert run_step("mixcpt-data mixture", make_mixture) == 2
    error = capsys.readouterr().err
    assert message in error
    assert len(error.splitlines()) == 1
    assert not workspace.output.exists()


class _LostMount(StoreDirectory):
    def open_file(self, file: StoredFile) -> BinaryIO:
        class LostFile(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                raise OSError(errno.EIO, "Input/output error")

        return LostFile(b"x" * 100)


def test_a_lost_mount_is_not_reported_as_a_damaged_parquet_file(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"x" * 100)
    location = _LostMount(tmp_path)
    (group,) = FILE_FORMATS["parquet"].split([location.list_files("a.parquet")])
    with pytest.raises(RetryableError, match=r"a\.parquet: cannot be read: .*Input/output error"):
        list(FILE_FORMATS["parquet"].read(location, group, ("text",)))


@pytest.mark.parametrize("pattern", ["*/*.jsonl", "**/*.jsonl"])
def test_a_folder_that_cannot_be_listed_now_loses_no_files(
    workspace: MixtureWorkspace, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    for name in ("a/1.jsonl", "b/2.jsonl"):
        workspace.write_input(name, format_jsonl(["One."]))
    location = StoreDirectory(workspace.folder / "inputs")
    assert [file.name for file in location.list_files(pattern)] == ["a/1.jsonl", "b/2.jsonl"]
    fail_listing(monkeypatch, workspace.folder / "inputs" / "b", errno.EACCES)
    with pytest.raises(PermissionError):
        location.list_files(pattern)


def test_refuses_moses_files_of_different_lengths(workspace: MixtureWorkspace) -> None:
    workspace.write_input("a.eng", "One.\nTwo.\n")
    workspace.write_input("a.zul", "Kunye.\n")
    with pytest.raises(InputError, match=r"a\.eng and .*a\.zul: the numbers of lines differ"):
        workspace.mix_sources(
            workspace.files_source("a.eng", "a.zul", format="moses", languages=["eng_Latn", "zul_Latn"])
        )


def test_refuses_moses_patterns_that_match_different_numbers_of_files(workspace: MixtureWorkspace) -> None:
    for name in ("a.eng", "b.eng", "a.zul"):
        workspace.write_input(name, "One.\n")
    with pytest.raises(InputError, match="must come in pairs; the patterns match 2 and 1 files"):
        workspace.mix_sources(
            workspace.files_source("*.eng", "*.zul", format="moses", languages=["eng_Latn", "zul_Latn"])
        )
