"""The spec of the publishing pod."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_evaluate.score_files import EvaluationUnit, list_units
from mixcpt_store.spec import Spec


@dataclass(frozen=True)
class ConfigMapMetadata:
    namespace: str
    name: str
    labels: dict[str, Any]
    annotations: dict[str, Any]


@dataclass(frozen=True)
class ExpectedUnits:
    """The units of one benchmark that the evaluation was to score, and the folder of their scores."""

    folder: Path
    units: tuple[EvaluationUnit, ...]


@dataclass(frozen=True)
class PublishSpec:
    """`scores` are folders, one for each benchmark; `expected` are the units that they must have.

    `run_directory` is that of the training; a base model has none. `devices` is the number of devices that trained
    in parallel, `tokens_per_step` how many tokens all of them read in a step; None when the spec does not give it.
    """

    run: str
    cell: str
    scores: tuple[Path, ...]
    expected: tuple[ExpectedUnits, ...]
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
        expected=tuple(_read_expected_units(child) for child in spec.get_children("expected")),
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


def _read_expected_units(spec: Spec) -> ExpectedUnits:
    """`directions` are those of a translation."""
    units = list_units(
        spec.get_text("benchmark"), spec.get_texts("languages"), spec.get_texts("directions", default=[])
    )
    return ExpectedUnits(spec.get_path("scores"), tuple(units))
