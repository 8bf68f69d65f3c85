"""Filters keep rows in the expected language, without evaluation texts, and a random fraction of them."""

import json
import shutil
from pathlib import Path

import pytest
from mixture_fixture import MixtureWorkspace
from store_fixture import make_unreadable

from mixcpt_data.filters.benchmark_filter import BenchmarkFilter
from mixcpt_data.filters.sentences import split_sentences
from mixcpt_data.sources.source import Row
from mixcpt_data.sources.udhr_codes import UDHR_CODES
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.language_labels import find_language_labels
from mixcpt_store.language_model import PACKAGED_MODEL, load_language_model

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
def test_splits_text_at_the_punctuation_of_its_script(text: str, expected: list[str]) -> None:
    assert split_sentences(text) == expected


def test_keeps_only_rows_that_are_entirely_in_the_expected_language(workspace: MixtureWorkspace) -> None:
    texts = [ENGLISH, f"{ENGLISH} {ENGLISH}", GERMAN, f"{ENGLISH} {GERMAN}", "12345 !", ""]
    workspace.write_jsonl("a.jsonl", texts)
    kept = workspace.mix_sources(workspace.files_source("a.jsonl", languageModel=PACKAGED_MODEL))
    assert set(kept) == {ENGLISH, f"{ENGLISH} {ENGLISH}"}
    counts = workspace.read_stats()["filter"]["files"]["eng_Latn"]
    assert (counts["read"], counts["kept"]) == (6, 2)
    assert counts["dropped"] == {
        "empty": 1,
        "eng_Latn: all in de": 1,
        "eng_Latn: no letters": 1,
        "eng_Latn: several languages": 1,
    }


def test_each_side_of_a_pair_must_be_in_its_language(workspace: MixtureWorkspace) -> None:
    pairs = [(ENGLISH, GERMAN), (GERMAN, ENGLISH), (ENGLISH, ENGLISH), (ENGLISH, f"{GERMAN} {DANISH}")]
    workspace.write_input("a.tsv", "".join(f"{first}\t{second}\n" for first, second in pairs))
    source = workspace.files_source(
        "a.tsv", format="tsv", languages=["eng_Latn", "deu_Latn"], languageModel=PACKAGED_MODEL
    )
    (kept,) = workspace.mix_sources(source)
    assert sorted(kept.split("\n")) == [f"[English]: {ENGLISH}", f"[German]: {GERMAN}"]
    dropped = workspace.read_stats()["filter"]["files"]["eng_Latn-deu_Latn"]["dropped"]
    assert dropped == {
        "deu_Latn: all in en": 1,
        "deu_Latn: several languages": 1,
        "eng_Latn: all in de": 1,
    }


def test_refuses_a_language_that_the_model_cannot_identify_before_any_work(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["Wonke umuntu unelungelo lokuphila."])
    with pytest.raises(InputError, match=r"languageModel lid\.176 cannot identify zul_Latn; use GlotLID"):
        workspace.mix_sources(workspace.files_source("a.jsonl", languages=["zul_Latn"], languageModel=PACKAGED_MODEL))


