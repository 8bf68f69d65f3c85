"""Records what each attempt of a run ran on, because the name of the run does not say it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml

_PACKAGES = ("torch", "transformers", "llamafactory", "accelerate", "deepspeed", "flash_attn")
_SYSTEM_FILES = {
    "rocm": "opt/rocm/.info/version",
    "amdgpu": "sys/module/amdgpu/version",
    "nvidia": "sys/module/nvidia/version",
    "linux": "proc/sys/kernel/osrelease",
}


def describe_attempt(
    recipe: Mapping[str, Any], environment: Mapping[str, str], root: Path = Path("/")
) -> dict[str, Any]:
    """Returns start, image and attention kernel of an attempt, and the versions of packages, ROCm, drivers and Linux.

    What is unknown or not installed is left out.
    """
    packages = {name: found for name in _PACKAGES if (found := _find_version(name))}
    system = {name: found for name, path in _SYSTEM_FILES.items() if (found := _read_line(root / path))}
    image, attention = environment.get("MIXCPT_IMAGE"), recipe.get("flash_attn")
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        **({"image": image} if image else {}),
        "versions": {**packages, **system, **({"attention": str(attention)} if attention else {})},
    }


def read_attempts(record: Path) -> list[Any]:
    """Returns the attempts in a run's record so far; none for a record that is missing or damaged.

    Raises OSError for one that cannot be read now: the next record would lack them.
    """
    try:
        content = yaml.safe_load(record.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError, yaml.YAMLError):
        return []
    attempts = content.get("attempts") if isinstance(content, dict) else None
    return attempts if isinstance(attempts, list) else []


def _find_version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _read_line(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()[:80]
    except (OSError, ValueError):
        return None
