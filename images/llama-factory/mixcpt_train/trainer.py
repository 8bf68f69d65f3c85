"""The command mixcpt-trainer: LLaMA-Factory's `train`, which also saves and stops at the steps that the spec names."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mixcpt_train.attempt import Attempt
from mixcpt_train.cpu_affinity import bind_to_gpu
from mixcpt_train.plan_check import require_same_plan
from mixcpt_train.process_group import leave_group
from mixcpt_train.saving_stop import SavingStop
from mixcpt_train.stop_decision import SaveTime
from mixcpt_train.stop_files import ESTIMATE_VARIABLE, STOP_VARIABLE, StopFiles

# The supervisor sets it for all processes of a run; torchrun hands it on.
CHECKPOINTS_VARIABLE = "MIXCPT_CHECKPOINTS"
# The file that the ranks touch while they compute: the log grows every few steps only, and not in an evaluation.
SIGN_VARIABLE = "MIXCPT_SIGN_OF_LIFE"


def build_checkpoint_variable(attempt: Attempt) -> dict[str, str]:
    """Returns the environment variable that `build_callback` reads."""
    start = attempt.start.name if attempt.start else None
    steps = {"start": start, "save": attempt.saved, "keep": attempt.kept, "stopAfter": attempt.stop_after}
    return {CHECKPOINTS_VARIABLE: json.dumps(steps)}


def start_trainer() -> None:
    """Starts LLaMA-Factory's own launcher, whose torchrun starts this file on each device."""
    from llamafactory import launcher
    from llamafactory.train import tuner

    run_exp = tuner.run_exp
    launcher.__file__ = __file__
    # Without torchrun the launcher trains in this process, with the function of this name.
    tuner.run_exp = lambda: _run_training(run_exp)
    launcher.launch()


def _run_training(run_exp: Any) -> None:
    import torch

    # Where several ranks share a CPU, transformers loads the optimizer to a device "cpu:0", which torch does not know.
    torch.serialization.register_package(
        0, lambda _storage: None, lambda storage, location: storage if location.startswith("cpu:") else None
    )
    try:
        run_exp(callbacks=[build_callback(os.environ)])
    except BaseException as error:
        # LLaMA-Factory does so at its own end. Otherwise the threads of the group can keep the process from its exit.
        leave_group(error)
        raise


def build_stop(environment: Mapping[str, str]) -> SavingStop | None:
    """Returns None for ranks that no supervisor started."""
    folder = environment.get(STOP_VARIABLE)
    if not folder:
        return None
    return SavingStop(StopFiles(Path(folder)), SaveTime(**json.loads(environment[ESTIMATE_VARIABLE])))


def build_callback(environment: Mapping[str, str]) -> Any:
    """Builds the Trainer's callback. It changes neither weights nor optimizer nor the schedule of the whole run."""
    from transformers import TrainerCallback

    plan = environment.get(CHECKPOINTS_VARIABLE, "{}")
    checkpoints = json.loads(plan)
    saved_steps = set(checkpoints.get("save", []))
    kept_steps = set(checkpoints.get("keep", []))
    stop_after = checkpoints.get("stopAfter")
    sign = environment.get(SIGN_VARIABLE)
    stop = build_stop(environment)

    def show_life() -> None:
        with suppress(OSError):
            if sign:
                Path(sign).touch()

    class CheckpointCallback(TrainerCallback):  # type: ignore[misc]  # transformers is not installed where mypy runs
        def on_train_begin(self, args: Any, *_: Any, **__: Any) -> None:
            require_same_plan(args, plan)
            if stop:
                stop.begin()

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            """Sets the flags; the Trainer saves before it stops."""
            show_life()
            control.should_save |= state.global_step in saved_steps
            control.should_save &= state.global_step not in kept_steps
            if stop_after is not None and state.global_step >= stop_after:
                control.should_training_stop = True
            if stop:
                stop.end_step(args, state, control, is_kept=state.global_step in kept_steps)

        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if stop:
                stop.end_save(args, state, control)

        def on_evaluate(self, *_: Any, **__: Any) -> None:
            if stop:
                stop.end_evaluation()

        def on_substep_end(self, *_: Any, **__: Any) -> None:
            show_life()

        def on_prediction_step(self, *_: Any, **__: Any) -> None:
            show_life()

        def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            control.should_save &= state.global_step not in kept_steps

    return CheckpointCallback()


if __name__ == "__main__":
    bind_to_gpu(os.environ)
    from llamafactory.train import tuner

    _run_training(tuner.run_exp)
