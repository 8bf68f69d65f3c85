"""The backend on vLLM, with the settings of the study. The package is in the ROCm image only."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from mixcpt_evaluate.backends.protocols import STOPS
from mixcpt_evaluate.task_spec import Generation
from mixcpt_store.errors import InputError

# The study's --max_num_seqs.
_SEQUENCES = 16
# Major version that writes the checkpoints: base/requirements.txt.
_TRANSFORMERS = 5


@dataclass(frozen=True)
class VllmBackend:
    """`vllm` is the module, so that a test can put its own in its place."""

    vllm: ModuleType
    model: Any

    @classmethod
    def load(cls, checkpoint: Path, seed: int) -> "VllmBackend":
        """Raises InputError where vLLM is not installed, or a transformers that is too old."""
        try:
            import vllm
        except ImportError as error:
            raise InputError(
                f"spec.backend.kind is 'vllm', which this image lacks ({error}); use the ROCm image, "
                "or kind: transformers"
            ) from error
        _require_transformers()
        return cls.of(vllm, checkpoint, seed)

    @classmethod
    def of(cls, vllm: ModuleType, checkpoint: Path, seed: int) -> "VllmBackend":
        model = vllm.LLM(
            model=str(checkpoint),
            tensor_parallel_size=1,
            max_num_seqs=_SEQUENCES,
            dtype="auto",
            seed=seed,
            disable_custom_all_reduce=True,
            enforce_eager=True,
        )
        return cls(vllm, model)

    def generate(self, prompts: Sequence[str], generation: Generation, seed: int) -> list[str]:
        """vLLM batches by itself and answers in the order of the prompts.

        Each draws with a seed of its own: no answer depends on what was drawn before it.
        """
        parameters = [
            self.vllm.SamplingParams(
                temperature=generation.temperature,
                top_p=generation.top_p,
                repetition_penalty=generation.repetition_penalty,
                max_tokens=generation.max_new_tokens,
                stop=list(STOPS),
                seed=Random(f"{seed}/{index}").getrandbits(32),
            )
            for index in range(len(prompts))
        ]
        return [answer.outputs[0].text for answer in self.model.generate(list(prompts), parameters)]


def _require_transformers() -> None:
    """Older ones know neither `rope_parameters` nor TokenizersBackend, which the training writes."""
    from transformers import __version__

    if int(__version__.split(".")[0]) < _TRANSFORMERS:
        raise InputError(
            f"this image has transformers {__version__}, which cannot read checkpoints of transformers "
            f"{_TRANSFORMERS}; build it with a vLLM that runs on that version (images/README.md)"
        )
