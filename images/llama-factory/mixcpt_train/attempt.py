"""The steps that one attempt at a run trains, and the checkpoints that it writes."""

from dataclasses import dataclass
from pathlib import Path

from mixcpt_train.checkpoints import Checkpoints, parse_step
from mixcpt_train.run_spec import CheckpointPlan


@dataclass(frozen=True)
class Attempt:
    """`start` is None for step 0, `stop_after` is None for the end of the recipe.

    The steps `saved` are saved whatever `save_steps` is; those of `kept` are marked and never written again.
    """

    start: Path | None
    stop_after: int | None
    saved: tuple[int, ...]
    kept: tuple[int, ...]

    def writes_again(self, checkpoint: Path) -> bool:
        """Returns True if this attempt passes the step of an earlier checkpoint that it does not keep."""
        step = parse_step(checkpoint)
        first = parse_step(self.start) if self.start else 0
        return first < step <= (self.stop_after or step) and step not in self.kept


def plan_attempt(checkpoints: Checkpoints, plan: CheckpointPlan) -> Attempt:
    """Plans an attempt that makes the missing evaluated checkpoints and trains no further than it must.

    All nodes must plan the same one. So it depends on checkpoints that no node removes before training starts.
    """
    unfinished = checkpoints.list_unfinished(plan)
    missing = [step for step in unfinished if step is not None]
    to_end = plan.trains_on or None in unfinished
    return Attempt(
        start=checkpoints.find_start(plan),
        stop_after=None if to_end else missing[-1],
        saved=tuple(missing),
        kept=tuple(checkpoints.list_kept_steps(plan)),
    )
