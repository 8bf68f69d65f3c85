"""Keeps the end of a failed attempt's error output beside the run."""

from pathlib import Path

from mixcpt_store.attempt_log import write_attempt_log
from mixcpt_train.attempt_record import read_attempts
from mixcpt_train.training_process import TrainingProcess

FOLDER = "attempts"


def keep_failed_log(run: Path, rank: int, process: TrainingProcess) -> None:
    """Writes attempts/NUMBER-node-RANK.log beside the run, unless the process has succeeded.

    Never raises: that would hide why the training failed.
    """
    if process.poll() == 0:
        return
    number = max(1, len(read_attempts(run / "run.yaml")))
    path = run / FOLDER / f"{number}-node-{rank}.log"
    try:
        write_attempt_log(path, process.error_output.read_end())
        print(f"the end of this attempt's log is kept in {path}", flush=True)
    except OSError as error:
        print(f"{path}: the log of this attempt cannot be kept ({error})", flush=True)
