"""GPUs that are missing or broken: a step never falls back to the CPU, and says whether the node is at fault."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from torch_fixture import write_torch_stub

from mixcpt_store import device, node_hold
from mixcpt_store.command import run_step
from mixcpt_store.device import find_gpu_problem, require_gpu, require_working_gpu, wants_gpu
from mixcpt_store.errors import BrokenNodeError, InputError
from mixcpt_store.gpu_probe import find_misuse
from mixcpt_store.spec import Spec


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder from which the probe imports torch."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(node_hold, "HOLD_SECONDS", 0.0)
    monkeypatch.setattr(node_hold, "RETEST_SECONDS", 0.0)
    return tmp_path


def test_gpus_that_compute_are_accepted(folder: Path) -> None:
    write_torch_stub(folder)
    require_gpu(8)
    assert find_gpu_problem(1) is None


@pytest.mark.parametrize(
    ("stub", "words"),
    [
        ({"count": 0}, r"torch sees 0 of 8 in this pod"),
        ({"count": 7}, r"torch sees 7 of 8"),
        (
            {"fault": "raise RuntimeError('HIP error: no ROCm-capable device is detected')"},
            r"GPU 0: HIP error: no ROCm-capable device",
        ),
        (
            {"fault": "if device == 'cuda:5': raise RuntimeError('HSA_STATUS_ERROR_OUT_OF_RESOURCES')"},
            r"GPU 5: HSA_STATUS_ERROR",
        ),
        ({"total": 7}, r"GPU 0: a sum is 7, but must be 1073741824"),
        ({"fault": "import os; os.abort()"}, r"ended with code -6"),
        ({"fault": "import sys; sys.stderr.write('Memory access fault by GPU node-1\\n'); sys.exit(1)"}, r"Memory acc"),
    ],
)
def test_a_broken_gpu_is_the_fault_of_the_node(folder: Path, stub: dict[str, object], words: str) -> None:
    write_torch_stub(folder, **stub)  # type: ignore[arg-type]  # the parameters above
    with pytest.raises(BrokenNodeError, match=rf"the GPUs of this node are broken: .*{words}"):
        require_gpu(8)
    with pytest.raises(BrokenNodeError, match=words):
        require_working_gpu(8)


def test_a_gpu_whose_memory_is_in_use_gets_no_new_work_but_is_no_reason_for_the_end_of_work(folder: Path) -> None:
    write_torch_stub(folder, fault="raise RuntimeError('HIP out of memory. Tried to allocate 20.00 MiB')")
    with pytest.raises(BrokenNodeError, match="HIP out of memory"):
        require_gpu()
    require_working_gpu()


def test_a_gpu_that_hangs_is_the_fault_of_the_node(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_TEST_SECONDS", 1.0)
    write_torch_stub(folder, fault="import time; time.sleep(600)")
    assert find_gpu_problem() == "a computation of a moment has not ended after 1 s"


def test_an_image_without_a_torch_for_gpus_is_bad_input(folder: Path) -> None:
    write_torch_stub(folder, hip=None)
    with pytest.raises(InputError, match=r"spec\.device is 'gpu', but torch 2\.9\.0 .* not built for a GPU"):
        require_gpu()


def test_a_torch_that_cannot_be_loaded_is_bad_input(folder: Path) -> None:
    (folder / "torch.py").write_text("raise ImportError('libamdhip64.so.7: cannot open shared object file')\n")
    with pytest.raises(InputError, match=r"cannot be loaded \(libamdhip64"):
        require_gpu()


def test_devices_that_the_pod_may_not_open_are_bad_input_that_names_the_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = SimpleNamespace(__version__="2.9.0", version=SimpleNamespace(hip="7.2", cuda=None))
    kfd = tmp_path / "kfd"
    kfd.touch()
    assert find_misuse(torch, tmp_path) is None
    # root may open every file
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != kfd)
    misuse = find_misuse(torch, tmp_path) or ""
    assert f"may not open {kfd}: add the group ({kfd.stat().st_gid}) to deviceGroups" in misuse


def test_the_pod_keeps_broken_gpus_and_continues_once_they_compute(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(node_hold, "HOLD_SECONDS", 60.0)
    monkeypatch.setattr(node_hold.time, "sleep", lambda _seconds: write_torch_stub(folder, count=8))
    write_torch_stub(folder, count=0)
    require_gpu(8)
    assert capsys.readouterr().out.count("this pod keeps them from other work and tests again") == 1


def test_a_broken_node_ends_a_step_with_a_code_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_spec: Spec) -> None:
        raise BrokenNodeError("the GPUs of this node are broken: torch sees 0 of 8")

    monkeypatch.setenv("MIXCPT_SPEC", "device: gpu")
    assert run_step("mixcpt-train", fail) == 69
    assert capsys.readouterr().err == "mixcpt-train: the GPUs of this node are broken: torch sees 0 of 8\n"


def test_a_pod_that_keeps_broken_gpus_stops_when_it_is_told_to(folder: Path) -> None:
    write_torch_stub(folder, count=0)
    program = "from mixcpt_store import command, device; command.run_step('step', lambda _: device.require_gpu())"
    base = Path(__file__).parents[1]
    environment = {"PYTHONPATH": f"{base}:{folder}", "MIXCPT_SPEC": "device: gpu"}
    with subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert "this pod keeps them" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=120) == 128 + signal.SIGTERM


def test_only_device_gpu_in_the_spec_wants_a_gpu() -> None:
    assert wants_gpu(Spec({"device": "gpu"}))
    assert not wants_gpu(Spec({}))
    spec = Spec({"device": "tpu"})
    wants_gpu(spec)
    with pytest.raises(InputError, match=r"spec\.device is 'tpu'; allowed: gpu"):
        spec.finish()
