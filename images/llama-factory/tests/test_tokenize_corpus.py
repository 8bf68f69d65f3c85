"""Tokenizing a corpus: accepted settings, and token counts per source and language."""

import json
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import tokenizers

from mixcpt_store.command import exit_on_signal, run_step
from mixcpt_store.complete import is_complete, mark_complete
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.spec import Spec
from mixcpt_train import token_counts
from mixcpt_train import tokenize_corpus as tokenize_corpus_module
from mixcpt_train.token_counts import count_tokens
from mixcpt_train.tokenize_corpus import (
    TokenizeSpec,
    build_preprocessing_arguments,
    read_tokenize_spec,
    tokenize_corpus,
)

SPEC = {
    "corpus": "/store/corpora/c",
    "model": "/store/models/m",
    "output": "/store/tokenised/t",
    "blocks": {"beginWithBos": False},
}


def test_rejects_a_key_that_does_not_affect_the_result() -> None:
    with pytest.raises(InputError, match="recipe.learning_rate does not affect tokenization; allowed: stage"):
        read_tokenize_spec(Spec({**SPEC, "recipe": {"learning_rate": 1.0, "cutoff_len": 64}}))


def test_llama_factory_gets_the_recipe_and_the_paths() -> None:
    spec = read_tokenize_spec(Spec({**SPEC, "recipe": {"cutoff_len": 64, "preprocessing_num_workers": 16}}))
    arguments = build_preprocessing_arguments(spec, Path("/store/tokenised/t.partial/dataset"), Path("/store/work"))
    assert arguments["tokenized_path"] == "/store/tokenised/t.partial/dataset"
    assert arguments["dataset_dir"] == "/store/corpora/c"
    assert arguments["stage"] == "pt"
    assert arguments["cutoff_len"] == 64
    assert arguments["preprocessing_num_workers"] == 16


def test_an_unfinished_corpus_is_rejected(tmp_path: Path) -> None:
    spec = {**SPEC, "corpus": str(tmp_path), "output": str(tmp_path / "out"), "recipe": {}}
    with pytest.raises(RetryableError, match="corpus .* is there but unfinished"):
        tokenize_corpus(Spec(spec))
    assert not (tmp_path / "out").exists()


def test_a_corpus_that_ends_before_the_evaluated_checkpoint_is_rejected_with_both_counts(tmp_path: Path) -> None:
    mark_complete(tmp_path)
    (tmp_path / "STATS.json").write_text('{"sequences": {"train": 640}}')
    spec = {**SPEC, "output": str(tmp_path), "recipe": {}}
    tokenize_corpus(Spec({**spec, "neededSequences": 640}))
    with pytest.raises(InputError, match="has 640 sequences; the evaluated checkpoint needs 641"):
        tokenize_corpus(Spec({**spec, "neededSequences": 641}))


def test_a_corpus_that_is_too_short_is_tokenized_once_with_its_statistics(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, output = tmp_path / "corpus", tmp_path / "tokenised"
    corpus.mkdir()
    (corpus / "train.jsonl").write_text('{"text": "x y", "source": "web", "language": "eng_Latn"}\n')
    model = tmp_path / "model"
    model.mkdir()
    _write_word_model(model)
    mark_complete(corpus)
    mark_complete(model)
    calls: list[Path] = []

    def preprocess(_job: TokenizeSpec, dataset: Path, _work: Path) -> tuple[dict[str, int], dict[str, bool]]:
        calls.append(dataset)
        return {"train": 640}, {}

    monkeypatch.setattr(tokenize_corpus_module, "_preprocess_corpus", preprocess)
    monkeypatch.setattr(tokenize_corpus_module, "require_matching_tokenizer", lambda *_: None)
    paths = {"corpus": str(corpus), "model": str(model), "output": str(output)}
    spec = {**SPEC, **paths, "recipe": {}, "neededSequences": 641}
    for _ in range(2):
        monkeypatch.setenv("MIXCPT_SPEC", json.dumps(spec))
        assert run_step("mixcpt-train tokenise", tokenize_corpus) == 2
    assert len(calls) == 1
    assert is_complete(output)
    assert json.loads((output / "STATS.json").read_text())["total"] == 3
    with pytest.raises(InputError, match="has 640 sequences; the evaluated checkpoint needs 641"):
        tokenize_corpus(Spec(spec))


def _write_word_model(folder: Path) -> Path:
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.mark.parametrize("range_bytes", [40, 170, 10**6])
def test_counts_tokens_per_source_and_language_with_one_end_per_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, range_bytes: int
) -> None:
    rows = [("web", "eng_Latn", "one two"), ("web", "deu_Latn", "eins"), ("code", "code", "x = 1")]
    lines = [json.dumps({"text": text, "source": s, "language": language}) for s, language, text in rows * 3]
    (tmp_path / "train.jsonl").write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(token_counts, "_RANGE_BYTES", range_bytes)
    counts = count_tokens(tmp_path / "train.jsonl", _write_word_model(tmp_path))
    assert counts["sourcesByLanguage"] == {"code": {"code": 12}, "web": {"deu_Latn": 6, "eng_Latn": 9}}
    assert counts["sources"] == {"code": 12, "web": 15}
    assert counts["languages"] == {"code": 12, "deu_Latn": 6, "eng_Latn": 9}
    assert counts["total"] == 27


