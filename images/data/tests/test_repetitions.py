"""Texts that are read again until their budget is filled."""

import json
from collections import Counter

import pytest
from mixture_fixture import MixtureWorkspace

from mixcpt_store.errors import InputError


@pytest.mark.parametrize("workers", [1, 3])
def test_repeats_a_text_up_to_its_budget(workspace: MixtureWorkspace, workers: int) -> None:
    workspace.write_five_files()
    source = workspace.files_source("*.jsonl", words=12_000, repeat=4, name="text")
    counts = Counter(" ".join(text.split()[:2]) for text in workspace.mix_sources(source, workers=workers))
    # 500 rows of 10 words: twice all of them, then the first 200
    assert counts == {f"{n // 100} {n % 100}": 3 if n < 200 else 2 for n in range(500)}
    assert workspace.read_stats()["short"] == []
    assert workspace.read_stats()["repeated"] == {"text": {"eng_Latn": 3}}


def test_reports_what_repetitions_could_not_fill(workspace: MixtureWorkspace) -> None:
    workspace.write_five_files()
    workspace.mix_sources(workspace.files_source("*.jsonl", words=12_000, repeat=2, name="text"))
    (short,) = workspace.read_stats()["short"]
    assert (short["asked"], short["got"]) == (12_000, 10_000)


def test_shuffles_each_repetition_differently(workspace: MixtureWorkspace) -> None:
    workspace.write_five_files()
    texts = workspace.mix_sources(workspace.files_source("*.jsonl", repeat=2))
    first = list(dict.fromkeys(texts))
    second = list(dict.fromkeys(reversed(texts)))[::-1]
    assert sorted(first) == sorted(second)
    assert first != second


def test_a_source_without_repetitions_leaves_the_statistics_as_they_were(workspace: MixtureWorkspace) -> None:
    workspace.write_five_files()
    workspace.mix_sources(workspace.files_source("*.jsonl"))
    assert not {"repeated", "licenses"} & workspace.read_stats().keys()


@pytest.mark.parametrize("workers", [1, 3])
def test_reads_a_text_once_of_which_no_row_is_kept(
    workspace: MixtureWorkspace, workers: int, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        workspace.write_jsonl(name, [""] * 3)
    for budget in ({"words": 100}, {}):
        source = workspace.files_source("*.jsonl", repeat=100, name="text", **budget)
        with pytest.raises(InputError, match=r'adds nothing .* {"eng_Latn": {"read": 6, "dropped": {"empty": 6}}}'):
            workspace.mix_sources(source, workers=workers)
    progress = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "progress" in line]
    assert (progress[-1]["done"], progress[-1]["total"]) == (200, 200)


def test_draws_a_fraction_of_a_text_again_after_a_reading_that_drew_no_row(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["One."])
    assert workspace.mix_sources(workspace.files_source("a.jsonl", fraction=0.05, repeat=100))
