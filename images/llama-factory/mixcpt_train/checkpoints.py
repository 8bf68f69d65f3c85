"""The checkpoints of a run: finds the one to resume, marks finished ones and removes those that nothing needs."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mixcpt_store.complete import flush_to_disk, is_complete, write_marker
from mixcpt_store.listing import list_matching
from mixcpt_store.presence import is_file, is_folder, is_link, is_present, resolve_links
from mixcpt_train import checkpoint_files
from mixcpt_train.checkpoint_checksums import build_summary, find_changed_files
from mixcpt_train.checkpoint_files import EXTRA_FILE, compute_signature, find_missing_files, list_resume_files
from mixcpt_train.run_owner import RunOwner
from mixcpt_train.run_spec import CheckpointPlan

_FOLDER_PREFIX = "checkpoint-"
LAST_CHECKPOINT = f"{_FOLDER_PREFIX}last"
_REMOVED_PREFIX = ".removed-"
# A second one remains if the newest turns out to be damaged.
_KEPT_RESUMABLE = 2


@dataclass
class Checkpoints:
    """The folders checkpoint-N below `run`.

    `world_size` is None if it is unknown before training starts. `damaged` are those that `find_damaged` found.
    `marking_seconds` is how long the last marker took. Once `owner` is replaced, nothing is marked or removed.
    """

    run: Path
    weights_only: bool = False
    deepspeed: bool = False
    world_size: int | None = None
    damaged: set[Path] = field(default_factory=set)
    marking_seconds: float = 0.0
    owner: RunOwner = field(init=False)
    _last_seen: dict[Path, checkpoint_files.Signature] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.owner = RunOwner(self.run)

    def find_final(self, step: int | None) -> Path:
        """Returns the folder of `step`, or of the last step for None; `checkpoint-last` if no folder exists."""
        if step is not None:
            return self.run / f"{_FOLDER_PREFIX}{step}"
        folders = self.list_folders()
        return folders[-1] if folders else self.run / LAST_CHECKPOINT

    def list_folders(self) -> list[Path]:
        """Lists all checkpoint folders, lowest step first. Raises OSError for a run's folder that cannot be read."""
        return sorted(filter(_is_step, list_matching(self.run, f"{_FOLDER_PREFIX}*")), key=parse_step)

    def find_start(self, plan: CheckpointPlan) -> Path | None:
        """Returns the newest checkpoint from which every evaluated one that is not marked can still be reached."""
        unfinished = self.list_unfinished(plan)
        return self.find_resumable(before=unfinished[0] if unfinished else None)

    def find_resumable(self, before: int | None = None) -> Path | None:
        """Returns the newest checkpoint that is marked and intact, of those before a step if one is given."""
        return next((path for path in self._find_all_resumable() if before is None or parse_step(path) < before), None)

    def _find_all_resumable(self) -> Iterator[Path]:
        """Finds marked and intact checkpoints, highest step first. A marked one can lack what a resume needs.

        Looks at a checkpoint only when it is asked for: an old one that cannot be read keeps nothing from resuming.
        """
        if self.weights_only:
            return
        for path in reversed(self.list_folders()):
            if self._is_usable(path) and not self._find_missing_files(path):
                yield path

    def _is_usable(self, path: Path) -> bool:
        return is_complete(path) and path not in self.damaged

    def find_damaged(self) -> dict[Path, list[str]]:
        """Finds the resumable checkpoints after the newest intact one, with their files that changed in the store.

        They are neither resumed nor kept from now on. Reads every file of the newest checkpoint. Raises OSError for one
        that cannot be read: what is intact may not be taken for damaged because the store fails.
        """
        found = {}
        for path in self._find_all_resumable():
            changed = find_changed_files(path)
            if not changed:
                break
            found[path] = changed
        self.damaged.update(found)
        return found

    def list_unfinished(self, plan: CheckpointPlan) -> list[int | None]:
        """Lists the evaluated steps whose checkpoint is not marked, lowest first; None stands for the last step."""
        steps = [step for step in plan.steps if not self._is_usable(self.find_final(step))]
        has_last = is_complete(self.run / LAST_CHECKPOINT) and self._is_usable(
            resolve_links(self.run / LAST_CHECKPOINT)
        )
        return [*steps, None] if plan.last and not has_last else list(steps)

    def list_kept_steps(self, plan: CheckpointPlan) -> list[int]:
        """Lists the marked steps whose weights stay: the evaluated ones, or all."""
        last = resolve_links(self.run / LAST_CHECKPOINT) if plan.last else None
        return [
            parse_step(path)
            for path in self.list_folders()
            if self._is_usable(path) and (self._keeps_weights(path, plan) or resolve_links(path) == last)
        ]

    def prune(self, plan: CheckpointPlan) -> list[Path]:
        """Removes what neither a resume nor an evaluation needs, and returns the checkpoints that it changed.

        The two newest resumable checkpoints stay whole, and that of `find_start`. Of the older ones the evaluated ones
        keep all but the files that only a resume reads, so no file changes that an evaluation reads. One that was saved
        to stop goes with the next one, and takes the place of none that an uninterrupted run would have at its end.
        Safe to interrupt and to repeat.
        """
        whole = self._select_whole(plan)
        start = self.find_start(plan)
        older = [path for path in self.list_folders() if path != start and self._is_superseded(path, whole, plan)]
        changed = [path for path in older if self._reduce(path, plan)]
        if whole:
            self._delete_removed()
        return changed

    def _select_whole(self, plan: CheckpointPlan) -> list[Path]:
        """Selects two checkpoints, newest first; the second is one saved to stop only where there is no other."""
        whole: list[Path] = []
        spare = None
        for path in self._find_all_resumable():
            if whole and self._is_extra(path, plan):
                spare = spare or path
                continue
            whole.append(path)
            if len(whole) == _KEPT_RESUMABLE:
                return whole
        return [*whole, spare] if spare and self._is_extra(whole[0], plan) else whole

    def _is_superseded(self, path: Path, whole: list[Path], plan: CheckpointPlan) -> bool:
        if not whole or path in whole or parse_step(path) > parse_step(whole[0]) or not is_complete(path):
            return False
        is_oldest = len(whole) == _KEPT_RESUMABLE and parse_step(path) < parse_step(whole[-1])
        return is_oldest or self._is_extra(path, plan)

    def _is_extra(self, path: Path, plan: CheckpointPlan) -> bool:
        """Returns True for a checkpoint that was saved to stop, at a step that neither recipe nor plan names."""
        return parse_step(path) not in plan.steps and is_file(path / EXTRA_FILE)

    def _reduce(self, path: Path, plan: CheckpointPlan) -> bool:
        """Removes a checkpoint, or what its weights do not need. Returns False if nothing was left to remove."""
        files = list_resume_files(path) if self._keeps_weights(path, plan) else [path]
        for file in files:
            self._remove(file)
        return bool(files)

    def _keeps_weights(self, path: Path, plan: CheckpointPlan) -> bool:
        """Returns True for all checkpoints of a linked run: another run's evaluations may need them."""
        keeps_all = plan.keeps_weights and not self._is_extra(path, plan)
        return keeps_all or parse_step(path) in plan.steps or is_link(self.run)

    def _remove(self, path: Path) -> None:
        """Renames a file or folder at once: deleting a folder takes time and can fail, as on NFS for an open file."""
        path.rename(Path(tempfile.mkdtemp(prefix=_REMOVED_PREFIX, dir=self.run)) / path.name)

    def _delete_removed(self) -> None:
        for path in list_matching(self.run, f"{_REMOVED_PREFIX}*"):
            shutil.rmtree(path, ignore_errors=True)
            if is_present(path):
                print(f"{path} cannot be deleted now; it is tried again after the next checkpoint", flush=True)

    def remove_incomplete(self, writes_again: Callable[[Path], bool] = lambda _path: False) -> list[Path]:
        """Removes checkpoints without a marker, damaged ones and those that will be written again; returns the folders.

        A marked checkpoint that is written again would be read while it is incomplete.

        Only the first node may call this, and only before any training process starts.
        """
        incomplete = [path for path in self.list_folders() if not self._is_usable(path) or writes_again(path)]
        for path in incomplete:
            self._remove(path)
        self._delete_removed()
        return incomplete

    def mark_finished(self, *, training_ended: bool) -> list[Path]:
        """Marks intact checkpoints and returns their folders.

        During training, a checkpoint is marked only if it has not changed since the previous call. One that cannot be
        read or marked keeps no other from it; raises its OSError if none was marked.
        """
        marked, problem = [], None
        for path in self.list_folders():
            try:
                if self._mark_if_finished(path, training_ended=training_ended):
                    marked.append(path)
            except FileNotFoundError:
                pass  # temporary files can vanish while the Trainer writes
            except OSError as error:
                problem = problem or error
        if problem and not marked:
            raise problem
        return marked

    def _mark_if_finished(self, path: Path, *, training_ended: bool) -> bool:
        if is_complete(path) or self._find_missing_files(path):
            return False
        signature = compute_signature(path)
        is_finished = training_ended or self._last_seen.get(path) == signature
        if is_finished:
            started = time.monotonic()
            flush_to_disk(path)
            # That takes minutes, in which another attempt may have begun to write the same folder.
            if self.owner.is_replaced():
                return False
            write_marker(path, {"step": parse_step(path)})
            self.marking_seconds = time.monotonic() - started
        self._last_seen[path] = signature
        return is_finished

    def add_checksums(self, path: Path) -> None:
        """Adds checksums to the marker of a checkpoint, unless it was removed.

        Without them it is complete, too: that is only printed.
        """
        try:
            if is_folder(path):
                summary = build_summary(path, parse_step(path))
                if not self.owner.is_replaced():
                    write_marker(path, summary)
        except OSError as error:
            print(f"{path.name} has no checksums ({error})", flush=True)

    def _find_missing_files(self, path: Path) -> list[str]:
        return find_missing_files(
            path, weights_only=self.weights_only, deepspeed=self.deepspeed, world_size=self.world_size
        )


def _is_step(path: Path) -> bool:
    number = path.name[len(_FOLDER_PREFIX) :]
    return number.isascii() and number.isdigit()


def parse_step(path: Path) -> int:
    """Returns the step of a folder checkpoint-N."""
    return int(path.name[len(_FOLDER_PREFIX) :])
