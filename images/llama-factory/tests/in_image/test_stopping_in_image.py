"""A run that stops at an evaluated step has the same weights as one that continues, and resumes bit for bit."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import tokenizers
import yaml

from mixcpt_store.complete import is_complete, mark_complete

RECIPE = {
    "stage": "pt",
    "do_train": True,
    "finetuning_type": "full",
    "template": "default",
    "flash_attn": "disabled",
    "cutoff_len": 32,
    "per_device_train_batch_size": 2,
    "gradient_accumulation_steps": 1,
    "learning_rate": 0.01,
    "lr_scheduler_type": "cosine",
    "warmup_ratio": 0.1,
    "max_steps": 12,
    "save_steps": 5,
    "use_cpu": True,
    "seed": 42,
    "logging_steps": 1,
    "preprocessing_num_workers": 1,
    "dataloader_num_workers": 0,
    "report_to": "none",
}
TEXTS = [f"The text of row {row} is not the same as that of row {row * 7 % 90}, which is longer." for row in range(90)]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of random weights and a corpus."""
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, set_seed

    folder = tmp_path_factory.mktemp("inputs")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>")
    fast.save_pretrained(folder / "model")
    set_seed(1)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    LlamaForCausalLM(LlamaConfig(vocab_size=300, **sizes)).save_pretrained(folder / "model")
    (folder / "corpus").mkdir()
    rows = "".join(json.dumps({"text": text}) + "\n" for text in TEXTS)
    (folder / "corpus" / "train.jsonl").write_text(rows)
    columns = {"corpus": {"file_name": "train.jsonl", "columns": {"prompt": "text"}}}
    (folder / "corpus" / "dataset_info.json").write_text(json.dumps(columns))
    mark_complete(folder / "model")
    mark_complete(folder / "corpus")
    return folder


def _train(inputs: Path, output: Path, variables: Mapping[str, str] | None = None, **checkpoints: Any) -> str:
    done = _run_training(inputs, {"output": str(output), "recipe": RECIPE, "checkpoints": checkpoints}, variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _run_training(
    inputs: Path, spec: Mapping[str, Any], variables: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    whole = {"corpus": str(inputs / "corpus"), "model": str(inputs / "model"), **spec}
    offline = {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    environment = {**os.environ, **offline, **(variables or {}), "MIXCPT_SPEC": yaml.safe_dump(whole)}
    return subprocess.run(["mixcpt-train"], env=environment, capture_output=True, text=True, check=False)


def _read_weights(checkpoint: Path) -> bytes:
    return (checkpoint / "model.safetensors").read_bytes()


def _read_learning_rates(run: Path) -> dict[int, float]:
    entries = map(json.loads, (run / "trainer_log.jsonl").read_text().splitlines())
    return {entry["current_steps"]: entry["lr"] for entry in entries if "lr" in entry}


@pytest.fixture(scope="module")
def whole_run(inputs: Path) -> Path:
    """A run to the end of its recipe, of which three checkpoints are evaluated."""
    _train(inputs, inputs / "whole", steps=[3, 7], last=True)
    return inputs / "whole"


def test_a_run_that_stops_has_the_weights_and_learning_rates_of_one_that_continues(
    inputs: Path, whole_run: Path, tmp_path: Path
) -> None:
    run = tmp_path / "stopped"
    output = _train(inputs, run, steps=[3, 7], stop=True)
    assert is_complete(run)
    assert not (run / "checkpoint-10").exists()
    for step in (3, 7):
        assert _read_weights(run / f"checkpoint-{step}") == _read_weights(whole_run / f"checkpoint-{step}")
    rates = _read_learning_rates(run)
    assert sorted(rates) == list(range(1, 8))
    assert rates == {step: rate for step, rate in _read_learning_rates(whole_run).items() if step <= 7}
    assert json.loads([line for line in output.splitlines() if line.startswith("{")][-1])["total"] == 7


def test_keeps_evaluated_weights_and_two_checkpoints_from_which_it_resumes_bit_for_bit(
    inputs: Path, whole_run: Path, tmp_path: Path
) -> None:
    kept = {path.name for path in whole_run.glob("checkpoint-*")}
    assert kept == {"checkpoint-3", "checkpoint-7", "checkpoint-10", "checkpoint-12", "checkpoint-last"}
    assert not (whole_run / "checkpoint-7" / "optimizer.pt").exists()
    copy = tmp_path / "copy"
    shutil.copytree(whole_run, copy, symlinks=True)
    expected = _read_weights(copy / "checkpoint-12")
    shutil.rmtree(copy / "checkpoint-12")
    assert "resuming from checkpoint-10" in _train(inputs, copy, steps=[3, 7], last=True)
    assert _read_weights(copy / "checkpoint-12") == expected


def test_a_stopped_run_continues_to_the_end_bit_for_bit(inputs: Path, whole_run: Path, tmp_path: Path) -> None:
    run = tmp_path / "continued"
    _train(inputs, run, steps=[3, 7], stop=True)
    assert "resuming from checkpoint-7" in _train(inputs, run, steps=[3, 7], last=True)
    assert _read_weights(run / "checkpoint-last") == _read_weights(whole_run / "checkpoint-last")


def test_an_evaluated_checkpoint_is_not_written_again_and_a_stopped_run_continues_to_its_end(
    inputs: Path, whole_run: Path, tmp_path: Path
) -> None:
    run = tmp_path / "again"
    _train(inputs, run, steps=[5, 7], stop=True)
    written = (run / "checkpoint-7" / "model.safetensors").stat().st_mtime_ns
    assert "resuming from checkpoint-5" in _train(inputs, run, steps=[5, 6, 7, 8], stop=True)
    assert (run / "checkpoint-7" / "model.safetensors").stat().st_mtime_ns == written
    assert "resuming from checkpoint-8" in _train(inputs, run, steps=[7])
    assert _read_weights(run / "checkpoint-12") == _read_weights(whole_run / "checkpoint-last")


def test_stops_in_the_processes_that_torchrun_starts(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Debian's torch lacks libuv, which torchrun needs; the stub starts one process, with torchrun's arguments.
    stub = tmp_path / "bin" / "torchrun"
    stub.parent.mkdir()
    stub.write_text('#!/bin/bash\nexec "$PYTHON_EXEC" "${@: -2}"\n')
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", f"{stub.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("FORCE_TORCHRUN", "1")
    monkeypatch.setenv("PYTHON_EXEC", sys.executable)
    _train(inputs, tmp_path / "run", steps=[2], stop=True)
    assert is_complete(tmp_path / "run")
    assert not (tmp_path / "run" / "checkpoint-5").exists()


def test_a_run_that_diverges_ends_for_good_at_the_step_whose_loss_is_not_finite(inputs: Path, tmp_path: Path) -> None:
    recipe = {**RECIPE, "learning_rate": 1e30, "max_grad_norm": 0, "lr_scheduler_type": "constant", "warmup_ratio": 0}
    spec = {"output": str(tmp_path / "run"), "recipe": recipe, "checkpoints": {"last": True}}
    done = _run_training(inputs, spec)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "the loss is not finite at step 2: the training has diverged" in done.stderr.splitlines()[-1]
