"""Items that a backend refuses: they are recorded and count as wrong, and all other items and units are scored."""

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from benchmark_fixture import FixedBackend, build_task, write_benchmarks

from mixcpt_evaluate.backends.position_limit import read_position_limit, refuse_long_prompt
from mixcpt_evaluate.backends.protocols import Answer, Unanswered
from mixcpt_evaluate.backends.refusals import answer_or_refuse
from mixcpt_evaluate.backends.vllm_backend import VllmBackend
from mixcpt_evaluate.run_units import run_units
from mixcpt_evaluate.score_files import EvaluationUnit
from mixcpt_evaluate.task_spec import Generation
from mixcpt_evaluate.tasks import translation
from mixcpt_evaluate.tasks.benchmark_definitions import SIB200
from mixcpt_evaluate.tasks.classification import build_classification_evaluator
from mixcpt_evaluate.tasks.translation import run_flores200
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import RetryableError
from mixcpt_store.spec import Spec

MODEL_LENGTH = 400
GENERATION = Generation(8, 0.1, 0.9, 1.2)


class _StrictVllm:
    """vLLM since 0.8: it raises for the whole call when one prompt is too long. Words count as tokens."""

    def __init__(self, *, leaves_requests: bool = False) -> None:
        self._leaves_requests = leaves_requests
        self._waiting: list[str] = []
        self.answered: list[str] = []
        self.SamplingParams = lambda **settings: settings
        self.LLM = lambda **_: self

    def generate(self, prompts: list[str], _parameters: list[Any]) -> list[SimpleNamespace]:
        accepted: list[str] = []
        for prompt in prompts:
            if len(prompt.split()) > MODEL_LENGTH:
                self._waiting += accepted if self._leaves_requests else []
                raise ValueError(
                    f"The decoder prompt (length {len(prompt.split())}) is longer than the maximum model length of "
                    f"{MODEL_LENGTH}. Make sure that `max_model_len` is no smaller than the number of text tokens."
                )
            accepted.append(prompt)
        work, self._waiting = [*self._waiting, *accepted], []
        self.answered += work
        return [SimpleNamespace(outputs=[SimpleNamespace(text=f"{prompt.split()[-1]}!")]) for prompt in work]


def build_vllm_backend(vllm: Any) -> VllmBackend:
    return VllmBackend.from_module(vllm, Path("/c"), 42)


@pytest.mark.parametrize("leaves_requests", [False, True])
def test_answers_all_prompts_but_the_one_that_vllm_refuses(leaves_requests: bool) -> None:
    prompts = [f"prompt {number}" for number in range(9)]
    prompts[5] = "long " * 500
    backend = build_vllm_backend(_StrictVllm(leaves_requests=leaves_requests))
    answers = backend.generate(prompts, GENERATION, 42)
    refused = answers.pop(5)
    assert answers == [f"{number}!" for number in range(9) if number != 5]
    assert isinstance(refused, Unanswered)
    assert refused.reason.startswith("ValueError: The decoder prompt (length 500) is longer than the maximum model")


def test_makes_one_call_when_every_prompt_fits() -> None:
    vllm = _StrictVllm()
    assert build_vllm_backend(vllm).generate(["a b", "c d"], GENERATION, 42) == ["b!", "d!"]
    assert vllm.answered == ["a b", "c d"]
    assert build_vllm_backend(vllm).generate([], GENERATION, 42) == []


def test_raises_a_retryable_error_when_vllm_gives_too_few_answers() -> None:
    vllm = SimpleNamespace(LLM=lambda **_: SimpleNamespace(generate=lambda *_: []), SamplingParams=dict)
    with pytest.raises(RetryableError, match="vLLM gave 0 answers to 2 prompts"):
        build_vllm_backend(vllm).generate(["a", "b"], GENERATION, 42)


def test_does_not_take_a_lack_of_memory_for_a_refusal() -> None:
    def fail(_: Sequence[int]) -> list[str]:
        raise ValueError("No available memory for the cache blocks")

    with pytest.raises(ValueError, match="No available memory"):
        answer_or_refuse([0, 1], fail)


def _write_flores(folder: Path, *, long_sentence: str) -> Spec:
    for split in ("dev", "devtest"):
        (folder / "b" / "flores200" / split).mkdir(parents=True)
        for language in ("eng_Latn", "zul_Latn", "xho_Latn"):
            end = long_sentence if language == "zul_Latn" and split == "devtest" else ""
            (folder / "b" / "flores200" / split / f"{language}.{split}").write_text(f"One.\nTwo.\nThree.{end}\n")
    mark_complete(folder / "b", {"flores200": {"dev": 3, "devtest": 3}})
    (folder / "c").mkdir()
    mark_complete(folder / "c")
    names = {"checkpoint": "c", "benchmarks": "b", "output": "o"}
    paths = {key: str(folder / name) for key, name in names.items()}
    languages = ["zul_Latn", "xho_Latn"]
    language_names = dict.fromkeys(["eng_Latn", *languages], "Name")
    return Spec({**paths, "languages": languages, "languageNames": language_names, "backend": {"kind": "vllm"}})


