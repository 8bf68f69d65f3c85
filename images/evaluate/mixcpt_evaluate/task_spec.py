"""What an evaluation pod is told."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mixcpt_store.device import wants_gpu
from mixcpt_store.errors import InputError
from mixcpt_store.languages import LANGUAGE_NAMES, describe_unknown_language
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
    languages = spec.get_texts("languages")
    for language in languages:
        if language not in LANGUAGE_NAMES:
            spec.add_problem("languages", f": {describe_unknown_language(language)}")
    backends = TRANSLATORS if with_directions else CLASSIFIERS
    backend = spec.get_child("backend", default={"kind": "transformers"}).get_text("kind", allowed=backends)
    limit = spec.get_integer("limit", default=0)
    task = TaskSpec(
        checkpoint=spec.get_path("checkpoint"),
        benchmarks=spec.get_path("benchmarks"),
        output=spec.get_path("output"),
        languages=tuple(languages),
        directions=_directions(spec) if with_directions else (),
        shots=spec.get_integer("shots", default=3),
        seed=spec.get_integer("seed", default=42),
        limit=limit or None,
        shards=spec.get_integer("shards", default=1, minimum=1),
        batch_tokens=spec.get_integer("batchTokens", default=16_384, minimum=1),
        backend=backend,
        generation=_generation(spec.get_child("generation", default={})),
        on_gpu=wants_gpu(spec),
        bleu_tokenizer=_bleu_tokenizer(spec) if with_directions else "",
    )
    spec.finish()
    return task


def own_share(units: list[Unit], shards: int, environment: Mapping[str, str] = os.environ) -> list[Unit]:
    """Every `shards`-th unit from this pod's JOB_COMPLETION_INDEX on."""
    index = environment.get("JOB_COMPLETION_INDEX", "0")
    if not index.isdigit() or int(index) >= shards:
        raise InputError(f"JOB_COMPLETION_INDEX is {index!r}; spec.shards is {shards}, so it must be 0 to {shards - 1}")
    return units[int(index) :: shards]


def _directions(spec: Spec) -> tuple[str, ...]:
    directions = spec.get_texts("directions", default=list(DIRECTIONS))
    for direction in directions:
        if direction not in DIRECTIONS:
            spec.add_problem("directions", f"holds {direction!r}; allowed: {', '.join(DIRECTIONS)}")
    return tuple(directions)


def _bleu_tokenizer(spec: Spec) -> str:
    return spec.get_text("bleuTokenizer", default="", allowed=("flores200",))


def _generation(spec: Spec) -> Generation:
    return Generation(
        max_new_tokens=spec.get_integer("maxNewTokens", default=128, minimum=1),
        temperature=spec.get_number("temperature", default=0.1),
        top_p=spec.get_number("topP", default=0.9),
        repetition_penalty=spec.get_number("repetitionPenalty", default=1.2),
    )
