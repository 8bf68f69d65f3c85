"""The backend on vLLM, with the study's settings. Of the images, only that for ROCm has the package."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, TypeVar

from mixcpt_evaluate.backends.library_environment import prepare_library_environment
from mixcpt_evaluate.backends.protocols import STOP_STRINGS, Answer, Unanswered
from mixcpt_evaluate.backends.refusals import answer_or_refuse
from mixcpt_evaluate.engine_errors import raise_engine_errors, record_engine_errors
from mixcpt_evaluate.engine_watch import watch_engine
from mixcpt_evaluate.library_errors import describe_library_error
from mixcpt_evaluate.memory_errors import is_out_of_memory
from mixcpt_evaluate.task_spec import STUDY_SERVING, Generation, Serving
from mixcpt_store.errors import InputError, RetryableError

# The major version that writes the checkpoints: base/requirements.txt.
_TRANSFORMERS_MAJOR = 5
Started = TypeVar("Started")


@dataclass(frozen=True)
class VllmBackend:
    """`vllm` is the module, so that a test can replace it."""

    vllm: ModuleType
    model: Any

    @classmethod
    def load(cls, checkpoint: Path, seed: int, serving: Serving = STUDY_SERVING) -> "VllmBackend":
        """Raises InputError when vLLM is not installed, transformers is too old, or vLLM rejects the checkpoint."""
        return start_vllm(checkpoint, lambda vllm: cls.from_module(vllm, checkpoint, seed, serving))

    @classmethod
    def from_module(
        cls, vllm: ModuleType, checkpoint: Path, seed: int, serving: Serving = STUDY_SERVING
    ) -> "VllmBackend":
        return cls(vllm, watch_engine(vllm.LLM(model=str(checkpoint), **build_engine_settings(seed, serving))))

    def generate(self, prompts: Sequence[str], generation: Generation, seed: int) -> list[Answer]:
        """Implements Translator; vLLM forms the batches and answers in the order of the prompts.

        Each prompt has a seed that follows from `seed` and its index, so that no answer depends on earlier draws.
        """
        parameters = [
            self.vllm.SamplingParams(
                temperature=generation.temperature,
                top_p=generation.top_p,
                repetition_penalty=generation.repetition_penalty,
                max_tokens=generation.max_new_tokens,
                stop=list(STOP_STRINGS),
                seed=Random(f"{seed}/{index}").getrandbits(32),
            )
            for index in range(len(prompts))
        ]

        def answer(indices: Sequence[int]) -> list[Answer]:
            return self._answer_prompts([prompts[index] for index in indices], [parameters[index] for index in indices])

        if not prompts:
            return []
        answers = answer_or_refuse(range(len(prompts)), answer)
        return [answers[index] for index in range(len(prompts))]

    def _answer_prompts(self, prompts: list[str], parameters: list[Any]) -> list[Answer]:
        """Raises ValueError, as vLLM does, when one of the prompts is refused."""
        outputs = self.model.generate(prompts, parameters)
        # Before 0.9, the prompts that vLLM took before it refused one are answered first in the next call.
        outputs = outputs[-len(prompts) :]
        if len(outputs) < len(prompts):
            raise RetryableError(f"vLLM gave {len(outputs)} answers to {len(prompts)} prompts")
        return [
            output.outputs[0].text if output.outputs else Unanswered("vLLM gave no answer to this prompt")
            for output in outputs
        ]


def start_vllm(checkpoint: Path, start: Callable[[ModuleType], Started]) -> Started:
    """Calls `start` with the module vllm.

    Raises InputError when vLLM is not installed, transformers is too old, or vLLM rejects the checkpoint.
    """
    prepare_library_environment()
    try:
        import vllm
    except ImportError as error:
        raise InputError(
            f"spec.backend.kind: 'vllm' is not installed in this image ({error}); use the ROCm image, "
            "or kind: transformers"
        ) from error
    _require_transformers_version()
    record_engine_errors(vllm)
    try:
        with raise_engine_errors():
            return start(vllm)
    except ValueError as error:
        if is_out_of_memory(error):
            raise
        raise InputError(f"{checkpoint}: vLLM cannot load this checkpoint: {describe_library_error(error)}") from error


def build_engine_settings(seed: int, serving: Serving) -> dict[str, Any]:
    """Returns the arguments of vLLM's engine that all verbs have in common."""
    memory = {} if serving.memory_share is None else {"gpu_memory_utilization": serving.memory_share}
    return {
        "tensor_parallel_size": 1,
        "max_num_seqs": serving.max_sequences,
        "dtype": "auto",
        "seed": seed,
        "disable_custom_all_reduce": True,
        "enforce_eager": serving.eager,
        **memory,
    }


def _require_transformers_version() -> None:
    """Raises InputError for an older version: it knows neither `rope_parameters` nor TokenizersBackend.

    Training writes both into the checkpoints.
    """
    from transformers import __version__

    if int(__version__.split(".")[0]) < _TRANSFORMERS_MAJOR:
        raise InputError(
            f"transformers {__version__} in this image cannot read checkpoints of transformers {_TRANSFORMERS_MAJOR}; "
            "build the image with a vLLM that runs on that version (images/README.md)"
        )
