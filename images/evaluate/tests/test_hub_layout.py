"""Benchmarks as the hub's repositories have them: the same items, and FLORES+ says that it is."""

import json
from pathlib import Path

import pytest
from benchmark_fixture import ROWS, FixedBackend, task, write_benchmarks

from mixcpt_evaluate.run_units import run_units
from mixcpt_evaluate.score_files import Unit, is_finished
from mixcpt_evaluate.tasks import classification, translation
from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200, SIB200
from mixcpt_evaluate.tasks.classification_files import read_classified
from mixcpt_evaluate.tasks.translation_files import read_translated
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import InputError

COMMIT = "5fec6c13" + "0" * 32
COUNTS = {"sib200": {"train": 5, "test": 5}, "flores200": {"dev": 4, "devtest": 4}}


@pytest.fixture
def sib(tmp_path: Path) -> Path:
    """Davlan/sib200: data/<language>/<split>.tsv."""
    write_benchmarks(tmp_path / "own", ["eng_Latn", "zul_Latn"])
    hub = tmp_path / "sib200"
    hub.mkdir()
    (tmp_path / "own" / "sib200").rename(hub / "data")
    write_benchmarks(tmp_path / "own", ["eng_Latn", "zul_Latn"])
    mark_complete(hub, {"repository": "Davlan/sib200", "revision": COMMIT, **COUNTS})
    return hub


@pytest.fixture
def plus(tmp_path: Path) -> Path:
    """openlanguagedata/flores_plus: <split>/<language>.jsonl."""
    hub = tmp_path / "plus"
    for language in ("eng_Latn", "zul_Latn", "cmn_Hans", "fil_Latn"):
        for split in ("dev", "devtest"):
            rows = [{"id": n, "text": f"{language} {split} {n}", "iso_639_3": language[:3]} for n in range(4)]
            (hub / split).mkdir(parents=True, exist_ok=True)
            path = hub / split / f"{language}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    mark_complete(hub, {"repository": "openlanguagedata/flores_plus", "revision": COMMIT, **COUNTS})
    return hub


def _checkpoint(folder: Path) -> Path:
    checkpoint = folder / "checkpoint-4"
    checkpoint.mkdir()
    mark_complete(checkpoint)
    return checkpoint


def test_sib200_of_the_hub_is_read_as_its_own_layout_is(sib: Path, tmp_path: Path) -> None:
    hub, own = read_classified(SIB200, sib, "zul_Latn"), read_classified(SIB200, tmp_path / "own", "zul_Latn")
    assert hub.train.equals(own.train)
    assert list(hub.test["text"]) == [text for _, _, text in ROWS]


def test_a_language_that_the_hub_lacks_is_named_and_the_others_are_scored(
    sib: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = task(sib, ["deu_Latn", "zul_Latn"], checkpoint=_checkpoint(tmp_path), output=tmp_path / "scores")
    units = [Unit("sib200", "deu_Latn"), Unit("sib200", "zul_Latn")]
    assert run_units(job, units, lambda: classification.evaluator(SIB200, job, FixedBackend())) == 2
    message = f"{sib}/data/deu_Latn does not exist; languages of this benchmark: eng_Latn, zul_Latn"
    assert message in capsys.readouterr().err
    assert is_finished(job.output, units[1])


def test_without_recorded_numbers_those_of_the_published_benchmark_hold(sib: Path, plus: Path) -> None:
    mark_complete(sib, {"repository": "Davlan/sib200", "files": ["data/eng_Latn/test.tsv"]})
    with pytest.raises(InputError, match=r"data/zul_Latn/train\.tsv holds 5 items.* train split has 701"):
        read_classified(SIB200, sib, "zul_Latn")
    mark_complete(plus, {"repository": "openlanguagedata/flores_plus"})
    with pytest.raises(InputError, match=r"dev/zul_Latn\.jsonl holds 4 items, line 4 .* dev split has 997"):
        read_translated(FLORES200, plus, "zul_Latn", "eng_Latn")


def test_flores_plus_is_read_by_the_codes_of_flores_200(plus: Path) -> None:
    data = read_translated(FLORES200, plus, "zho_Hans", "tgl_Latn")
    assert data.source_dev[0] == "cmn_Hans dev 0"
    assert data.target_test == [f"fil_Latn devtest {number}" for number in range(4)]


def test_every_score_on_flores_plus_names_the_edition_and_the_log_says_why(
    plus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = task(plus, ["zul_Latn"], output=tmp_path / "scores")
    translation.evaluator(FLORES200, job, FixedBackend())(Unit("flores200", "zul_Latn", "xx-eng"))
    scores = json.loads((tmp_path / "scores" / "zul_Latn.xx-eng.json").read_text())["scores"]
    signatures = [score["signature"] for score in scores]
    assert len(signatures) == 2
    assert all(signature.endswith("|edition:flores_plus@5fec6c1") for signature in signatures)
    assert "is FLORES+ (flores_plus@5fec6c1), which corrects FLORES-200" in capsys.readouterr().out


def test_scores_on_flores_200_itself_name_no_edition(tmp_path: Path) -> None:
    folder = write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"])
    job = task(folder, ["zul_Latn"])
    translation.evaluator(FLORES200, job, FixedBackend())(Unit("flores200", "zul_Latn", "xx-eng"))
    assert "edition" not in (folder / "scores" / "zul_Latn.xx-eng.json").read_text()


def test_a_jsonl_that_is_cut_short_is_named_with_its_line(plus: Path) -> None:
    path = plus / "devtest" / "zul_Latn.jsonl"
    path.write_text(path.read_text()[:-20])
    with pytest.raises(InputError, match=r'devtest/zul_Latn\.jsonl, line 4 ends with .*"id" and "text"'):
        read_translated(FLORES200, plus, "zul_Latn", "eng_Latn")
    path.write_text('{"id": 0, "text": null}\n')
    with pytest.raises(InputError, match=r"devtest/zul_Latn\.jsonl, line 1 ends with"):
        read_translated(FLORES200, plus, "zul_Latn", "eng_Latn")


def test_sentences_in_another_order_are_refused_with_the_line(plus: Path) -> None:
    path = plus / "dev" / "zul_Latn.jsonl"
    first, second, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([second, first, *rest]))
    with pytest.raises(InputError, match=r"dev/zul_Latn\.jsonl, line 1 is sentence 1, .*eng_Latn.* has 0"):
        read_translated(FLORES200, plus, "zul_Latn", "eng_Latn")
