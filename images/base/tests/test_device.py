"""Missing GPUs: a step that wants one fails with an explanation and never falls back to the CPU."""

from pathlib import Path

import pytest

from mixcpt_store.device import require_gpu, wants_gpu
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


def _install_torch_stub(folder: Path, monkeypatch: pytest.MonkeyPatch, *, has_gpu: bool) -> None:
    (folder / "torch.py").write_text(f"class cuda:\n    is_available = staticmethod(lambda: {has_gpu})\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))


def test_a_gpu_that_torch_cannot_use_is_reported_with_a_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install_torch_stub(tmp_path, monkeypatch, has_gpu=False)
    with pytest.raises(InputError, match=r"torch sees none in this pod: .*deviceGroups"):
        require_gpu()
    _install_torch_stub(tmp_path, monkeypatch, has_gpu=True)
    require_gpu()


def test_only_device_gpu_in_the_spec_wants_a_gpu() -> None:
    assert wants_gpu(Spec({"device": "gpu"}))
    assert not wants_gpu(Spec({}))
    spec = Spec({"device": "tpu"})
    wants_gpu(spec)
    with pytest.raises(InputError, match=r"spec\.device is 'tpu'; allowed: gpu"):
        spec.finish()
