"""Mixtures: deterministic, free of held-out text, in LLaMA-Factory's layout."""

import json
from pathlib import Path

import pytest

from mixcpt_data.mixture import mixed_rows, mixture, write_mixture
from mixcpt_data.python_code_source import PythonCodeSource
from mixcpt_data.source import Row, Source
from mixcpt_data.udhr import ARTICLES, read_declaration
from mixcpt_data.udhr_codes import UDHR_CODES
from mixcpt_data.udhr_pairs_source import UdhrPairsSource
from mixcpt_data.udhr_source import UdhrSource
from mixcpt_store.complete import is_complete
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

HELD_OUT = frozenset({13, 24, 25})


def _sources(udhr_directory: Path) -> list[Source]:
    languages = tuple(UDHR_CODES)
    pairs = tuple(("eng_Latn", language) for language in languages if language != "eng_Latn")
    return [
        UdhrSource(languages, HELD_OUT, udhr_directory),
        UdhrPairsSource(pairs, HELD_OUT, udhr_directory),
    ]


def _planted(rows: list[Row], udhr_directory: Path) -> list[str]:
    """Held-out paragraphs (of 40 characters or more) that are found in any row."""
    text = "\n".join(row.text for row in rows)
    return [
        paragraph
        for language in UDHR_CODES
        for article in HELD_OUT
        for paragraph in read_declaration(language, udhr_directory).articles[article]
        if len(paragraph) >= 40 and paragraph in text
    ]


def test_held_out_articles_are_in_no_row_of_any_language(udhr_directory: Path) -> None:
    assert _planted(mixed_rows(_sources(udhr_directory), seed=1, repeat=1), udhr_directory) == []


def test_a_planted_article_would_be_seen(udhr_directory: Path) -> None:
    rows = mixed_rows([UdhrSource(("khm_Khmr",), frozenset({13, 24}), udhr_directory)], seed=1, repeat=1)
    assert _planted(rows, udhr_directory) == read_declaration("khm_Khmr", udhr_directory).articles[25]


def test_equal_seeds_give_equal_rows_and_other_seeds_another_order(udhr_directory: Path) -> None:
    sources = _sources(udhr_directory)
    first, again, other = (mixed_rows(sources, seed, repeat=1) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_repeating_gives_every_row_that_often_in_another_order(udhr_directory: Path) -> None:
    source = UdhrSource(("zul_Latn",), HELD_OUT, udhr_directory)
    once, twice = (mixed_rows([source], seed=1, repeat=n) for n in (1, 2))
    assert twice[: len(once)] == once
    assert twice[len(once) :] != once
    assert sorted(row.text for row in twice) == sorted([row.text for row in once] * 2)


def test_a_pair_holds_the_same_article_in_both_languages_in_both_orders(udhr_directory: Path) -> None:
    rows = mixed_rows(
        [UdhrPairsSource((("eng_Latn", "khm_Khmr"),), HELD_OUT, udhr_directory)], seed=1, repeat=1
    )
    assert len(rows) == len(ARTICLES) - len(HELD_OUT)
    starts = {row.text.split("]")[0] for row in rows}
    assert starts == {"[eng_Latn", "[khm_Khmr"}
    english, khmer = (read_declaration(code, udhr_directory).text_of(3) for code in ("eng_Latn", "khm_Khmr"))
    (row,) = (row for row in rows if english in row.text)
    assert khmer in row.text


def test_code_never_exceeds_its_budget_and_depends_on_the_seed(tmp_path: Path) -> None:
    for index in range(20):
        (tmp_path / f"module{index}.py").write_text(f"number = {index}\n" * 100)
    source = PythonCodeSource(0.004, tmp_path)
    first, again, other = (mixed_rows([source], seed, repeat=1) for seed in (1, 1, 2))
    assert 3_900 < sum(len(row.text.encode()) for row in first) <= 4_000
    assert first == again
    assert {row.text for row in first} != {row.text for row in other}
    assert all(row.text.endswith("\n") for row in first)


def test_writes_rows_dataset_info_statistics_and_the_marker(tmp_path: Path, udhr_directory: Path) -> None:
    rows = mixed_rows([UdhrSource(("eng_Latn", "zul_Latn"), HELD_OUT, udhr_directory)], seed=1, repeat=1)
    output = tmp_path / "corpora" / "mono-1234"
    write_mixture(output, rows)
    lines = (output / "train.jsonl").read_text().splitlines()
    assert [json.loads(line)["text"] for line in lines] == [row.text for row in rows]
    info = json.loads((output / "dataset_info.json").read_text())
    assert info["corpus"]["columns"] == {"prompt": "text"}
    stats = json.loads((output / "STATS.json").read_text())
    assert stats["total"]["rows"] == len(rows)
    assert set(stats["languages"]) == {"eng_Latn", "zul_Latn"}
    assert sum(count["words"] for count in stats["languages"].values()) == stats["total"]["words"]
    assert is_complete(output)


def test_a_finished_mixture_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "COMPLETE").write_text("{}")
    mixture(Spec({"output": str(tmp_path), "seed": 1, "sources": [{"kind": "python-code", "megabytes": 1}]}))
    assert [path.name for path in tmp_path.iterdir()] == ["COMPLETE"]


def test_every_problem_of_a_spec_is_named_at_once(tmp_path: Path) -> None:
    sources = [
        {"kind": "udhr", "languages": ["bak_Cyrl"], "heldOutArticles": [31]},
        {"kind": "wikipedia"},
        {"kind": "udhr-pairs", "pairs": [["eng_Latn"]]},
    ]
    with pytest.raises(InputError) as caught:
        mixture(Spec({"output": str(tmp_path / "x"), "seed": 1, "sources": sources}))
    message = str(caught.value)
    assert "spec.sources[0].languages : the Declaration is not available in bak_Cyrl" in message
    assert "spec.sources[0].heldOutArticles holds 31" in message
    assert "spec.sources[1].kind is 'wikipedia'; allowed: udhr, udhr-pairs, python-code" in message
    assert "spec.sources[2].pairs must hold pairs" in message
