"""Bad input: the message names the file and line or the unit, other units continue, no partial file is read."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benchmark_fixture import FixedBackend, build_task, write_benchmarks

from mixcpt_evaluate.backends.labels import find_label_tokens
from mixcpt_evaluate.backends.load import load_classifier, load_translator
from mixcpt_evaluate.run_units import run_units
from mixcpt_evaluate.score_files import EvaluationUnit, is_unit_finished
from mixcpt_evaluate.task_spec import read_task_spec
from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200, SIB200
from mixcpt_evaluate.tasks.classification import build_classification_evaluator
from mixcpt_evaluate.tasks.classification_files import read_classification_data
from mixcpt_evaluate.tasks.translation_files import read_translation_data
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.spec import Spec

UNITS = [EvaluationUnit("sib200", "eng_Latn"), EvaluationUnit("sib200", "zul_Latn")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"])
    (tmp_path / "checkpoint-4").mkdir()
    mark_complete(tmp_path / "checkpoint-4")
    return tmp_path


def test_names_the_line_of_a_tsv_truncated_within_a_row(folder: Path) -> None:
    path = folder / "sib200" / "zul_Latn" / "test.tsv"
    path.write_text(path.read_text()[:-12])
    path.write_text(path.read_text() + "\n6\tspo")
    with pytest.raises(InputError, match=r"zul_Latn/test\.tsv, line 7: text is empty; the file may be truncated"):
        read_classification_data(SIB200, folder, "zul_Latn")


@pytest.mark.parametrize("kept", ["inde", "index_id\tcateg"])
def test_names_the_missing_column_of_a_tsv_truncated_within_its_header(folder: Path, kept: str) -> None:
    path = folder / "sib200" / "zul_Latn" / "test.tsv"
    path.write_text(kept, encoding="utf-8")
    with pytest.raises(InputError, match=r"test\.tsv: the column (index_id|category) is missing;.*truncated"):
        read_classification_data(SIB200, folder, "zul_Latn")


def test_detects_a_tsv_truncated_between_rows_by_its_number_of_items(folder: Path) -> None:
    path = folder / "sib200" / "zul_Latn" / "train.tsv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:4]))
    with pytest.raises(InputError, match=r"train\.tsv: has 3 items, the last on line 4; .* has 5"):
        read_classification_data(SIB200, folder, "zul_Latn")


def test_expects_the_published_number_of_items_when_the_marker_has_none(folder: Path) -> None:
    mark_complete(folder)
    with pytest.raises(InputError, match=r"train\.tsv: has 5 items.* train split of sib200 has 701"):
        read_classification_data(SIB200, folder, "zul_Latn")


def test_names_the_first_line_of_a_quoted_text_in_which_a_tsv_is_truncated(folder: Path) -> None:
    path = folder / "sib200" / "zul_Latn" / "test.tsv"
    path.write_text(path.read_text() + '6\tsports\t"The match')
    with pytest.raises(InputError, match=r"zul_Latn/test\.tsv, line 7: a quoted text does not end"):
        read_classification_data(SIB200, folder, "zul_Latn")


def test_names_the_line_of_a_file_truncated_within_a_character(folder: Path) -> None:
    table = folder / "sib200" / "zul_Latn" / "test.tsv"
    table.write_bytes(table.read_bytes() + "6\tsports\tកីឡា".encode()[:-1])
    with pytest.raises(InputError, match=r"zul_Latn/test\.tsv, line 7: not UTF-8 \(unexpected end of data\)"):
        read_classification_data(SIB200, folder, "zul_Latn")
    sentences = folder / "flores200" / "dev" / "zul_Latn.dev"
    sentences.write_bytes(sentences.read_bytes() + "កីឡា".encode()[:-1])
    with pytest.raises(InputError, match=r"dev/zul_Latn\.dev, line 5: not UTF-8 \(unexpected end of data\)"):
        read_translation_data(FLORES200, folder, source="zul_Latn", target="eng_Latn")


def test_names_a_truncated_translation_file_with_its_number_of_items(
    folder: Path,
) -> None:
    for language, message in (
        ("zul_Latn", r"zul_Latn\.devtest: has 3 lines, .*eng_Latn\.devtest has 4; one of them may be truncated"),
        ("eng_Latn", r"zul_Latn\.devtest: has 3 items, the last on line 3; .* devtest split of flores200 has 4"),
    ):
        path = folder / "flores200" / "devtest" / f"{language}.devtest"
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:3]))
        with pytest.raises(InputError, match=message):
            read_translation_data(FLORES200, folder, source="zul_Latn", target="eng_Latn")


def test_names_the_line_of_an_index_that_is_not_a_number(folder: Path) -> None:
    path = folder / "sib200" / "zul_Latn" / "test.tsv"
    path.write_text(path.read_text().replace("3\tsports", "three\tsports"))
    with pytest.raises(InputError, match=r"test\.tsv, line 4: index_id is 'three'; it must be a whole number"):
        read_classification_data(SIB200, folder, "zul_Latn")


def test_names_the_line_of_an_unknown_category(folder: Path) -> None:
    path = folder / "sib200" / "zul_Latn" / "test.tsv"
    path.write_text(path.read_text().replace("sports", "sport"))
    with pytest.raises(InputError, match=r"test\.tsv, line 4: category is 'sport'; allowed in sib200"):
        read_classification_data(SIB200, folder, "zul_Latn")


def test_names_a_language_that_the_benchmark_lacks_and_scores_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = build_task(folder, ["deu_Latn", "zul_Latn"])
    units = [EvaluationUnit("sib200", "deu_Latn"), EvaluationUnit("sib200", "zul_Latn")]
    assert run_units(task, units, lambda: build_classification_evaluator(SIB200, task, FixedBackend())) == 2
    assert "sib200/deu_Latn: does not exist; languages of this benchmark: eng_Latn, zul_Latn" in (
        capsys.readouterr().err
    )
    assert is_unit_finished(task.output, units[1])


def _fill_disk(monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    """Makes the first file fail for want of space: when its text is written, flushed, or renamed."""
    real: dict[str, Callable[..., Any]] = {"open": Path.open, "replace": Path.replace, "fsync": os.fsync}
    errors = iter([OSError(errno.ENOSPC, "No space left on device")])
    full = iter(["/dev/full"])

    def open_full_device(path: Path, *mode: Any, **options: Any) -> Any:
        opened = next(full, path) if ".partial-" in path.name else path
        return real["open"](Path(opened), *mode, **options)

    def fail_once(name: str) -> Any:
        def call_real(*arguments: Any) -> Any:
            for error in errors:
                raise error
            return real[name](*arguments)

        return call_real

    owner, name, double = {
        "written": (Path, "open", open_full_device),
        "flushed": (os, "fsync", fail_once("fsync")),
        "renamed": (Path, "replace", fail_once("replace")),
    }[operation]
    monkeypatch.setattr(owner, name, double)


@pytest.mark.parametrize("operation", ["written", "flushed", "renamed"])
def test_reports_a_full_disk_with_the_unit_and_leaves_no_score(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    task = build_task(folder, ["eng_Latn", "zul_Latn"])
    _fill_disk(monkeypatch, operation)
    assert run_units(task, UNITS, lambda: build_classification_evaluator(SIB200, task, FixedBackend())) == 2
    problem = f"the disk is full while writing {task.output}/eng_Latn.json: make room"
    assert f"mixcpt-evaluate sib200 eng_Latn: {problem}" in capsys.readouterr().err
    assert [is_unit_finished(task.output, unit) for unit in UNITS] == [False, True]
    names = {path.name for path in task.output.iterdir()}
    assert names == {"zul_Latn.json", "zul_Latn.predictions.jsonl"}


@pytest.mark.parametrize("error", [OSError(errno.ESTALE, "Stale file handle"), RetryableError("Stale file handle")])
def test_returns_the_retryable_code_after_a_lost_mount_even_with_bad_input_and_scores_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    task = build_task(folder, ["eng_Latn", "deu_Latn", "zul_Latn"])
    units = [UNITS[0], EvaluationUnit("sib200", "deu_Latn"), UNITS[1]]
    good = build_classification_evaluator(SIB200, task, FixedBackend())

    def evaluate_unit(unit: EvaluationUnit) -> None:
        if unit == units[0]:
            raise error
        good(unit)

    assert run_units(task, units, lambda: evaluate_unit) == 1
    assert "Stale file handle" in capsys.readouterr().err
    assert is_unit_finished(task.output, UNITS[1])
    assert run_units(task, units, lambda: good) == 2


def test_does_not_report_a_table_as_damaged_when_the_system_cannot_read_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raise_io_error(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("pandas.read_csv", raise_io_error)
    with pytest.raises(OSError, match="Input/output error"):
        read_classification_data(SIB200, folder, "zul_Latn")


def test_writes_a_score_file_again_when_it_is_not_json_or_lacks_its_predictions(folder: Path) -> None:
    task = build_task(folder, ["eng_Latn"])
    evaluate_unit = build_classification_evaluator(SIB200, task, FixedBackend())
    evaluate_unit(UNITS[0])
    assert is_unit_finished(task.output, UNITS[0])
    (task.output / "eng_Latn.predictions.jsonl").unlink()
    assert not is_unit_finished(task.output, UNITS[0])
    UNITS[0].get_score_path(task.output).write_text('{"benchmark": "sib')
    assert not is_unit_finished(task.output, UNITS[0])
    assert run_units(task, UNITS[:1], lambda: evaluate_unit) == 0
    assert json.loads(UNITS[0].get_score_path(task.output).read_text())["items"] == 5


def test_names_the_labels_that_a_tokenizer_cannot_represent() -> None:
    known = {" health": [5], " travel": [1, 7]}
    with pytest.raises(InputError, match=r"/c: the tokenizer has no token for the labels sports, politics"):
        find_label_tokens(
            lambda text: known.get(text, [0]), ["health", "sports", "politics"], unknown=0, checkpoint="/c"
        )
    with pytest.raises(InputError, match=r"ends every label in the same token \(9\)"):
        find_label_tokens(lambda _: [3, 9], ["health", "sports"], unknown=None, checkpoint="/c")
    assert find_label_tokens(known.__getitem__, ["health", "travel"], unknown=0, checkpoint="/c") == [5, 7]


@pytest.mark.parametrize("load", [load_classifier, load_translator])
def test_loads_no_model_in_an_image_without_the_required_gpu_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch, load: Any
) -> None:
    (folder / "torch.py").write_text("__version__ = '2.9.0'\nclass version:\n    hip, cuda = None, None\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with pytest.raises(InputError, match=r"spec\.device is 'gpu', but torch 2\.9\.0 .* not built for a GPU"):
        load(build_task(folder, ["zul_Latn"], on_gpu=True))


def test_accepts_vllm_for_translation_only() -> None:
    value = {"checkpoint": "/c", "benchmarks": "/b", "output": "/o", "languages": ["zul_Latn"]}
    names = {"languageNames": {"eng_Latn": "English", "zul_Latn": "Zulu"}}
    with pytest.raises(InputError, match=r"spec\.backend\.kind is 'vllm'; allowed: transformers"):
        read_task_spec(Spec({**value, "backend": {"kind": "vllm"}}), with_directions=False)
    assert read_task_spec(Spec({**value, "device": "gpu"}), with_directions=False).on_gpu
    assert read_task_spec(Spec({**value, **names, "backend": {"kind": "vllm"}}), with_directions=True).backend == "vllm"
