"""A GPU that is asked for and not there is said, never replaced by the CPU."""

from pathlib import Path

import pytest

from mixcpt_store.device import require_gpu, wants_gpu
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


def _torch(folder: Path, monkeypatch: pytest.MonkeyPatch, *, sees: bool) -> None:
    (folder / "torch.py").write_text(f"class cuda:\n    is_available = staticmethod(lambda: {sees})\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))


def test_a_pod_whose_gpu_torch_cannot_use_is_told_what_to_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _torch(tmp_path, monkeypatch, sees=False)
    with pytest.raises(InputError, match=r"torch sees none in this pod: .*deviceGroups"):
        require_gpu()
    _torch(tmp_path, monkeypatch, sees=True)
    require_gpu()


def test_only_a_spec_that_says_so_wants_a_gpu() -> None:
    assert wants_gpu(Spec({"device": "gpu"}))
    assert not wants_gpu(Spec({}))
    spec = Spec({"device": "tpu"})
    wants_gpu(spec)
    with pytest.raises(InputError, match=r"spec\.device is 'tpu'; allowed: gpu"):
        spec.finish()