@pytest.mark.parametrize(
    ("content", "message"), [(None, "does not exist; use lid.176"), (b"x" * 64, "is not a fastText model")]
)
def test_refuses_a_language_model_that_cannot_be_read(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content:
        (tmp_path / "model.bin").write_bytes(content)
    with pytest.raises(InputError, match=message):
        load_language_model(str(tmp_path / "model.bin"))


def test_a_language_model_that_the_store_cannot_read_now_is_no_bad_input(tmp_path: Path) -> None:
    make_unreadable(tmp_path / "model.bin")
    with pytest.raises(OSError, match="Input/output error"):
        load_language_model(str(tmp_path / "model.bin"))


def test_lid_176_knows_every_short_label_in_the_table() -> None:
    known = load_language_model(PACKAGED_MODEL).list_labels()
    languages = [*UDHR_CODES, "bak_Cyrl"]
    short = {label for language in languages for label in find_language_labels(language) if "_" not in label}
    assert short <= known
    assert len(short) == 23


def _write_benchmark_files(folder: Path, texts: list[str]) -> Path:
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


def test_drops_rows_that_contain_an_evaluation_text(workspace: MixtureWorkspace) -> None:
    planted = [f"Before. {ENGLISH} After.", f'"{GERMAN.upper()}"', "No!"]
    workspace.write_jsonl("a.jsonl", ["An unrelated sentence.", *planted])
    benchmarks = str(_write_benchmark_files(workspace.folder, [ENGLISH, GERMAN, "No"]))
    assert workspace.mix_sources(workspace.files_source("a.jsonl"), benchmarks=benchmarks) == ["An unrelated sentence."]
    counts = workspace.read_stats()["filter"]["files"]["eng_Latn"]
    assert counts["dropped"] == {"evaluation text": 3}


def test_reads_several_benchmarks_in_the_layouts_of_the_hub(workspace: MixtureWorkspace) -> None:
    hub = workspace.folder / "hub"
    for name, content in (
        ("sib200/data/eng_Latn/test.tsv", f"index_id\tcategory\ttext\n1\tpolitics\t{ENGLISH}\n"),
        ("plus/devtest/deu_Latn.jsonl", json.dumps({"id": 0, "text": GERMAN}) + "\n"),
    ):
        (hub / name).parent.mkdir(parents=True)
        (hub / name).write_text(content)
        mark_complete(hub / name.partition("/")[0])
    workspace.write_jsonl("a.jsonl", ["An unrelated sentence.", ENGLISH, GERMAN])
    both = [str(hub / "sib200"), str(hub / "plus")]
    assert workspace.mix_sources(workspace.files_source("a.jsonl"), benchmarks=both) == ["An unrelated sentence."]


def test_keeps_the_same_sentences_when_the_spec_names_no_benchmark(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", [ENGLISH, GERMAN])
    assert len(workspace.mix_sources(workspace.files_source("a.jsonl"))) == 2


def test_refuses_unfinished_or_empty_benchmarks(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", [ENGLISH])
    empty = workspace.folder / "empty"
    empty.mkdir()
    with pytest.raises(RetryableError, match="is there but unfinished"):
        workspace.mix_sources(workspace.files_source("a.jsonl"), benchmarks=str(empty))
    mark_complete(empty)
    with pytest.raises(InputError, match="no benchmark found; expected sib200"):
        workspace.mix_sources(workspace.files_source("a.jsonl"), benchmarks=str(empty))


def test_an_evaluation_text_without_letters_drops_nothing() -> None:
    benchmark_filter = BenchmarkFilter(iter(["", "...", ENGLISH]))
    assert benchmark_filter.find_drop_reason(Row(("Before.\n---\nAfter.",))) is None


@pytest.mark.parametrize("text", ["a" * 15, "a" * 16, "a" * 17, "អ" * 40])
def test_finds_short_texts_as_whole_sentences_and_long_texts_anywhere(text: str) -> None:
    benchmark_filter = BenchmarkFilter(iter([text]))
    assert benchmark_filter.find_drop_reason(Row((text,))) == "evaluation text"
    inside = benchmark_filter.find_drop_reason(Row((f"prefix{text}suffix",)))
    assert inside == (None if len(text) < 16 else "evaluation text")


def test_the_seed_draws_a_fraction_from_the_whole_source(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", [f"x = {n}" for n in range(4000)])
    source = workspace.files_source("a.jsonl", languages=[], fraction=0.1)
    drawn = []
    for seed in (1, 1, 2):
        drawn.append(workspace.mix_sources(source, seed=seed))
        shutil.rmtree(workspace.output)
    assert drawn[0] == drawn[1] != drawn[2]
    numbers = [int(text.split()[-1]) for text in drawn[0]]
    assert 320 < len(numbers) < 480
    assert 1500 < sum(numbers) / len(numbers) < 2500
