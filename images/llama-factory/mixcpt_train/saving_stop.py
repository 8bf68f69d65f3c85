"""Ends the ranks of a training that is told to stop, with a checkpoint of the step that they have just ended."""

import math
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from mixcpt_train.checkpoint_files import EXTRA_FILE
from mixcpt_train.stop_decision import SaveTime, TimeNeeded, choose_save_time, describe_need
from mixcpt_train.stop_files import Pace, StopFiles, TrainingEnd

Agree = Callable[[Any, float, float], tuple[float, float]]


def agree_on(args: Any, left: float, needed: float) -> tuple[float, float]:
    """Returns the least time left and the longest time needed of all ranks, which all call this at the same step.

    Only some pods of a group may be told to stop, and each at another moment.
    """
    if args.world_size == 1:
        return left, needed
    import torch

    values = torch.tensor([left, -needed], device=args.device)
    torch.distributed.all_reduce(values, op=torch.distributed.ReduceOp.MIN)
    least, most = values.tolist()
    return least, -most


class SavingStop:
    """The part of one rank. Transformers' own (enable_jit_checkpoint) lets each rank stop at a step of its own."""

    def __init__(
        self,
        files: StopFiles,
        estimate: SaveTime,
        *,
        clock: Callable[[], float] = time.monotonic,
        agree: Agree = agree_on,
    ) -> None:
        self._files = files
        self._estimate = estimate
        self._clock = clock
        self._agree = agree
        self._since = clock()
        self._pace: Pace | None = None
        self._evaluation_seconds = math.inf

    def begin(self) -> None:
        self._since = self._clock()

    def end_step(self, args: Any, state: Any, control: Any, *, is_kept: bool) -> None:
        """Lets the Trainer save if the training is to stop and the time is enough; ends it if not.

        A step whose checkpoint is kept from an earlier attempt is not saved again: the next one is.
        """
        seconds = self._measure()
        self._note_pace(Pace(seconds, self._pace.save_seconds if self._pace else None), args)
        left, needed = self._agree(args, *self._compare_times(control))
        if left < math.inf and not is_kept:
            if needed > left:
                self._refuse(args, needed, left)
            self._save(args, state, control)
        self._since = self._clock()

    def end_evaluation(self) -> None:
        self._evaluation_seconds = self._measure()

    def end_save(self, args: Any, state: Any, control: Any) -> None:
        """Ends the training if it is told to stop, which may have been during a regular save."""
        seconds = self._measure()
        self._note_pace(Pace(self._pace.step_seconds if self._pace else 0.0, seconds), args)
        # All ranks have written their files once all have come here.
        left, _ = self._agree(args, *self._compare_times(control))
        if left < math.inf:
            self._end(TrainingEnd(state.global_step))
        self._since = self._clock()

    def _measure(self) -> float:
        now = self._clock()
        seconds, self._since = now - self._since, now
        return seconds

    def _note_pace(self, pace: Pace, args: Any) -> None:
        self._pace = pace
        if args.local_process_index == 0:
            # A training that is not told to stop does not end because the disk of its node is full.
            with suppress(OSError):
                self._files.write_pace(pace)

    def _compare_times(self, control: Any) -> tuple[float, float]:
        """Returns what is left of this node's grace, which is infinite while it is not told to stop, and the need."""
        request = self._files.read_request()
        marking = request.marking_seconds if request else 0.0
        needed = TimeNeeded(choose_save_time(self._pace, self._estimate), marking=marking).total
        if control.should_evaluate:
            needed += self._evaluation_seconds
        return (request.deadline - self._clock() if request else math.inf), needed

    def _save(self, args: Any, state: Any, control: Any) -> None:
        if control.should_save:
            return
        control.should_save = True
        if args.process_index == 0:
            # First, so that the checkpoint never stays as one of those that the recipe asks for.
            folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            folder.mkdir(exist_ok=True)
            (folder / EXTRA_FILE).touch()

    def _refuse(self, args: Any, needed: float, left: float) -> NoReturn:
        if args.local_process_index == 0:
            source = choose_save_time(self._pace, self._estimate).source
            print(f"ending without a checkpoint: {describe_need(needed, left, source)}", flush=True)
        self._end(TrainingEnd(None))

    def _end(self, end: TrainingEnd) -> NoReturn:
        """Ends this process with code 0, for torchrun: the supervisor reads the note and returns that of the signal."""
        self._files.note_end(end)
        raise SystemExit(0)
