"""Mixtures are deterministic, free of held-out text, and in LLaMA-Factory's layout."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from mixture_fixture import MixtureWorkspace, build_mixture_spec

from mixcpt_data.mixture.format_example import format_example
from mixcpt_data.mixture.make_mixture import make_mixture, write_mixture
from mixcpt_data.mixture.mixture_spec import read_mixture_spec
from mixcpt_data.sources.python_code_source import PythonCodeSource
from mixcpt_data.sources.source import Source
from mixcpt_data.sources.udhr import ARTICLES, read_declaration
from mixcpt_data.sources.udhr_codes import UDHR_CODES
from mixcpt_data.sources.udhr_sources import UdhrPairsSource, UdhrSource
from mixcpt_store.complete import is_complete
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

HELD_OUT = frozenset({13, 24, 25})


def _build_sources(udhr_directory: Path) -> list[Source]:
    languages = tuple(UDHR_CODES)
    pairs = tuple(("eng_Latn", language) for language in languages if language != "eng_Latn")
    return [
        UdhrSource(languages, HELD_OUT, udhr_directory),
        UdhrPairsSource(pairs, HELD_OUT, udhr_directory),
    ]


def _write_texts(workspace: MixtureWorkspace, sources: list[Source], **keys: int) -> list[str]:
    write_mixture(build_mixture_spec(workspace.output, sources, **keys))
    return workspace.read_texts()


def test_starts_one_worker_per_core_of_the_pod(workspace: MixtureWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = workspace.build_spec(workspace.files_source("*.jsonl"))
    del spec["workers"]
    monkeypatch.setenv("MIXCPT_CPUS", "1")
    assert read_mixture_spec(Spec(spec)).workers == 1


def _find_held_out_paragraphs(texts: list[str], udhr_directory: Path) -> list[str]:
    """Returns the held-out paragraphs of 40 characters or more that occur in the texts."""
    text = "\n".join(texts)
    return [
        paragraph
        for language in UDHR_CODES
        for article in HELD_OUT
        for paragraph in read_declaration(language, udhr_directory).articles[article]
        if len(paragraph) >= 40 and paragraph in text
    ]


def test_held_out_articles_are_in_no_row_of_any_language(workspace: MixtureWorkspace, udhr_directory: Path) -> None:
    assert _find_held_out_paragraphs(_write_texts(workspace, _build_sources(udhr_directory)), udhr_directory) == []


def test_an_article_that_is_not_held_out_is_detected(workspace: MixtureWorkspace, udhr_directory: Path) -> None:
    texts = _write_texts(workspace, [UdhrSource(("khm_Khmr",), frozenset({13, 24}), udhr_directory)])
    assert _find_held_out_paragraphs(texts, udhr_directory) == read_declaration("khm_Khmr", udhr_directory).articles[25]


def test_the_seed_alone_determines_the_order(tmp_path: Path, udhr_directory: Path) -> None:
    source = UdhrSource(("eng_Latn",), HELD_OUT, udhr_directory)
    first, again, other = (MixtureWorkspace(tmp_path / name) for name in ("first", "again", "other"))
    for workspace, seed in ((first, 1), (again, 1), (other, 2)):
        write_mixture(build_mixture_spec(workspace.output, [source], seed=seed))
    assert first.read_texts() == again.read_texts()
    assert first.read_texts() != other.read_texts()
    assert sorted(first.read_texts()) == sorted(other.read_texts())


def test_every_repetition_has_every_row_once_in_a_different_order(
    workspace: MixtureWorkspace, udhr_directory: Path
) -> None:
    texts = _write_texts(workspace, [UdhrSource(("eng_Latn",), HELD_OUT, udhr_directory)], repeat=2)
    half = len(texts) // 2
    assert sorted(texts[:half]) == sorted(texts[half:])
    assert texts[:half] != texts[half:]
    assert workspace.read_stats()["total"]["rows"] == len(texts)


def test_a_pair_names_both_languages_in_the_form_of_the_studys_prompts(
    workspace: MixtureWorkspace, udhr_directory: Path
) -> None:
    texts = _write_texts(workspace, [UdhrPairsSource((("eng_Latn", "khm_Khmr"),), HELD_OUT, udhr_directory)])
    assert len(texts) == len(ARTICLES) - len(HELD_OUT)
    assert {text.split("]")[0] for text in texts} == {"[English", "[Khmer"}
    english, khmer = (read_declaration(code, udhr_directory).join_article(3) for code in ("eng_Latn", "khm_Khmr"))
    (text,) = (text for text in texts if english in text)
    assert text in (f"[English]: {english}\n[Khmer]: {khmer}", f"[Khmer]: {khmer}\n[English]: {english}")


def test_code_stays_below_its_size_limit_and_depends_on_the_seed(tmp_path: Path) -> None:
    for index in range(20):
        (tmp_path / f"module{index}.py").write_text(f"number = {index}\n" * 100)
    source = PythonCodeSource(0.004, tmp_path)
    first, again, other = ([format_example(row, {}) for row in source.read_rows(Random(seed))] for seed in (1, 1, 2))
    assert 3_900 < sum(len(text.encode()) for text in first) <= 4_000
    assert first == again
    assert set(first) != set(other)
    assert all(text.endswith("\n") for text in first)


def test_writes_rows_dataset_info_statistics_and_the_marker(workspace: MixtureWorkspace, udhr_directory: Path) -> None:
    texts = _write_texts(workspace, [UdhrSource(("eng_Latn", "zul_Latn"), HELD_OUT, udhr_directory)])
    info = json.loads((workspace.output / "dataset_info.json").read_text())
    assert info["corpus"] == {"file_name": "train.jsonl", "columns": {"prompt": "text"}}
    stats = workspace.read_stats()
    assert stats["total"]["rows"] == len(texts)
    assert set(stats["languages"]) == {"eng_Latn", "zul_Latn"}
    assert stats["total"]["words"] == sum(len(text.split()) for text in texts)
    assert sum(count["words"] for count in stats["languages"].values()) == stats["total"]["words"]
    assert is_complete(workspace.output)


def test_every_row_names_its_source_and_language(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["One.", "Two."])
    workspace.mix_sources(workspace.files_source("a.jsonl", name="web"))
    assert {(row["source"], row["language"]) for row in workspace.read_rows()} == {("web", "eng_Latn")}


def test_does_not_change_a_finished_mixture(tmp_path: Path) -> None:
    (tmp_path / "COMPLETE").write_text("{}")
    make_mixture(Spec({"output": str(tmp_path), "seed": 1, "sources": [{"kind": "python-code", "megabytes": 1}]}))
    assert [path.name for path in tmp_path.iterdir()] == ["COMPLETE"]


def test_leaves_no_files_except_the_mixture(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["One."])
    workspace.mix_sources(workspace.files_source("a.jsonl"))
    assert sorted(path.name for path in workspace.folder.iterdir()) == ["corpus", "inputs"]
    names = sorted(path.name for path in workspace.output.iterdir())
    assert names == ["COMPLETE", "STATS.json", "dataset_info.json", "train.jsonl"]


def _collect_problems(workspace: MixtureWorkspace, *sources: dict[str, Any]) -> str:
    with pytest.raises(InputError) as caught:
        make_mixture(Spec(workspace.build_spec(*sources)))
    return str(caught.value)


def test_reports_every_problem_of_a_spec_at_once(workspace: MixtureWorkspace) -> None:
    message = _collect_problems(
        workspace,
        {"kind": "udhr", "languages": ["bak_Cyrl"], "heldOutArticles": [31]},
        {"kind": "wikipedia"},
        {"kind": "udhr-pairs", "pairs": [["eng_Latn"]]},
    )
    assert "spec.sources[0].languages has an invalid entry: the Declaration is not available in bak_Cyrl" in message
    assert "spec.sources[0].heldOutArticles holds 31" in message
    assert "spec.sources[1].kind is 'wikipedia'; allowed: udhr, udhr-pairs, python-code, files, hf" in message
    assert "spec.sources[2].pairs must hold pairs" in message


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"languages": ["eng_Lat"]},
            "languages has an invalid entry: 'eng_Lat' is not a FLORES-200 code such as zul_Latn",
        ),
        ({"languages": ["eng_Latn", "eng_Latn"]}, "one for text, two different ones for pairs"),
        ({"languages": ["eng_Latn", "zul_Latn"]}, "columns is ['text']; it must name 2"),
        ({"format": "moses"}, "files is ['a.jsonl']; format moses needs two patterns and two languages"),
        ({"format": "tsv", "columns": ["text"]}, "columns of tsv are numbers in quotes"),
        ({"format": "csv"}, "format is 'csv'; allowed: jsonl, tsv, moses, parquet"),
        ({"tokens": 5}, "tokens needs spec.tokenizer"),
        ({"words": 5, "characters": 9}, "characters is set beside words; a source has one budget"),
        ({"words": 5, "languages": ["tha_Thai"]}, "words cannot be counted in tha_Thai; use characters"),
        ({"fraction": 0}, "fraction is 0.0; it must be above 0 and at most 1"),
        (
            {"languages": [], "languageModel": "lid.176"},
            "languageModel is not allowed for a source without `languages`",
        ),
        ({"languages": ["eng_Latn", "sot_Latn"], "columns": ["a", "b"]}, "languageNames has no name for sot_Latn"),
        ({"token": 5}, "token is not a known key; did you mean tokens?"),
    ],
)
def test_refuses_an_invalid_source(workspace: MixtureWorkspace, keys: dict[str, Any], message: str) -> None:
    assert message in _collect_problems(workspace, workspace.files_source("a.jsonl", **keys))
