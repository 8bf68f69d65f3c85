"""GPU requirements of a step: with `device: gpu` it never falls back to the CPU, where it would take weeks."""

import subprocess
import sys

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

_GPU = "gpu"
_TORCH_CHECK = "import sys, torch; sys.exit(not torch.cuda.is_available())"


def wants_gpu(spec: Spec) -> bool:
    """Returns whether the spec says `device: gpu`. Without that key, a step uses any device that it finds."""
    return spec.get_text("device", default="", allowed=(_GPU,)) == _GPU


def require_gpu() -> None:
    """Raises InputError if torch cannot use a GPU.

    A separate process checks, because torch would open the GPU in this one.
    """
    if subprocess.run([sys.executable, "-c", _TORCH_CHECK], check=False, stderr=subprocess.DEVNULL).returncode:
        raise InputError(
            "spec.device is 'gpu', but torch sees none in this pod: if a group owns /dev/kfd and /dev/dri, "
            "add it to deviceGroups in the cluster's stack (docs/cluster.md); torch must be built for the GPU"
        )
