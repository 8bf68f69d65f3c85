"""The end of a run: whether it has all that its spec asks for, and its marker."""

import time
from collections.abc import Callable
from pathlib import Path

from mixcpt_store.complete import MARKER, flush_to_disk, is_complete, write_marker
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.presence import is_present
from mixcpt_train.checkpoints import LAST_CHECKPOINT, Checkpoints
from mixcpt_train.run_spec import RunSpec
from mixcpt_train.training_process import POLL_SECONDS

# In the marker of a run that stopped before the end of its recipe: the step after which it did.
_STOP_KEY = "stopAfter"
# A client of NFS sees another one's new file after at most this time (acdirmax, by default).
VISIBLE_SECONDS = 60.0


def is_finished(run: RunSpec) -> bool:
    """Returns False for a run whose marker is from a spec that evaluated fewer checkpoints or stopped earlier."""
    if not is_complete(run.output) or Checkpoints(run.output).list_unfinished(run.checkpoints):
        return False
    return not (run.checkpoints.trains_on and _has_stopped(run))


def _has_stopped(run: RunSpec) -> bool:
    """Returns True if the run's marker says so; that of an earlier version does not."""
    try:
        return f'"{_STOP_KEY}"' in (run.output / MARKER).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:  # the first node has removed the marker in the meantime
        return True


def finish_run(run: RunSpec, checkpoints: Checkpoints, keep_checkpoints: Callable[[bool], None]) -> int:
    """Marks the run complete.

    Raises InputError if it lacks an evaluated checkpoint or another attempt has claimed it, RetryableError for a
    partial checkpoint.
    """
    checkpoints.owner.require_now()
    finals = [checkpoints.find_final(step) for step in run.checkpoints.steps]
    finals += [checkpoints.find_final(None)] if run.checkpoints.last else []
    if missing := [final.name for final in finals if not is_present(final)]:
        written = ", ".join(path.name for path in checkpoints.list_folders()) or "none"
        raise InputError(
            f"training ended without {', '.join(missing)}, the checkpoint to evaluate; it wrote: {written}. "
            "Check max_steps, num_train_epochs and save_steps of the recipe"
        )
    _await_markers(finals, keep_checkpoints)
    checkpoints.owner.require_now()
    if partial := [final for final in finals if not is_complete(final)]:
        checkpoints.mark_finished(training_ended=True)  # raises what keeps a marker from being written
        raise RetryableError(
            f"{partial[0]} is incomplete although training has ended; the next attempt trains it again"
        )
    if run.checkpoints.last:
        _link_last(finals[-1])
    summary: dict[str, str | int] = {"checkpoint": finals[-1].name}
    if run.checkpoints.stops:
        summary[_STOP_KEY] = run.checkpoints.steps[-1]
    flush_to_disk(run.output)
    # That takes minutes, as for a checkpoint.
    checkpoints.owner.require_now()
    write_marker(run.output, summary)
    return 0


def _link_last(checkpoint: Path) -> None:
    """Points the link `checkpoint-last` to `checkpoint`: readers need not know the number of its step."""
    partial = checkpoint.with_name(f".{LAST_CHECKPOINT}.partial")
    partial.unlink(missing_ok=True)
    partial.symlink_to(checkpoint.name)
    partial.replace(checkpoint.with_name(LAST_CHECKPOINT))


def _await_markers(finals: list[Path], keep_checkpoints: Callable[[bool], None]) -> None:
    """Waits for files that other nodes have written, but that are not visible on this one yet."""
    deadline = time.monotonic() + VISIBLE_SECONDS
    while time.monotonic() < deadline and not all(map(is_complete, finals)):
        time.sleep(POLL_SECONDS)
        keep_checkpoints(True)
