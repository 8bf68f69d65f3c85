"""The variables that torch, transformers and vLLM need under a user id without a home and without a passwd entry."""

import os
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

# Read by getpass.getuser, which vLLM 0.22 and torch's compiler call: it raises for a user id without an entry.
_USER_NAMES = ("USER", "LOGNAME")
_USER_NAME = "mixcpt"
_CACHE_FOLDERS = {
    "HF_HOME": "huggingface",
    "VLLM_CACHE_ROOT": "vllm",
    "VLLM_CONFIG_ROOT": "vllm-config",
    "TRITON_CACHE_DIR": "triton",
    "TORCHINDUCTOR_CACHE_DIR": "torchinductor",
    "XDG_CACHE_HOME": "cache",
}


def prepare_library_environment(environment: MutableMapping[str, str] = os.environ) -> None:
    """Sets what is not set: the user's name and, where the home is not writable, the folders for caches below /tmp.

    Must run before torch, transformers or vLLM is imported: they read the variables then.
    """
    for name in _USER_NAMES:
        if not environment.get(name):
            environment[name] = _USER_NAME
    home = environment.get("HOME")
    if home and os.access(home, os.W_OK | os.X_OK):
        return
    for name, folder in _CACHE_FOLDERS.items():
        environment.setdefault(name, str(Path(tempfile.gettempdir()) / folder))
