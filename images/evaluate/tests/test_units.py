"""Units of work: each has a score file, finished ones are skipped, and a failed one does not stop the others."""

import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest
from benchmark_fixture import FixedBackend, build_task, write_benchmarks
from store_fixture import fail_status, make_unreadable

from mixcpt_evaluate.run_units import run_units
from mixcpt_evaluate.score_files import EvaluationUnit, list_units
from mixcpt_evaluate.task_spec import Serving, read_task_spec, select_share
from mixcpt_evaluate.tasks import translation
from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200, SIB200
from mixcpt_evaluate.tasks.classification import build_classification_evaluator
from mixcpt_evaluate.tasks.translation import build_translation_evaluator, run_flores200
from mixcpt_evaluate.tasks.translation_scores import require_bleu_tokenizer
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.spec import Spec

LANGUAGES = ["eng_Latn", "zul_Latn"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_benchmarks(tmp_path, LANGUAGES)
    (tmp_path / "checkpoint-4").mkdir()
    mark_complete(tmp_path / "checkpoint-4")
    return tmp_path


def test_writes_accuracy_and_predictions_of_sib200(folder: Path) -> None:
    task = build_task(folder, ["zul_Latn"])
    build_classification_evaluator(SIB200, task, FixedBackend())(EvaluationUnit("sib200", "zul_Latn"))
    score = json.loads((folder / "scores" / "zul_Latn.json").read_text())
    assert (score["benchmark"], score["language"], score["direction"]) == ("sib200", "zul_Latn", None)
    assert (score["items"], score["scores"][0]["value"]) == (5, 20.0)
    predictions = (folder / "scores" / score["predictions"]).read_text().splitlines()
    assert json.loads(predictions[0])["correct_category"] == "politics"


def test_writes_bleu_and_chrf_of_flores200_with_their_signatures(folder: Path) -> None:
    task = build_task(folder, LANGUAGES)
    build_translation_evaluator(FLORES200, task, FixedBackend())(EvaluationUnit("flores200", "zul_Latn", "eng-xx"))
    score = json.loads((folder / "scores" / "zul_Latn.eng-xx.json").read_text())
    assert [one["metric"] for one in score["scores"]] == ["bleu", "chrf++"]
    assert "tok:" in score["scores"][0]["signature"]
    assert "nw:2" in score["scores"][1]["signature"]
    first = json.loads((folder / "scores" / score["predictions"]).read_text().splitlines()[0])
    assert (first["src_text"], first["ref_text"]) == ("eng_Latn devtest 0", "zul_Latn devtest 0")


def test_writes_into_a_score_file_how_vllm_served_the_model_and_nothing_for_other_backends(folder: Path) -> None:
    unit = EvaluationUnit("flores200", "zul_Latn", "eng-xx")
    serving = Serving(max_sequences=256, memory_share=0.8, eager=False)
    scores = []
    for backend in ("vllm", "transformers"):
        task = build_task(folder, LANGUAGES, backend=backend, serving=serving)
        build_translation_evaluator(FLORES200, task, FixedBackend())(unit)
        scores.append(json.loads(unit.get_score_path(task.output).read_text()))
    assert scores[0].pop("serving") == {"maxNumSeqs": 256, "gpuMemoryUtilization": 0.8, "enforceEager": False}
    assert scores[0] == scores[1]


def test_does_not_translate_english_into_itself(folder: Path) -> None:
    units = list_units("flores200", LANGUAGES, ["xx-eng", "eng-xx"])
    assert [(unit.language, unit.direction) for unit in units] == [
        ("zul_Latn", "xx-eng"),
        ("zul_Latn", "eng-xx"),
    ]


def test_keeps_the_first_items_and_their_shots_under_a_limit(folder: Path) -> None:
    for name, limit in (("all", None), ("two", 2)):
        task = build_task(folder, ["zul_Latn"], limit=limit, output=folder / name)
        build_classification_evaluator(SIB200, task, FixedBackend())(EvaluationUnit("sib200", "zul_Latn"))
    lines = [(folder / name / "zul_Latn.predictions.jsonl").read_text().splitlines() for name in ("all", "two")]
    assert lines[0][:2] == lines[1]


def test_skips_finished_units_without_loading_the_model(folder: Path) -> None:
    task = build_task(folder, ["zul_Latn"])
    build_classification_evaluator(SIB200, task, FixedBackend())(EvaluationUnit("sib200", "zul_Latn"))

    def fail_to_load() -> None:
        raise AssertionError("the model was loaded")

    assert run_units(task, [EvaluationUnit("sib200", "zul_Latn")], fail_to_load) == 0  # type: ignore[arg-type]


def test_skips_finished_units_of_scores_that_are_linked_under_a_new_name(folder: Path) -> None:
    task = build_task(folder, ["zul_Latn"])
    build_classification_evaluator(SIB200, task, FixedBackend())(EvaluationUnit("sib200", "zul_Latn"))
    (folder / "new").mkdir()
    (folder / "new" / "scores").symlink_to("../scores")
    (folder / "new-checkpoint").symlink_to("checkpoint-4")
    linked = replace(task, output=folder / "new" / "scores", checkpoint=folder / "new-checkpoint")

    def fail_to_load() -> None:
        raise AssertionError("the model was loaded")

    assert run_units(linked, [EvaluationUnit("sib200", "zul_Latn")], fail_to_load) == 0  # type: ignore[arg-type]


def test_evaluates_again_if_the_linked_scores_were_deleted(folder: Path) -> None:
    (folder / "scores").symlink_to("gone")
    task = build_task(folder, ["zul_Latn"])
    unit = EvaluationUnit("sib200", "zul_Latn")
    assert run_units(task, [unit], lambda: build_classification_evaluator(SIB200, task, FixedBackend())) == 0
    assert not (folder / "scores").is_symlink()


@pytest.mark.parametrize("file", ["zul_Latn.json", "zul_Latn.predictions.jsonl"])
def test_evaluates_again_a_unit_whose_file_is_truncated_or_gone(folder: Path, file: str) -> None:
    task = build_task(folder, ["zul_Latn"])
    unit = EvaluationUnit("sib200", "zul_Latn")
    evaluate = build_classification_evaluator(SIB200, task, FixedBackend())
    evaluate(unit)
    path = folder / "scores" / file
    whole = path.read_text()
    if file.endswith(".json"):
        path.write_text(whole[: len(whole) // 2])
    else:
        path.unlink()
    assert run_units(task, [unit], lambda: evaluate) == 0
    assert path.read_text() == whole


@pytest.mark.parametrize("file", ["zul_Latn.json", "zul_Latn.predictions.jsonl"])
def test_a_unit_whose_scores_cannot_be_read_now_is_not_evaluated_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    task = build_task(folder, ["zul_Latn"])
    unit = EvaluationUnit("sib200", "zul_Latn")
    evaluate = build_classification_evaluator(SIB200, task, FixedBackend())
    evaluate(unit)
    if file.endswith(".jsonl"):
        fail_status(monkeypatch, folder / "scores" / file, errno.ESTALE)
    else:
        make_unreadable(folder / "scores" / file)
    with pytest.raises(OSError, match="Stale file handle|Input/output error"):
        run_units(task, [unit], lambda: evaluate)


def test_names_a_bad_unit_and_continues_with_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    task = build_task(folder, ["xho_Latn", "zul_Latn"])
    units = [EvaluationUnit("sib200", language) for language in task.languages]
    assert run_units(task, units, lambda: build_classification_evaluator(SIB200, task, FixedBackend())) == 2
    assert (folder / "scores" / "zul_Latn.json").exists()
    errors = capsys.readouterr().err
    assert "sib200/xho_Latn: does not exist; languages of this benchmark: eng_Latn, zul_Latn" in errors


def test_names_a_truncated_file(folder: Path) -> None:
    path = folder / "flores200" / "devtest" / "zul_Latn.devtest"
    path.write_text("one line\n")
    with pytest.raises(InputError, match="has 1 lines"):
        build_translation_evaluator(FLORES200, build_task(folder, LANGUAGES), FixedBackend())(
            EvaluationUnit("flores200", "zul_Latn", "xx-eng")
        )


def test_rejects_a_checkpoint_without_its_marker(folder: Path) -> None:
    (folder / "checkpoint-4" / "COMPLETE").unlink()
    with pytest.raises(RetryableError, match="checkpoint-4 is there but unfinished"):
        run_units(build_task(folder, LANGUAGES), [], lambda: lambda _unit: None)


def test_writes_no_scores_without_the_bleu_tokenizer_that_the_spec_requires(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"checkpoint": "checkpoint-4", "benchmarks": "", "output": "scores"}
    value = {key: str(folder / name) for key, name in names.items()}
    monkeypatch.setenv("SACREBLEU", str(folder))
    monkeypatch.setattr(translation, "load_translator", lambda _task: FixedBackend())
    value |= {
        "bleuTokenizer": "flores200",
        "languages": LANGUAGES,
        "languageNames": dict.fromkeys(["eng_Latn", *LANGUAGES], "L"),
    }  # type: ignore[dict-item]
    with pytest.raises(InputError, match=r"bleuTokenizer: 'flores200' is not available in this image"):
        run_flores200(Spec(value))
    (folder / "models").mkdir()
    (folder / "models" / "flores200sacrebleuspm").touch()
    require_bleu_tokenizer("flores200")


def test_gives_every_unit_to_exactly_one_shard() -> None:
    shares = [select_share(list(range(7)), 3, {"JOB_COMPLETION_INDEX": str(index)}) for index in range(3)]
    assert sorted(unit for share in shares for unit in share) == list(range(7))
    with pytest.raises(InputError, match="must be a whole number from 0 to 2"):
        select_share([1], 3, {"JOB_COMPLETION_INDEX": "3"})


def test_names_all_problems_of_a_spec_at_once() -> None:
    spec = Spec({"checkpoint": "x", "benchmarks": "/b", "output": "/o", "languages": ["zulu"], "directions": ["en"]})
    with pytest.raises(InputError) as caught:
        read_task_spec(spec, with_directions=True)
    for part in (
        "spec.checkpoint is 'x'",
        "'zulu' is not a FLORES-200 code",
        "spec.languageNames has no name for eng_Latn",
        "contains 'en'; allowed",
    ):
        assert part in str(caught.value)


@pytest.mark.parametrize("index", ["²", "-1", "9" * 5000, ""])
def test_rejects_an_index_of_the_pod_that_is_not_a_whole_number(index: str) -> None:
    with pytest.raises(InputError, match="must be a whole number from 0 to 2"):
        select_share([1], 3, {"JOB_COMPLETION_INDEX": index})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"temperature": -0.1}, "spec.generation.temperature is -0.1; it must be 0 or more"),
        ({"temperature": float("nan")}, "spec.generation.temperature is nan"),
        ({"topP": 0}, "spec.generation.topP is 0.0; it must be above 0 and at most 1"),
        ({"topP": 1.5}, "spec.generation.topP is 1.5"),
        ({"repetitionPenalty": 0.0}, "spec.generation.repetitionPenalty is 0.0; it must be more than 0"),
        ({"repetitionPenalty": float("inf")}, "spec.generation.repetitionPenalty is inf"),
    ],
)
def test_names_a_setting_of_the_sampling_that_no_backend_accepts(settings: dict[str, float], message: str) -> None:
    value = {"checkpoint": "/c", "benchmarks": "/b", "output": "/o", "languages": [], "generation": settings}
    with pytest.raises(InputError, match=message):
        read_task_spec(Spec(value), with_directions=True)
