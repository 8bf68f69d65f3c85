"""Budgets in words, characters and tokens, and mixtures that resume after a kill or a full disk."""

import json
import math
import resource
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from mixture_fixture import MixtureWorkspace, write_word_tokenizer

from mixcpt_data.mixture.make_mixture import make_mixture
from mixcpt_data.sources import lines
from mixcpt_store.complete import MARKER
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


def _write_five_files(workspace: MixtureWorkspace) -> None:
    """Writes five files with 100 rows of 10 words each."""
    for part in range(5):
        texts = [f"{part} {row} " + "word " * 7 + "end" for row in range(100)]
        workspace.write_jsonl(f"{part}.jsonl", texts)


@pytest.mark.parametrize("tokens", [10, 15, 1000, 1001, 2345, 5000, 10**6])
@pytest.mark.parametrize("workers", [1, 3])
def test_a_budget_takes_rows_in_order_up_to_the_last_that_fits(
    workspace: MixtureWorkspace, tokens: int, workers: int
) -> None:
    _write_five_files(workspace)
    budget = workspace.files_source("*.jsonl", tokens=tokens, name="budget")
    other = workspace.files_source("0.jsonl", name="other")
    workspace.mix_sources(budget, other, tokenizer=str(write_word_tokenizer(workspace.folder)), workers=workers)
    taken = [row["text"].split()[:2] for row in workspace.read_rows() if row["source"] == "budget"]
    expected = min(tokens // 10, 500)
    assert sorted(taken) == sorted([str(n // 100), str(n % 100)] for n in range(expected))
    assert workspace.read_stats()["sources"]["budget"]["tokens"] == expected * 10


def test_a_budget_in_words_counts_the_sides_whose_script_separates_words(workspace: MixtureWorkspace) -> None:
    english = [f"row {row} of the text" for row in range(40)]
    workspace.write_input("a.eng", "\n".join(english))
    workspace.write_input("a.tha", "\n".join("ทุกคน มีสิทธิ" for _ in english))
    pair = {"languages": ["eng_Latn", "tha_Thai"], "format": "moses"}
    workspace.mix_sources(workspace.files_source("a.eng", "a.tha", words=50, name="pairs", **pair))
    assert workspace.read_stats()["sources"]["pairs"]["rows"] == 10


def test_a_budget_in_characters_counts_the_text_of_the_rows(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["ทุกคนมีสิทธิ"] * 9)
    source = workspace.files_source("a.jsonl", languages=["tha_Thai"], characters=50)
    assert len(workspace.mix_sources(source)) == 50 // len("ทุกคนมีสิทธิ")


def test_very_different_shard_sizes_do_not_change_the_mixture(workspace: MixtureWorkspace) -> None:
    for part, rows in enumerate([1, 1, 300, 1, 300, 1, 1]):
        workspace.write_jsonl(f"{part}.jsonl", [f"{part} {row} " + "word " * 8 for row in range(rows)])
    tokenizer = str(write_word_tokenizer(workspace.folder))
    texts = []
    for workers in (1, 4):
        output = workspace.folder / f"workers-{workers}"
        spec = workspace.build_spec(
            workspace.files_source("*.jsonl", tokens=4000), tokenizer=tokenizer, workers=workers
        )
        make_mixture(Spec({**spec, "output": str(output)}))
        texts.append((output / "train.jsonl").read_text())
    assert texts[0] == texts[1]
    assert len(texts[0].splitlines()) == 400


def test_refuses_a_budget_smaller_than_the_first_row(workspace: MixtureWorkspace) -> None:
    _write_five_files(workspace)
    with pytest.raises(InputError, match="tokens is 9, less than its first row has"):
        workspace.mix_sources(
            workspace.files_source("*.jsonl", tokens=9), tokenizer=str(write_word_tokenizer(workspace.folder))
        )


def test_tokens_are_counted_per_language_and_source(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["one two three"])
    workspace.write_jsonl("b.jsonl", ["eins zwei"])
    workspace.mix_sources(
        workspace.files_source("a.jsonl", name="web"),
        workspace.files_source("b.jsonl", name="web", languages=["deu_Latn"]),
        tokenizer=str(write_word_tokenizer(workspace.folder)),
        repeat=2,
    )
    stats = workspace.read_stats()
    assert {name: count["tokens"] for name, count in stats["languages"].items()} == {
        "deu_Latn": 4,
        "eng_Latn": 6,
    }
    assert stats["sourcesByLanguage"]["web"]["eng_Latn"]["tokens"] == 6
    assert stats["total"]["tokens"] == 10


def test_reports_a_source_that_ends_before_its_budget_with_its_tokens(
    workspace: MixtureWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    _write_five_files(workspace)
    workspace.write_jsonl("x.jsonl", ["one two three"] * 2)
    workspace.mix_sources(
        workspace.files_source("?.jsonl", tokens=1000, name="enough"),
        workspace.files_source("x.jsonl", tokens=7, name="web", languages=["deu_Latn"]),
        workspace.files_source("x.jsonl", tokens=9, name="stack", languages=[]),
        workspace.files_source("x.jsonl", tokens=5, name="cut"),
        workspace.files_source("x.jsonl", tokens=6, name="exact"),
        workspace.files_source("x.jsonl", name="unbounded"),
        tokenizer=str(write_word_tokenizer(workspace.folder)),
    )
    assert workspace.read_stats()["short"] == [
        {"source": "web", "languages": ["deu_Latn"], "unit": "tokens", "asked": 7, "got": 6},
        {"source": "stack", "languages": [], "unit": "tokens", "asked": 9, "got": 6},
    ]
    assert capsys.readouterr().err.splitlines() == [
        "mixcpt-data mixture: web (deu_Latn) has 6 of the 7 tokens of its budget",
        "mixcpt-data mixture: stack (code) has 6 of the 9 tokens of its budget",
    ]


def _write_many_rows(workspace: MixtureWorkspace, files: int) -> dict[str, Any]:
    """Writes files with 5000 rows each and returns a source that filters them."""
    for part in range(files):
        workspace.write_jsonl(f"{part}.jsonl", [f"Sentence {part} {row} of the corpus." for row in range(5_000)])
    return workspace.files_source("*.jsonl", languageModel="lid.176")


def _list_finished_shards(work: Path) -> list[Path]:
    return sorted(path.parent for path in work.glob(f"*/{MARKER}"))


def test_a_killed_run_resumes_after_the_finished_shards_and_gives_the_same_bytes(workspace: MixtureWorkspace) -> None:
    spec = workspace.build_spec(_write_many_rows(workspace, 6))
    assert workspace.run_command("mixture", {**spec, "output": str(workspace.folder / "whole")}).returncode == 0
    work = workspace.folder / "corpus.work"
    process = workspace.start_command("mixture", spec)
    while not _list_finished_shards(work) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = {path: path.stat().st_ino for path in _list_finished_shards(work)}
    assert 1 <= len(kept) < 6
    assert not workspace.output.exists()
    again = workspace.start_command("mixture", spec)
    seen: dict[Path, int] = {}
    while again.poll() is None:
        seen |= {path: path.stat().st_ino for path in kept if path.exists()}
        time.sleep(0.01)
    again.communicate()
    assert again.returncode == 0
    assert seen == kept
    whole = (workspace.folder / "whole" / "train.jsonl").read_bytes()
    assert (workspace.output / "train.jsonl").read_bytes() == whole


def test_a_terminated_run_does_not_wait_until_its_workers_finish(workspace: MixtureWorkspace) -> None:
    texts = [f"Sentence {row} of the corpus." for row in range(100_000)]
    workspace.write_jsonl("a.jsonl", texts)
    workspace.write_jsonl("b.jsonl", texts)
    process = workspace.start_command(
        "mixture", workspace.build_spec(workspace.files_source("*.jsonl", languageModel="lid.176"))
    )
    work = workspace.folder / "corpus.work"
    while len(list(work.glob("*.partial-*"))) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    process.terminate()
    # Workers hold the pipes, too: this returns when the last of them has ended.
    process.communicate(timeout=120)
    assert process.returncode == 143
    assert not _list_finished_shards(work)


def test_changed_input_is_prepared_again(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["Old."])
    workspace.write_input("b.jsonl", "{")
    spec = workspace.build_spec(workspace.files_source("a.jsonl"), workspace.files_source("b.jsonl"))
    assert workspace.run_command("mixture", spec).returncode == 2
    workspace.write_jsonl("a.jsonl", ["New one."])
    workspace.write_jsonl("b.jsonl", ["Whole."])
    assert workspace.run_command("mixture", spec).returncode == 0
    assert sorted(workspace.read_texts()) == ["New one.", "Whole."]


def test_a_file_size_limit_gives_one_line_and_leaves_no_mixture(
    workspace: MixtureWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write_jsonl("a.jsonl", ["x" * 100] * 5000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        result = workspace.run_command("mixture", workspace.build_spec(workspace.files_source("a.jsonl")))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert result.returncode == 2, result.stderr
    assert "the file may not grow" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not workspace.output.exists()
    assert workspace.run_command("mixture", workspace.build_spec(workspace.files_source("a.jsonl"))).returncode == 0


def test_a_large_file_is_split_between_the_workers(
    workspace: MixtureWorkspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [f"Sentence {row}." for row in range(500)]
    workspace.write_jsonl("a.jsonl", texts)
    monkeypatch.setattr(lines, "MAX_RANGE_BYTES", 1000)
    assert sorted(workspace.mix_sources(workspace.files_source("a.jsonl"))) == sorted(texts)
    progress = json.loads(capsys.readouterr().out.splitlines()[0])
    assert progress["total"] == math.ceil((workspace.folder / "inputs" / "a.jsonl").stat().st_size / 1000)


def test_a_budget_in_bytes_counts_utf_8(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["ทุกคน"] * 9)
    assert len(workspace.mix_sources(workspace.files_source("a.jsonl", bytes=50))) == 50 // len("ทุกคน".encode())


@pytest.mark.parametrize("workers", [1, 3])
def test_repeats_a_text_up_to_its_budget(workspace: MixtureWorkspace, workers: int) -> None:
    _write_five_files(workspace)
    source = workspace.files_source("*.jsonl", words=12_000, repeat=4, name="text")
    counts = Counter(" ".join(text.split()[:2]) for text in workspace.mix_sources(source, workers=workers))
    # 500 rows of 10 words: twice all of them, then the first 200
    assert counts == {f"{n // 100} {n % 100}": 3 if n < 200 else 2 for n in range(500)}
    assert workspace.read_stats()["short"] == []
    assert workspace.read_stats()["repeated"] == {"text": {"eng_Latn": 3}}


def test_reports_what_repetitions_could_not_fill(workspace: MixtureWorkspace) -> None:
    _write_five_files(workspace)
    workspace.mix_sources(workspace.files_source("*.jsonl", words=12_000, repeat=2, name="text"))
    (short,) = workspace.read_stats()["short"]
    assert (short["asked"], short["got"]) == (12_000, 10_000)


def test_shuffles_each_repetition_differently(workspace: MixtureWorkspace) -> None:
    _write_five_files(workspace)
    texts = workspace.mix_sources(workspace.files_source("*.jsonl", repeat=2))
    first = list(dict.fromkeys(texts))
    second = list(dict.fromkeys(reversed(texts)))[::-1]
    assert sorted(first) == sorted(second)
    assert first != second


def test_a_source_without_repetitions_leaves_the_statistics_as_they_were(workspace: MixtureWorkspace) -> None:
    _write_five_files(workspace)
    workspace.mix_sources(workspace.files_source("*.jsonl"))
    assert not {"repeated", "licenses"} & workspace.read_stats().keys()


def test_notes_the_licenses_of_sources(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["One."])
    workspace.mix_sources(workspace.files_source("a.jsonl", name="wiki"), licenses={"wiki": "cc-by-sa-4.0"})
    assert workspace.read_stats()["licenses"] == {"wiki": "cc-by-sa-4.0"}


def test_refuses_a_license_of_an_unknown_source_and_too_many_repetitions(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["One."])
    with pytest.raises(InputError, match=r"repeat is 101; at most 100.*licenses\.wki is not a known key.*wiki"):
        workspace.mix_sources(
            workspace.files_source("a.jsonl", name="wiki", repeat=101), licenses={"wki": "cc-by-sa-4.0"}
        )
