"""The verb `prompts`: ten prompts through the backend of translations, with a tiny model of random weights.

A part of `./mixcpt preflight`. vLLM serves as in evaluations of the cluster. The backend runs in another process, so
that one that hangs or crashes is a result.
"""

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from mixcpt_evaluate.backends.library_environment import prepare_library_environment
from mixcpt_evaluate.backends.protocols import Translator, Unanswered
from mixcpt_evaluate.engine_ends import find_end_advice
from mixcpt_evaluate.library_errors import LibraryError, raise_described_errors
from mixcpt_evaluate.memory_errors import find_memory_advice
from mixcpt_evaluate.task_spec import STUDY_SERVING, Generation, Serving, read_serving
from mixcpt_store.check_result import CheckResult, print_results
from mixcpt_store.device import find_gpu_problem, wants_gpu
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.limited_program import run_limited
from mixcpt_store.presence import is_present
from mixcpt_store.spec import Spec

PROMPT_COUNT = 10
_NAME = "prompts"
_OTHER_IMAGE_ADVICE = "evaluations would end in the same way: try another image"
_MAX_SEQUENCE_TOKENS = 512
_BATCH_TOKENS = 4096
_GENERATION = Generation(max_new_tokens=8, temperature=0.0, top_p=1.0, repetition_penalty=1.0)


def run_prompt_check(spec: Spec) -> None:
    """Prints one result. A failed check is a result, so the exit code is 0."""
    on_gpu = wants_gpu(spec)
    seconds = spec.get_number("seconds")
    serving = read_serving(spec.get_child("serving", default={}))
    spec.finish()
    print_results([check_prompts(on_gpu=on_gpu, seconds=seconds, serving=serving)])


def check_prompts(*, on_gpu: bool, seconds: float, serving: Serving = STUDY_SERVING) -> CheckResult:
    backend = "vllm" if importlib.util.find_spec("vllm") else "transformers"
    try:
        if on_gpu and (problem := find_gpu_problem()):
            return CheckResult(_NAME, "fail", problem, advice="see the checks of the devices")
        started = time.monotonic()
        process, problem = _run_prompts(backend, seconds, serving)
    except InputError as error:
        return CheckResult(_NAME, "fail", str(error), advice="change the cluster's file as the line says")
    except subprocess.TimeoutExpired:
        advice = "see the log of the pod; a first start compiles kernels, so try once more"
        return CheckResult(_NAME, "fail", f"{backend}: no answer after {seconds:g} s", advice=advice)
    elapsed = time.monotonic() - started
    return rate_prompts(backend, process, problem, elapsed=elapsed, on_gpu=on_gpu)


def _run_prompts(backend: str, seconds: float, serving: Serving) -> "tuple[subprocess.CompletedProcess[str], str]":
    """Returns the other process, and what it reported as the problem: nothing if it has answers, or crashed."""
    with tempfile.TemporaryDirectory(prefix="mixcpt-prompts-") as folder:
        report = Path(folder) / "problem"
        arguments = (backend, str(report), json.dumps(asdict(serving)))
        process = run_limited([sys.executable, "-m", "mixcpt_evaluate.check_prompts", *arguments], seconds)
        return process, report.read_text(encoding="utf-8") if is_present(report) else ""


def rate_prompts(
    backend: str, process: "subprocess.CompletedProcess[str]", problem: str, *, elapsed: float, on_gpu: bool
) -> CheckResult:
    """Rates the answers; `elapsed` in seconds has the start of the backend, too."""
    if process.returncode:
        last_lines = " | ".join(process.stderr.strip().splitlines()[-2:])
        reason = problem or f"ended with code {process.returncode}: {last_lines}"
        advice = find_memory_advice(reason) or find_end_advice(reason) or _OTHER_IMAGE_ADVICE
        return CheckResult(_NAME, "fail", f"{backend}: {reason}", advice=advice)
    detail = f"{backend}: {PROMPT_COUNT} of {PROMPT_COUNT} prompts answered, start included"
    if on_gpu and backend != "vllm":
        advice = "translations need an image with vLLM, or backend: transformers, which is slower"
        return CheckResult(_NAME, "warn", detail, elapsed, "s", advice)
    return CheckResult(_NAME, "pass", detail, elapsed, "s")


def report_prompts(backend: str, report: Path, serving: Serving) -> int:
    """Runs in the other process, which prints more than its problem. Returns its exit code."""
    try:
        with raise_described_errors():
            answer_prompts(backend, serving)
        return 0
    except (InputError, RetryableError) as error:
        report.write_text(error.problem if isinstance(error, LibraryError) else str(error), encoding="utf-8")
        return 1


def answer_prompts(backend: str, serving: Serving) -> None:
    """Raises InputError for a prompt without an answer."""
    prepare_library_environment()
    with tempfile.TemporaryDirectory(prefix="mixcpt-prompts-") as name:
        folder = Path(name)
        write_tiny_model(folder)
        translator = _load_backend(backend, folder, serving)
        answers = translator.generate([f"prompt {index}" for index in range(PROMPT_COUNT)], _GENERATION, seed=0)
    refused = [answer.reason for answer in answers if isinstance(answer, Unanswered)]
    if refused or len(answers) != PROMPT_COUNT:
        raise InputError(f"{len(answers) - len(refused)} of {PROMPT_COUNT} prompts have an answer: {refused[:1]}")


def _load_backend(backend: str, folder: Path, serving: Serving) -> Translator:
    if backend == "vllm":
        from mixcpt_evaluate.backends.vllm_backend import VllmBackend

        return VllmBackend.load(folder, seed=0, serving=serving)
    from mixcpt_evaluate.backends.transformers_backend import TransformersBackend

    return TransformersBackend.load(folder, _BATCH_TOKENS)


def write_tiny_model(folder: Path) -> None:
    """Writes a Llama of random weights with heads of 64 numbers, which vLLM's kernels need, and one token per byte."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: index for index, token in enumerate(["<unk>", "<s>", "</s>", *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocabulary, [], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>"
    ).save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=256,
        intermediate_size=512,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=_MAX_SEQUENCE_TOKENS,
        bos_token_id=1,
        eos_token_id=2,
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)


if __name__ == "__main__":
    sys.exit(report_prompts(sys.argv[1], Path(sys.argv[2]), Serving(**json.loads(sys.argv[3]))))
