"""Prompts and shots, compared with the study's own procedure written out by hand."""

import random
from pathlib import Path

import pandas
from benchmark_fixture import write_benchmarks

from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200, SIB200
from mixcpt_evaluate.tasks.classification_files import Classified, read_classified
from mixcpt_evaluate.tasks.classification_prompts import classification_prompts
from mixcpt_evaluate.tasks.item_seeds import item_seeds
from mixcpt_evaluate.tasks.translation_files import Translated, read_translated
from mixcpt_evaluate.tasks.translation_prompts import translation_prompts


def test_item_seeds_are_those_of_the_global_generator() -> None:
    random.seed(42)
    assert item_seeds(42, 20) == [random.randint(0, 1000) for _ in range(20)]


def test_a_sib200_prompt_is_the_studys_byte_for_byte() -> None:
    train = pandas.DataFrame({"category": ["travel"], "text": ["Trains run again"]})
    test = pandas.DataFrame({"category": ["sports"], "text": ["The match ended"]})
    assert classification_prompts(SIB200, Classified(train, test), shots=1, seed=42) == [
        "Topic Classification: science/technology, travel, politics, sports, health, entertainment, "
        "geography.\n"
        "\n"
        'The topic of the news "Trains run again" is travel\n'
        'The topic of the news "The match ended" is\n'
    ]


def test_sib200_shots_are_pandas_samples_with_the_items_seed(tmp_path: Path) -> None:
    data = read_classified(SIB200, write_benchmarks(tmp_path, ["zul_Latn"]), "zul_Latn")
    prompts = classification_prompts(SIB200, data, shots=3, seed=42)
    for prompt, seed in zip(prompts, item_seeds(42, len(data.test)), strict=True):
        drawn = data.train.sample(n=3, random_state=seed)["text"]
        shown = [line for line in prompt.splitlines() if line.startswith("The topic")]
        assert [text in line for text, line in zip(drawn, shown, strict=False)] == [True, True, True]


def test_a_flores200_prompt_is_the_studys_byte_for_byte() -> None:
    data = Translated(["un"], ["one"], ["deux"], ["two"])
    assert translation_prompts(data, "French", "English", shots=2, seed=42) == [
        "[French]: un\n"
        "[English]: one\n"
        "[French]: un\n"
        "[English]: one\n"
        "Translate the following sentence from French to English\n"
        "[French]: deux\n"
        "[English]:"
    ]


def test_flores200_shots_are_drawn_with_the_items_seed_and_may_repeat(tmp_path: Path) -> None:
    data = read_translated(FLORES200, write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"]), "zul_Latn", "eng_Latn")
    prompt = translation_prompts(data, "Zulu", "English", shots=3, seed=42)[0]
    random.seed(item_seeds(42, 1)[0])
    drawn = [random.randint(0, 3) for _ in range(3)]
    assert [f"[Zulu]: zul_Latn dev {index}" for index in drawn] == prompt.splitlines()[0:6:2]
