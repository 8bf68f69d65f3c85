"""Keeps the end of a failed attempt's error output beside the run."""

from pathlib import Path

from mixcpt_store.attempt_log import write_attempt_log
from mixcpt_store.store_calls import NoAnswerError, call_store
from mixcpt_train.attempt_record import read_attempts
from mixcpt_train.training_process import TrainingProcess

FOLDER = "attempts"
_LOG_SECONDS = 30.0


def keep_failed_log(run: Path, rank: int, process: TrainingProcess) -> None:
    """Writes attempts/NUMBER-node-RANK.log beside the run, unless the process has succeeded.

    Never raises, and takes at most half a minute: a store that fails or hangs would hide why the training failed.
    """
    if process.poll() == 0:
        return
    text = process.error_output.read_end()
    try:
        path = call_store(run / FOLDER, lambda: _write_numbered_log(run, rank, text), _LOG_SECONDS)
        print(f"the end of this attempt's log is kept in {path}", flush=True)
    except (OSError, NoAnswerError) as error:
        print(f"the log of this attempt cannot be kept: {error}", flush=True)


def _write_numbered_log(run: Path, rank: int, text: str) -> Path:
    number = max(1, len(read_attempts(run / "run.yaml")))
    path = run / FOLDER / f"{number}-node-{rank}.log"
    write_attempt_log(path, text)
    return path
