"""A small model and corpus, and real trainings of LLaMA-Factory on them, which take seconds."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import tokenizers
import yaml

from mixcpt_store.complete import mark_complete

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


def write_inputs(folder: Path) -> None:
    """Writes a model of random weights and a corpus."""
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, set_seed

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


def train(inputs: Path, output: Path, variables: Mapping[str, str] | None = None, **checkpoints: Any) -> str:
    done = run_training(inputs, {"output": str(output), "checkpoints": checkpoints}, variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build_environment(
    inputs: Path, spec: Mapping[str, Any], variables: Mapping[str, str] | None = None
) -> dict[str, str]:
    whole = {"corpus": str(inputs / "corpus"), "model": str(inputs / "model"), "recipe": RECIPE, **spec}
    offline = {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    return {**os.environ, **offline, **(variables or {}), "MIXCPT_SPEC": yaml.safe_dump(whole)}


def run_training(
    inputs: Path, spec: Mapping[str, Any], variables: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    environment = build_environment(inputs, spec, variables)
    return subprocess.run(["mixcpt-train"], env=environment, capture_output=True, text=True, check=False)


def kill_session(session: int) -> None:
    """Ends all processes of a session, as the kernel ends those of a pod whose first one has ended."""
    while processes := _list_running(session):
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.05)


def _list_running(session: int) -> list[int]:
    """Returns the processes of a session that have not ended: proc(5)'s stat has it after state, parent and group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, owner = path.read_text(errors="replace").rpartition(")")[2].split()[:4]
            if int(owner) == session and state != "Z":
                found.append(int(path.parent.name))
    return found


def read_weights(checkpoint: Path) -> bytes:
    return (checkpoint / "model.safetensors").read_bytes()
