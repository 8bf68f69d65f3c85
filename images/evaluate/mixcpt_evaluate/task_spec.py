"""The spec of an evaluation pod."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from mixcpt_store.device import wants_gpu
from mixcpt_store.errors import InputError
from mixcpt_store.languages import check_language_codes, read_language_names
from mixcpt_store.spec import Spec

# The study classifies with transformers and translates with vLLM.
_CLASSIFICATION_BACKENDS = ("transformers",)
ALL_BACKENDS = ("transformers", "vllm")
_TRANSLATION_DIRECTIONS = ("xx-eng", "eng-xx")
ENGLISH = "eng_Latn"
_SharedItem = TypeVar("_SharedItem")


@dataclass(frozen=True)
class Generation:
    """The study's sampling settings; temperature 0 is greedy decoding."""

    max_new_tokens: int
    temperature: float
    top_p: float
    repetition_penalty: float


@dataclass(frozen=True)
class Serving:
    """How vLLM serves the model. These settings are those of the cluster, not of the benchmark: no name covers them.

    `max_sequences` are answered at once; 16 is the study's --max_num_seqs. `memory_share` is the share of the device's
    memory that vLLM takes (None: vLLM's default). `eager` computes without captured graphs, as the study does.
    """

    max_sequences: int = 16
    memory_share: float | None = None
    eager: bool = True

    def to_spec(self) -> dict[str, int | float | bool | None]:
        """Returns the settings under their names in specs."""
        return {
            "maxNumSeqs": self.max_sequences,
            "gpuMemoryUtilization": self.memory_share,
            "enforceEager": self.eager,
        }


STUDY_SERVING = Serving()


@dataclass(frozen=True)
class TaskSpec:
    """The benchmarks of one checkpoint that a pod scores.

    `limit` keeps the first items of each unit only (None: all). `shards` pods share the units of work. With `on_gpu`
    a missing GPU is an error, and the CPU is not used instead. `bleu_tokenizer` is the only BLEU tokenizer allowed;
    when it is empty, the best one in the image is used. Prompts of translations contain `language_names`.
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
    language_names: Mapping[str, str] = field(default_factory=dict)
    serving: Serving = STUDY_SERVING


def read_task_spec(spec: Spec, *, with_directions: bool, backends: tuple[str, ...] = ()) -> TaskSpec:
    """Reads the spec of a classification or, `with_directions`, of a translation; `backends` replaces its backends.

    Raises InputError with everything that is wrong.
    """
    languages = spec.get_texts("languages")
    check_language_codes(spec, "languages", languages)
    backends = backends or (ALL_BACKENDS if with_directions else _CLASSIFICATION_BACKENDS)
    backend = spec.get_child("backend", default={"kind": "transformers"}).get_text("kind", allowed=backends)
    limit = spec.get_integer("limit", default=0)
    task = TaskSpec(
        checkpoint=spec.get_path("checkpoint"),
        benchmarks=spec.get_path("benchmarks"),
        output=spec.get_path("output"),
        languages=tuple(languages),
        directions=read_directions(spec) if with_directions else (),
        shots=spec.get_integer("shots", default=3),
        seed=spec.get_integer("seed", default=42),
        limit=limit or None,
        shards=spec.get_integer("shards", default=1, minimum=1),
        batch_tokens=spec.get_integer("batchTokens", default=16_384, minimum=1),
        backend=backend,
        generation=_read_generation(spec.get_child("generation", default={})),
        on_gpu=wants_gpu(spec),
        bleu_tokenizer=_read_bleu_tokenizer(spec) if with_directions else "",
        language_names=read_language_names(spec, [ENGLISH, *languages]) if with_directions else {},
        serving=read_serving(spec.get_child("serving", default={})),
    )
    spec.finish()
    return task


def read_directions(spec: Spec) -> tuple[str, ...]:
    """Reads the directions of a translation; both by default."""
    directions = spec.get_texts("directions", default=list(_TRANSLATION_DIRECTIONS))
    for direction in directions:
        if direction not in _TRANSLATION_DIRECTIONS:
            allowed = ", ".join(_TRANSLATION_DIRECTIONS)
            spec.add_problem("directions", f"contains {direction!r}; allowed: {allowed}")
    return tuple(directions)


def select_share(
    units: list[_SharedItem], shards: int, environment: Mapping[str, str] = os.environ
) -> list[_SharedItem]:
    """Returns every `shards`-th unit, beginning with that of this pod's JOB_COMPLETION_INDEX."""
    index = environment.get("JOB_COMPLETION_INDEX", "0")
    if not (index.isascii() and index.isdigit() and len(index) < 10) or int(index) >= shards:
        raise InputError(
            f"JOB_COMPLETION_INDEX: {index!r} is not allowed; "
            f"must be a whole number from 0 to {shards - 1}, since spec.shards is {shards}"
        )
    return units[int(index) :: shards]


def _read_bleu_tokenizer(spec: Spec) -> str:
    return spec.get_text("bleuTokenizer", default="", allowed=("flores200",))


def _read_generation(spec: Spec) -> Generation:
    generation = Generation(
        max_new_tokens=spec.get_integer("maxNewTokens", default=128, minimum=1),
        temperature=spec.get_number("temperature", default=0.1),
        top_p=spec.get_number("topP", default=0.9),
        repetition_penalty=spec.get_number("repetitionPenalty", default=1.2),
    )
    if not 0 <= generation.temperature < math.inf:
        spec.add_problem("temperature", f"is {generation.temperature}; it must be 0 or more")
    if not 0 < generation.top_p <= 1:
        spec.add_problem("topP", f"is {generation.top_p}; it must be above 0 and at most 1")
    if not 0 < generation.repetition_penalty < math.inf:
        spec.add_problem("repetitionPenalty", f"is {generation.repetition_penalty}; it must be more than 0")
    return generation


def read_serving(spec: Spec) -> Serving:
    """Reads how vLLM serves; what is not set is as in the study."""
    share = spec.get_number("gpuMemoryUtilization", default=0.0)
    serving = Serving(
        max_sequences=spec.get_integer("maxNumSeqs", default=Serving.max_sequences, minimum=1),
        memory_share=share or None,
        eager=spec.get_flag("enforceEager", default=Serving.eager),
    )
    if not 0 <= share <= 1:
        spec.add_problem("gpuMemoryUtilization", f"is {share}; it must be above 0 and at most 1")
    return serving
