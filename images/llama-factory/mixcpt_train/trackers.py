"""Chooses the tracker of a run by its spec."""

from collections.abc import Mapping

from mixcpt_train.background_feed import BackgroundFeed
from mixcpt_train.mlflow_tracker import MlflowTracker
from mixcpt_train.run_spec import RunSpec
from mixcpt_train.tensorboard_tracker import TensorBoardTracker


def build_tracker_feed(run: RunSpec, environment: Mapping[str, str]) -> BackgroundFeed:
    """Builds a feed that does nothing without a tracker, and on all nodes but the first, which alone writes the log."""
    spec = run.tracker
    if spec is None or environment.get("PET_NODE_RANK", "0") != "0":
        return BackgroundFeed(run.output)
    if spec.kind == "tensorboard":
        return BackgroundFeed(run.output, TensorBoardTracker(run.output, spec.tags), name="TensorBoard")
    tracker = MlflowTracker(
        spec.address, spec.experiment, tags=spec.tags, parameters=run.recipe, environment=environment
    )
    return BackgroundFeed(run.output, tracker, name=f"MLflow at {spec.address}")
