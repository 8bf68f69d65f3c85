"""Loads the backend that a task names, with its checkpoint."""

from mixcpt_evaluate.backends.protocols import Classifier, Translator
from mixcpt_evaluate.task_spec import TaskSpec
from mixcpt_store.device import require_gpu


def load_classifier(task: TaskSpec) -> Classifier:
    """Loads the checkpoint; torch is imported here and not before, because a finished pod needs none."""
    if task.on_gpu:
        require_gpu()
    from mixcpt_evaluate.backends.transformers_backend import TransformersBackend

    return TransformersBackend.load(task.checkpoint, task.batch_tokens)


def load_translator(task: TaskSpec) -> Translator:
    if task.on_gpu:
        require_gpu()
    if task.backend == "vllm":
        from mixcpt_evaluate.backends.vllm_backend import VllmBackend

        return VllmBackend.load(task.checkpoint, task.seed)
    from mixcpt_evaluate.backends.transformers_backend import TransformersBackend

    return TransformersBackend.load(task.checkpoint, task.batch_tokens)
