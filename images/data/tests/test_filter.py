"""What is kept: the right language throughout, nothing that the evaluation asks, a drawn fraction."""

import json
import shutil
from pathlib import Path

import pytest
from mixture_fixture import Bench

from mixcpt_data.filters.benchmark_filter import BenchmarkTexts
from mixcpt_data.filters.language_labels import labels_of
from mixcpt_data.filters.language_model import PACKAGED, load_language_model
from mixcpt_data.filters.sentences import sentences
from mixcpt_data.sources.source import Row
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.languages import LANGUAGE_NAMES

ENGLISH = "Everyone has the right to life, liberty and the security of person."
GERMAN = "Jeder hat das Recht auf Leben, Freiheit und Sicherheit der Person."
DANISH = "Enhver har ret til liv, frihed og personlig sikkerhed."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Line one\nline two\n\n", ["Line one", "line two"]),
        ("It costs 3.5 euros, e.g. here.", ["It costs 3.5 euros, e.g. here."]),
        ("一句。两句！", ["一句。", "两句！"]),
        ("एक। दो।", ["एक।", "दो।"]),
        ("មួយ។ ពីរ។", ["មួយ។", "ពីរ។"]),
        ("ประโยคเดียว ไม่มีจุด", ["ประโยคเดียว ไม่มีจุด"]),
        (" \n ", []),
    ],
)
def test_text_is_split_by_the_marks_of_its_script(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_only_what_is_in_the_expected_language_throughout_is_kept(bench: Bench) -> None:
    texts = [ENGLISH, f"{ENGLISH} {ENGLISH}", GERMAN, f"{ENGLISH} {GERMAN}", "12345 !", ""]
    bench.write_jsonl("a.jsonl", texts)
    assert set(bench.mix(bench.files("a.jsonl", languageModel=PACKAGED))) == {ENGLISH, f"{ENGLISH} {ENGLISH}"}
    counts = bench.stats()["filter"]["files"]["eng_Latn"]
    assert (counts["read"], counts["kept"]) == (6, 2)
    assert counts["dropped"] == {
        "empty": 1,
        "eng_Latn: all in de": 1,
        "eng_Latn: no letters": 1,
        "eng_Latn: several languages": 1,
    }


def test_each_side_of_a_pair_must_be_in_its_own_language(bench: Bench) -> None:
    pairs = [(ENGLISH, GERMAN), (GERMAN, ENGLISH), (ENGLISH, ENGLISH), (ENGLISH, f"{GERMAN} {DANISH}")]
    bench.write("a.tsv", "".join(f"{first}\t{second}\n" for first, second in pairs))
    source = bench.files("a.tsv", format="tsv", languages=["eng_Latn", "deu_Latn"], languageModel=PACKAGED)
    (kept,) = bench.mix(source)
    assert sorted(kept.split("\n")) == [f"[English]: {ENGLISH}", f"[German]: {GERMAN}"]
    dropped = bench.stats()["filter"]["files"]["eng_Latn-deu_Latn"]["dropped"]
    assert dropped == {
        "deu_Latn: all in en": 1,
        "deu_Latn: several languages": 1,
        "eng_Latn: all in de": 1,
    }


def test_a_language_that_the_model_cannot_tell_is_refused_before_any_work(bench: Bench) -> None:
    bench.write_jsonl("a.jsonl", ["Wonke umuntu unelungelo lokuphila."])
    with pytest.raises(InputError, match=r"languageModel lid\.176 does not know zul_Latn; take GlotLID"):
        bench.mix(bench.files("a.jsonl", languages=["zul_Latn"], languageModel=PACKAGED))


@pytest.mark.parametrize(
    ("content", "message"), [(None, "does not exist; name lid.176"), (b"x" * 64, "is not a fastText model")]
)
def test_a_model_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content:
        (tmp_path / "model.bin").write_bytes(content)
    with pytest.raises(InputError, match=message):
        load_language_model(str(tmp_path / "model.bin"))


def test_every_label_that_is_not_a_code_of_the_study_is_one_of_the_models() -> None:
    known = load_language_model(PACKAGED).labels()
    short = {label for language in LANGUAGE_NAMES for label in labels_of(language) if "_" not in label}
    assert short <= known
    assert len(short) == 23


def _benchmarks(folder: Path, texts: list[str]) -> Path:
    directory = folder / "benchmarks"
    table = "index_id\tcategory\ttext\n" + "".join(f"{n}\tpolitics\t{t}\n" for n, t in enumerate(texts[:1]))
    for name, content in (
        ("sib200/eng_Latn/test.tsv", table),
        ("flores200/devtest/deu_Latn.devtest", "\n".join(texts[1:]) + "\n"),
    ):
        (directory / name).parent.mkdir(parents=True)
        (directory / name).write_text(content)
    mark_complete(directory)
    return directory


def test_a_planted_evaluation_sentence_is_gone(bench: Bench) -> None:
    planted = [f"Before. {ENGLISH} After.", f'"{GERMAN.upper()}"', "No!"]
    bench.write_jsonl("a.jsonl", ["A sentence of our own.", *planted])
    benchmarks = str(_benchmarks(bench.folder, [ENGLISH, GERMAN, "No"]))
    assert bench.mix(bench.files("a.jsonl"), benchmarks=benchmarks) == ["A sentence of our own."]
    counts = bench.stats()["filter"]["files"]["eng_Latn"]
    assert counts["dropped"] == {"evaluation text": 3}


def test_benchmarks_of_the_hub_are_found_in_its_layouts_and_beside_others(bench: Bench) -> None:
    hub = bench.folder / "hub"
    for name, content in (
        ("sib200/data/eng_Latn/test.tsv", f"index_id\tcategory\ttext\n1\tpolitics\t{ENGLISH}\n"),
        ("plus/devtest/deu_Latn.jsonl", json.dumps({"id": 0, "text": GERMAN}) + "\n"),
    ):
        (hub / name).parent.mkdir(parents=True)
        (hub / name).write_text(content)
        mark_complete(hub / name.partition("/")[0])
    bench.write_jsonl("a.jsonl", ["A sentence of our own.", ENGLISH, GERMAN])
    both = [str(hub / "sib200"), str(hub / "plus")]
    assert bench.mix(bench.files("a.jsonl"), benchmarks=both) == ["A sentence of our own."]


def test_the_same_sentences_stay_where_no_benchmark_is_named(bench: Bench) -> None:
    bench.write_jsonl("a.jsonl", [ENGLISH, GERMAN])
    assert len(bench.mix(bench.files("a.jsonl"))) == 2


def test_benchmarks_that_are_unfinished_or_empty_are_refused(bench: Bench) -> None:
    bench.write_jsonl("a.jsonl", [ENGLISH])
    empty = bench.folder / "empty"
    empty.mkdir()
    with pytest.raises(RetryableError, match="is there but unfinished"):
        bench.mix(bench.files("a.jsonl"), benchmarks=str(empty))
    mark_complete(empty)
    with pytest.raises(InputError, match="holds no benchmark: no sib200"):
        bench.mix(bench.files("a.jsonl"), benchmarks=str(empty))


def test_an_evaluation_text_without_letters_drops_nothing() -> None:
    texts = BenchmarkTexts(iter(["", "...", ENGLISH]))
    assert texts.reason_against(Row(("Before.\n---\nAfter.",))) is None


@pytest.mark.parametrize("text", ["a" * 15, "a" * 16, "a" * 17, "អ" * 40])
def test_texts_of_every_length_are_found_alone_and_long_ones_inside_others(text: str) -> None:
    texts = BenchmarkTexts(iter([text]))
    assert texts.reason_against(Row((text,))) == "evaluation text"
    inside = texts.reason_against(Row((f"prefix{text}suffix",)))
    assert inside == (None if len(text) < 16 else "evaluation text")


def test_a_fraction_is_drawn_by_the_seed_from_all_of_the_source(bench: Bench) -> None:
    bench.write_jsonl("a.jsonl", [f"x = {n}" for n in range(4000)])
    source = bench.files("a.jsonl", languages=[], fraction=0.1)
    drawn = []
    for seed in (1, 1, 2):
        drawn.append(bench.mix(source, seed=seed))
        shutil.rmtree(bench.output)
    assert drawn[0] == drawn[1] != drawn[2]
    numbers = [int(text.split()[-1]) for text in drawn[0]]
    assert 320 < len(numbers) < 480
    assert 1500 < sum(numbers) / len(numbers) < 2500
