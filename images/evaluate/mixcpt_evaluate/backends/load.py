"""Loads the backend that a task names, with its checkpoint.

torch is imported here and no earlier: a pod whose units are all finished does not need it.
"""

from mixcpt_evaluate.backends.library_environment import prepare_library_environment
from mixcpt_evaluate.backends.protocols import Classifier, Translator
from mixcpt_evaluate.task_spec import TaskSpec
from mixcpt_store.device import require_gpu


def load_classifier(task: TaskSpec) -> Classifier:
    """Returns the backend that classifies. Raises InputError when the task needs a GPU that torch does not see."""
    prepare_library_environment()
    if task.on_gpu:
        require_gpu()
    from mixcpt_evaluate.backends.transformers_backend import TransformersBackend

    return TransformersBackend.load(task.checkpoint, task.batch_tokens)


def load_translator(task: TaskSpec) -> Translator:
    """Returns the backend that translates. Raises InputError when the task needs a GPU that torch does not see."""
    prepare_library_environment()
    if task.on_gpu:
        require_gpu()
    if task.backend == "vllm":
        from mixcpt_evaluate.backends.vllm_backend import VllmBackend

        return VllmBackend.load(task.checkpoint, task.seed, task.serving)
    from mixcpt_evaluate.backends.transformers_backend import TransformersBackend

    return TransformersBackend.load(task.checkpoint, task.batch_tokens)
