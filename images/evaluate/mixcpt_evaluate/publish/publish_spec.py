"""The spec of the publishing pod."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_store.spec import Spec


@dataclass(frozen=True)
class ConfigMapMetadata:
    namespace: str
    name: str
    labels: dict[str, Any]
    annotations: dict[str, Any]


@dataclass(frozen=True)
class PublishSpec:
    """`scores` are folders, one for each benchmark.

    `run_directory` is that of the training; a base model has none. `devices` is the number of devices that trained
    in parallel, `tokens_per_step` how many tokens all of them read in a step; None when the spec does not give it.
    """

    run: str
    cell: str
    scores: tuple[Path, ...]
    run_directory: Path | None
    checkpoint: str
    devices: int | None
    tokens_per_step: int | None
    image: str | None
    evaluation_image: str | None
    config_map: ConfigMapMetadata


def read_publish_spec(spec: Spec) -> PublishSpec:
    """Raises InputError with everything that is wrong."""
    config_map = spec.get_child("configMap")
    publish = PublishSpec(
        run=spec.get_text("run"),
        cell=spec.get_text("cell"),
        scores=tuple(spec.get_paths("scores")),
        run_directory=spec.get_optional_path("runDirectory"),
        checkpoint=str(spec.get_path("checkpoint")),
        devices=spec.get_optional_integer("devices", minimum=1),
        tokens_per_step=spec.get_optional_integer("tokensPerStep", minimum=1),
        image=spec.get_text("image", default="") or None,
        evaluation_image=spec.get_text("evaluationImage", default="") or None,
        config_map=ConfigMapMetadata(
            namespace=config_map.get_text("namespace"),
            name=config_map.get_text("name"),
            labels=config_map.get_mapping("labels", default={}),
            annotations=config_map.get_mapping("annotations", default={}),
        ),
    )
    spec.finish()
    return publish
