"""Budgets of tokens, and work that goes on after a kill or on a full disk."""

import resource
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from mixture_fixture import Bench, word_tokenizer

from mixcpt_data.mixture.make_mixture import mixture
from mixcpt_data.sources import lines
from mixcpt_store.complete import MARKER
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


def _five_files(bench: Bench) -> None:
    """100 rows of 10 words in each of five files."""
    for part in range(5):
        texts = [f"{part} {row} " + "word " * 7 + "end" for row in range(100)]
        bench.write_jsonl(f"{part}.jsonl", texts)


@pytest.mark.parametrize("tokens", [10, 15, 1000, 1001, 2345, 5000, 10**6])
@pytest.mark.parametrize("workers", [1, 3])
def test_a_budget_takes_rows_in_order_up_to_the_last_that_fits(bench: Bench, tokens: int, workers: int) -> None:
    _five_files(bench)
    budget = bench.files("*.jsonl", tokens=tokens, name="budget")
    rest = bench.files("0.jsonl", name="rest")
    bench.mix(budget, rest, tokenizer=str(word_tokenizer(bench.folder)), workers=workers)
    taken = [row["text"].split()[:2] for row in bench.rows() if row["source"] == "budget"]
    expected = min(tokens // 10, 500)
    assert sorted(taken) == sorted([str(n // 100), str(n % 100)] for n in range(expected))
    assert bench.stats()["sources"]["budget"]["tokens"] == expected * 10


def test_shards_of_very_different_sizes_make_no_difference(bench: Bench) -> None:
    for part, rows in enumerate([1, 1, 300, 1, 300, 1, 1]):
        bench.write_jsonl(f"{part}.jsonl", [f"{part} {row} " + "word " * 8 for row in range(rows)])
    tokenizer = str(word_tokenizer(bench.folder))
    texts = []
    for workers in (1, 4):
        output = bench.folder / f"of-{workers}"
        spec = bench.spec(bench.files("*.jsonl", tokens=4000), tokenizer=tokenizer, workers=workers)
        mixture(Spec({**spec, "output": str(output)}))
        texts.append((output / "train.jsonl").read_text())
    assert texts[0] == texts[1]
    assert len(texts[0].splitlines()) == 400


def test_a_budget_smaller_than_the_first_row_is_refused(bench: Bench) -> None:
    _five_files(bench)
    with pytest.raises(InputError, match="tokens is 9, less than its first row has"):
        bench.mix(bench.files("*.jsonl", tokens=9), tokenizer=str(word_tokenizer(bench.folder)))


def test_tokens_are_counted_per_language_and_source(bench: Bench) -> None:
    bench.write_jsonl("a.jsonl", ["one two three"])
    bench.write_jsonl("b.jsonl", ["eins zwei"])
    bench.mix(
        bench.files("a.jsonl", name="web"),
        bench.files("b.jsonl", name="web", languages=["deu_Latn"]),
        tokenizer=str(word_tokenizer(bench.folder)),
        repeat=2,
    )
    stats = bench.stats()
    assert {name: count["tokens"] for name, count in stats["languages"].items()} == {
        "deu_Latn": 4,
        "eng_Latn": 6,
    }
    assert stats["sourcesByLanguage"]["web"]["eng_Latn"]["tokens"] == 6
    assert stats["total"]["tokens"] == 10


def test_a_source_that_ends_before_its_budget_is_named_with_what_it_has(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    _five_files(bench)
    bench.write_jsonl("x.jsonl", ["one two three"] * 2)
    bench.mix(
        bench.files("?.jsonl", tokens=1000, name="enough"),
        bench.files("x.jsonl", tokens=7, name="web", languages=["deu_Latn"]),
        bench.files("x.jsonl", tokens=9, name="stack", languages=[]),
        bench.files("x.jsonl", tokens=5, name="cut"),
        bench.files("x.jsonl", tokens=6, name="exact"),
        bench.files("x.jsonl", name="unbounded"),
        tokenizer=str(word_tokenizer(bench.folder)),
    )
    assert bench.stats()["short"] == [
        {"source": "web", "languages": ["deu_Latn"], "asked": 7, "got": 6},
        {"source": "stack", "languages": [], "asked": 9, "got": 6},
    ]
    assert capsys.readouterr().err.splitlines() == [
        "mixcpt-data mixture: web (deu_Latn) has 6 of the 7 tokens asked of it",
        "mixcpt-data mixture: stack (code) has 6 of the 9 tokens asked of it",
    ]


def _many_rows(bench: Bench, files: int) -> dict[str, Any]:
    for part in range(files):
        bench.write_jsonl(f"{part}.jsonl", [f"Sentence {part} {row} of the corpus." for row in range(5_000)])
    return bench.files("*.jsonl", languageModel="lid.176")


def _finished(work: Path) -> list[Path]:
    return sorted(path.parent for path in work.glob(f"*/{MARKER}"))


def test_a_killed_run_goes_on_at_the_shard_and_gives_the_same_bytes(bench: Bench) -> None:
    spec = bench.spec(_many_rows(bench, 6))
    assert bench.run("mixture", {**spec, "output": str(bench.folder / "whole")}).returncode == 0
    work = bench.folder / "corpus.work"
    process = bench.start("mixture", spec)
    while not _finished(work) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = {path: path.stat().st_ino for path in _finished(work)}
    assert 1 <= len(kept) < 6
    assert not bench.output.exists()
    again = bench.start("mixture", spec)
    seen: dict[Path, int] = {}
    while again.poll() is None:
        seen |= {path: path.stat().st_ino for path in kept if path.exists()}
        time.sleep(0.01)
    again.communicate()
    assert again.returncode == 0
    assert seen == kept
    whole = (bench.folder / "whole" / "train.jsonl").read_bytes()
    assert (bench.output / "train.jsonl").read_bytes() == whole


def test_a_run_that_is_told_to_end_does_not_wait_for_its_workers_to_finish(bench: Bench) -> None:
    texts = [f"Sentence {row} of the corpus." for row in range(100_000)]
    bench.write_jsonl("a.jsonl", texts)
    bench.write_jsonl("b.jsonl", texts)
    process = bench.start("mixture", bench.spec(bench.files("*.jsonl", languageModel="lid.176")))
    work = bench.folder / "corpus.work"
    while len(list(work.glob("*.partial-*"))) < 2:
        assert process.poll() is None
        time.sleep(0.01)
    process.terminate()
    # Workers hold the pipes as well: this returns when the last of them has ended.
    process.communicate(timeout=120)
    assert process.returncode == 143
    assert not _finished(work)


def test_changed_input_is_not_mistaken_for_finished_work(bench: Bench) -> None:
    bench.write_jsonl("a.jsonl", ["Old."])
    bench.write("b.jsonl", "{")
    spec = bench.spec(bench.files("a.jsonl"), bench.files("b.jsonl"))
    assert bench.run("mixture", spec).returncode == 2
    bench.write_jsonl("a.jsonl", ["New one."])
    bench.write_jsonl("b.jsonl", ["Whole."])
    assert bench.run("mixture", spec).returncode == 0
    assert sorted(bench.texts()) == ["New one.", "Whole."]


def test_a_file_that_may_not_grow_is_one_line_and_leaves_nothing_to_be_read(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write_jsonl("a.jsonl", ["x" * 100] * 5000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        done = bench.run("mixture", bench.spec(bench.files("a.jsonl")))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert done.returncode == 2, done.stderr
    assert "the file may not grow" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not bench.output.exists()
    assert bench.run("mixture", bench.spec(bench.files("a.jsonl"))).returncode == 0


def test_a_file_larger_than_a_piece_is_shared_by_the_workers(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"Sentence {row}." for row in range(500)]
    bench.write_jsonl("a.jsonl", texts)
    monkeypatch.setattr(lines, "PIECE", 1000)
    assert sorted(bench.mix(bench.files("a.jsonl"))) == sorted(texts)
