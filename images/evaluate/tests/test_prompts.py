"""Prompts and shots, compared with the study's own procedure."""

import random
from pathlib import Path

import pandas
from benchmark_fixture import write_benchmarks

from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200, SIB200
from mixcpt_evaluate.tasks.classification_files import ClassificationData, read_classification_data
from mixcpt_evaluate.tasks.prompts import build_classification_prompts, build_translation_prompts, draw_item_seeds
from mixcpt_evaluate.tasks.translation_files import TranslationData, read_translation_data


def test_draws_the_same_item_seeds_as_the_global_generator() -> None:
    random.seed(42)
    assert draw_item_seeds(42, 20) == [random.randint(0, 1000) for _ in range(20)]


def test_builds_the_studys_sib200_prompt_byte_for_byte() -> None:
    train = pandas.DataFrame({"category": ["travel"], "text": ["Trains run again"]})
    test = pandas.DataFrame({"category": ["sports"], "text": ["The match ended"]})
    assert build_classification_prompts(SIB200, ClassificationData(train, test), shots=1, seed=42) == [
        "Topic Classification: science/technology, travel, politics, sports, health, entertainment, "
        "geography.\n"
        "\n"
        'The topic of the news "Trains run again" is travel\n'
        'The topic of the news "The match ended" is\n'
    ]


def test_draws_sib200_shots_as_pandas_samples_with_the_items_seed(tmp_path: Path) -> None:
    data = read_classification_data(SIB200, write_benchmarks(tmp_path, ["zul_Latn"]), "zul_Latn")
    prompts = build_classification_prompts(SIB200, data, shots=3, seed=42)
    for prompt, seed in zip(prompts, draw_item_seeds(42, len(data.test)), strict=True):
        drawn = data.train.sample(n=3, random_state=seed)["text"]
        shown = [line for line in prompt.splitlines() if line.startswith("The topic")]
        assert [text in line for text, line in zip(drawn, shown, strict=False)] == [True, True, True]


def test_builds_the_studys_flores200_prompt_byte_for_byte() -> None:
    data = TranslationData(["un"], ["one"], ["deux"], ["two"])
    assert build_translation_prompts(data, "French", "English", shots=2, seed=42) == [
        "[French]: un\n"
        "[English]: one\n"
        "[French]: un\n"
        "[English]: one\n"
        "Translate the following sentence from French to English\n"
        "[French]: deux\n"
        "[English]:"
    ]


def test_draws_flores200_shots_with_replacement_by_the_items_seed(tmp_path: Path) -> None:
    write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"])
    data = read_translation_data(FLORES200, tmp_path, source="zul_Latn", target="eng_Latn")
    prompt = build_translation_prompts(data, "Zulu", "English", shots=3, seed=42)[0]
    random.seed(draw_item_seeds(42, 1)[0])
    drawn = [random.randint(0, 3) for _ in range(3)]
    assert [f"[Zulu]: zul_Latn dev {index}" for index in drawn] == prompt.splitlines()[0:6:2]
