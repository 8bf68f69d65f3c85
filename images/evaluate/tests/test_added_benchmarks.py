"""Benchmarks that a stack describes: read, asked and scored as the study's of the same kind."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from benchmark_fixture import FixedBackend, task, write_benchmarks

from mixcpt_evaluate.score_files import Unit
from mixcpt_evaluate.tasks import classification, translation
from mixcpt_evaluate.tasks.benchmark_definitions import (
    Classification,
    Translation,
    read_classification,
    read_translation,
)
from mixcpt_evaluate.tasks.classification_files import read_classified
from mixcpt_evaluate.tasks.classification_prompts import classification_prompts
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

VERSES = {
    "kind": "classification",
    "name": "taxi1500",
    "items": 2,
    "labels": ["Faith", "Sin"],
    "heading": "Topic Classification",
    "example": 'The topic of the verse "{text}" is {label}',
}
TAXI = read_classification(Spec({"benchmark": VERSES}))
NTREX = read_translation(Spec({"benchmark": {"kind": "translation", "name": "ntrex", "items": 3}}))


def write_taxi(folder: Path, test: str = "3\tFaith\tHe believed {label}\n4\tSin\tThey fell\n") -> Path:
    directory = folder / "taxi1500" / "zul_Latn"
    directory.mkdir(parents=True)
    (directory / "train.tsv").write_text("index_id\tcategory\ttext\n1\tSin\tHe {text} stole\n")
    (directory / "test.tsv").write_text("index_id\tcategory\ttext\n" + test)
    return folder


def test_its_words_are_put_where_sib200_has_its_own_and_braces_in_texts_stay(tmp_path: Path) -> None:
    data = read_classified(TAXI, write_taxi(tmp_path), "zul_Latn")
    assert classification_prompts(TAXI, data, shots=1, seed=42)[0] == (
        "Topic Classification: Faith, Sin.\n"
        "\n"
        'The topic of the verse "He {text} stole" is Sin\n'
        'The topic of the verse "He believed {label}" is\n'
    )


class _Believer:
    def classify(self, prompts: Sequence[str], labels: Sequence[str]) -> list[str]:
        assert list(labels) == ["Faith", "Sin"]
        return ["Faith"] * len(prompts)


def test_its_scores_carry_its_name(tmp_path: Path) -> None:
    job = task(write_taxi(tmp_path), ["zul_Latn"], shots=1)
    classification.evaluator(TAXI, job, _Believer())(Unit(TAXI.name, "zul_Latn"))
    score = json.loads((tmp_path / "scores" / "zul_Latn.json").read_text())
    assert (score["benchmark"], score["items"], score["scores"][0]["value"]) == ("taxi1500", 2, 50.0)


def test_a_translation_is_read_from_a_folder_of_its_name(tmp_path: Path) -> None:
    write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"])
    (tmp_path / "flores200").rename(tmp_path / "ntrex")
    four = Translation("ntrex", {"devtest": 4})
    (unit, _) = translation.units_of(four, task(tmp_path, ["zul_Latn"]))
    translation.evaluator(four, task(tmp_path, ["zul_Latn"]), FixedBackend())(unit)
    score = json.loads((tmp_path / "scores" / "zul_Latn.xx-eng.json").read_text())
    assert (score["benchmark"], score["items"]) == ("ntrex", 4)
    with pytest.raises(InputError, match="holds 4 items.*ntrex's devtest split has 3"):
        translation.evaluator(NTREX, task(tmp_path, ["zul_Latn"]), FixedBackend())(unit)


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("3\tFaith\tHe believed\n", "holds 1 items, line 2 is its last; taxi1500's test split has 2"),
        ("3\tGrace\tIt is given\n4\tSin\tx\n", "line 2: category is 'Grace'; taxi1500 has Faith, Sin"),
    ],
)
def test_a_bad_file_is_named_with_what_the_benchmark_has(tmp_path: Path, test: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_classified(TAXI, write_taxi(tmp_path, test), "zul_Latn")


@pytest.mark.parametrize("example", ["The topic is {label}", "{text} is {label}.", "{text} and {text} is {label}"])
def test_an_example_without_its_places_is_refused(example: str) -> None:
    spec = Spec({"benchmark": {**VERSES, "example": example}})
    read_classification(spec)
    assert any("must hold {text} once and end with" in problem for problem in spec.problems)


def test_sib200_is_described_in_the_same_words() -> None:
    sib = classification.SIB200
    described = {
        **vars(sib),
        "kind": "classification",
        "items": sib.items["test"],
        "labels": list(sib.labels),
    }
    assert isinstance(sib, Classification)
    assert vars(read_classification(Spec({"benchmark": described}))) == {**vars(sib), "items": {"test": 204}}
