"""Benchmark files have the real benchmarks' layouts, items aligned across languages and the documented labels."""

import csv
from pathlib import Path

import pytest

from mixcpt_data.benchmarks.make_benchmarks import make_benchmarks, write_benchmarks
from mixcpt_data.benchmarks.topics import TOPIC_LABELS, find_topic
from mixcpt_data.sources.udhr import ARTICLES
from mixcpt_store.complete import is_complete
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

LANGUAGES = ["eng_Latn", "khm_Khmr", "kir_Cyrl"]
HELD_OUT = frozenset({13, 14, 15, 19, 20, 21, 24, 25, 26, 27})


@pytest.fixture(scope="module")
def benchmark_directory(tmp_path_factory: pytest.TempPathFactory, udhr_directory: Path) -> Path:
    output = tmp_path_factory.mktemp("benchmarks") / "tiny"
    write_benchmarks(output, LANGUAGES, HELD_OUT, seed=1, directory=udhr_directory)
    return output


def _read_rows(benchmark_directory: Path, language: str, split: str) -> list[dict[str, str]]:
    with (benchmark_directory / "sib200" / language / f"{split}.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_sib200_has_the_same_ids_and_labels_in_every_language(benchmark_directory: Path) -> None:
    for split in ("train", "dev", "test"):
        items = [
            [(row["index_id"], row["category"]) for row in _read_rows(benchmark_directory, code, split)]
            for code in LANGUAGES
        ]
        assert items[0] == items[1] == items[2]


def test_no_sib200_item_is_in_two_splits(benchmark_directory: Path) -> None:
    train, dev, test = (
        {row["index_id"] for row in _read_rows(benchmark_directory, "eng_Latn", s)} for s in ("train", "dev", "test")
    )
    assert not (train & test)
    assert not (train & dev)
    assert not (dev & test)
    assert len(train) >= 3
    assert len(test) >= len(train)


def test_the_sib200_test_split_covers_every_available_topic(benchmark_directory: Path) -> None:
    rows = [row for split in ("train", "dev", "test") for row in _read_rows(benchmark_directory, "eng_Latn", split)]
    tested = {row["category"] for row in _read_rows(benchmark_directory, "eng_Latn", "test")}
    assert tested == {row["category"] for row in rows}


def test_line_n_of_flores200_is_the_same_passage_in_every_language(benchmark_directory: Path) -> None:
    for split in ("dev", "devtest"):
        texts = {
            code: (benchmark_directory / "flores200" / split / f"{code}.{split}").read_text().splitlines()
            for code in LANGUAGES
        }
        assert len({len(lines) for lines in texts.values()}) == 1
    english = (benchmark_directory / "flores200" / "devtest" / "eng_Latn.devtest").read_text()
    kyrgyz = (benchmark_directory / "flores200" / "devtest" / "kir_Cyrl.devtest").read_text()
    assert english != kyrgyz


def test_an_article_that_one_translation_divides_differently_is_one_item(benchmark_directory: Path) -> None:
    ids = {row["index_id"] for s in ("train", "dev", "test") for row in _read_rows(benchmark_directory, "eng_Latn", s)}
    assert "261" in ids
    assert "262" not in ids
    assert {"131", "132"} <= ids


def test_every_article_has_one_of_the_seven_labels() -> None:
    assert {find_topic(article, paragraph) for article in ARTICLES for paragraph in (1, 2, 3)} == set(TOPIC_LABELS)


def test_marks_the_output_as_complete(benchmark_directory: Path) -> None:
    assert is_complete(benchmark_directory)


def test_refuses_too_few_articles(tmp_path: Path) -> None:
    spec = Spec({"output": str(tmp_path / "x"), "seed": 1, "languages": ["eng_Latn"], "heldOutArticles": [24]})
    with pytest.raises(InputError, match="at least 6 are needed"):
        make_benchmarks(spec)
