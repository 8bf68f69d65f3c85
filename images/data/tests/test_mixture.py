"""Mixtures: deterministic, free of held-out text, in LLaMA-Factory's layout."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from mixture_fixture import Bench, of_sources

from mixcpt_data.mixture.format_example import instance
from mixcpt_data.mixture.make_mixture import mixture, write_mixture
from mixcpt_data.mixture.mixture_spec import read_mixture_spec
from mixcpt_data.sources.python_code_source import PythonCodeSource
from mixcpt_data.sources.source import Source
from mixcpt_data.sources.udhr import ARTICLES, read_declaration
from mixcpt_data.sources.udhr_codes import UDHR_CODES
from mixcpt_data.sources.udhr_pairs_source import UdhrPairsSource
from mixcpt_data.sources.udhr_source import UdhrSource
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


def _written(bench: Bench, sources: list[Source], **keys: int) -> list[str]:
    write_mixture(of_sources(bench.output, sources, **keys))
    return bench.texts()


def test_as_many_workers_start_as_the_pod_has_cores(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = bench.spec(bench.files("*.jsonl"))
    del spec["workers"]
    monkeypatch.setenv("MIXCPT_CPUS", "1")
    assert read_mixture_spec(Spec(spec)).workers == 1


def _planted(texts: list[str], udhr_directory: Path) -> list[str]:
    """Held-out paragraphs (of 40 characters or more) that are found in any text."""
    text = "\n".join(texts)
    return [
        paragraph
        for language in UDHR_CODES
        for article in HELD_OUT
        for paragraph in read_declaration(language, udhr_directory).articles[article]
        if len(paragraph) >= 40 and paragraph in text
    ]


def test_held_out_articles_are_in_no_row_of_any_language(bench: Bench, udhr_directory: Path) -> None:
    assert _planted(_written(bench, _sources(udhr_directory)), udhr_directory) == []


def test_a_planted_article_would_be_seen(bench: Bench, udhr_directory: Path) -> None:
    texts = _written(bench, [UdhrSource(("khm_Khmr",), frozenset({13, 24}), udhr_directory)])
    assert _planted(texts, udhr_directory) == read_declaration("khm_Khmr", udhr_directory).articles[25]


def test_equal_seeds_give_equal_bytes_and_other_seeds_another_order(tmp_path: Path, udhr_directory: Path) -> None:
    source = UdhrSource(("eng_Latn",), HELD_OUT, udhr_directory)
    first, again, other = (Bench(tmp_path / name) for name in ("first", "again", "other"))
    for bench, seed in ((first, 1), (again, 1), (other, 2)):
        write_mixture(of_sources(bench.output, [source], seed=seed))
    assert first.texts() == again.texts()
    assert first.texts() != other.texts()
    assert sorted(first.texts()) == sorted(other.texts())


def test_every_repetition_holds_every_row_once_and_has_its_own_order(bench: Bench, udhr_directory: Path) -> None:
    texts = _written(bench, [UdhrSource(("eng_Latn",), HELD_OUT, udhr_directory)], repeat=2)
    half = len(texts) // 2
    assert sorted(texts[:half]) == sorted(texts[half:])
    assert texts[:half] != texts[half:]
    assert bench.stats()["total"]["rows"] == len(texts)


def test_a_pair_names_both_languages_as_the_studys_prompts_do(bench: Bench, udhr_directory: Path) -> None:
    texts = _written(bench, [UdhrPairsSource((("eng_Latn", "khm_Khmr"),), HELD_OUT, udhr_directory)])
    assert len(texts) == len(ARTICLES) - len(HELD_OUT)
    assert {text.split("]")[0] for text in texts} == {"[English", "[Khmer"}
    english, khmer = (read_declaration(code, udhr_directory).text_of(3) for code in ("eng_Latn", "khm_Khmr"))
    (text,) = (text for text in texts if english in text)
    assert text in (f"[English]: {english}\n[Khmer]: {khmer}", f"[Khmer]: {khmer}\n[English]: {english}")


def test_code_never_exceeds_its_budget_and_depends_on_what_is_drawn(tmp_path: Path) -> None:
    for index in range(20):
        (tmp_path / f"module{index}.py").write_text(f"number = {index}\n" * 100)
    source = PythonCodeSource(0.004, tmp_path)
    first, again, other = ([instance(row) for row in source.rows(Random(seed))] for seed in (1, 1, 2))
    assert 3_900 < sum(len(text.encode()) for text in first) <= 4_000
    assert first == again
    assert set(first) != set(other)
    assert all(text.endswith("\n") for text in first)


def test_writes_rows_dataset_info_statistics_and_the_marker(bench: Bench, udhr_directory: Path) -> None:
    texts = _written(bench, [UdhrSource(("eng_Latn", "zul_Latn"), HELD_OUT, udhr_directory)])
    info = json.loads((bench.output / "dataset_info.json").read_text())
    assert info["corpus"] == {"file_name": "train.jsonl", "columns": {"prompt": "text"}}
    stats = bench.stats()
    assert stats["total"]["rows"] == len(texts)
    assert set(stats["languages"]) == {"eng_Latn", "zul_Latn"}
    assert stats["total"]["words"] == sum(len(text.split()) for text in texts)
    assert sum(count["words"] for count in stats["languages"].values()) == stats["total"]["words"]
    assert is_complete(bench.output)


def test_every_row_says_where_it_is_from(bench: Bench) -> None:
    bench.write_jsonl("a.jsonl", ["One.", "Two."])
    bench.mix(bench.files("a.jsonl", name="web"))
    assert {(row["source"], row["language"]) for row in bench.rows()} == {("web", "eng_Latn")}


def test_a_finished_mixture_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "COMPLETE").write_text("{}")
    mixture(Spec({"output": str(tmp_path), "seed": 1, "sources": [{"kind": "python-code", "megabytes": 1}]}))
    assert [path.name for path in tmp_path.iterdir()] == ["COMPLETE"]


def test_nothing_but_the_mixture_is_left(bench: Bench) -> None:
    bench.write_jsonl("a.jsonl", ["One."])
    bench.mix(bench.files("a.jsonl"))
    assert sorted(path.name for path in bench.folder.iterdir()) == ["corpus", "inputs"]
    names = sorted(path.name for path in bench.output.iterdir())
    assert names == ["COMPLETE", "STATS.json", "dataset_info.json", "train.jsonl"]


def _problems(bench: Bench, *sources: dict[str, Any]) -> str:
    with pytest.raises(InputError) as caught:
        mixture(Spec(bench.spec(*sources)))
    return str(caught.value)


def test_every_problem_of_a_spec_is_named_at_once(bench: Bench) -> None:
    message = _problems(
        bench,
        {"kind": "udhr", "languages": ["bak_Cyrl"], "heldOutArticles": [31]},
        {"kind": "wikipedia"},
        {"kind": "udhr-pairs", "pairs": [["eng_Latn"]]},
    )
    assert "spec.sources[0].languages : the Declaration is not available in bak_Cyrl" in message
    assert "spec.sources[0].heldOutArticles holds 31" in message
    assert "spec.sources[1].kind is 'wikipedia'; allowed: udhr, udhr-pairs, python-code, files, hf" in message
    assert "spec.sources[2].pairs must hold pairs" in message


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"languages": ["eng_Lat"]}, "languages : language 'eng_Lat' is not one of the study's"),
        ({"languages": ["eng_Latn", "eng_Latn"]}, "one for text, two different ones for pairs"),
        ({"languages": ["eng_Latn", "zul_Latn"]}, "columns is ['text']; it must name 2"),
        ({"format": "moses"}, "of format moses needs two patterns and two languages"),
        ({"format": "tsv", "columns": ["text"]}, "columns of tsv are numbers in quotes"),
        ({"format": "csv"}, "format is 'csv'; allowed: jsonl, tsv, moses, parquet"),
        ({"tokens": 5}, "tokens needs spec.tokenizer"),
        ({"fraction": 0}, "fraction is 0.0; it must be above 0 and at most 1"),
        ({"languages": [], "languageModel": "lid.176"}, "languageModel makes no sense"),
        ({"token": 5}, "token is not a known key; did you mean tokens?"),
    ],
)
def test_a_source_that_cannot_be_meant_is_refused(bench: Bench, keys: dict[str, Any], message: str) -> None:
    assert message in _problems(bench, bench.files("a.jsonl", **keys))
