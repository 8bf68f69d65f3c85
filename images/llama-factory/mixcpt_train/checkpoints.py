"""The checkpoints of a run: which may be resumed, which are finished now, which are to be removed."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from mixcpt_store.complete import is_complete, mark_complete
from mixcpt_train.checkpoint_files import missing_files

_PREFIX = "checkpoint-"
LAST = f"{_PREFIX}last"
_Signature = tuple[tuple[str, int, int], ...]


@dataclass
class Checkpoints:
    """The folders checkpoint-N below `run`. `world_size` is None where it is not known before the start."""

    run: Path
    weights_only: bool = False
    deepspeed: bool = False
    world_size: int | None = None
    _last_seen: dict[Path, _Signature] = field(default_factory=dict)

    def path(self, step: int) -> Path:
        return self.run / f"{_PREFIX}{step}"

    def named(self, step: int | None) -> Path:
        """The folder of a step; without one that of the last step, or `checkpoint-last` where none is."""
        if step is not None:
            return self.path(step)
        found = self.found()
        return found[-1] if found else self.run / LAST

    def link_last(self, checkpoint: Path) -> None:
        """Makes `checkpoint-last` lead to it: who reads the last checkpoint need not know its step."""
        partial = self.run / f".{LAST}.partial"
        partial.unlink(missing_ok=True)
        partial.symlink_to(checkpoint.name)
        partial.replace(self.run / LAST)

    def found(self) -> list[Path]:
        """All folders, oldest step first."""
        folders = [path for path in self.run.glob(f"{_PREFIX}*") if path.name[len(_PREFIX) :].isdigit()]
        return sorted(folders, key=_step)

    def to_resume(self) -> Path | None:
        """The newest that is marked and whole. A marked one may miss files when its removal was cut short."""
        if self.weights_only:
            return None
        usable = [path for path in self.found() if is_complete(path) and not self._missing(path)]
        return usable[-1] if usable else None

    def remove_incomplete(self) -> list[Path]:
        """Removes what no marker vouches for.

        Only the first node may do this, before any process is started.
        """
        incomplete = [path for path in self.found() if not is_complete(path)]
        for path in incomplete:
            shutil.rmtree(path)
        return incomplete

    def mark_finished(self, *, training_ended: bool) -> list[Path]:
        """Marks checkpoints all of whose files are whole; while training goes on, only those that also have
        not changed since the call before."""
        marked = []
        for path in self.found():
            if is_complete(path) or self._missing(path):
                continue
            signature = _signature(path)
            if training_ended or self._last_seen.get(path) == signature:
                mark_complete(path, {"step": _step(path)})
                marked.append(path)
            self._last_seen[path] = signature
        return marked

    def _missing(self, path: Path) -> list[str]:
        return missing_files(path, weights_only=self.weights_only, deepspeed=self.deepspeed, world_size=self.world_size)


def _step(path: Path) -> int:
    return int(path.name[len(_PREFIX) :])


def _signature(path: Path) -> _Signature:
    files = []
    for folder, _, names in os.walk(path):
        for name in names:
            status = os.stat(Path(folder) / name)
            files.append((name, status.st_size, status.st_mtime_ns))
    return tuple(sorted(files))
