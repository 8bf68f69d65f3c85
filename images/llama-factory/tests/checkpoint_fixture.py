"""Checkpoint folders with the files that the Trainer writes, each with minimal content."""

import json
import zipfile
from pathlib import Path

from mixcpt_store.complete import mark_complete


def write_checkpoint(folder: Path, ranks: int = 1) -> Path:
    folder.mkdir(parents=True)
    for name in ("config.json", "trainer_state.json"):
        (folder / name).write_text("{}")
    write_safetensors(folder / "model.safetensors")
    names = ["rng_state.pth"] if ranks == 1 else [f"rng_state_{rank}.pth" for rank in range(ranks)]
    for name in ["optimizer.pt", "scheduler.pt", *names]:
        _write_torch_file(folder / name)
    return folder


def write_marked_checkpoints(run: Path, *steps: int) -> None:
    for step in steps:
        mark_complete(write_checkpoint(run / f"checkpoint-{step}"))


def write_zero3_checkpoint(folder: Path, ranks: int, bf16: bool = True) -> Path:
    """Writes the files that DeepSpeed 0.18.4 was observed to write under transformers 5.6.0."""
    write_checkpoint(folder, ranks)
    (folder / "optimizer.pt").unlink()
    for name in (
        "chat_template.jinja",
        "generation_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "zero_to_fp32.py",
    ):
        (folder / name).write_text("{}")
    _write_torch_file(folder / "training_args.bin")
    step = f"global_step{folder.name.removeprefix('checkpoint-')}"
    (folder / step).mkdir()
    for rank in range(ranks):
        share = f"zero_pp_rank_{rank}_mp_rank_00"
        _write_torch_file(folder / step / f"{share}_model_states.pt")
        _write_torch_file(folder / step / f"{'bf16_' if bf16 else ''}{share}_optim_states.pt")
    (folder / "latest").write_text(step)
    return folder


def _write_torch_file(path: Path) -> None:
    """Writes a zip archive, as torch.save does."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.pkl", b"x" * 100)


def write_safetensors(path: Path, size: int = 64) -> None:
    header = json.dumps({"weight": {"dtype": "F32", "shape": [size // 4], "data_offsets": [0, size]}}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(size))


def truncate_file(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])
