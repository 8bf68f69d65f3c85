"""What an attempt at a run does in its folder before it trains: claims it, plans, and removes leftovers."""

import os

import yaml

from mixcpt_store.complete import MARKER, remove_broken_link, write_atomically
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_train.attempt import Attempt, plan_attempt
from mixcpt_train.attempt_record import describe_attempt, read_attempts
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.run_spec import RunSpec
from mixcpt_train.training_node import TrainingNode

# LLaMA-Factory 0.9.5 ends its stage pt with create_modelcard_and_push, after the last evaluation.
LAST_FILE = "README.md"


def prepare_attempt(run: RunSpec, node: TrainingNode, checkpoints: Checkpoints) -> Attempt | None:
    """Returns what this attempt trains; None if nothing is missing but the end of the run."""
    remove_broken_link(run.output)
    run.output.mkdir(parents=True, exist_ok=True)
    if node.is_first:
        # First, so that an older attempt changes nothing that this one plans with.
        checkpoints.owner.claim()
    leave_out_damaged(checkpoints, node)
    if not run.checkpoints.trains_on and not checkpoints.list_unfinished(run.checkpoints):
        return None
    attempt = plan_attempt(checkpoints, run.checkpoints)
    _require_start(run, checkpoints, attempt)
    if node.is_first:
        _prepare_output(run, checkpoints, attempt)
    return attempt


def leave_out_damaged(checkpoints: Checkpoints, node: TrainingNode) -> None:
    """Leaves out damaged checkpoints. Only the first node reads the files, as all nodes would share the store's speed.

    Raises RetryableError if the other nodes may already have planned to resume from one of them.
    """
    if not node.is_first:
        return
    damaged = checkpoints.find_damaged()
    for path, names in damaged.items():
        print(f"{path.name} is damaged: {', '.join(names)} changed since it was saved; it is not resumed", flush=True)
    if damaged and node.nodes > 1:
        checkpoints.remove_incomplete()
        raise RetryableError("damaged checkpoints are removed; all nodes start again from an earlier one")


def _require_start(run: RunSpec, checkpoints: Checkpoints, attempt: Attempt) -> None:
    """Raises InputError for a run that would start over: that would repeat what has already been paid for."""
    if attempt.start is not None:
        return
    newest = checkpoints.find_resumable()
    if newest is not None:
        missing = checkpoints.list_unfinished(run.checkpoints)
        raise InputError(
            f"checkpoint-{missing[0]} is to be evaluated, but {run.output} kept no earlier checkpoint to resume from, "
            f"only {newest.name}; leave that step out of mixcpt:checkpoints, or delete the folder to train again"
        )


def _prepare_output(run: RunSpec, checkpoints: Checkpoints, attempt: Attempt) -> None:
    """Records the inputs of the run, for its report, and removes the leftovers of a killed attempt."""
    for name in (MARKER, LAST_FILE):
        (run.output / name).unlink(missing_ok=True)
    path = run.output / "run.yaml"
    attempts = [*read_attempts(path), describe_attempt(run.recipe, os.environ)]
    record = {"corpus": str(run.corpus), "model": str(run.model), "recipe": run.recipe, "attempts": attempts}
    write_atomically(path, yaml.safe_dump(record, allow_unicode=True))
    for path in checkpoints.remove_incomplete(attempt.writes_again):
        print(f"removed {path.name}: it was not finished, or is written again", flush=True)