def test_scores_every_unit_of_a_vllm_pod_with_one_prompt_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(translation, "load_translator", lambda _task: build_vllm_backend(_StrictVllm()))
    assert run_flores200(_write_flores(tmp_path, long_sentence=" Long" * 600)) == 0
    scores = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "o").glob("*.json")}
    assert sorted(scores) == ["xho_Latn.eng-xx", "xho_Latn.xx-eng", "zul_Latn.eng-xx", "zul_Latn.xx-eng"]
    assert [stem for stem, score in scores.items() if "unanswered" in score] == ["zul_Latn.xx-eng"]
    unanswered = scores["zul_Latn.xx-eng"]["unanswered"]
    assert unanswered["count"] == 1
    ((reason, count),) = unanswered["reasons"].items()
    assert "is longer than the maximum model length of 400" in reason
    assert count == 1
    assert scores["zul_Latn.xx-eng"]["items"] == 3
    lines = (tmp_path / "o" / "zul_Latn.xx-eng.predictions.jsonl").read_text().splitlines()
    assert [json.loads(line)["hyp_text"] for line in lines][2] == ""
    assert [("unanswered" in json.loads(line)) for line in lines] == [False, False, True]
    assert "zul_Latn.xx-eng: 1 of 3 items have no answer and count as wrong" in capsys.readouterr().err


class _PartialClassifier(FixedBackend):
    def __init__(self, refused: set[int]) -> None:
        self._refused = refused

    def classify(self, prompts: Sequence[str], labels: Sequence[str]) -> list[Answer]:
        answers = super().classify(prompts, labels)
        return [
            Unanswered("the prompt has 9 tokens; the model reads at most 8") if index in self._refused else answer
            for index, answer in enumerate(answers)
        ]


def test_counts_an_unanswered_item_of_a_classification_as_wrong(tmp_path: Path) -> None:
    task = build_task(write_benchmarks(tmp_path, ["zul_Latn"]), ["zul_Latn"])
    unit = EvaluationUnit("sib200", "zul_Latn")
    for refused, value in (({1}, 20.0), ({0}, 0.0)):
        build_classification_evaluator(SIB200, task, _PartialClassifier(refused))(unit)
        score = json.loads(unit.get_score_path(task.output).read_text())
        assert (score["items"], score["scores"][0]["value"]) == (5, value)
        assert score["unanswered"] == {
            "count": 1,
            "reasons": {"the prompt has 9 tokens; the model reads at most 8": 1},
        }
    first = json.loads((task.output / score["predictions"]).read_text().splitlines()[0])
    assert (first["predicted_category"], first["unanswered"][:10]) == (None, "the prompt")


def test_scores_no_unit_of_which_no_item_has_an_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    task = build_task(write_benchmarks(tmp_path, ["zul_Latn"]), ["zul_Latn"])
    task.checkpoint.mkdir()
    mark_complete(task.checkpoint)
    backend = _PartialClassifier(set(range(5)))
    units = [EvaluationUnit("sib200", "zul_Latn")]
    assert run_units(task, units, lambda: build_classification_evaluator(SIB200, task, backend)) == 2
    assert "none of the 5 items has an answer; the first one: the prompt has 9 tokens" in capsys.readouterr().err
    assert [path.name for path in task.output.iterdir()] == ["zul_Latn.failure"]


@pytest.mark.parametrize(
    ("config", "limit"),
    [
        ({"max_position_embeddings": 4096}, 4096),
        ({}, None),
        ({"max_position_embeddings": -1}, None),
        ({"max_position_embeddings": 4096, "rope_parameters": {"rope_type": "default"}}, 4096),
        ({"max_position_embeddings": 4096, "rope_parameters": {"rope_type": "linear", "factor": 4.0}}, 16384),
        ({"max_position_embeddings": 131072, "rope_parameters": {"rope_type": "llama3", "factor": 8.0}}, 131072),
        (
            {
                "max_position_embeddings": 4096,
                "rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 4096},
            },
            16384,
        ),
    ],
)
def test_reads_how_many_tokens_a_model_has_positions_for(config: dict[str, Any], limit: int | None) -> None:
    assert read_position_limit(SimpleNamespace(**config)) == limit


def test_refuses_a_prompt_that_leaves_no_room_for_an_answer() -> None:
    assert refuse_long_prompt(512, 512, room=0) is None
    assert refuse_long_prompt(10**9, None, room=1) is None
    refusal = refuse_long_prompt(512, 512, room=1)
    assert refusal
    assert refusal.reason.startswith("the prompt has 512 tokens; the model reads at most 512")
