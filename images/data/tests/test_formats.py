"""File formats: every row once, however a file is cut; damage is named by file and line."""

import errno
import gzip
import io
import json
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from mixture_fixture import Bench, jsonl, word_tokenizer

from mixcpt_data.filters.language_model import PACKAGED
from mixcpt_data.mixture.make_mixture import mixture
from mixcpt_data.sources.formats import FORMATS
from mixcpt_data.sources.lines import Lines, pieces
from mixcpt_data.storage.locations import Directory
from mixcpt_store.command import run_step
from mixcpt_store.errors import InputError, RetryableError

TEXTS = ["First sentence.", "Zweiter Satz mit Umlaut: ä.", "第三句。", "x" * 50, "last"]


@pytest.mark.parametrize("size", [1, 7, 40, 10_000])
@pytest.mark.parametrize("ending", ["\n", ""])
def test_every_line_is_read_once_wherever_the_file_is_cut(tmp_path: Path, size: int, ending: str) -> None:
    (tmp_path / "a.txt").write_text("\n".join(TEXTS) + ending)
    place = Directory(tmp_path)
    (file,) = place.files("a.txt")
    assert [line for piece in pieces(file, size) for line in Lines(place, piece)] == TEXTS


def test_an_error_in_a_later_piece_names_the_line_of_the_whole_file(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(jsonl(TEXTS[:3]) + '{"text": "cut')
    place = Directory(tmp_path)
    last = pieces(place.files("a.jsonl")[0], 30)[-1]
    with pytest.raises(InputError, match=r"a\.jsonl, line 4 is not JSON: .*it ends with '\{\"text\": \"cut'"):
        list(FORMATS["jsonl"].read(place, (last,), ("text",)))


def test_half_a_surrogate_pair_costs_a_character_and_not_the_mixture(bench: Bench) -> None:
    sentence = "Everyone has the right to life and liberty"
    endings = (r"\ud83d", r"\ud83d\ude00")
    bench.write("a.jsonl", "".join(f'{{"text": "{sentence} {end}"}}\n' for end in endings))
    source = bench.files("a.jsonl", languageModel=PACKAGED, tokens=100)
    texts = bench.mix(source, tokenizer=str(word_tokenizer(bench.folder)))
    assert sorted(texts) == [f"{sentence} ?", f"{sentence} 😀"]


def test_reads_gzip(bench: Bench) -> None:
    bench.write("a.jsonl.gz", gzip.compress(jsonl(TEXTS).encode()))
    assert sorted(bench.mix(bench.files("a.jsonl.gz"))) == sorted(TEXTS)


def test_reads_nested_columns(bench: Bench) -> None:
    bench.write("a.jsonl", json.dumps({"translation": {"en": "Free.", "zu": "Khululekile."}}))
    columns = ["translation.en", "translation.zu"]
    texts = bench.mix(bench.files("a.jsonl", languages=["eng_Latn", "zul_Latn"], columns=columns))
    assert sorted(texts[0].split("\n")) == ["[English]: Free.", "[Zulu]: Khululekile."]


def test_reads_parquet(bench: Bench) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    bench.write("a.parquet", b"")
    table = pyarrow.table({"content": [f"x = {n}\n" for n in range(3000)], "size": list(range(3000))})
    parquet.write_table(table, bench.folder / "inputs" / "a.parquet", row_group_size=700)
    source = bench.files("a.parquet", format="parquet", columns=["content"], languages=[])
    assert sorted(bench.mix(source)) == sorted(f"x = {n}" for n in range(3000))


def test_reads_moses_pairs_line_by_line(bench: Bench) -> None:
    bench.write("eng-zul.eng", "One.\nTwo.\n")
    bench.write("eng-zul.zul", "Kunye.\nKubili.\n")
    source = bench.files("*.eng", "*.zul", format="moses", languages=["eng_Latn", "zul_Latn"])
    found = {tuple(sorted(text.split("\n"))) for text in bench.mix(source)}
    assert found == {("[English]: One.", "[Zulu]: Kunye."), ("[English]: Two.", "[Zulu]: Kubili.")}
    assert bench.stats()["languages"]["eng_Latn-zul_Latn"]["rows"] == 2


def test_reads_the_columns_of_tsv_that_are_asked_for(bench: Bench) -> None:
    bench.write("a.tsv", "0.9\tOne.\tKunye.\n")
    source = bench.files("a.tsv", format="tsv", languages=["zul_Latn", "eng_Latn"], columns=["3", "2"])
    assert set(bench.mix(source)[0].split("\n")) == {"[English]: One.", "[Zulu]: Kunye."}


def test_escaped_newlines_become_line_breaks_only_on_request(bench: Bench) -> None:
    bench.write_jsonl("a.jsonl", ["one\\ntwo"])
    assert bench.mix(bench.files("a.jsonl", escapedNewlines=True)) == ["one\ntwo"]


_PAIR = ["eng_Latn", "zul_Latn"]


@pytest.mark.parametrize(
    ("name", "content", "keys", "message"),
    [
        ("a.jsonl", jsonl(["good"]) + '{"text": "cu', {}, "a.jsonl, line 2 is not JSON"),
        ("a.jsonl", '{"content": "x"}\n', {}, "a.jsonl, line 1 has no column text; there: content"),
        ("a.jsonl", '{"text": 5}\n', {}, "a.jsonl, line 1 has int in column text; it must be text"),
        ("a.jsonl", b'{"text": "\xff"}\n', {}, "a.jsonl, line 1 is not UTF-8"),
        ("a.jsonl.gz", gzip.compress(jsonl(TEXTS).encode())[:-12], {}, "a.jsonl.gz is damaged after line"),
        ("a.jsonl.gz", b"not gzip", {}, "a.jsonl.gz is damaged after line 0"),
        ("a.tsv", "one\n", {"format": "tsv", "languages": _PAIR}, "line 1 has 1 columns; column 2 is wanted"),
        ("a.parquet", b"PAR1 cut", {"format": "parquet"}, "a.parquet is no whole parquet file"),
        ("a.jsonl", "", {}, "spec.sources[0] (files) adds nothing to the mixture: it has no rows"),
        (
            "a.jsonl",
            jsonl(["", " "]),
            {},
            'adds nothing to the mixture: all was dropped: {"eng_Latn": {"read": 2',
        ),
        ("b.jsonl", "", {}, "a.* matches no file"),
    ],
)
def test_damaged_input_is_one_line_and_leaves_no_mixture(
    bench: Bench,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: str | bytes,
    keys: dict[str, Any],
    message: str,
) -> None:
    bench.write(name, content)
    monkeypatch.setenv("MIXCPT_SPEC", json.dumps(bench.spec(bench.files("a.*", **keys))))
    assert run_step("mixcpt-data mixture", mixture) == 2
    error = capsys.readouterr().err
    assert message in error
    assert len(error.splitlines()) == 1
    assert not bench.output.exists()


class _LostMount(Directory):
    def open(self, name: str) -> BinaryIO:
        class Lost(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                raise OSError(errno.EIO, "Input/output error")

        return Lost(b"x" * 100)


def test_a_lost_mount_is_no_damaged_parquet_file(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow.parquet")
    (tmp_path / "a.parquet").write_bytes(b"x" * 100)
    place = _LostMount(tmp_path)
    (group,) = FORMATS["parquet"].split([place.files("a.parquet")])
    with pytest.raises(RetryableError, match=r"a\.parquet cannot be read: .*Input/output error"):
        list(FORMATS["parquet"].read(place, group, ("text",)))


def test_moses_files_of_different_lengths_are_refused(bench: Bench) -> None:
    bench.write("a.eng", "One.\nTwo.\n")
    bench.write("a.zul", "Kunye.\n")
    with pytest.raises(InputError, match=r"a\.eng and .*a\.zul have different numbers of lines"):
        bench.mix(bench.files("a.eng", "a.zul", format="moses", languages=["eng_Latn", "zul_Latn"]))


def test_moses_patterns_that_match_different_numbers_of_files_are_refused(bench: Bench) -> None:
    for name in ("a.eng", "b.eng", "a.zul"):
        bench.write(name, "One.\n")
    with pytest.raises(InputError, match="must come in pairs; the patterns match 2 and 1 files"):
        bench.mix(bench.files("*.eng", "*.zul", format="moses", languages=["eng_Latn", "zul_Latn"]))