def test_starts_as_many_processes_as_the_pod_has_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train.jsonl").write_text('{"text": "x", "source": "web", "language": "eng_Latn"}\n' * 4)
    monkeypatch.setattr(token_counts, "_RANGE_BYTES", 40)
    monkeypatch.setenv("MIXCPT_CPUS", "1")
    started: list[int] = []

    def record_pool(processes: int, *arguments: Any) -> ProcessPoolExecutor:
        started.append(processes)
        return ProcessPoolExecutor(processes, *arguments)

    monkeypatch.setattr(token_counts, "ProcessPoolExecutor", record_pool)
    assert count_tokens(tmp_path / "train.jsonl", _write_word_model(tmp_path))["total"] == 8
    assert started == [1]


@contextmanager
def _react(number: int, handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    previous = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, previous)


@pytest.fixture
def limit_waiting() -> Iterator[None]:
    """Ends a test that would wait for a process."""
    with _react(signal.SIGALRM, lambda *_: pytest.fail("waits for a process that counts")):
        signal.alarm(120)
        yield
        signal.alarm(0)


def _write_corpus_and_act(folder: Path, monkeypatch: pytest.MonkeyPatch, action: str) -> Path:
    """Returns a corpus; a process that counts its tokens evaluates an expression in place of loading a tokenizer."""
    (folder / "train.jsonl").write_text('{"text": "x", "source": "web", "language": "eng_Latn"}\n')
    stub = f"import os, signal, time; Tokenizer = type('', (), {{'from_file': lambda _: {action}}})"
    (folder / "stubs").mkdir()
    (folder / "stubs" / "tokenizers.py").write_text(stub)
    monkeypatch.syspath_prepend(folder / "stubs")  # which the other processes inherit
    return folder / "train.jsonl"


@pytest.mark.usefixtures("limit_waiting")
def test_a_process_that_is_killed_while_it_counts_ends_the_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = _write_corpus_and_act(tmp_path, monkeypatch, "os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(RetryableError, match="train.jsonl was killed, probably for lack of memory"):
        count_tokens(corpus, tmp_path)


@pytest.mark.usefixtures("limit_waiting")
def test_a_pod_that_is_told_to_stop_does_not_wait_until_its_processes_have_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = "(os.kill(os.getppid(), signal.SIGTERM), time.sleep(240))"
    corpus = _write_corpus_and_act(tmp_path, monkeypatch, action)
    with _react(signal.SIGTERM, exit_on_signal), pytest.raises(SystemExit) as stop:
        count_tokens(corpus, tmp_path)
    assert stop.value.code == 143
    assert multiprocessing.active_children() == []


def test_the_spec_requires_corpus_model_and_output() -> None:
    with pytest.raises(InputError, match="spec.corpus is missing.*spec.model is missing.*spec.output is missing"):
        read_tokenize_spec(Spec({"recipe": {}}))
    assert isinstance(read_tokenize_spec(Spec({**SPEC, "recipe": {}})), TokenizeSpec)
