"""A step whose spec says `device: gpu` computes on one or not at all: on the CPU it would take weeks."""

import subprocess
import sys

from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

_GPU = "gpu"
_ASK_TORCH = "import sys, torch; sys.exit(not torch.cuda.is_available())"


def wants_gpu(spec: Spec) -> bool:
    """Where a spec does not say it, a step takes what there is."""
    return spec.get_text("device", default="", allowed=(_GPU,)) == _GPU


def require_gpu() -> None:
    """Raises InputError where torch can use no GPU. A process of its own asks: none is opened here."""
    if subprocess.run([sys.executable, "-c", _ASK_TORCH], check=False, stderr=subprocess.DEVNULL).returncode:
        raise InputError(
            "spec.device is 'gpu', but torch sees none in this pod: where a group owns /dev/kfd and "
            "/dev/dri, name it in deviceGroups of the cluster's stack (docs/cluster.md); "
            "torch must be built for the GPU"
        )
