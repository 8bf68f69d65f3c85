"""Preflight where several nodes use one store, and where the processes of a node do not all reach their end."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from mixcpt_preflight import ranks
from mixcpt_preflight.ranks import World, run_ranks
from mixcpt_preflight.store_speed import StoreTest, check_store


def test_a_node_whose_clock_is_fast_does_not_disturb_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    test = StoreTest(tmp_path / "preflight", 3_000_000, None, 2_000_000, seconds=10.0)
    now = time.time()

    def start_fast_node() -> float:
        with monkeypatch.context() as fast:
            fast.setattr(time, "time", lambda: now + 7200)
            check_store(test)
        return time.monotonic()

    assert [result.name for result in check_store(test, clock=start_fast_node)] == ["store-write", "store-read"]


def test_a_measurement_whose_line_is_not_whole_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_disk(_world: World, _local: int, _names: tuple[str, ...], folder: Path) -> "subprocess.Popen[bytes]":
        (folder / "results-0.jsonl").write_text('{"name": "gemm", "tflops": 1}\n{"name": "all-re')
        return subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"])

    monkeypatch.setattr(ranks, "_start_rank", fill_disk)
    output = run_ranks(World(processes=1, on_gpu=False, seconds=60.0), ("gemm", "all-reduce"))
    assert list(output.measurements) == ["gemm"]
    assert output.failure == "a process ended with code 1: it printed nothing"


def test_measurements_are_in_the_order_of_the_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(_world: World, local: int, _names: tuple[str, ...], folder: Path) -> "subprocess.Popen[bytes]":
        (folder / f"results-{local}.jsonl").write_text(f'{{"name": "gemm", "tflops": {local}}}\n')
        return subprocess.Popen([sys.executable, "-c", "pass"])

    monkeypatch.setattr(ranks, "_start_rank", measure)
    output = run_ranks(World(processes=12, on_gpu=False, seconds=60.0), ("gemm",))
    assert [one["tflops"] for one in output.measurements["gemm"]] == list(range(12))
