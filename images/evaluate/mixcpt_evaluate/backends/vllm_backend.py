"""The backend on vLLM, with the study's settings. Only the ROCm image has the package."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from mixcpt_evaluate.backends.protocols import STOP_STRINGS
from mixcpt_evaluate.task_spec import Generation
from mixcpt_store.errors import InputError

# The study's --max_num_seqs.
_MAX_SEQUENCES = 16
# The major version that writes the checkpoints: base/requirements.txt.
_TRANSFORMERS_MAJOR = 5


@dataclass(frozen=True)
class VllmBackend:
    """`vllm` is the module, so that a test can replace it."""

    vllm: ModuleType
    model: Any

    @classmethod
    def load(cls, checkpoint: Path, seed: int) -> "VllmBackend":
        """Raises InputError when vLLM is not installed or transformers is too old."""
        try:
            import vllm
        except ImportError as error:
            raise InputError(
                f"spec.backend.kind: 'vllm' is not installed in this image ({error}); use the ROCm image, "
                "or kind: transformers"
            ) from error
        _require_transformers_version()
        return cls.from_module(vllm, checkpoint, seed)

    @classmethod
    def from_module(cls, vllm: ModuleType, checkpoint: Path, seed: int) -> "VllmBackend":
        model = vllm.LLM(
            model=str(checkpoint),
            tensor_parallel_size=1,
            max_num_seqs=_MAX_SEQUENCES,
            dtype="auto",
            seed=seed,
            disable_custom_all_reduce=True,
            enforce_eager=True,
        )
        return cls(vllm, model)

    def generate(self, prompts: Sequence[str], generation: Generation, seed: int) -> list[str]:
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
        return [answer.outputs[0].text for answer in self.model.generate(list(prompts), parameters)]


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
