"""Bad input: the message names file and line or unit, the other units go on, nothing half written is read."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from benchmark_fixture import FixedBackend, task, write_benchmarks

from mixcpt_evaluate.backends.labels import find_label_tokens
from mixcpt_evaluate.backends.load import load_classifier, load_translator
from mixcpt_evaluate.run_units import run_units
from mixcpt_evaluate.score_files import Unit, is_finished
from mixcpt_evaluate.task_spec import read_task_spec
from mixcpt_evaluate.tasks import classification
from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200, SIB200
from mixcpt_evaluate.tasks.classification_files import read_classified
from mixcpt_evaluate.tasks.translation_files import read_translated
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.spec import Spec

UNITS = [Unit("sib200", "eng_Latn"), Unit("sib200", "zul_Latn")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"])
    (tmp_path / "checkpoint-4").mkdir()
    mark_complete(tmp_path / "checkpoint-4")
    return tmp_path


def test_a_tsv_cut_in_a_row_is_named_with_its_line(folder: Path) -> None:
    path = folder / "sib200" / "zul_Latn" / "test.tsv"
    path.write_text(path.read_text()[:-12])
    path.write_text(path.read_text() + "\n6\tspo")
    with pytest.raises(InputError, match=r"zul_Latn/test\.tsv, line 7: category or text is missing"):
        read_classified(SIB200, folder, "zul_Latn")


@pytest.mark.parametrize("kept", ["inde", "index_id\tcateg"])
def test_a_tsv_cut_in_its_header_is_named_with_the_column_that_is_missing(folder: Path, kept: str) -> None:
    path = folder / "sib200" / "zul_Latn" / "test.tsv"
    path.write_text(kept, encoding="utf-8")
    with pytest.raises(InputError, match=r"test\.tsv lacks the column (index_id|category);.*cut short"):
        read_classified(SIB200, folder, "zul_Latn")


def test_a_tsv_cut_between_rows_is_noticed_by_its_number_of_items(folder: Path) -> None:
    path = folder / "sib200" / "zul_Latn" / "train.tsv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:4]))
    with pytest.raises(InputError, match=r"train\.tsv holds 3 items, line 4 is its last; .* has 5"):
        read_classified(SIB200, folder, "zul_Latn")


def test_without_recorded_numbers_those_of_the_published_benchmark_hold(folder: Path) -> None:
    mark_complete(folder)
    with pytest.raises(InputError, match=r"train\.tsv holds 5 items.* train split has 701"):
        read_classified(SIB200, folder, "zul_Latn")


def test_a_tsv_cut_inside_a_quoted_text_is_named_with_the_line_where_that_begins(folder: Path) -> None:
    path = folder / "sib200" / "zul_Latn" / "test.tsv"
    path.write_text(path.read_text() + '6\tsports\t"The match')
    with pytest.raises(InputError, match=r"zul_Latn/test\.tsv, line 7: a quoted text has no end"):
        read_classified(SIB200, folder, "zul_Latn")


def test_a_file_cut_inside_a_character_is_named_with_its_line(folder: Path) -> None:
    table = folder / "sib200" / "zul_Latn" / "test.tsv"
    table.write_bytes(table.read_bytes() + "6\tsports\tកីឡា".encode()[:-1])
    with pytest.raises(InputError, match=r"zul_Latn/test\.tsv, line 7 is not UTF-8: unexpected end of data"):
        read_classified(SIB200, folder, "zul_Latn")
    sentences = folder / "flores200" / "dev" / "zul_Latn.dev"
    sentences.write_bytes(sentences.read_bytes() + "កីឡា".encode()[:-1])
    with pytest.raises(InputError, match=r"dev/zul_Latn\.dev, line 5 is not UTF-8: unexpected end of data"):
        read_translated(FLORES200, folder, "zul_Latn", "eng_Latn")


def test_a_translation_file_that_is_cut_is_named_with_how_many_items_there_are(
    folder: Path,
) -> None:
    for language, message in (
        ("zul_Latn", r"zul_Latn\.devtest has 3 lines, .*eng_Latn\.devtest has 4; is one cut short"),
        ("eng_Latn", r"zul_Latn\.devtest holds 3 items, line 3 is its last; .* devtest split has 4"),
    ):
        path = folder / "flores200" / "devtest" / f"{language}.devtest"
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:3]))
        with pytest.raises(InputError, match=message):
            read_translated(FLORES200, folder, "zul_Latn", "eng_Latn")


def test_an_index_that_is_no_number_is_named_with_its_line(folder: Path) -> None:
    path = folder / "sib200" / "zul_Latn" / "test.tsv"
    path.write_text(path.read_text().replace("3\tsports", "three\tsports"))
    with pytest.raises(InputError, match=r"test\.tsv, line 4: index_id is 'three'; it must be a whole number"):
        read_classified(SIB200, folder, "zul_Latn")


def test_a_category_that_is_none_is_named_with_its_line(folder: Path) -> None:
    path = folder / "sib200" / "zul_Latn" / "test.tsv"
    path.write_text(path.read_text().replace("sports", "sport"))
    with pytest.raises(InputError, match=r"test\.tsv, line 4: category is 'sport'; sib200 has"):
        read_classified(SIB200, folder, "zul_Latn")


def test_a_language_that_the_benchmark_lacks_is_named_and_the_others_are_scored(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = task(folder, ["deu_Latn", "zul_Latn"])
    units = [Unit("sib200", "deu_Latn"), Unit("sib200", "zul_Latn")]
    assert run_units(job, units, lambda: classification.evaluator(SIB200, job, FixedBackend())) == 2
    assert "sib200/deu_Latn does not exist; languages of this benchmark: eng_Latn, zul_Latn" in (
        capsys.readouterr().err
    )
    assert is_finished(job.output, units[1])


def _refuse_room(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """The first file that is written finds no room: when its text is written, flushed, or renamed."""
    real = {"open": Path.open, "replace": Path.replace, "fsync": os.fsync}
    refused = iter([OSError(errno.ENOSPC, "No space left on device")])
    full = iter(["/dev/full"])

    def open_(path: Path, *mode: Any, **options: Any) -> Any:
        place = next(full, path) if ".partial-" in path.name else path
        return real["open"](Path(place), *mode, **options)

    def once(name: str) -> Any:
        def call(*arguments: Any) -> Any:
            for error in refused:
                raise error
            return real[name](*arguments)

        return call

    owner, name, double = {
        "written": (Path, "open", open_),
        "flushed": (os, "fsync", once("fsync")),
        "renamed": (Path, "replace", once("replace")),
    }[step]
    monkeypatch.setattr(owner, name, double)


@pytest.mark.parametrize("step", ["written", "flushed", "renamed"])
def test_a_full_disk_is_told_with_the_unit_and_leaves_no_score(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    job = task(folder, ["eng_Latn", "zul_Latn"])
    _refuse_room(monkeypatch, step)
    assert run_units(job, UNITS, lambda: classification.evaluator(SIB200, job, FixedBackend())) == 2
    what = f"the disk is full while writing {job.output}/eng_Latn.json: make room"
    assert f"mixcpt-evaluate sib200 eng_Latn: {what}" in capsys.readouterr().err
    assert [is_finished(job.output, unit) for unit in UNITS] == [False, True]
    names = {path.name for path in job.output.iterdir()}
    assert names == {"zul_Latn.json", "zul_Latn.predictions.jsonl"}


@pytest.mark.parametrize("error", [OSError(errno.ESTALE, "Stale file handle"), RetryableError("Stale file handle")])
def test_a_lost_mount_is_tried_again_even_beside_bad_input_and_the_other_units_go_on(
    folder: Path, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    job = task(folder, ["eng_Latn", "deu_Latn", "zul_Latn"])
    units = [UNITS[0], Unit("sib200", "deu_Latn"), UNITS[1]]
    good = classification.evaluator(SIB200, job, FixedBackend())

    def evaluate(unit: Unit) -> None:
        if unit == units[0]:
            raise error
        good(unit)

    assert run_units(job, units, lambda: evaluate) == 1
    assert "Stale file handle" in capsys.readouterr().err
    assert is_finished(job.output, UNITS[1])
    assert run_units(job, units, lambda: good) == 2


def test_a_table_that_the_system_cannot_read_is_not_passed_off_as_damaged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("pandas.read_csv", lost)
    with pytest.raises(OSError, match="Input/output error"):
        read_classified(SIB200, folder, "zul_Latn")


def test_a_score_file_that_is_no_json_or_lacks_its_predictions_is_written_again(folder: Path) -> None:
    job = task(folder, ["eng_Latn"])
    evaluate = classification.evaluator(SIB200, job, FixedBackend())
    evaluate(UNITS[0])
    assert is_finished(job.output, UNITS[0])
    (job.output / "eng_Latn.predictions.jsonl").unlink()
    assert not is_finished(job.output, UNITS[0])
    UNITS[0].path(job.output).write_text('{"benchmark": "sib')
    assert not is_finished(job.output, UNITS[0])
    assert run_units(job, UNITS[:1], lambda: evaluate) == 0
    assert json.loads(UNITS[0].path(job.output).read_text())["items"] == 5


def test_a_tokenizer_without_the_label_tokens_is_refused_by_label() -> None:
    known = {" health": [5], " travel": [1, 7]}
    with pytest.raises(InputError, match=r"/c: the tokenizer has no token for the labels sports, politics"):
        find_label_tokens(
            lambda text: known.get(text, [0]), ["health", "sports", "politics"], unknown=0, checkpoint="/c"
        )
    with pytest.raises(InputError, match=r"ends every label in the same token \(9\)"):
        find_label_tokens(lambda _: [3, 9], ["health", "sports"], unknown=None, checkpoint="/c")
    assert find_label_tokens(known.__getitem__, ["health", "travel"], unknown=0, checkpoint="/c") == [5, 7]


@pytest.mark.parametrize("load", [load_classifier, load_translator])
def test_a_pod_that_is_to_have_a_gpu_loads_no_model_without_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, load: Any
) -> None:
    (folder / "torch.py").write_text("class cuda:\n    is_available = staticmethod(lambda: False)\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with pytest.raises(InputError, match=r"spec\.device is 'gpu', but torch sees none"):
        load(task(folder, ["zul_Latn"], on_gpu=True))


def test_classification_runs_on_transformers_only() -> None:
    value = {"checkpoint": "/c", "benchmarks": "/b", "output": "/o", "languages": ["zul_Latn"]}
    with pytest.raises(InputError, match=r"spec\.backend\.kind is 'vllm'; allowed: transformers"):
        read_task_spec(Spec({**value, "backend": {"kind": "vllm"}}), with_directions=False)
    assert read_task_spec(Spec({**value, "device": "gpu"}), with_directions=False).on_gpu
    assert read_task_spec(Spec({**value, "backend": {"kind": "vllm"}}), with_directions=True).backend == "vllm"
