"""Exports a real checkpoint: transformers loads the result, and its weights are those of the checkpoint in bfloat16."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from export_fixture import RUN, build_export_spec, run_export_command, write_finished_run
from huggingface_hub import save_torch_state_dict
from tokenizers import Tokenizer, models
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from mixcpt_store.complete import MARKER, is_complete

ROPE = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A checkpoint as the trainer saves it, in 32 bits and two files."""
    folder = write_finished_run(tmp_path) / "checkpoint-4500"
    (folder / "model.safetensors").unlink()
    config = LlamaConfig(
        vocab_size=100,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        rope_parameters={**ROPE, "original_max_position_embeddings": 64},
        tie_word_embeddings=True,
    )
    torch.manual_seed(1)
    LlamaForCausalLM(config).save_pretrained(folder, max_shard_size="20KB")
    vocabulary = {f"w{index}": index for index in range(100)}
    PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel(vocabulary, unk_token="w0"))).save_pretrained(
        folder
    )
    return folder


def _export(store: Path, **changes: Any) -> Path:
    spec = build_export_spec(store, **changes)
    result = run_export_command(spec)
    assert result.returncode == 0, result.stderr
    return Path(spec["output"])


def test_transformers_loads_the_export_with_the_checkpoints_weights(tmp_path: Path, checkpoint: Path) -> None:
    output = _export(tmp_path, maxShardBytes=20_000)
    model = AutoModelForCausalLM.from_pretrained(output, dtype="auto")
    expected = AutoModelForCausalLM.from_pretrained(checkpoint, dtype=torch.bfloat16)
    assert model.dtype == torch.bfloat16
    assert model.config.rope_parameters == expected.config.rope_parameters
    for (name, exported), (_, saved) in zip(model.named_parameters(), expected.named_parameters(), strict=True):
        assert torch.equal(exported, saved), name
    tokens = torch.tensor([[1, 2, 3]])
    assert torch.equal(model(tokens).logits, expected(tokens).logits)
    assert (
        AutoTokenizer.from_pretrained(output)("w3 w7")["input_ids"]
        == AutoTokenizer.from_pretrained(checkpoint)("w3 w7")["input_ids"]
    )


def test_weights_are_sharded_and_named_as_transformers_does(tmp_path: Path, checkpoint: Path) -> None:
    output = _export(tmp_path, maxShardBytes=20_000)
    index = json.loads((output / "model.safetensors.index.json").read_text())
    shards = sorted(path.name for path in output.glob("*.safetensors"))
    assert shards == sorted(set(index["weight_map"].values()))
    assert shards[0] == f"model-00001-of-{len(shards):05}.safetensors"


def test_holds_the_weights_of_one_file_in_memory(tmp_path: Path) -> None:
    checkpoint, output = tmp_path / "checkpoint", tmp_path / "output"
    checkpoint.mkdir()
    output.mkdir()
    save_torch_state_dict({f"w{index}": torch.ones(8_000_000) for index in range(16)}, checkpoint)
    program = (
        "import sys, threading\nfrom pathlib import Path\nimport torch, safetensors.torch, huggingface_hub\n"
        "from mixcpt_export.model_files import write_weights\n"
        "def read_memory():\n"
        "    lines = Path('/proc/self/smaps_rollup').read_text().splitlines()\n"
        "    return next(int(line.split()[1]) for line in lines if line.startswith('Anonymous:')) // 1024\n"
        "start, peak, ended = read_memory(), 0, threading.Event()\n"
        "def watch():\n"
        "    global peak\n"
        "    while not ended.wait(0.002): peak = max(peak, read_memory())\n"
        "thread = threading.Thread(target=watch)\nthread.start()\n"
        "write_weights(Path(sys.argv[1]), Path(sys.argv[2]), 40_000_000)\n"
        "ended.set()\nthread.join()\nprint(peak - start)"
    )
    paths = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    result = subprocess.run(
        [sys.executable, "-c", program, str(checkpoint), str(output)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert len(list(output.glob("*.safetensors"))) == 8
    # MiB; all weights in 16 bits are 244, those of a file 31
    assert int(result.stdout) < 122


def test_records_run_step_and_checksums(tmp_path: Path, checkpoint: Path) -> None:
    output = _export(tmp_path)
    manifest = json.loads((output / "export.json").read_text())
    assert (manifest["run"], manifest["step"]) == (RUN, 4500)
    names = {path.name for path in output.iterdir()} - {MARKER, "export.json"}
    assert set(manifest["sha256"]) == names
    assert is_complete(output)
    assert "optimizer.pt" not in names
    assert "The scores are of the weights in float32" in (output / "README.md").read_text()


def test_weights_that_are_not_finite_are_refused(tmp_path: Path, checkpoint: Path) -> None:
    model = LlamaForCausalLM.from_pretrained(checkpoint)
    with torch.no_grad():
        model.model.norm.weight[0] = float("nan")
    model.save_pretrained(checkpoint, max_shard_size="20KB")
    result = run_export_command(build_export_spec(tmp_path))
    assert result.returncode == 2
    assert "model.norm.weight has values that are not finite" in result.stderr
    assert [path.suffix for path in (tmp_path / "exports").glob("[!.]*")] == [".attempts"]
