"""Runs the supervisor with a stub of mixcpt-trainer that writes the same files as the real one."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from mixcpt_store.complete import mark_complete

HERE = Path(__file__).parent
# The time that the supervisor waits for the files of other nodes.
VISIBLE_SECONDS = 3
PACKAGES = [HERE.parent, HERE.parents[1] / "base", HERE.parents[1] / "base" / "tests", HERE]
TRAINER_STUB = f"""#!{sys.executable}
import json, os, pathlib, subprocess, sys, time, yaml
from checkpoint_fixture import write_checkpoint
from torch_fixture import write_torch_stub
recipe = yaml.safe_load(open(sys.argv[2]))
output = pathlib.Path(recipe["output_dir"])
resumed = recipe["resume_from_checkpoint"]
plan = json.loads(os.environ["MIXCPT_CHECKPOINTS"])
first = int(resumed.rsplit("-", 1)[1]) if resumed else 0
(output / "seen.yaml").write_text(yaml.safe_dump(recipe))
(output / "seen-sign.txt").write_text(os.environ["MIXCPT_SIGN_OF_LIFE"])
(output / "seen-gpu.txt").write_text(os.environ.get("MIXCPT_ON_GPU", ""))
for step in range(first + 1, (plan["stopAfter"] or recipe["max_steps"]) + 1):
    loss = float("nan") if step == recipe.get("nan_at") else 5 - step / 10
    entry = {{"current_steps": step, "total_steps": recipe["max_steps"], "loss": loss}}
    with open(output / "trainer_log.jsonl", "a") as log:
        log.write(json.dumps(entry) + "\\n")
    if step not in plan["keep"] and (step % recipe["save_steps"] == 0 or step in plan["save"]):
        write_checkpoint(output / f"checkpoint-{{step}}")
        for name in recipe.get("unwritten", []):
            (output / f"checkpoint-{{step}}" / name).unlink()
    time.sleep(recipe.get("step_seconds", 0))
    if step == recipe.get("hang_at"):
        wait_for_other_rank = lambda: time.sleep(600)
        (output / "hangs").touch()
        wait_for_other_rank()
if "late" in recipe:
    late = output / f"checkpoint-{{step}}" / recipe["late"]
    late.rename(output / "hidden")
    subprocess.Popen(f"sleep 2; mv {{output}}/hidden {{late}}", shell=True, stdout=subprocess.DEVNULL)
print(recipe.get("last_words", ""), end="", file=sys.stderr)
if "breaks_gpu" in recipe:
    write_torch_stub(pathlib.Path(recipe["breaks_gpu"]), count=0)
sys.exit(recipe.get("exit_code", 0))
"""


# A step, the word last, or the checkpoints of the spec.
Final = int | str | dict[str, object]


def _build_checkpoints(final: Final) -> dict[str, object]:
    if isinstance(final, dict):
        return final
    return {"last": True} if final == "last" else {"steps": [final]}


def write_store(folder: Path) -> Path:
    """Writes a store with a corpus and a model, and the stub in its folder bin."""
    for name in ("corpus", "model"):
        (folder / name).mkdir()
        mark_complete(folder / name)
    tool = folder / "bin" / "mixcpt-trainer"
    tool.parent.mkdir()
    tool.write_text(TRAINER_STUB)
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    return folder


def start_training(
    store: Path,
    recipe: dict[str, object],
    final: Final,
    *,
    silent_seconds: float = 1800.0,
    setup: str = "pass",
    **keys: object,
) -> subprocess.Popen[str]:
    """Starts the supervisor, after the statements `setup`."""
    spec = {
        "corpus": str(store / "corpus"),
        "model": str(store / "model"),
        "output": str(store / "run"),
        "recipe": recipe,
        "checkpoints": _build_checkpoints(final),
        **keys,
    }
    environment = {
        "PATH": f"{store / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": ":".join(map(str, [*PACKAGES, store])),
        "TMPDIR": tempfile.gettempdir(),
        "PYTHONDONTWRITEBYTECODE": "1",  # a stub of torch may be replaced within the second that caches compare
        "MIXCPT_SPEC": yaml.safe_dump(spec),
    }
    limits = (
        f"finish.VISIBLE_SECONDS = {VISIBLE_SECONDS}; hung_ranks.SILENT_SECONDS = {silent_seconds}; "
        "node_hold.HOLD_SECONDS = node_hold.RETEST_SECONDS = 0.5"
    )
    imports = (
        "import time; from mixcpt_store import node_hold, store_calls; "
        "from mixcpt_train import finish, hung_ranks, main, trainer_log, training_process"
    )
    program = f"{imports}; {limits}; {setup}; main.main()"
    command = [sys.executable, "-c", program]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run_training(store: Path, recipe: dict[str, object], final: Final, **keys: Any) -> tuple[int, str, str]:
    process = start_training(store, recipe, final, **keys)
    output, errors = process.communicate(timeout=600)
    return process.returncode, output, errors
