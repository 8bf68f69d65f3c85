"""Benchmark files as people have them: cells are texts, and byte order marks, line ends and quotes are no content."""

from pathlib import Path

import pytest
from benchmark_fixture import build_task, write_benchmarks

from mixcpt_evaluate.tasks.benchmark_definitions import (
    FLORES200,
    ClassificationBenchmark,
    TranslationBenchmark,
    read_classification_benchmark,
)
from mixcpt_evaluate.tasks.classification_files import ClassificationData, read_classification_data
from mixcpt_evaluate.tasks.prompts import build_classification_prompts
from mixcpt_evaluate.tasks.translation_files import read_translation_data
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

HEADER = "index_id\tcategory\ttext\n"
PLAIN = HEADER + "1\ta\tOne.\n2\tb\tTwo.\n3\ta\tThree.\n"


def read_table(
    folder: Path, test: bytes | str, *, labels: tuple[str, ...] = ("a", "b"), items: int = 3, train: str | None = None
) -> ClassificationData:
    directory = folder / "mine" / "eng_Latn"
    directory.mkdir(parents=True)
    content = test.encode() if isinstance(test, str) else test
    (directory / "test.tsv").write_bytes(content)
    (directory / "train.tsv").write_bytes(content if train is None else train.encode())
    mark_complete(folder)
    benchmark = ClassificationBenchmark("mine", {"test": items}, labels, "H", '"{text}" is {label}')
    return read_classification_data(benchmark, folder, "eng_Latn")


@pytest.mark.parametrize(
    "labels", [("0", "1"), ("True", "False"), ("None", "Hate"), ("N/A", "yes"), ("NA", "nan"), ("null", "1.0")]
)
def test_reads_labels_that_look_like_numbers_or_missing_values_as_texts(
    tmp_path: Path, labels: tuple[str, str]
) -> None:
    one, other = labels
    data = read_table(tmp_path, f"{HEADER}1\t{one}\tA\n2\t{other}\tB\n3\t{one}\tC\n", labels=labels)
    assert list(data.test["category"]) == [one, other, one]
    assert list(data.train["category"]) == [one, other, one]


@pytest.mark.parametrize("text", ["NA", "null", "None", "N/A", "nan", "1984", "1.50", "True", "-inf", "#N/A", " "])
def test_reads_texts_that_look_like_numbers_or_missing_values_as_texts(tmp_path: Path, text: str) -> None:
    data = read_table(tmp_path, f"{HEADER}1\ta\t{text}\n2\tb\t{text}\n3\ta\t{text}\n")
    assert list(data.test["text"]) == [text] * 3


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN + "\n\n",
        PLAIN + "\r\n  \r\n",
        PLAIN.removesuffix("\n"),
        "text\tindex_id\tnote\tcategory\nOne.\t1\tx\ta\nTwo.\t2\t\tb\nThree.\t3\tx\ta\n",
        HEADER + '1\ta\t"One."\n"2"\t"b"\tTwo.\n3\ta\tThree.\n',
    ],
    ids=["byte order mark", "CRLF", "blank lines", "CRLF and blanks", "no last newline", "column order", "quotes"],
)
def test_reads_the_same_table_from_every_form_of_the_file(tmp_path: Path, content: str) -> None:
    data = read_table(tmp_path, content)
    assert [int(index) for index in data.test.index] == [1, 2, 3]
    assert list(data.test["category"]) == ["a", "b", "a"]
    assert list(data.test["text"]) == ["One.", "Two.", "Three."]


