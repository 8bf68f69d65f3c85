"""Benchmarks in the layout of the hub's repositories: they have the same items, and scores on FLORES+ name it."""

import json
from pathlib import Path

import pytest
from benchmark_fixture import ROWS, FixedBackend, build_task, write_benchmarks
from store_fixture import make_unreadable

from mixcpt_evaluate.run_units import run_units
from mixcpt_evaluate.score_files import EvaluationUnit, is_unit_finished
from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200, SIB200
from mixcpt_evaluate.tasks.classification import build_classification_evaluator
from mixcpt_evaluate.tasks.classification_files import read_classification_data
from mixcpt_evaluate.tasks.translation import build_translation_evaluator
from mixcpt_evaluate.tasks.translation_files import read_translation_data
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import InputError

COMMIT = "5fec6c13" + "0" * 32
COUNTS = {"sib200": {"train": 5, "test": 5}, "flores200": {"dev": 4, "devtest": 4}}


@pytest.fixture
def sib(tmp_path: Path) -> Path:
    """The layout of Davlan/sib200: data/<language>/<split>.tsv."""
    write_benchmarks(tmp_path / "own", ["eng_Latn", "zul_Latn"])
    hub = tmp_path / "sib200"
    hub.mkdir()
    (tmp_path / "own" / "sib200").rename(hub / "data")
    write_benchmarks(tmp_path / "own", ["eng_Latn", "zul_Latn"])
    mark_complete(hub, {"repository": "Davlan/sib200", "revision": COMMIT, **COUNTS})
    return hub


@pytest.fixture
def plus(tmp_path: Path) -> Path:
    """The layout of openlanguagedata/flores_plus: <split>/<language>.jsonl."""
    hub = tmp_path / "plus"
    for language in ("eng_Latn", "zul_Latn", "cmn_Hans", "fil_Latn"):
        for split in ("dev", "devtest"):
            rows = [{"id": n, "text": f"{language} {split} {n}", "iso_639_3": language[:3]} for n in range(4)]
            (hub / split).mkdir(parents=True, exist_ok=True)
            path = hub / split / f"{language}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    mark_complete(hub, {"repository": "openlanguagedata/flores_plus", "revision": COMMIT, **COUNTS})
    return hub


def _write_checkpoint(folder: Path) -> Path:
    checkpoint = folder / "checkpoint-4"
    checkpoint.mkdir()
    mark_complete(checkpoint)
    return checkpoint


def test_reads_the_same_sib200_from_the_hub_as_from_its_own_layout(sib: Path, tmp_path: Path) -> None:
    hub, own = (
        read_classification_data(SIB200, sib, "zul_Latn"),
        read_classification_data(SIB200, tmp_path / "own", "zul_Latn"),
    )
    assert hub.train.equals(own.train)
    assert list(hub.test["text"]) == [text for _, _, text in ROWS]


def test_names_a_language_that_the_hub_lacks_and_scores_the_others(
    sib: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = build_task(sib, ["deu_Latn", "zul_Latn"], checkpoint=_write_checkpoint(tmp_path), output=tmp_path / "scores")
    units = [EvaluationUnit("sib200", "deu_Latn"), EvaluationUnit("sib200", "zul_Latn")]
    assert run_units(task, units, lambda: build_classification_evaluator(SIB200, task, FixedBackend())) == 2
    message = f"{sib}/data/deu_Latn: does not exist; languages of this benchmark: eng_Latn, zul_Latn"
    assert message in capsys.readouterr().err
    assert is_unit_finished(task.output, units[1])


def test_expects_the_published_number_of_items_when_the_marker_has_none(sib: Path, plus: Path) -> None:
    mark_complete(sib, {"repository": "Davlan/sib200", "files": ["data/eng_Latn/test.tsv"]})
    with pytest.raises(InputError, match=r"data/zul_Latn/train\.tsv: has 5 items.* train split of sib200 has 701"):
        read_classification_data(SIB200, sib, "zul_Latn")
    mark_complete(plus, {"repository": "openlanguagedata/flores_plus"})
    with pytest.raises(
        InputError, match=r"dev/zul_Latn\.jsonl: has 4 items, the last on line 4.* dev split of flores200 has 997"
    ):
        read_translation_data(FLORES200, plus, source="zul_Latn", target="eng_Latn")


def test_reads_flores_plus_by_the_codes_of_flores_200(plus: Path) -> None:
    data = read_translation_data(FLORES200, plus, source="zho_Hans", target="tgl_Latn")
    assert data.source_dev[0] == "cmn_Hans dev 0"
    assert data.target_test == [f"fil_Latn devtest {number}" for number in range(4)]


def test_names_the_edition_in_every_score_on_flores_plus_and_explains_it_in_the_log(
    plus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = build_task(plus, ["zul_Latn"], output=tmp_path / "scores")
    build_translation_evaluator(FLORES200, task, FixedBackend())(EvaluationUnit("flores200", "zul_Latn", "xx-eng"))
    scores = json.loads((tmp_path / "scores" / "zul_Latn.xx-eng.json").read_text())["scores"]
    signatures = [score["signature"] for score in scores]
    assert len(signatures) == 2
    assert all(signature.endswith("|edition:flores_plus@5fec6c1") for signature in signatures)
    assert "this is FLORES+ (flores_plus@5fec6c1), which corrects FLORES-200" in capsys.readouterr().out


def test_the_commit_of_flores_plus_does_not_leave_the_signature_when_it_cannot_be_read_now(
    plus: Path, tmp_path: Path
) -> None:
    make_unreadable(plus / "COMPLETE")
    task = build_task(plus, ["zul_Latn"], output=tmp_path / "scores")
    with pytest.raises(OSError, match="Input/output error"):
        build_translation_evaluator(FLORES200, task, FixedBackend())(EvaluationUnit("flores200", "zul_Latn", "xx-eng"))


def test_names_no_edition_in_scores_on_flores_200_itself(tmp_path: Path) -> None:
    folder = write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"])
    task = build_task(folder, ["zul_Latn"])
    build_translation_evaluator(FLORES200, task, FixedBackend())(EvaluationUnit("flores200", "zul_Latn", "xx-eng"))
    assert "edition:" not in (folder / "scores" / "zul_Latn.xx-eng.json").read_text()


def test_names_the_line_of_a_truncated_jsonl(plus: Path) -> None:
    path = plus / "devtest" / "zul_Latn.jsonl"
    path.write_text(path.read_text()[:-20])
    with pytest.raises(InputError, match=r'devtest/zul_Latn\.jsonl, line 4: ends with .*"id" and "text"'):
        read_translation_data(FLORES200, plus, source="zul_Latn", target="eng_Latn")
    path.write_text('{"id": 0, "text": null}\n')
    with pytest.raises(InputError, match=r"devtest/zul_Latn\.jsonl, line 1: ends with"):
        read_translation_data(FLORES200, plus, source="zul_Latn", target="eng_Latn")


def test_rejects_sentences_in_another_order_with_the_line(plus: Path) -> None:
    path = plus / "dev" / "zul_Latn.jsonl"
    first, second, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([second, first, *rest]))
    with pytest.raises(InputError, match=r"dev/zul_Latn\.jsonl, line 1: is sentence 1, .*eng_Latn.* has sentence 0"):
        read_translation_data(FLORES200, plus, source="zul_Latn", target="eng_Latn")
