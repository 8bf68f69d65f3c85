"""The checkpoints of a run: finds the one to resume, marks finished ones and removes unfinished ones."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mixcpt_store.complete import is_complete, mark_complete
from mixcpt_train.checkpoint_files import find_missing_files

_FOLDER_PREFIX = "checkpoint-"
LAST_CHECKPOINT = f"{_FOLDER_PREFIX}last"
# Name, size in bytes and modification time in nanoseconds of every file.
_Signature = tuple[tuple[str, int, int], ...]


@dataclass
class Checkpoints:
    """The folders checkpoint-N below `run`. `world_size` is None if it is unknown before training starts."""

    run: Path
    weights_only: bool = False
    deepspeed: bool = False
    world_size: int | None = None
    _last_seen: dict[Path, _Signature] = field(default_factory=dict)

    def find_final(self, step: int | None) -> Path:
        """Returns the folder of `step`, or of the last step for None; `checkpoint-last` if no folder exists."""
        if step is not None:
            return self.run / f"{_FOLDER_PREFIX}{step}"
        folders = self.list_folders()
        return folders[-1] if folders else self.run / LAST_CHECKPOINT

    def link_last(self, checkpoint: Path) -> None:
        """Points the link `checkpoint-last` to `checkpoint`: readers need not know the number of its step."""
        partial = self.run / f".{LAST_CHECKPOINT}.partial"
        partial.unlink(missing_ok=True)
        partial.symlink_to(checkpoint.name)
        partial.replace(self.run / LAST_CHECKPOINT)

    def list_folders(self) -> list[Path]:
        """Lists all checkpoint folders, lowest step first."""
        paths = self.run.glob(f"{_FOLDER_PREFIX}*")
        return sorted((path for path in paths if _is_step(path)), key=_parse_step)

    def find_resumable(self) -> Path | None:
        """Returns the newest checkpoint that is marked and intact.

        A marked checkpoint lacks files if its removal was interrupted.
        """
        if self.weights_only:
            return None
        usable = [path for path in self.list_folders() if is_complete(path) and not self._find_missing_files(path)]
        return usable[-1] if usable else None

    def remove_incomplete(self) -> list[Path]:
        """Removes checkpoints without a marker and returns their folders.

        Only the first node may call this, and only before any training process starts.
        """
        incomplete = [path for path in self.list_folders() if not is_complete(path)]
        for path in incomplete:
            shutil.rmtree(path)
        return incomplete

    def mark_finished(self, *, training_ended: bool) -> list[Path]:
        """Marks intact checkpoints and returns their folders.

        During training, a checkpoint is marked only if it has not changed since the previous call.
        """
        marked = []
        for path in self.list_folders():
            if is_complete(path) or self._find_missing_files(path):
                continue
            # With save_total_limit, the Trainer removes old checkpoints while they are read here.
            with suppress(FileNotFoundError):
                signature = _compute_signature(path)
                if training_ended or self._last_seen.get(path) == signature:
                    mark_complete(path, {"step": _parse_step(path)})
                    marked.append(path)
                self._last_seen[path] = signature
        return marked

    def _find_missing_files(self, path: Path) -> list[str]:
        return find_missing_files(
            path, weights_only=self.weights_only, deepspeed=self.deepspeed, world_size=self.world_size
        )


def _is_step(path: Path) -> bool:
    number = path.name[len(_FOLDER_PREFIX) :]
    return number.isascii() and number.isdigit()


def _parse_step(path: Path) -> int:
    return int(path.name[len(_FOLDER_PREFIX) :])


def _compute_signature(path: Path) -> _Signature:
    files = []
    for folder, _, names in os.walk(path):
        for name in names:
            status = (Path(folder) / name).stat()
            files.append((name, status.st_size, status.st_mtime_ns))
    return tuple(sorted(files))