def test_keeps_quotes_within_a_text_and_doubled_ones_once(tmp_path: Path) -> None:
    data = read_table(tmp_path, f'{HEADER}1\ta\tHe said "no".\n2\tb\t"A ""great"" trip"\n3\ta\tx"\n')
    assert list(data.test["text"]) == ['He said "no".', 'A "great" trip', 'x"']


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("\ta\tB", r"test\.tsv, line 4: index_id is empty"),
        ("2\t\tB", r"test\.tsv, line 4: category is empty"),
        ("2\ta\t", r"test\.tsv, line 4: text is empty"),
        ("2\ta", r"test\.tsv, line 4: text is empty"),
        ("2\ta\tB\tC", r"test\.tsv, line 4: has 4 fields; the header has 3 columns, so a text may contain a tab"),
        ("x\ta\tB", r"test\.tsv, line 4: index_id is 'x'; it must be a whole number"),
        ("inf\ta\tB", r"test\.tsv, line 4: index_id is 'inf'"),
        ("2\tA\tB", r"test\.tsv, line 4: category is 'A'; allowed in mine: a, b"),
    ],
)
def test_names_the_line_and_column_of_a_bad_cell_even_after_a_blank_line(
    tmp_path: Path, row: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_table(tmp_path, f"{HEADER}\n1\ta\tOne.\n{row}\n", train=PLAIN)


def test_rejects_a_table_whose_rows_all_have_one_more_field_than_the_header(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"test\.tsv, line 2: has 4 fields; the header has 3 columns"):
        read_table(tmp_path, f"{HEADER}1\ta\tOne.\t\n2\tb\tTwo.\t\n", train=PLAIN)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_says_that_a_file_in_another_encoding_must_be_utf8(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(InputError, match=r"test\.tsv, line \d: not UTF-8 \(.*\); save the file as UTF-8"):
        read_table(tmp_path, PLAIN.replace("One", "\u00efne").encode(encoding), train=PLAIN)


def test_hints_at_a_quote_that_swallows_lines_when_items_are_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has 2 items.*has 3.*the text on line 2 begins with a quote and spans"):
        read_table(tmp_path, f'{HEADER}1\ta\t"Well, he said.\n2\tb\tB\n3\ta\tC "x"\n4\ta\t"D"\n', train=PLAIN)


def test_rejects_a_table_without_rows(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"train\.tsv: has no items; the train split of mine needs at least one"):
        read_table(tmp_path, PLAIN, train=HEADER)


def test_names_the_number_of_shots_and_of_items_when_there_are_too_few(tmp_path: Path) -> None:
    data = read_table(tmp_path, PLAIN, train=f"{HEADER}1\ta\tOne.\n2\tb\tTwo.\n")
    benchmark = ClassificationBenchmark("mine", {}, ("a", "b"), "H", '"{text}" is {label}')
    with pytest.raises(InputError, match="the train split has 2 items; spec.shots is 3, which needs at least 3"):
        build_classification_prompts(benchmark, data, shots=3, seed=42)
    assert build_classification_prompts(benchmark, data, shots=2, seed=42)


def test_rejects_a_marker_whose_number_of_items_is_not_a_whole_number(tmp_path: Path) -> None:
    write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"])
    mark_complete(tmp_path, {"flores200": {"dev": "four"}})
    with pytest.raises(InputError, match="COMPLETE: the number of items of flores200, dev, is 'four'"):
        read_translation_data(FLORES200, tmp_path, source="zul_Latn", target="eng_Latn")


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffOne.\nTwo.\n",
        "One.\r\nTwo.\r\n",
        "One.\nTwo.",
        "One.\nTwo.\n\n",
        "\ufeffOne.\r\nTwo.\r\n\r\n \r\n",
    ],
    ids=["byte order mark", "CRLF", "no last newline", "blank line", "all of them"],
)
def test_reads_the_same_sentences_from_every_form_of_the_file(tmp_path: Path, content: str) -> None:
    task = build_task(write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"]), ["zul_Latn"])
    for split in ("dev", "devtest"):
        (tmp_path / "flores200" / split / f"zul_Latn.{split}").write_bytes(content.encode())
        (tmp_path / "flores200" / split / f"eng_Latn.{split}").write_text("A.\nB.\n")
    benchmark = TranslationBenchmark("flores200", {"devtest": 2})
    mark_complete(tmp_path)
    data = read_translation_data(benchmark, task.benchmarks, source="zul_Latn", target="eng_Latn")
    assert (data.source_dev, data.source_test) == (["One.", "Two."], ["One.", "Two."])


def test_keeps_an_empty_sentence_at_the_end_that_belongs_to_the_number_of_items(tmp_path: Path) -> None:
    write_benchmarks(tmp_path, ["eng_Latn", "zul_Latn"])
    path = tmp_path / "flores200" / "dev" / "zul_Latn.dev"
    path.write_text("One.\nTwo.\nThree.\n\n")
    data = read_translation_data(FLORES200, tmp_path, source="zul_Latn", target="eng_Latn")
    assert data.source_dev == ["One.", "Two.", "Three.", ""]


@pytest.mark.parametrize("line", ['{"id": 1e999, "text": "x"}', '{"id": 2, "text": "\\ud800"}', "[" * 100_000, "5"])
def test_names_the_line_of_flores_plus_that_has_no_usable_sentence(tmp_path: Path, line: str) -> None:
    for split in ("dev", "devtest"):
        (tmp_path / split).mkdir()
        for language in ("eng_Latn", "zul_Latn"):
            (tmp_path / split / f"{language}.jsonl").write_text(f'{{"id": 1, "text": "a"}}\n{line}\n')
    with pytest.raises(InputError, match=r"dev/zul_Latn\.jsonl, line 2: ends with .*must be JSON"):
        read_translation_data(FLORES200, tmp_path, source="zul_Latn", target="eng_Latn")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": ["a"]}, "must hold at least two different labels"),
        ({"labels": []}, "must hold at least two different labels"),
        ({"labels": ["a", "a"]}, "must hold at least two different labels"),
        ({"labels": ["a", ""]}, "none of them empty"),
        ({"name": "../sib200"}, "must be the name of a folder"),
    ],
)
def test_rejects_a_definition_that_no_file_can_match(change: dict[str, object], message: str) -> None:
    definition = {
        "kind": "classification", "name": "mine", "items": 2, "labels": ["a", "b"], "heading": "H",
        "example": '"{text}" is {label}',
    }  # fmt: skip
    spec = Spec({"benchmark": {**definition, **change}})
    read_classification_benchmark(spec)
    assert any(message in problem for problem in spec.problems)
