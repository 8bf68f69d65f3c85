"""Sources on the hub: streamed by ranges, resumed, and refused in one line."""

import gzip
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from hub_fixture import COMMIT, REPOSITORY, Hub
from mixture_fixture import Bench, jsonl, word_tokenizer

from mixcpt_data.hub import HubRepository, hub_errors, load_hub
from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200
from mixcpt_evaluate.tasks.flores_plus import read_flores_edition
from mixcpt_evaluate.tasks.translation_files import read_translation_data
from mixcpt_store.errors import InputError, RetryableError

TEXTS = [f"Sentence number {number} of the corpus." for number in range(2000)]


def _source(**keys: Any) -> dict[str, Any]:
    entry = {"kind": "hf", "repository": REPOSITORY, "revision": COMMIT, "files": ["data/en/*.jsonl"]}
    return {**entry, "format": "jsonl", "languages": ["eng_Latn"], **keys}


def test_reads_every_row_of_the_files_that_match(bench: Bench, hub: Hub) -> None:
    hub.files = {
        "data/en/en_0.jsonl": jsonl(TEXTS[:1200]).encode(),
        "data/en/en_1.jsonl": jsonl(TEXTS[1200:]).encode(),
        "data/de/de_0.jsonl": jsonl(["Ein anderer Satz."]).encode(),
    }
    done = bench.run("mixture", bench.spec(_source()), HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 0, done.stderr
    assert sorted(bench.texts()) == sorted(TEXTS)


def test_reads_compressed_files(bench: Bench, hub: Hub) -> None:
    hub.files = {"data/en/en_clean_0000.jsonl.gz": gzip.compress(jsonl(TEXTS).encode())}
    done = bench.run("mixture", bench.spec(_source(files=["data/en/*.gz"])), HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 0, done.stderr
    assert sorted(bench.texts()) == sorted(TEXTS)


def test_a_broken_download_goes_on_and_changes_nothing(bench: Bench, hub: Hub) -> None:
    hub.files = {"data/en/en.jsonl": jsonl(TEXTS).encode()}
    hub.breaks = {"data/en/en.jsonl": 1000}
    done = bench.run("mixture", bench.spec(_source()), HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 0, done.stderr
    assert sorted(bench.texts()) == sorted(TEXTS)
    assert len(hub.ranges) == 2


def test_a_hub_that_falls_silent_is_asked_again(bench: Bench, hub: Hub) -> None:
    hub.files = {"data/en/en.jsonl": jsonl(TEXTS).encode()}
    hub.pauses = {"data/en/en.jsonl": 5}
    environment = {"HF_ENDPOINT": hub.endpoint, "HF_HUB_DOWNLOAD_TIMEOUT": "1"}
    done = bench.run("mixture", bench.spec(_source()), **environment)
    assert done.returncode == 0, done.stderr
    assert sorted(bench.texts()) == sorted(TEXTS)
    assert len(hub.ranges) == 2


def test_a_minute_of_silence_is_the_limit_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_DOWNLOAD_TIMEOUT", raising=False)
    code = "from mixcpt_data.hub import load_hub; print(load_hub().constants.HF_HUB_DOWNLOAD_TIMEOUT)"
    path = os.pathsep.join(sys.path)
    shown = subprocess.check_output([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path})
    assert shown.decode().strip() == "60"


def test_no_more_is_fetched_than_the_budget_needs(bench: Bench, hub: Hub) -> None:
    long_text = "word " * 200
    hub.files = {"data/en/en.jsonl": jsonl([long_text] * 20_000).encode()}
    spec = bench.spec(_source(tokens=1000), tokenizer=str(word_tokenizer(bench.folder)))
    done = bench.run("mixture", spec, HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 0, done.stderr
    assert len(bench.texts()) == 5
    assert len(hub.ranges) == 1
    assert len(hub.files["data/en/en.jsonl"]) > 4 * 4 * 1024 * 1024


def test_the_token_is_sent(bench: Bench, hub: Hub) -> None:
    hub.files, hub.gated = {"data/en/en.jsonl": jsonl(TEXTS).encode()}, True
    done = bench.run("mixture", bench.spec(_source()), HF_ENDPOINT=hub.endpoint, HF_TOKEN="hf_secret")
    assert done.returncode == 0, done.stderr
    assert "Bearer hf_secret" in hub.tokens


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gated": True}, "study/corpus is gated: accept its terms on the hub and give the step your token"),
        ({"repository": "study/other"}, "the hub has no dataset study/other, or it is private"),
        ({"revision": "f" * 40}, f"study/corpus has no revision {'f' * 40}"),
        ({"files": ["data/fr/*"]}, "study/corpus@0123456:data/fr/* matches no file"),
    ],
)
def test_what_the_hub_refuses_is_one_line(bench: Bench, hub: Hub, change: dict[str, Any], message: str) -> None:
    hub.files, hub.gated = {"data/en/en.jsonl": jsonl(TEXTS).encode()}, change.pop("gated", False)
    done = bench.run("mixture", bench.spec(_source(**change)), HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not bench.output.exists()


def test_a_hub_that_does_not_answer_is_one_line_and_tried_again(bench: Bench) -> None:
    done = bench.run("mixture", bench.spec(_source()), HF_ENDPOINT="http://127.0.0.1:9")
    assert done.returncode == 1
    assert "the hub at http://127.0.0.1:9 gave no answer for study/corpus" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [
        (429, RetryableError, "gave no answer for study/corpus"),
        (503, RetryableError, "gave no answer for study/corpus"),
        (400, InputError, "refuses study/corpus"),
        (403, InputError, "refuses study/corpus"),
    ],
)
@pytest.mark.parametrize("behind", [False, True])
def test_what_the_hub_refuses_is_for_good_and_what_it_cannot_do_now_is_not(
    status: int, kind: type[Exception], message: str, behind: bool
) -> None:
    errors = load_hub().errors
    answer = httpx.Response(status, request=httpx.Request("GET", "https://hub"))
    error = errors.HfHubHTTPError(f"status {status}", response=answer)
    fault = errors.LocalEntryNotFoundError("An error happened") if behind else error
    with pytest.raises(kind, match=message), hub_errors(HubRepository("dataset", REPOSITORY, COMMIT)):
        raise fault from error if behind else None


def test_a_branch_is_refused_for_it_moves(bench: Bench) -> None:
    done = bench.run("mixture", bench.spec(_source(revision="main")))
    assert done.returncode == 2
    assert "spec.sources[0].revision is 'main'; it must be a commit of 40 hex digits" in done.stderr


def test_a_model_is_downloaded_without_what_is_not_needed(bench: Bench, hub: Hub) -> None:
    hub.files = {"config.json": b"{}", "model.safetensors": b"x" * 5000, "pytorch_model.bin": b"y" * 5000}
    output = bench.folder / "model"
    spec = {"output": str(output), "repository": REPOSITORY, "revision": COMMIT}
    done = bench.run("download", spec, HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in output.iterdir()) == ["COMPLETE", "config.json", "model.safetensors"]
    assert json.loads((output / "COMPLETE").read_text())["revision"] == COMMIT


def test_a_model_is_gated_in_one_line_and_nothing_is_left_to_be_read(bench: Bench, hub: Hub) -> None:
    hub.files, hub.gated = {"config.json": b"{}"}, True
    spec = {"output": str(bench.folder / "model"), "repository": REPOSITORY, "revision": COMMIT}
    done = bench.run("download", spec, HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 2
    assert "study/corpus is gated" in done.stderr
    assert not (bench.folder / "model").exists()


def _benchmark(bench: Bench, *files: str) -> dict[str, Any]:
    output = str(bench.folder / "benchmarks" / "sib200")
    keys = {"repository": REPOSITORY, "revision": COMMIT, "kind": "dataset", "files": list(files)}
    return {"output": output, **keys}


def test_a_benchmark_is_downloaded_as_its_repository_has_it(bench: Bench, hub: Hub) -> None:
    table = b"index_id\tcategory\ttext\n1\tpolitics\tA vote\n"
    names = [f"data/{language}/{split}.tsv" for language in ("eng_Latn", "zul_Latn") for split in ("dev", "test")]
    hub.files = {**dict.fromkeys(names, table), "README.md": b"x", "data/eng_Latn/labels.txt": b"x"}
    done = bench.run("download", _benchmark(bench, "data/*/*.tsv"), HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 0, done.stderr
    output = bench.folder / "benchmarks" / "sib200"
    there = sorted(path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file())
    assert there == ["COMPLETE", *names]
    assert (output / names[0]).read_bytes() == table
    assert json.loads((output / "COMPLETE").read_text())["repository"] == REPOSITORY


def test_a_download_without_room_is_one_line_and_goes_on_once_there_is_some(bench: Bench, hub: Hub) -> None:
    hub.files = {"data/eng_Latn/test.tsv": b"x" * 300_000, "data/zul_Latn/test.tsv": b"y" * 1000}
    output = bench.folder / "benchmarks" / "sib200"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        done = bench.run("download", _benchmark(bench, "data/*/*.tsv"), HF_ENDPOINT=hub.endpoint)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert done.returncode == 2
    assert f"the file may not grow while writing {output}: make room, then run it again" in done.stderr
    assert not output.exists()
    again = bench.run("download", _benchmark(bench, "data/*/*.tsv"), HF_ENDPOINT=hub.endpoint)
    assert again.returncode == 0, again.stderr
    assert (output / "data/eng_Latn/test.tsv").stat().st_size == 300_000


def test_the_evaluation_reads_what_was_downloaded(bench: Bench, hub: Hub) -> None:
    languages, numbers = ("eng_Latn", "cmn_Hans"), {"dev": 997, "devtest": 1012}
    hub.files = {
        f"{split}/{language}.jsonl": b"".join(
            json.dumps({"id": n, "text": f"{language} {n}", "glottocode": "x"}).encode() + b"\n"
            for n in range(numbers[split])
        )
        for language in languages
        for split in numbers
    }
    spec = _benchmark(bench, "dev/*.jsonl", "devtest/*.jsonl")
    assert bench.run("download", spec, HF_ENDPOINT=hub.endpoint).returncode == 0
    data = read_translation_data(FLORES200, Path(spec["output"]), source="zho_Hans", target="eng_Latn")
    assert (data.source_dev[996], data.target_test[1011]) == ("cmn_Hans 996", "eng_Latn 1011")
    assert read_flores_edition(Path(spec["output"])) == f"flores_plus@{COMMIT[:7]}"


def test_a_benchmark_in_another_layout_is_refused_and_leaves_nothing(bench: Bench, hub: Hub) -> None:
    hub.files = {"dev/eng_Latn.parquet": b"x"}
    done = bench.run("download", _benchmark(bench, "dev/*.jsonl"), HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 2
    assert "study/corpus@0123456:dev/*.jsonl matches no file" in done.stderr
    assert not (bench.folder / "benchmarks" / "sib200").exists()


def test_a_hub_that_cannot_be_reached_says_what_to_do_and_leaves_no_benchmark(bench: Bench) -> None:
    done = bench.run("download", _benchmark(bench, "data/*/*.tsv"), HF_ENDPOINT="http://127.0.0.1:9")
    assert done.returncode == 1
    assert "the hub at http://127.0.0.1:9 gave no answer for study/corpus: " in done.stderr
    assert "let the pod reach it, or name another in HF_ENDPOINT, and run it again" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (bench.folder / "benchmarks" / "sib200").exists()


def test_a_broken_download_of_a_model_goes_on_where_it_stopped(bench: Bench, hub: Hub) -> None:
    content = bytes(range(256)) * 4096 * 12
    hub.files, hub.breaks = {"model.safetensors": content}, {"model.safetensors": 11 * 1024 * 1024}
    output = bench.folder / "model"
    spec = {"output": str(output), "repository": REPOSITORY, "revision": COMMIT}
    done = bench.run("download", spec, HF_ENDPOINT=hub.endpoint)
    assert done.returncode == 0, done.stderr
    assert (output / "model.safetensors").read_bytes() == content
    resumed = hub.ranges[1][1]
    assert resumed is not None
    assert resumed.startswith(f"bytes={10 * 1024 * 1024}-")
