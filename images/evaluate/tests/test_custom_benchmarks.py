"""Benchmarks that a stack defines: read, prompted and scored like the study's benchmark of the same kind."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from benchmark_fixture import FixedBackend, build_task, write_benchmarks

from mixcpt_evaluate.score_files import EvaluationUnit, list_units
from mixcpt_evaluate.tasks.benchmark_definitions import (
    SIB200,
    ClassificationBenchmark,
    TranslationBenchmark,
    read_classification_benchmark,
    read_translation_benchmark,
)
from mixcpt_evaluate.tasks.classification import build_classification_evaluator
from mixcpt_evaluate.tasks.classification_files import read_classification_data
from mixcpt_evaluate.tasks.prompts import build_classification_prompts
from mixcpt_evaluate.tasks.translation import build_translation_evaluator
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

TAXI1500_DEFINITION = {
    "kind": "classification",
    "name": "taxi1500",
    "items": 2,
    "labels": ["Faith", "Sin"],
    "heading": "Topic Classification",
    "example": 'The topic of the verse "{text}" is {label}',
}
TAXI1500 = read_classification_benchmark(Spec({"benchmark": TAXI1500_DEFINITION}))
NTREX = read_translation_benchmark(Spec({"benchmark": {"kind": "translation", "name": "ntrex", "items": 3}}))


def write_taxi1500(folder: Path, test: str = "3\tFaith\tHe believed {label}\n4\tSin\tThey fell\n") -> Path:
    directory = folder / "taxi1500" / "zul_Latn"
    directory.mkdir(parents=True)
    (directory / "train.tsv").write_text("index_id\tcategory\ttext\n1\tSin\tHe {text} stole\n")
    (directory / "test.tsv").write_text("index_id\tcategory\ttext\n" + test)
    return folder


def test_puts_the_benchmarks_words_into_the_prompt_and_keeps_braces_in_texts(tmp_path: Path) -> None:
    data = read_classification_data(TAXI1500, write_taxi1500(tmp_path), "zul_Latn")
    assert build_classification_prompts(TAXI1500, data, shots=1, seed=42)[0] == (
        "Topic Classification: Faith, Sin.\n"
        "\n"
        'The topic of the verse "He {text} stole" is Sin\n'
        'The topic of the verse "He believed {label}" is\n'
    )


def test_asks_the_studys_own_question_of_taxi1500(tmp_path: Path) -> None:
    definition = {**TAXI1500_DEFINITION, "question": 'The label of "{text}" is'}
    benchmark = read_classification_benchmark(Spec({"benchmark": definition}))
    data = read_classification_data(benchmark, write_taxi1500(tmp_path), "zul_Latn")
    # MaLA-LM/MixCPT at ad76e1f, evaluation/Taxi-1500/eval_taxi1500.py, format_text_with_examples
    assert build_classification_prompts(benchmark, data, shots=1, seed=42)[0] == (
        "Topic Classification: Faith, Sin.\n"
        "\n"
        'The topic of the verse "He {text} stole" is Sin\n'
        'The label of "He believed {label}" is\n'
    )
    spec = Spec({"benchmark": {**definition, "question": "The label is"}})
    read_classification_benchmark(spec)
    assert any("question" in problem and "must contain {text} once" in problem for problem in spec.problems)


class _FaithClassifier:
    def classify(self, prompts: Sequence[str], labels: Sequence[str]) -> list[str]:
        assert list(labels) == ["Faith", "Sin"]
        return ["Faith"] * len(prompts)


def test_writes_the_benchmarks_name_into_its_scores(tmp_path: Path) -> None:
    task = build_task(write_taxi1500(tmp_path), ["zul_Latn"], shots=1)
    build_classification_evaluator(TAXI1500, task, _FaithClassifier())(EvaluationUnit(TAXI1500.name, "zul_Latn"))
    score = json.loads((tmp_path / "scores" / "zul_Latn.json").read_text())
    assert (score["benchmark"], score["items"], score["scores"][0]["value"]) == ("taxi1500", 2, 50.0)


def test_reads_a_translation_benchmark_from_the_folder_with_its_name(tmp_path: Path) -> None:
    write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"])
    (tmp_path / "flores200").rename(tmp_path / "ntrex")
    benchmark = TranslationBenchmark("ntrex", {"devtest": 4})
    (unit, _) = list_units(benchmark.name, ["zul_Latn"], ["xx-eng", "eng-xx"])
    build_translation_evaluator(benchmark, build_task(tmp_path, ["zul_Latn"]), FixedBackend())(unit)
    score = json.loads((tmp_path / "scores" / "zul_Latn.xx-eng.json").read_text())
    assert (score["benchmark"], score["items"]) == ("ntrex", 4)
    with pytest.raises(InputError, match="has 4 items.*the devtest split of ntrex has 3"):
        build_translation_evaluator(NTREX, build_task(tmp_path, ["zul_Latn"]), FixedBackend())(unit)


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("3\tFaith\tHe believed\n", "has 1 items, the last on line 2; the test split of taxi1500 has 2"),
        ("3\tGrace\tIt is given\n4\tSin\tx\n", "line 2: category is 'Grace'; allowed in taxi1500: Faith, Sin"),
    ],
)
def test_names_a_bad_file_with_what_the_benchmark_allows(tmp_path: Path, test: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_classification_data(TAXI1500, write_taxi1500(tmp_path, test), "zul_Latn")


@pytest.mark.parametrize("example", ["The topic is {label}", "{text} is {label}.", "{text} and {text} is {label}"])
def test_rejects_an_example_without_its_placeholders(example: str) -> None:
    spec = Spec({"benchmark": {**TAXI1500_DEFINITION, "example": example}})
    read_classification_benchmark(spec)
    assert any("must contain {text} once and end with" in problem for problem in spec.problems)


def test_reads_the_same_sib200_from_a_definition() -> None:
    definition = {
        "kind": "classification",
        "name": SIB200.name,
        "items": SIB200.item_counts["test"],
        "labels": list(SIB200.labels),
        "heading": SIB200.heading,
        "example": SIB200.example,
    }
    spec = Spec({"benchmark": definition})
    assert isinstance(SIB200, ClassificationBenchmark)
    assert vars(read_classification_benchmark(spec)) == {**vars(SIB200), "item_counts": {"test": 204}}
    spec.finish()
