"""Writes upstream.json again: what LLaMA-Factory, DeepSpeed, transformers and vLLM require, by their own metadata.

Entries with a `source` are not on the index and stay as they are.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

UPSTREAM = Path(__file__).parent / "upstream.json"


def _fetch_requirements(name: str, version: str) -> list[str]:
    with tempfile.NamedTemporaryFile() as report:
        options = ["--dry-run", "--quiet", "--no-deps", "--ignore-installed", "--ignore-requires-python"]
        command = [sys.executable, "-m", "pip", "install", *options, "--report", report.name, f"{name}=={version}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (package,) = json.loads(Path(report.name).read_text())["install"]
    requirements: list[str] = package["metadata"].get("requires_dist", [])
    return sorted((line for line in requirements if "extra ==" not in line), key=str.lower)


def _refresh(entry: dict[str, Any]) -> dict[str, Any]:
    return entry if "source" in entry else {**entry, "requires": _fetch_requirements(entry["name"], entry["version"])}


if __name__ == "__main__":
    entries = [_refresh(entry) for entry in json.loads(UPSTREAM.read_text())]
    UPSTREAM.write_text(f"{json.dumps(entries, indent=2)}\n")
