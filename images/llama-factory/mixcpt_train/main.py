"""The command mixcpt-train."""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from mixcpt_store.command import run_step, run_verb
from mixcpt_store.complete import require_complete
from mixcpt_store.device import require_gpu
from mixcpt_store.exclusive import with_exclusive_output
from mixcpt_store.kept_log import run_with_kept_log
from mixcpt_store.presence import is_present
from mixcpt_store.spec import Spec
from mixcpt_store.store_calls import call_store, end_process
from mixcpt_train.attempt import Attempt
from mixcpt_train.attempt_log import keep_failed_log
from mixcpt_train.attempt_preparation import LAST_FILE, prepare_attempt
from mixcpt_train.attempt_record import read_attempts
from mixcpt_train.background_feed import BackgroundFeed
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.cpu_affinity import GPU_VARIABLE
from mixcpt_train.finish import finish_run, is_finished
from mixcpt_train.graceful_stop import build_graceful_stop
from mixcpt_train.recipe import complete_recipe
from mixcpt_train.recipe_check import check_recipes
from mixcpt_train.run_spec import RunSpec, read_run_spec
from mixcpt_train.sequence_counts import require_enough_sequences
from mixcpt_train.status_report import (
    VARIABLE_PREFIX,
    StatusReport,
    build_sender,
    count_tokens_per_step,
    read_first_start,
)
from mixcpt_train.tokenize_corpus import tokenize_corpus
from mixcpt_train.trackers import build_tracker_feed
from mixcpt_train.trainer import SIGN_VARIABLE, build_checkpoint_variable
from mixcpt_train.trainer_log import LogEntry, TrainerLog
from mixcpt_train.training_guard import TrainingGuard
from mixcpt_train.training_node import TrainingNode, read_training_node
from mixcpt_train.training_process import build_checkpoint_keeper, start_process, watch_process

_GPU_DEVICES = (Path("/dev/kfd"), Path("/dev/nvidiactl"))


def main() -> None:
    """Trains without an argument; `tokenise` prepares what several runs read, `check` only parses recipes."""
    verbs = {
        "tokenise": with_exclusive_output(tokenize_corpus),
        "check": check_recipes,
    }
    if sys.argv[1:]:
        sys.exit(run_with_kept_log("mixcpt-train", lambda: run_verb("mixcpt-train", verbs)))
    try:
        code = run_step("mixcpt-train", run_training)
    except SystemExit as stop:  # of a signal, before the training has started
        code = int(stop.code or 0)
    end_process(code)


def run_training(spec: Spec) -> int:
    """Trains to the end of the spec's recipe and returns the exit code of LLaMA-Factory.

    A finished run ends at once, and one that stopped earlier than the spec says continues. Raises InputError and
    RetryableError, which `run_step` reports.
    """
    run = read_run_spec(spec)
    feed = build_tracker_feed(run, os.environ)
    succeeded = False
    try:
        code = _train(run, feed)
        succeeded = code == 0
        return code
    finally:
        feed.finish(succeeded=succeeded)


def _train(run: RunSpec, feed: BackgroundFeed) -> int:
    if call_store(run.output, lambda: is_finished(run)):
        print(f"{run.output} is already complete")
        return 0
    call_store(run.corpus, lambda: _require_inputs(run))
    has_gpu = run.on_gpu or any(is_present(device) for device in _GPU_DEVICES)
    on_cpu = bool(run.recipe.get("use_cpu", not has_gpu))
    node = read_training_node(os.environ, on_cpu, run.uses_deepspeed)
    if run.on_gpu:
        require_gpu(node.processes or 1)
    call_store(run.corpus, lambda: require_enough_sequences(run, node.world_size))
    return _supervise_training(run, node, feed, on_cpu=on_cpu)


def _require_inputs(run: RunSpec) -> None:
    require_complete(run.corpus, "corpus")
    require_complete(run.model, "model")
    if run.tokenized:
        require_complete(run.tokenized, "tokenized corpus")


