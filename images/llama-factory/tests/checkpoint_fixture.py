"""Checkpoint folders as the Trainer writes them, with next to nothing inside."""

import json
import zipfile
from pathlib import Path


def write_checkpoint(folder: Path, ranks: int = 1) -> Path:
    folder.mkdir(parents=True)
    for name in ("config.json", "trainer_state.json"):
        (folder / name).write_text("{}")
    write_safetensors(folder / "model.safetensors")
    names = ["rng_state.pth"] if ranks == 1 else [f"rng_state_{rank}.pth" for rank in range(ranks)]
    for name in ["optimizer.pt", "scheduler.pt", *names]:
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("data.pkl", b"x" * 100)
    return folder


def write_safetensors(path: Path, size: int = 64) -> None:
    header = json.dumps(
        {"weight": {"dtype": "F32", "shape": [size // 4], "data_offsets": [0, size]}}
    ).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(size))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])
