"""A driver that hangs or crashes whoever counts its devices: the other checks run all the same."""

from pathlib import Path

import pytest
from torch_fixture import write_torch_stub

from mixcpt_preflight import node_checks, torch_process
from mixcpt_preflight.facts import read_facts
from mixcpt_preflight.node_checks import NodeTest, check_node
from mixcpt_preflight.ranks import RankOutput, World
from mixcpt_preflight.store_speed import StoreTest
from mixcpt_preflight.visible_devices import count_visible_devices
from mixcpt_store.check_result import CheckResult


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of which another Python imports torch."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def check(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, CheckResult]:
    """Returns the results of a node whose ranks measure nothing."""
    monkeypatch.setattr(node_checks, "run_ranks", lambda *_: RankOutput(failure="not started"))
    monkeypatch.setattr(node_checks, "check_health", list)
    store = StoreTest(folder / "store", 1000, None, max_bytes=1000, seconds=10.0)
    test = NodeTest(World(8, True, 1.0), 8, 1, store, peak=None, memory_peak=None, bus_reference=None)
    return {result.name: result for result in check_node(test)}


def test_counts_the_devices_that_torch_sees(folder: Path) -> None:
    write_torch_stub(folder, count=8)
    assert count_visible_devices() == 8


def test_a_count_that_does_not_end_fails_the_devices_and_keeps_no_other_check_from_running(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_process, "_ANSWER_SECONDS", 0.5)
    (folder / "torch.py").write_text("import time; time.sleep(600)")
    results = check(folder, monkeypatch)
    assert results["devices"].status == "fail"
    assert results["devices"].detail == "torch has not told the number of devices for 0.5 s"
    assert results["store-write"].status == "pass"


def test_a_torch_that_cannot_be_loaded_fails_the_devices_with_its_last_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "torch.py").write_text("raise ImportError('libamdhip64.so.7: cannot open shared object file')")
    devices = check(folder, monkeypatch)["devices"]
    assert devices.status == "fail"
    assert devices.detail.endswith("(code 1): ImportError: libamdhip64.so.7: cannot open shared object file")


@pytest.mark.parametrize(
    ("torch", "reason"),
    [
        ("import time; time.sleep(600)", "torch has not told the version of RCCL for 0.5 s"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "(code -11): no message"),
        ("raise OSError('libamdhip64.so.7: no device')", "(code 1): OSError: libamdhip64.so.7: no device"),
    ],
)
def test_a_torch_that_does_not_answer_takes_no_other_fact_from_the_table(
    folder: Path, monkeypatch: pytest.MonkeyPatch, torch: str, reason: str
) -> None:
    monkeypatch.setattr(torch_process, "_ANSWER_SECONDS", 0.5 if "sleep" in torch else 60.0)
    (folder / "torch.py").write_text(torch)
    facts = read_facts(on_gpu=True)
    assert facts["kernel"]
    assert facts["rccl"].startswith("unknown (torch ")
    assert facts["rccl"].endswith(f"{reason})")


def test_the_version_of_rccl_is_the_last_line_of_what_torch_prints(folder: Path) -> None:
    (folder / "torch.py").write_text(
        "print('a warning')\nclass cuda:\n  class nccl:\n    version = staticmethod(lambda: (2, 22, 3))\n"
    )
    assert read_facts(on_gpu=True)["rccl"] == "2.22.3"
