"""Any content of files and specs: a verb succeeds, or ends with one of the two exceptions that print one line."""

import fnmatch
import gzip
import io
import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mixture_fixture import MixtureWorkspace, write_word_tokenizer
from pyarrow import parquet

from mixcpt_data.filters.benchmark_filter import load_benchmark_filter
from mixcpt_data.mixture.mixture_spec import read_mixture_spec
from mixcpt_data.mixture.prepare_shard import ShardTask, prepare_shard
from mixcpt_data.shuffle.sampling import RowSampling
from mixcpt_data.sources import lines
from mixcpt_data.sources.file_pairs import pair_files_by_name
from mixcpt_data.storage.hub_listing import find_listed_folder
from mixcpt_data.storage.locations import StoredFile
from mixcpt_data.storage.model_weights import check_model_weights
from mixcpt_store import complete
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

# The same examples in every run, and none stored in the repository.
_any_input = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def _skip_flushes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of small shards need not survive a power cut."""
    monkeypatch.setattr(complete, "_flush_path", lambda _path: None)
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


_BOM = b"\xef\xbb\xbf"
_PAIR = ["eng_Latn", "zul_Latn"]

_json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "a.b", "a", ""]), inner),
    max_leaves=5,
)
_rows = st.builds(lambda value: json.dumps({"text": value}).encode(), _json_values)
_lines = st.one_of(
    _rows,
    st.builds(lambda value: json.dumps(value).encode(), _json_values),
    st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=20),
    st.sampled_from(
        [b"", b" ", b"\t", b'{"text": "cut', b"One.\tTwo.", b"\xff\xfe", b"PK\x03\x04", b'"\\ud800"', b"\x00"]
    ),
)
_contents = st.builds(
    lambda start, parts, end, last: start + end.join(parts) + last,
    st.sampled_from([b"", _BOM, b"\xff\xfe"]),
    st.lists(_lines, max_size=6),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
    st.sampled_from([b"", b"\n"]),
)


def _prepare_all(workspace: MixtureWorkspace, source: dict[str, Any], **keys: Any) -> list[str]:
    """Prepares every shard of a source in this process and returns the texts in their order."""
    spec = read_mixture_spec(Spec(workspace.build_spec(source, **keys)))
    texts: list[str] = []
    with tempfile.TemporaryDirectory(dir=workspace.folder) as work:
        for ingredient in spec.ingredients:
            for index, shard in enumerate(ingredient.source.list_shards()):
                task = ShardTask(shard, RowSampling(1, 0, index), ingredient.selection, spec.settings)
                prepare_shard(task, Path(work))
                texts += ["\t".join(row.texts) for row in shard.read_rows(None)]  # type: ignore[arg-type]
    return texts


@_any_input
@given(content=_contents, name=st.sampled_from(["a.jsonl", "a.tsv", "a.jsonl.gz"]), size=st.integers(1, 50))
@example(content=b'{"text":' + b"[" * 100_000, name="a.jsonl", size=1000)
@example(content=b'{"text": ' + b"9" * 5000 + b"}", name="a.jsonl", size=10_000)
def test_any_file_is_read_or_refused(workspace: MixtureWorkspace, content: bytes, name: str, size: int) -> None:
    workspace.write_input(name, content)
    file_format = "tsv" if name.endswith("tsv") else "jsonl"
    columns = {"columns": ["1"]} if file_format == "tsv" else {}
    with pytest.MonkeyPatch.context() as patch, suppress(InputError):
        patch.setattr(lines, "MAX_RANGE_BYTES", size)
        _prepare_all(workspace, workspace.files_source(name, format=file_format, **columns))


@_any_input
@given(content=_contents, cut=st.integers(0, 60), byte=st.integers(0, 60), value=st.integers(0, 255))
def test_any_damaged_gzip_file_is_read_or_refused(
    workspace: MixtureWorkspace, content: bytes, cut: int, byte: int, value: int
) -> None:
    packed = bytearray(gzip.compress(content))
    packed[byte % len(packed)] = value
    workspace.write_input("a.jsonl.gz", bytes(packed[: len(packed) - cut % len(packed)]))
    with suppress(InputError):
        _prepare_all(workspace, workspace.files_source("a.jsonl.gz"))


@_any_input
@given(english=_contents, zulu=_contents)
def test_any_pair_of_moses_files_is_read_or_refused(workspace: MixtureWorkspace, english: bytes, zulu: bytes) -> None:
    workspace.write_input("a.eng", english)
    workspace.write_input("a.zul", zulu)
    with suppress(InputError):
        _prepare_all(workspace, workspace.files_source("*.eng", "*.zul", format="moses", languages=_PAIR))


def _build_parquet(values: Sequence[Any]) -> bytes:
    stream = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": values}), stream)
    return stream.getvalue()


@_any_input
@given(
    values=st.one_of(
        *(
            st.lists(st.none() | kind, max_size=5)
            for kind in (st.text("abc\n"), st.binary(max_size=5), st.integers(0, 9))
        ),
        st.lists(st.fixed_dictionaries({"en": st.none() | st.text("abc")}), max_size=3),
    ),
    column=st.sampled_from(["text", "text.en", "other", "text.en.x", ".", ""]),
    damage=st.none() | st.tuples(st.integers(0, 2000), st.integers(0, 255)),
    cut=st.integers(0, 40),
)
def test_any_parquet_file_is_read_or_refused(
    workspace: MixtureWorkspace, values: Sequence[Any], column: str, damage: tuple[int, int] | None, cut: int
) -> None:
    content = bytearray(_build_parquet(values))
    if damage:
        content[damage[0] % len(content)] = damage[1]
        del content[len(content) - cut :]
    workspace.write_input("a.parquet", bytes(content))
    with suppress(InputError):
        _prepare_all(workspace, workspace.files_source("a.parquet", format="parquet", columns=[column]))


@_any_input
@given(content=_contents, name=st.sampled_from(["sib200/a/test.tsv", "flores200/dev/a.dev", "dev/a.jsonl"]))
def test_any_benchmark_file_is_read_or_refused(workspace: MixtureWorkspace, content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory(dir=workspace.folder) as folder:
        path = Path(folder) / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        load_benchmark_filter.cache_clear()
        with suppress(InputError):
            load_benchmark_filter((Path(folder),))


_clean_texts = st.text(st.characters(exclude_characters="\n\r\t\0\ufeff", exclude_categories=["Cs"])).map(str.strip)


@_any_input
@given(texts=st.lists(_clean_texts, max_size=8), size=st.integers(1, 60), end=st.sampled_from(["\n", "\r\n"]))
def test_every_text_comes_back_as_it_was_written(
    workspace: MixtureWorkspace, texts: list[str], size: int, end: str
) -> None:
    rows = "".join(json.dumps({"text": text}, ensure_ascii=False) + end for text in texts)
    workspace.write_input("a.jsonl", _BOM + rows.encode())
    workspace.write_input("b.jsonl.gz", gzip.compress(rows.replace(end, f"{end}{end}").encode()))
    plain = "".join(f"{text}{end}" for text in texts).encode()
    workspace.write_input("a.tsv", "".join(f"x\t{text}{end}" for text in texts))
    workspace.write_input("a.eng", plain)
    workspace.write_input("a.zul", _BOM + plain.replace(b"\r", b""))
    # Blank lines between moses lines are rows; in jsonl they are none.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "MAX_RANGE_BYTES", size)
        for source in (
            workspace.files_source("a.jsonl"),
            workspace.files_source("b.jsonl.gz"),
            workspace.files_source("a.tsv", format="tsv", columns=["2"]),
        ):
            assert _prepare_all(workspace, source) == texts
        pairs = workspace.files_source("a.eng", "a.zul", format="moses", languages=_PAIR)
        assert _prepare_all(workspace, pairs) == [f"{text}\t{text}" for text in texts]


@_any_input
@given(text=st.text() | st.sampled_from(["<s>", "</s>x", "<s>90</s> 80", "<pad>"]))
def test_the_tokens_of_any_text_are_counted(workspace: MixtureWorkspace, text: str) -> None:
    tokenizer = workspace.folder / "tokenizer"
    if not tokenizer.is_dir():
        write_word_tokenizer(workspace.folder)
    workspace.write_input("a.jsonl", json.dumps({"text": text}))
    _prepare_all(workspace, workspace.files_source("a.jsonl", tokens=100), tokenizer=str(tokenizer))


# Wildcards, with names that each matches.
_MATCHES = {"*": ["", "a", "a/b"], "?": ["a", "/"], "[ab]": ["a", "b"], "[!/]": ["a"]}
_names = st.text("ab.12*?[]!/-", min_size=1, max_size=8)


@_any_input
@given(patterns=st.tuples(_names, _names), names=st.tuples(*[st.lists(_names, min_size=1, unique=True)] * 2))
def test_any_files_are_paired_one_by_one_or_refused(
    patterns: tuple[str, str], names: tuple[list[str], list[str]]
) -> None:
    files = [[StoredFile(name, 1, "") for name in side] for side in names]
    with suppress(InputError):
        first, second = pair_files_by_name(patterns, files)
        assert sorted(file.name for file in first) == sorted(names[0])
        assert sorted(file.name for file in second) == sorted(names[1])


@_any_input
@given(parts=st.lists(st.sampled_from([*_MATCHES, "a", "b.1", "/"]), min_size=1), data=st.data())
def test_every_match_is_in_the_listed_folder(parts: list[str], data: st.DataObject) -> None:
    pattern = "".join(parts)
    name = "".join(data.draw(st.sampled_from(_MATCHES.get(part, [part]))) for part in parts)
    folder, recursive = find_listed_folder(pattern)
    assert fnmatch.fnmatchcase(name, pattern)
    assert name.startswith(f"{folder}/" if folder else "")
    assert recursive or "/" not in name.removeprefix(folder).removeprefix("/")


@_any_input
@given(index=st.binary(max_size=40) | st.builds(lambda value: json.dumps({"weight_map": value}).encode(), _json_values))
@example(index=b"[" * 100_000)
def test_any_index_of_weights_is_read_or_refused(tmp_path: Path, index: bytes) -> None:
    (tmp_path / "model.safetensors.index.json").write_bytes(index)
    with suppress(InputError):
        check_model_weights("x", ["model.safetensors.index.json"], tmp_path)
