"""Whether all files of a checkpoint are there and whole, judged by their own structure."""

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

_WEIGHTS = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
_LENGTH_BYTES = 8


def missing_files(checkpoint: Path, *, weights_only: bool, deepspeed: bool, world_size: int | None) -> list[str]:
    """Names of what is absent or cut short; empty for a checkpoint that can be read whole.

    The Trainer writes weights, optimizer, scheduler and random states in this order, and trainer_state.json
    near the end, but each rank writes its own random state: no single file tells that all are there.
    """
    expected = ["config.json", "trainer_state.json", *_weights(checkpoint)]
    if not weights_only:
        expected += _states(checkpoint, deepspeed, world_size)
    return [name for name in expected if not _whole(checkpoint / name)]


def _weights(checkpoint: Path) -> Iterator[str]:
    found = next((name for name in _WEIGHTS if (checkpoint / name).is_file()), _WEIGHTS[0])
    yield found
    if found.endswith(".index.json") and _whole(checkpoint / found):
        index = json.loads((checkpoint / found).read_text(encoding="utf-8"))
        yield from sorted(set(index["weight_map"].values()))


def _states(checkpoint: Path, deepspeed: bool, world_size: int | None) -> Iterator[str]:
    yield "scheduler.pt"
    ranks = world_size or len(list(checkpoint.glob("rng_state*.pth"))) or 1
    if ranks == 1:
        yield "rng_state.pth"
    else:
        yield from (f"rng_state_{rank}.pth" for rank in range(ranks))
    if not deepspeed:
        yield "optimizer.pt"
        return
    yield from _zero_states(checkpoint, ranks)


def _zero_states(checkpoint: Path, ranks: int) -> Iterator[str]:
    """What DeepSpeed's ZeRO stage 3 writes: a share of the weights and one of the optimizer per rank.

    It resumes only where all of them are there; `latest` names their folder. Shares of the optimizer begin
    with bf16_ where the run computes in that format.
    """
    yield "latest"
    latest = checkpoint / "latest"
    folder = latest.read_text(encoding="utf-8").strip() if latest.is_file() else "global_step"
    for rank in range(ranks):
        share = f"zero_pp_rank_{rank}_mp_rank_00"
        optimizer = f"{share}_optim_states.pt"
        in_bf16 = f"{folder}/bf16_{optimizer}"
        yield f"{folder}/{share}_model_states.pt"
        yield in_bf16 if (checkpoint / in_bf16).is_file() else f"{folder}/{optimizer}"


def _whole(path: Path) -> bool:
    if not path.is_file():
        return False
    check = _CHECKS.get(path.suffix)
    try:
        return check(path) if check else path.stat().st_size > 0
    except (OSError, ValueError):
        return False


def _whole_json(path: Path) -> bool:
    json.loads(path.read_text(encoding="utf-8"))
    return True


def _whole_safetensors(path: Path) -> bool:
    """The header names the last byte of every tensor."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
        size = path.stat().st_size
        if length > size:
            return False
        header = json.loads(file.read(length))
    ends = [tensor["data_offsets"][1] for name, tensor in header.items() if name != "__metadata__"]
    return size == _LENGTH_BYTES + length + max(ends, default=0)


# torch.save writes a zip file, whose directory comes last.
_CHECKS: dict[str, Callable[[Path], bool]] = {
    ".json": _whole_json,
    ".safetensors": _whole_safetensors,
    ".pt": zipfile.is_zipfile,
    ".pth": zipfile.is_zipfile,
    ".bin": zipfile.is_zipfile,
}
