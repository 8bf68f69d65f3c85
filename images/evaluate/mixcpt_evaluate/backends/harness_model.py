"""Loads a checkpoint for lm-evaluation-harness, on its own classes for transformers and vLLM."""

from typing import Any

from mixcpt_evaluate.backends.library_environment import prepare_library_environment
from mixcpt_evaluate.backends.transformers_backend import TransformersBackend
from mixcpt_evaluate.backends.vllm_backend import build_engine_settings, start_vllm
from mixcpt_evaluate.engine_watch import watch_engine
from mixcpt_evaluate.task_spec import TaskSpec
from mixcpt_evaluate.tasks.harness_definition import STUDY_BATCH_SIZE
from mixcpt_store.device import require_gpu


def load_harness_model(task: TaskSpec) -> Any:
    """Returns the harness's model. The checkpoint is loaded as by the other verbs, with the same errors."""
    prepare_library_environment()
    if task.on_gpu:
        require_gpu()
    if task.backend == "vllm":
        return start_vllm(task.checkpoint, lambda _: _load_vllm_model(task))
    from lm_eval.models.huggingface import HFLM

    backend = TransformersBackend.load(task.checkpoint, task.batch_tokens)
    return HFLM(pretrained=backend.model, tokenizer=backend.tokenizer, batch_size=STUDY_BATCH_SIZE)


def _load_vllm_model(task: TaskSpec) -> Any:
    from lm_eval.models.vllm_causallms import VLLM

    settings = build_engine_settings(task.seed, task.serving)
    model = VLLM(pretrained=str(task.checkpoint), batch_size="auto", **settings)
    watch_engine(model.model)
    return model
