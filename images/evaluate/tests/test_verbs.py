"""Units of work: one file each, finished ones skipped, bad ones named while the others go on."""

import json
from pathlib import Path

import pytest
from benchmark_fixture import FixedBackend, task, write_benchmarks

from mixcpt_evaluate.run_units import run_units
from mixcpt_evaluate.score_files import Unit
from mixcpt_evaluate.task_spec import own_share, read_task_spec
from mixcpt_evaluate.tasks import classification, translation
from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200, SIB200
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


def test_sib200_writes_accuracy_and_predictions(folder: Path) -> None:
    job = task(folder, ["zul_Latn"])
    classification.evaluator(SIB200, job, FixedBackend())(Unit("sib200", "zul_Latn"))
    score = json.loads((folder / "scores" / "zul_Latn.json").read_text())
    assert (score["benchmark"], score["language"], score["direction"]) == ("sib200", "zul_Latn", None)
    assert (score["items"], score["scores"][0]["value"]) == (5, 20.0)
    predictions = (folder / "scores" / score["predictions"]).read_text().splitlines()
    assert json.loads(predictions[0])["correct_category"] == "politics"


def test_flores200_writes_bleu_and_chrf_with_their_signatures(folder: Path) -> None:
    job = task(folder, LANGUAGES)
    translation.evaluator(FLORES200, job, FixedBackend())(Unit("flores200", "zul_Latn", "eng-xx"))
    score = json.loads((folder / "scores" / "zul_Latn.eng-xx.json").read_text())
    assert [one["metric"] for one in score["scores"]] == ["bleu", "chrf++"]
    assert "tok:" in score["scores"][0]["signature"]
    assert "nw:2" in score["scores"][1]["signature"]
    first = json.loads((folder / "scores" / score["predictions"]).read_text().splitlines()[0])
    assert (first["src_text"], first["ref_text"]) == ("eng_Latn devtest 0", "zul_Latn devtest 0")


def test_english_is_not_translated_into_itself(folder: Path) -> None:
    units = translation.units_of(FLORES200, task(folder, LANGUAGES))
    assert [(unit.language, unit.direction) for unit in units] == [
        ("zul_Latn", "xx-eng"),
        ("zul_Latn", "eng-xx"),
    ]


def test_a_limit_keeps_the_first_items_with_unchanged_shots(folder: Path) -> None:
    for name, limit in (("all", None), ("two", 2)):
        job = task(folder, ["zul_Latn"], limit=limit, output=folder / name)
        classification.evaluator(SIB200, job, FixedBackend())(Unit("sib200", "zul_Latn"))
    lines = [(folder / name / "zul_Latn.predictions.jsonl").read_text().splitlines() for name in ("all", "two")]
    assert lines[0][:2] == lines[1]


def test_finished_units_are_skipped_without_loading_the_model(folder: Path) -> None:
    job = task(folder, ["zul_Latn"])
    classification.evaluator(SIB200, job, FixedBackend())(Unit("sib200", "zul_Latn"))

    def never() -> None:
        raise AssertionError("the model was loaded")

    assert run_units(job, [Unit("sib200", "zul_Latn")], never) == 0  # type: ignore[arg-type]


def test_a_bad_unit_is_named_and_the_others_go_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    job = task(folder, ["xho_Latn", "zul_Latn"])
    units = [Unit("sib200", language) for language in job.languages]
    assert run_units(job, units, lambda: classification.evaluator(SIB200, job, FixedBackend())) == 2
    assert (folder / "scores" / "zul_Latn.json").exists()
    errors = capsys.readouterr().err
    assert "sib200/xho_Latn does not exist; languages of this benchmark: eng_Latn, zul_Latn" in errors


def test_a_file_that_is_cut_short_is_named(folder: Path) -> None:
    path = folder / "flores200" / "devtest" / "zul_Latn.devtest"
    path.write_text("one line\n")
    with pytest.raises(InputError, match="has 1 lines"):
        translation.evaluator(FLORES200, task(folder, LANGUAGES), FixedBackend())(
            Unit("flores200", "zul_Latn", "xx-eng")
        )


def test_a_checkpoint_without_its_marker_is_refused(folder: Path) -> None:
    (folder / "checkpoint-4" / "COMPLETE").unlink()
    with pytest.raises(RetryableError, match="checkpoint-4 is there but unfinished"):
        run_units(task(folder, LANGUAGES), [], lambda: lambda _unit: None)


def test_scores_that_are_to_be_the_studys_are_not_made_without_its_tokenizer(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {"checkpoint": "checkpoint-4", "benchmarks": "", "output": "scores"}
    value = {key: str(folder / name) for key, name in places.items()}
    monkeypatch.setenv("SACREBLEU", str(folder))
    monkeypatch.setattr(translation, "load_translator", lambda _task: FixedBackend())
    value |= {"bleuTokenizer": "flores200", "languages": LANGUAGES}  # type: ignore[dict-item]
    with pytest.raises(InputError, match=r"bleuTokenizer is 'flores200', which this image lacks"):
        translation.flores200(Spec(value))
    (folder / "models").mkdir()
    (folder / "models" / "flores200sacrebleuspm").touch()
    require_bleu_tokenizer("flores200")


def test_shards_share_all_units_and_no_unit_twice() -> None:
    shares = [own_share(list(range(7)), 3, {"JOB_COMPLETION_INDEX": str(index)}) for index in range(3)]
    assert sorted(unit for share in shares for unit in share) == list(range(7))
    with pytest.raises(InputError, match="must be 0 to 2"):
        own_share([1], 3, {"JOB_COMPLETION_INDEX": "3"})


def test_every_problem_of_a_spec_is_named_at_once() -> None:
    spec = Spec({"checkpoint": "x", "benchmarks": "/b", "output": "/o", "languages": ["zulu"], "directions": ["en"]})
    with pytest.raises(InputError) as caught:
        read_task_spec(spec, with_directions=True)
    for part in (
        "spec.checkpoint is 'x'",
        "language 'zulu' is not one of the study's",
        "holds 'en'; allowed",
    ):
        assert part in str(caught.value)
