"""What an evaluation asks of a model, whatever runs it."""

from collections.abc import Sequence
from typing import Protocol

from mixcpt_evaluate.task_spec import Generation, TaskSpec
from mixcpt_store.device import require_gpu

# The study ends a translation at a newline or at the two characters backslash and n.
STOPS = ("\n", "\\n")


class Classifier(Protocol):
    def classify(self, prompts: Sequence[str], labels: Sequence[str]) -> list[str]:
        """For each prompt the label whose last token has the highest logit after the prompt's last token.

        Equal logits: the later label in string order.
        """
        ...


class Translator(Protocol):
    def generate(self, prompts: Sequence[str], generation: Generation, seed: int) -> list[str]:
        """For each prompt the continuation up to the first of STOPS, without it."""
        ...


def load_classifier(task: TaskSpec) -> Classifier:
    """Loads the checkpoint; torch is imported here and not before, because a finished pod needs none."""
    if task.on_gpu:
        require_gpu()
    from mixcpt_evaluate.transformers_backend import TransformersBackend

    return TransformersBackend.load(task.checkpoint, task.batch_tokens)


def load_translator(task: TaskSpec) -> Translator:
    if task.on_gpu:
        require_gpu()
    if task.backend == "vllm":
        from mixcpt_evaluate.vllm_backend import VllmBackend

        return VllmBackend.load(task.checkpoint, task.seed)
    from mixcpt_evaluate.transformers_backend import TransformersBackend

    return TransformersBackend.load(task.checkpoint, task.batch_tokens)


def up_to_stop(text: str) -> str:
    ends = [position for stop in STOPS if (position := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text


def best_label(logits: Sequence[float], labels: Sequence[str]) -> str:
    """`logits` are those of the labels' last tokens, in the order of `labels`."""
    return max(zip(logits, labels, strict=True))[1]


def is_close(logits: Sequence[float], tokens: Sequence[int], tolerance: float) -> bool:
    """Whether two different tokens compete for the first place within `tolerance`, relative to the logit.

    Labels that end in the same token always tie, and rounding has no part in that.
    """
    best, token = max(zip(logits, tokens, strict=True))
    rivals = [logit for logit, other in zip(logits, tokens, strict=True) if other != token]
    return bool(rivals) and best - max(rivals) <= tolerance * max(1.0, abs(best))
