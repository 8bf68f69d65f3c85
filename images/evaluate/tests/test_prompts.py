"""Prompts and shots, compared with the study's own procedure written out by hand."""

import random
from pathlib import Path

import pandas
from benchmark_fixture import write_benchmarks

from mixcpt_evaluate.flores200_files import Flores200Data, read_flores200
from mixcpt_evaluate.flores200_prompts import flores200_prompts
from mixcpt_evaluate.item_seeds import item_seeds
from mixcpt_evaluate.sib200_files import Sib200Data, read_sib200
from mixcpt_evaluate.sib200_prompts import sib200_prompts


def test_item_seeds_are_those_of_the_global_generator() -> None:
    random.seed(42)
    assert item_seeds(42, 20) == [random.randint(0, 1000) for _ in range(20)]


def test_a_sib200_prompt_is_the_studys_byte_for_byte() -> None:
    train = pandas.DataFrame({"category": ["travel"], "text": ["Trains run again"]})
    test = pandas.DataFrame({"category": ["sports"], "text": ["The match ended"]})
    assert sib200_prompts(Sib200Data(train, test), shots=1, seed=42) == [
        "Topic Classification: science/technology, travel, politics, sports, health, entertainment, "
        "geography.\n"
        "\n"
        'The topic of the news "Trains run again" is travel\n'
        'The topic of the news "The match ended" is\n'
    ]


def test_sib200_shots_are_pandas_samples_with_the_items_seed(tmp_path: Path) -> None:
    data = read_sib200(write_benchmarks(tmp_path, ["zul_Latn"]), "zul_Latn")
    prompts = sib200_prompts(data, shots=3, seed=42)
    for prompt, seed in zip(prompts, item_seeds(42, len(data.test)), strict=True):
        drawn = data.train.sample(n=3, random_state=seed)["text"]
        shown = [line for line in prompt.splitlines() if line.startswith("The topic")]
        assert [text in line for text, line in zip(drawn, shown, strict=False)] == [True, True, True]


def test_a_flores200_prompt_is_the_studys_byte_for_byte() -> None:
    data = Flores200Data(["un"], ["one"], ["deux"], ["two"])
    assert flores200_prompts(data, "French", "English", shots=2, seed=42) == [
        "[French]: un\n"
        "[English]: one\n"
        "[French]: un\n"
        "[English]: one\n"
        "Translate the following sentence from French to English\n"
        "[French]: deux\n"
        "[English]:"
    ]


def test_flores200_shots_are_drawn_with_the_items_seed_and_may_repeat(tmp_path: Path) -> None:
    data = read_flores200(write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"]), "zul_Latn", "eng_Latn")
    prompt = flores200_prompts(data, "Zulu", "English", shots=3, seed=42)[0]
    random.seed(item_seeds(42, 1)[0])
    drawn = [random.randint(0, 3) for _ in range(3)]
    assert [f"[Zulu]: zul_Latn dev {index}" for index in drawn] == prompt.splitlines()[0:6:2]
