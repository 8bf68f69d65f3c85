"""What the publishing pod is told."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_store.spec import Spec


@dataclass(frozen=True)
class ConfigMapName:
    namespace: str
    name: str
    labels: dict[str, Any]
    annotations: dict[str, Any]


@dataclass(frozen=True)
class PublishSpec:
    """`scores` are folders, one per benchmark. `devices` trained at once; None where it is not said."""

    run: str
    cell: str
    scores: tuple[Path, ...]
    run_directory: Path | None
    """Of the training; a base model has none."""
    checkpoint: str
    devices: int | None
    image: str | None
    evaluation_image: str | None
    config_map: ConfigMapName


def read_publish_spec(spec: Spec) -> PublishSpec:
    """Raises InputError with everything that is wrong."""
    config_map = spec.child("configMap")
    publish = PublishSpec(
        run=spec.text("run"),
        cell=spec.text("cell"),
        scores=tuple(spec.paths("scores")),
        run_directory=spec.optional_path("runDirectory"),
        checkpoint=str(spec.path("checkpoint")),
        devices=spec.optional_integer("devices", minimum=1),
        image=spec.text("image", default="") or None,
        evaluation_image=spec.text("evaluationImage", default="") or None,
        config_map=ConfigMapName(
            namespace=config_map.text("namespace"),
            name=config_map.text("name"),
            labels=config_map.mapping("labels", default={}),
            annotations=config_map.mapping("annotations", default={}),
        ),
    )
    spec.finish()
    return publish