def _supervise_training(run: RunSpec, node: TrainingNode, feed: BackgroundFeed, *, on_cpu: bool) -> int:
    checkpoints = _build_checkpoints(run, node)
    keep_checkpoints = build_checkpoint_keeper(checkpoints, run.checkpoints)

    def finish() -> int:
        return call_store(run.output, lambda: finish_run(run, checkpoints, keep_checkpoints)) if node.is_first else 0

    attempt = call_store(run.output, lambda: prepare_attempt(run, node, checkpoints))
    if attempt is None:
        return finish()
    print(f"resuming from {attempt.start.name}" if attempt.start else "starting at step 0", flush=True)
    # What a rank that is being killed still writes there must not take the place of the reason for its end.
    with tempfile.TemporaryDirectory(prefix="mixcpt-train-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        recipe = complete_recipe(run, node, on_cpu=on_cpu, checkpoint=attempt.start, scratch=scratch)
        command = ["mixcpt-trainer", "train", str(_write_recipe(recipe, scratch))]
        steps = {**build_checkpoint_variable(attempt), **({GPU_VARIABLE: "1"} if run.on_gpu else {})}
        sign = scratch / "sign-of-life"
        log, guard, status, stop = call_store(
            run.output,
            lambda: (
                TrainerLog(run.output),
                TrainingGuard(checkpoints, node, on_gpu=run.on_gpu, sign=sign),
                _build_status_report(run, node, attempt),
                build_graceful_stop(checkpoints, run.model, attempt.start, scratch, os.environ),
            ),
        )
        variables = {**node.environment, **steps, **stop.variables, SIGN_VARIABLE: str(sign)}
        process = start_process(command, {**_select_inherited(os.environ), **variables}, scratch, stop)

        def check(entries: list[LogEntry]) -> None:
            status.add(entries)
            guard.check(process, entries)

        try:
            code = watch_process(
                process,
                log,
                feed.add_to(keep_checkpoints) if node.is_first else lambda _ended: None,
                check=check,
                has_finished=_build_finish_check(run, node),
                stop_after=attempt.stop_after,
                stop=stop,
            )
        finally:
            if not stop.has_saved:
                keep_failed_log(run.output, node.rank, process)
        if stop.has_ended(code):
            return guard.end_stopped(process, stop, keep_checkpoints)
        if code:
            guard.explain_failure(process)
    return code or finish()


def _build_checkpoints(run: RunSpec, node: TrainingNode) -> Checkpoints:
    return Checkpoints(
        run.output,
        weights_only=run.saves_weights_only,
        deepspeed=run.uses_deepspeed,
        world_size=node.world_size,
    )


def _write_recipe(recipe: dict[str, Any], folder: Path) -> Path:
    # Otherwise transformers logs the loss of other steps in place of one that is not finite.
    recipe.setdefault("logging_nan_inf_filter", False)
    path = folder / "train.yaml"
    path.write_text(yaml.safe_dump(recipe, allow_unicode=True), encoding="utf-8")
    return path


def _select_inherited(environment: Mapping[str, str]) -> dict[str, str]:
    """Leaves out what would make transformers report to Kubeflow Trainer as well, without the end of other attempts."""
    return {name: value for name, value in environment.items() if not name.startswith(VARIABLE_PREFIX)}


def _build_status_report(run: RunSpec, node: TrainingNode, attempt: Attempt) -> StatusReport:
    return StatusReport(
        build_sender(os.environ),
        tokens_per_step=count_tokens_per_step(run.recipe, node.world_size),
        started=read_first_start(read_attempts(run.output / "run.yaml")),
        last_step=attempt.stop_after,
    )


def _build_finish_check(run: RunSpec, node: TrainingNode) -> Callable[[], bool]:
    """Builds the check whether this node's process has nothing left to do.

    The first node's process has written its last file. The other nodes' are done once the first has marked the run.
    """
    return lambda: is_present(run.output / LAST_FILE) if node.is_first else is_finished(run)
