"""Benchmark files as people have them: every value is text, whatever it looks like and wherever its column is."""

import pytest
from mixture_fixture import MixtureWorkspace

from mixcpt_data.filters.benchmark_filter import load_benchmark_filter
from mixcpt_data.sources.source import Row
from mixcpt_store.errors import InputError

_HEADER = "index_id\tcategory\ttext\n"


def _find_drop_reason(workspace: MixtureWorkspace, content: str | bytes, text: str, name: str = "") -> str | None:
    """Returns why a row is dropped beside a benchmark with one file."""
    workspace.write_input(name or "sib200/eng_Latn/test.tsv", content)
    load_benchmark_filter.cache_clear()
    return load_benchmark_filter((workspace.folder / "inputs",)).find_drop_reason(Row((text,), ("eng_Latn",)))


@pytest.mark.parametrize("text", ["0", "1", "True", "False", "None", "N/A", "NA", "null", "NaN", "1984"])
def test_an_evaluation_text_that_looks_like_another_value_is_found(workspace: MixtureWorkspace, text: str) -> None:
    assert _find_drop_reason(workspace, f"{_HEADER}1\t0\t{text}\n", f"Before.\n{text}") == "evaluation text"
    assert _find_drop_reason(workspace, f"{_HEADER}1\t{text}\tOther.\n", f"Before.\n{text}") is None


_LONG = "The great trip to the mountains was long."


@pytest.mark.parametrize(
    "content",
    [
        f"text\tcategory\tindex_id\n{_LONG}\ttravel\t4\n",
        f"index_id\tcategory\ttext\tnote\n4\ttravel\t{_LONG}\tx\n",
        f"{_HEADER}4\ttravel\t{_LONG}\n".encode("utf-8-sig"),
        f"{_HEADER}4\ttravel\t{_LONG}\n".replace("\n", "\r\n"),
        f"{_HEADER}4\ttravel\tThe great trip to\u2028the mountains was long.\n",
        f'{_HEADER}4\ttravel\t"The ""great"" trip to the mountains was long."\n',
        f"{_HEADER}4\ttravel\tThe great trip\tto the mountains was long.\n",
    ],
)
def test_the_texts_of_a_benchmark_are_those_of_the_column_text(
    workspace: MixtureWorkspace, content: str | bytes
) -> None:
    assert _find_drop_reason(workspace, content, f"Before. {_LONG} After.") == "evaluation text"
    assert _find_drop_reason(workspace, content, "The great trip. 4. Travel.") is None


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("sib200/eng_Latn/test.tsv", b"", "the column text is missing; available: none, the file is empty"),
        ("sib200/eng_Latn/test.tsv", b"id\tlabel\n", "the column text is missing; available: id, label"),
        ("sib200/eng_Latn/test.tsv", f"{_HEADER}4\ttravel\té\n".encode("latin-1"), "line 2: not UTF-8"),
        ("flores200/dev/eng_Latn.dev", b"One.\n\xff\n", "line 2: not UTF-8: invalid start byte at byte 0"),
        ("dev/eng_Latn.jsonl", b'{"text": "One."}\n\n{"text": 1}\n', "line 3: column text holds int"),
    ],
)
def test_a_damaged_benchmark_file_is_named(
    workspace: MixtureWorkspace, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(InputError, match=rf"{name}(: |, ){message}"):
        _find_drop_reason(workspace, content, "x", name)
