"""Finds the files of a checkpoint that are missing or truncated, by their own structure."""

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from mixcpt_store.errors import is_os_error
from mixcpt_store.listing import list_matching, walk_folders
from mixcpt_store.presence import is_file

# In a checkpoint that was saved because its training was told to stop, and that nothing else asks for.
EXTRA_FILE = "saved-to-stop"
_WEIGHT_FILES = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
_LENGTH_BYTES = 8
# Name, size in bytes and modification time in nanoseconds of every file.
Signature = tuple[tuple[str, int, int], ...]
# The record at the end of a zip file with the longest comment: 22 + 65,535 bytes.
_ZIP_END_BYTES = 65_557
# Exceptions that a damaged file raises while it is read, and a file that is removed meanwhile.
_DAMAGE = (OSError, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


def find_missing_files(checkpoint: Path, *, weights_only: bool, deepspeed: bool, world_size: int | None) -> list[str]:
    """Returns the names of missing and truncated files; an intact checkpoint has none.

    The Trainer writes weights, optimizer, scheduler and random states in this order, and trainer_state.json
    near the end, but each rank writes its own random state: no single file proves that all were written.

    Raises OSError for a store that fails: a file that cannot be read now is not damaged, and a training that took it
    for damaged would start earlier and delete what follows.
    """
    expected = ["config.json", "trainer_state.json", *_list_weight_files(checkpoint)]
    if not weights_only:
        expected += _list_state_files(checkpoint, deepspeed, world_size)
    return [name for name in expected if not _is_intact(checkpoint / name)]


def compute_signature(checkpoint: Path) -> Signature:
    """Returns what differs once a file of a checkpoint has changed."""
    statuses = [(file.name, file.stat()) for _, files in walk_folders(checkpoint) for file in files]
    return tuple(sorted((name, status.st_size, status.st_mtime_ns) for name, status in statuses))


def list_resume_files(checkpoint: Path) -> list[Path]:
    """Lists the files and folders that only a resume reads: states of optimizer, scheduler and random generators."""
    patterns = ("optimizer.pt", "scheduler.pt", "rng_state*.pth", "global_step*", "latest", "zero_to_fp32.py")
    return [path for pattern in patterns for path in list_matching(checkpoint, pattern)]


def _list_weight_files(checkpoint: Path) -> Iterator[str]:
    entry_file = next((name for name in _WEIGHT_FILES if is_file(checkpoint / name)), _WEIGHT_FILES[0])
    yield entry_file
    if entry_file.endswith(".index.json") and _is_intact(checkpoint / entry_file):
        yield from _read_index(checkpoint / entry_file)


def _read_index(path: Path) -> list[str]:
    """Returns the files that an index names; for a damaged one a name that no file has."""
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        names = {str(name) for name in index["weight_map"].values()}
        return sorted(names) if names else [f"weights of {path.name}"]
    except _DAMAGE as error:
        if is_os_error(error):
            raise
        return [f"weights of {path.name}"]


def _list_state_files(checkpoint: Path, deepspeed: bool, world_size: int | None) -> Iterator[str]:
    yield "scheduler.pt"
    ranks = world_size or len(list_matching(checkpoint, "rng_state*.pth")) or 1
    if ranks == 1:
        yield "rng_state.pth"
    else:
        yield from (f"rng_state_{rank}.pth" for rank in range(ranks))
    if not deepspeed:
        yield "optimizer.pt"
        return
    yield from _list_zero_files(checkpoint, ranks)


def _list_zero_files(checkpoint: Path, ranks: int) -> Iterator[str]:
    """Lists the files of DeepSpeed's ZeRO: per rank, a share of the optimizer and, in stage 3, one of the weights.

    Stage 2 leaves the weights whole, in one file. DeepSpeed resumes only if all shares exist; `latest` names their
    folder. The names of optimizer shares begin with bf16_ if the run computes in that format.
    """
    yield "latest"
    folder = _read_zero_folder(checkpoint)
    whole_weights = f"{folder}/mp_rank_00_model_states.pt"
    divides_weights = not is_file(checkpoint / whole_weights)
    if not divides_weights:
        yield whole_weights
    for rank in range(ranks):
        share = f"zero_pp_rank_{rank}_mp_rank_00"
        optimizer = f"{share}_optim_states.pt"
        in_bf16 = f"{folder}/bf16_{optimizer}"
        if divides_weights:
            yield f"{folder}/{share}_model_states.pt"
        yield in_bf16 if is_file(checkpoint / in_bf16) else f"{folder}/{optimizer}"


def _read_zero_folder(checkpoint: Path) -> str:
    latest = checkpoint / "latest"
    try:
        return latest.read_text(encoding="utf-8", errors="replace").strip() if is_file(latest) else "global_step"
    except FileNotFoundError:  # the first node may remove a checkpoint while another one looks at it
        return "global_step"


def _is_intact(path: Path) -> bool:
    if not is_file(path):
        return False
    check = _INTEGRITY_CHECKS.get(path.suffix)
    try:
        return check(path) if check else path.stat().st_size > 0
    except _DAMAGE as error:
        if is_os_error(error):
            raise
        return False


def _is_intact_json(path: Path) -> bool:
    json.loads(path.read_text(encoding="utf-8"))
    return True


def _is_intact_safetensors(path: Path) -> bool:
    """Compares the file size with the end of the last tensor, which the header gives."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
        size = path.stat().st_size
        if length > size:
            return False
        header = json.loads(file.read(length))
    ends = [tensor["data_offsets"][1] for name, tensor in header.items() if name != "__metadata__"]
    return size == _LENGTH_BYTES + length + max(ends, default=0)


def _is_intact_zip(path: Path) -> bool:
    """Returns whether the directory at the end of a zip file is there, as of the files of torch.save."""
    if zipfile.is_zipfile(path):
        return True
    # It also returns False for a file that it cannot read. This raises what kept it from reading.
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _ZIP_END_BYTES))
        file.read()
    return False


_INTEGRITY_CHECKS: dict[str, Callable[[Path], bool]] = {
    ".json": _is_intact_json,
    ".safetensors": _is_intact_safetensors,
    ".pt": _is_intact_zip,
    ".pth": _is_intact_zip,
    ".bin": _is_intact_zip,
}
