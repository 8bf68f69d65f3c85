"""Random specs and files: a step succeeds or raises InputError or RetryableError, and nothing else."""

import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from benchmark_fixture import FixedBackend, build_task
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mixcpt_evaluate.publish.collect_results import collect_results
from mixcpt_evaluate.publish.publish_spec import read_publish_spec
from mixcpt_evaluate.publish.training_log import read_training_log
from mixcpt_evaluate.score_files import EvaluationUnit
from mixcpt_evaluate.task_spec import read_task_spec
from mixcpt_evaluate.tasks.benchmark_definitions import (
    ClassificationBenchmark,
    TranslationBenchmark,
    read_classification_benchmark,
    read_translation_benchmark,
)
from mixcpt_evaluate.tasks.classification import build_classification_evaluator
from mixcpt_evaluate.tasks.translation import build_translation_evaluator
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.spec import Spec, parse_spec

FUZZ = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
BENCHMARK = ClassificationBenchmark("mine", {}, ("politics", "NA", "0"), "H", '"{text}" is {label}')
FLORES = TranslationBenchmark("flores200", {})

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
    st.sampled_from(["/store/x", "zul_Latn", "eng_Latn", "vllm", "transformers", "xx-eng", "classification", "gpu"]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
TASK_KEYS = [
    "checkpoint", "benchmarks", "output", "languages", "directions", "shots", "seed", "limit", "shards", "batchTokens",
    "backend", "generation", "device", "bleuTokenizer", "benchmark", "languageNames", "unknown",
]  # fmt: skip
PUBLISH_KEYS = [
    "run", "cell", "scores", "runDirectory", "checkpoint", "devices", "tokensPerStep", "image", "evaluationImage",
    "configMap",
]  # fmt: skip
INNER_KEYS = [
    "kind", "name", "items", "labels", "heading", "example", "maxNewTokens", "temperature", "topP",
    "repetitionPenalty", "namespace", "annotations",
]  # fmt: skip


def build_mappings(keys: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    inner = st.dictionaries(st.sampled_from(INNER_KEYS), VALUES, max_size=6)
    return st.dictionaries(st.sampled_from(keys), VALUES | inner, max_size=len(keys))


CELLS = st.one_of(
    st.sampled_from(
        ["1", "7.0", "inf", "1e5", "NA", "0", "politics", '"', '"a', 'a"b', "\ufeff", "\r", "\x00", "", "²"]
    ),
    st.text(max_size=6),
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4).map("\t".join), max_size=6)
GOOD_ROWS = ["1\tpolitics\tA", "2\tNA\tB", "3\t0\tC"]
TABLES = st.one_of(
    st.binary(max_size=60),
    ROWS.map(lambda rows: "\n".join(["index_id\tcategory\ttext", *GOOD_ROWS, *rows]).encode(errors="replace")),
    ROWS.map(lambda rows: "\r\n".join(["text\tindex_id\tcategory", *rows, ""]).encode(errors="replace")),
)
LINES = st.lists(st.text(max_size=8), max_size=5).map(lambda lines: "\n".join(lines).encode(errors="replace"))
SENTENCES = st.dictionaries(st.sampled_from(["id", "text", "x"]), VALUES, max_size=3).map(json.dumps)
JSON_LINES = st.one_of(
    st.binary(max_size=40), st.lists(SENTENCES, max_size=4).map(lambda lines: "\n".join(lines).encode())
)


def run_expected(step: Callable[[], object]) -> None:
    """Runs the step; any exception other than the two of a step fails the test."""
    with suppress(InputError, RetryableError):
        step()


def _read_everything(value: Any) -> None:
    for read in (read_classification_benchmark, read_translation_benchmark, read_publish_spec):
        run_expected(lambda read=read: read(Spec(value)))  # type: ignore[misc]
    for with_directions in (False, True):
        run_expected(lambda flag=with_directions: read_task_spec(Spec(value), with_directions=flag))  # type: ignore[misc]


@FUZZ
@given(build_mappings(TASK_KEYS) | build_mappings(PUBLISH_KEYS))
def test_reads_any_spec_or_names_what_is_wrong(value: dict[str, Any]) -> None:
    _read_everything(value)


@FUZZ
@given(st.text(max_size=40) | VALUES.map(lambda value: yaml.safe_dump(value, allow_unicode=True)))
def test_parses_any_text_as_a_spec_or_names_what_is_wrong(text: str) -> None:
    run_expected(lambda: _read_everything(parse_spec(text)._mapping))


@FUZZ
@given(train=TABLES, test=TABLES)
def test_scores_any_table_or_names_what_is_wrong(train: bytes, test: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        directory = folder / "mine" / "zul_Latn"
        directory.mkdir(parents=True)
        (directory / "train.tsv").write_bytes(train)
        (directory / "test.tsv").write_bytes(test)
        task = build_task(folder, ["zul_Latn"], shots=2)
        evaluate = build_classification_evaluator(BENCHMARK, task, FixedBackend())
        run_expected(lambda: evaluate(EvaluationUnit("mine", "zul_Latn")))


@FUZZ
@given(files=st.lists(LINES, min_size=4, max_size=4), marker=VALUES)
def test_scores_any_sentences_or_names_what_is_wrong(files: list[bytes], marker: Any) -> None:
    contents = iter(files)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for split in ("dev", "devtest"):
            (folder / "flores200" / split).mkdir(parents=True)
            for language in ("eng_Latn", "zul_Latn"):
                (folder / "flores200" / split / f"{language}.{split}").write_bytes(next(contents))
        (folder / "COMPLETE").write_text(json.dumps({"flores200": marker}))
        evaluate = build_translation_evaluator(FLORES, build_task(folder, ["zul_Latn"]), FixedBackend())
        run_expected(lambda: evaluate(EvaluationUnit("flores200", "zul_Latn", "xx-eng")))


@FUZZ
@given(files=st.lists(JSON_LINES, min_size=4, max_size=4))
def test_scores_any_flores_plus_or_names_what_is_wrong(files: list[bytes]) -> None:
    contents = iter(files)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for split in ("dev", "devtest"):
            (folder / split).mkdir()
            for language in ("eng_Latn", "zul_Latn"):
                (folder / split / f"{language}.jsonl").write_bytes(next(contents))
        evaluate = build_translation_evaluator(FLORES, build_task(folder, ["zul_Latn"]), FixedBackend())
        run_expected(lambda: evaluate(EvaluationUnit("flores200", "zul_Latn", "eng-xx")))


LOG_KEYS = ["current_steps", "loss", "eval_loss", "epoch", "elapsed_time"]
LOG_LINES = st.dictionaries(st.sampled_from(LOG_KEYS), VALUES).map(json.dumps)
SCORE_KEYS = ["benchmark", "language", "direction", "items", "scores", "unanswered", "serving"]


@FUZZ
@given(
    score=st.binary(max_size=30) | build_mappings(SCORE_KEYS).map(lambda value: json.dumps(value).encode()),
    log=st.lists(LOG_LINES | st.text(max_size=10), max_size=4).map(lambda lines: "\n".join(lines)),
    record=st.binary(max_size=30) | VALUES.map(lambda value: yaml.safe_dump({"recipe": value}).encode()),
)
def test_collects_any_results_or_names_what_is_wrong(score: bytes, log: str, record: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "zul_Latn.json").write_bytes(score)
        (folder / "trainer_log.jsonl").write_bytes(log.encode(errors="replace"))
        (folder / "run.yaml").write_bytes(record)
        (folder / "eval_results.json").write_bytes(score)
        read_training_log(folder)
        publish = read_publish_spec(
            Spec({
                "run": "r", "cell": "c", "scores": [name], "runDirectory": name, "checkpoint": "/c",
                "expected": [{"scores": name, "benchmark": "b", "languages": ["zul_Latn"]}],
                "configMap": {"namespace": "n", "name": "m"},
            })
        )  # fmt: skip
        run_expected(lambda: json.dumps(collect_results(publish), allow_nan=False))
