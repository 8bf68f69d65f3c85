"""What an evaluation pod is told."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mixcpt_store.device import wants_gpu
from mixcpt_store.errors import InputError
from mixcpt_store.languages import LANGUAGE_NAMES, unknown_language
from mixcpt_store.spec import Spec

# The study classifies with transformers and translates with vLLM.
CLASSIFIERS = ("transformers",)
TRANSLATORS = ("transformers", "vllm")
DIRECTIONS = ("xx-eng", "eng-xx")
Unit = TypeVar("Unit")


@dataclass(frozen=True)
class Generation:
    """The study's sampling: temperature 0 means greedy."""

    max_new_tokens: int
    temperature: float
    top_p: float
    repetition_penalty: float


@dataclass(frozen=True)
class TaskSpec:
    """`limit` keeps the first items only (None: all). `shards` pods share the units of work.

    `on_gpu`: never on the CPU instead. `bleu_tokenizer`: that one or no scores; without it the best there is.
    """

    checkpoint: Path
    benchmarks: Path
    output: Path
    languages: tuple[str, ...]
    directions: tuple[str, ...]
    shots: int
    seed: int
    limit: int | None
    shards: int
    batch_tokens: int
    backend: str
    generation: Generation
    on_gpu: bool = False
    bleu_tokenizer: str = ""


def read_task_spec(spec: Spec, *, with_directions: bool) -> TaskSpec:
    """Raises InputError with everything that is wrong."""
    languages = spec.texts("languages")
    for language in languages:
        if language not in LANGUAGE_NAMES:
            spec.problem("languages", f": {unknown_language(language)}")
    backends = TRANSLATORS if with_directions else CLASSIFIERS
    backend = spec.child("backend", default={"kind": "transformers"}).text("kind", allowed=backends)
    limit = spec.integer("limit", default=0)
    task = TaskSpec(
        checkpoint=spec.path("checkpoint"),
        benchmarks=spec.path("benchmarks"),
        output=spec.path("output"),
        languages=tuple(languages),
        directions=_directions(spec) if with_directions else (),
        shots=spec.integer("shots", default=3),
        seed=spec.integer("seed", default=42),
        limit=limit or None,
        shards=spec.integer("shards", default=1, minimum=1),
        batch_tokens=spec.integer("batchTokens", default=16_384, minimum=1),
        backend=backend,
        generation=_generation(spec.child("generation", default={})),
        on_gpu=wants_gpu(spec),
        bleu_tokenizer=_bleu_tokenizer(spec) if with_directions else "",
    )
    spec.finish()
    return task


def own_share(units: list[Unit], shards: int, environment: Mapping[str, str] = os.environ) -> list[Unit]:
    """Every `shards`-th unit from this pod's JOB_COMPLETION_INDEX on."""
    index = environment.get("JOB_COMPLETION_INDEX", "0")
    if not index.isdigit() or int(index) >= shards:
        raise InputError(
            f"JOB_COMPLETION_INDEX is {index!r}; spec.shards is {shards}, so it must be 0 to {shards - 1}"
        )
    return units[int(index) :: shards]


def _directions(spec: Spec) -> tuple[str, ...]:
    directions = spec.texts("directions", default=list(DIRECTIONS))
    for direction in directions:
        if direction not in DIRECTIONS:
            spec.problem("directions", f"holds {direction!r}; allowed: {', '.join(DIRECTIONS)}")
    return tuple(directions)


def _bleu_tokenizer(spec: Spec) -> str:
    return spec.text("bleuTokenizer", default="", allowed=("flores200",))


def _generation(spec: Spec) -> Generation:
    return Generation(
        max_new_tokens=spec.integer("maxNewTokens", default=128, minimum=1),
        temperature=spec.number("temperature", default=0.1),
        top_p=spec.number("topP", default=0.9),
        repetition_penalty=spec.number("repetitionPenalty", default=1.2),
    )
