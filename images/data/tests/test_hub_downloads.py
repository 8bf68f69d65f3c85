"""Downloads of models and benchmarks from the hub."""

import json
import resource
from pathlib import Path
from typing import Any

from hub_fixture import COMMIT, REPOSITORY, FakeHub
from mixture_fixture import MixtureWorkspace

from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200
from mixcpt_evaluate.tasks.flores_plus import read_flores_edition
from mixcpt_evaluate.tasks.translation_files import read_translation_data


def test_downloads_only_the_files_that_a_model_needs(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.files = {"config.json": b"{}", "model.safetensors": b"x" * 5000, "pytorch_model.bin": b"y" * 5000}
    output = workspace.folder / "model"
    spec = {"output": str(output), "repository": REPOSITORY, "revision": COMMIT}
    result = workspace.run_command("download", spec, HF_ENDPOINT=hub.endpoint)
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in output.iterdir()) == ["COMPLETE", "config.json", "model.safetensors"]
    assert json.loads((output / "COMPLETE").read_text())["revision"] == COMMIT


def test_a_gated_model_gives_one_line_and_leaves_no_output(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.files, hub.gated = {"config.json": b"{}"}, True
    spec = {"output": str(workspace.folder / "model"), "repository": REPOSITORY, "revision": COMMIT}
    result = workspace.run_command("download", spec, HF_ENDPOINT=hub.endpoint)
    assert result.returncode == 2
    assert "study/corpus: the repository is gated" in result.stderr
    assert not (workspace.folder / "model").exists()


def _build_download_spec(workspace: MixtureWorkspace, *files: str) -> dict[str, Any]:
    output = str(workspace.folder / "benchmarks" / "sib200")
    keys = {"repository": REPOSITORY, "revision": COMMIT, "kind": "dataset", "files": list(files)}
    return {"output": output, **keys}


def test_downloads_a_benchmark_in_the_layout_of_its_repository(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    table = b"index_id\tcategory\ttext\n1\tpolitics\tA vote\n"
    names = [f"data/{language}/{split}.tsv" for language in ("eng_Latn", "zul_Latn") for split in ("dev", "test")]
    hub.files = {**dict.fromkeys(names, table), "README.md": b"x", "data/eng_Latn/labels.txt": b"x"}
    result = workspace.run_command(
        "download", _build_download_spec(workspace, "data/*/*.tsv"), HF_ENDPOINT=hub.endpoint
    )
    assert result.returncode == 0, result.stderr
    output = workspace.folder / "benchmarks" / "sib200"
    files = sorted(path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file())
    assert files == ["COMPLETE", *names]
    assert (output / names[0]).read_bytes() == table
    assert json.loads((output / "COMPLETE").read_text())["repository"] == REPOSITORY


def test_a_download_without_space_gives_one_line_and_succeeds_once_there_is_space(
    workspace: MixtureWorkspace, hub: FakeHub
) -> None:
    hub.files = {"data/eng_Latn/test.tsv": b"x" * 300_000, "data/zul_Latn/test.tsv": b"y" * 1000}
    output = workspace.folder / "benchmarks" / "sib200"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        result = workspace.run_command(
            "download", _build_download_spec(workspace, "data/*/*.tsv"), HF_ENDPOINT=hub.endpoint
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert result.returncode == 2
    assert f"the file may not grow while writing {output}: make room, then run it again" in result.stderr
    assert not output.exists()
    again = workspace.run_command("download", _build_download_spec(workspace, "data/*/*.tsv"), HF_ENDPOINT=hub.endpoint)
    assert again.returncode == 0, again.stderr
    assert (output / "data/eng_Latn/test.tsv").stat().st_size == 300_000


def test_the_evaluation_reads_a_downloaded_benchmark(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    languages, numbers = ("eng_Latn", "cmn_Hans"), {"dev": 997, "devtest": 1012}
    hub.files = {
        f"{split}/{language}.jsonl": b"".join(
            json.dumps({"id": n, "text": f"{language} {n}", "glottocode": "x"}).encode() + b"\n"
            for n in range(numbers[split])
        )
        for language in languages
        for split in numbers
    }
    spec = _build_download_spec(workspace, "dev/*.jsonl", "devtest/*.jsonl")
    assert workspace.run_command("download", spec, HF_ENDPOINT=hub.endpoint).returncode == 0
    data = read_translation_data(FLORES200, Path(spec["output"]), source="zho_Hans", target="eng_Latn")
    assert (data.source_dev[996], data.target_test[1011]) == ("cmn_Hans 996", "eng_Latn 1011")
    assert read_flores_edition(Path(spec["output"])) == f"flores_plus@{COMMIT[:7]}"


def test_refuses_a_benchmark_in_another_layout_and_leaves_no_output(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    hub.files = {"dev/eng_Latn.parquet": b"x"}
    result = workspace.run_command("download", _build_download_spec(workspace, "dev/*.jsonl"), HF_ENDPOINT=hub.endpoint)
    assert result.returncode == 2
    assert "study/corpus@0123456:dev/*.jsonl: no file matches this pattern" in result.stderr
    assert not (workspace.folder / "benchmarks" / "sib200").exists()


def test_an_unreachable_hub_gives_advice_and_leaves_no_benchmark(workspace: MixtureWorkspace) -> None:
    result = workspace.run_command(
        "download", _build_download_spec(workspace, "data/*/*.tsv"), HF_ENDPOINT="http://127.0.0.1:9"
    )
    assert result.returncode == 1
    assert "study/corpus: the hub at http://127.0.0.1:9 did not respond: " in result.stderr
    assert "make it reachable from the pod or set HF_ENDPOINT to another hub, then run this again" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (workspace.folder / "benchmarks" / "sib200").exists()


def test_a_broken_download_of_a_model_resumes_where_it_stopped(workspace: MixtureWorkspace, hub: FakeHub) -> None:
    content = bytes(range(256)) * 4096 * 12
    hub.files, hub.breaks = {"model.safetensors": content}, {"model.safetensors": 11 * 1024 * 1024}
    output = workspace.folder / "model"
    spec = {"output": str(output), "repository": REPOSITORY, "revision": COMMIT}
    result = workspace.run_command("download", spec, HF_ENDPOINT=hub.endpoint)
    assert result.returncode == 0, result.stderr
    assert (output / "model.safetensors").read_bytes() == content
    resumed = hub.ranges[1][1]
    assert resumed is not None
    assert resumed.startswith(f"bytes={10 * 1024 * 1024}-")
