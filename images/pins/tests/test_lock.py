"""The command line of images/lock, as far as it needs neither a package index nor an image."""

import subprocess
from pathlib import Path

IMAGES = Path(__file__).parents[2]


def run_lock(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([IMAGES / "lock", *arguments], capture_output=True, text=True, check=False)


def test_prints_its_own_usage_and_resolves_nothing() -> None:
    process = run_lock("--help")
    assert (process.returncode, process.stdout) == (0, "usage: images/lock [UV_OPTION...] | --base NAME IMAGE\n")
    assert run_lock("--base", "rocm-vllm").returncode == 2


def test_refuses_a_base_whose_lock_no_image_reads() -> None:
    process = run_lock("--base", "rocm_pytorch", "docker.io/rocm/pytorch:latest")
    assert process.stderr == ("images/lock: rocm_pytorch is no base; allowed: debian, rocm-pytorch, rocm-vllm\n")
    assert not (IMAGES / "pins/rocm_pytorch.lock").exists()
