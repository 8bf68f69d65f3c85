"""The command mixcpt-train."""

import os
import sys
import tempfile
from pathlib import Path

import yaml

from mixcpt_store.command import run_step, run_verb
from mixcpt_store.complete import is_complete, mark_complete, require_complete, write_atomically
from mixcpt_store.device import require_gpu
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.exclusive import with_exclusive_output
from mixcpt_store.spec import Spec
from mixcpt_train.check import check
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.cluster import Node, this_node
from mixcpt_train.recipe import complete_recipe
from mixcpt_train.run_spec import RunSpec, read_run_spec
from mixcpt_train.sequences import require_sequences
from mixcpt_train.supervise import marker, start, watch
from mixcpt_train.tokenise import tokenise
from mixcpt_train.trainer_log import TrainerLog

_GPU_DEVICES = (Path("/dev/kfd"), Path("/dev/nvidiactl"))


def main() -> None:
    """No argument trains; `tokenise` prepares what several runs read, `check` only reads recipes."""
    verbs = {"tokenise": with_exclusive_output(tokenise), "check": check}
    sys.exit(run_verb("mixcpt-train", verbs) if sys.argv[1:] else run_step("mixcpt-train", train))


def train(spec: Spec) -> int:
    run = read_run_spec(spec)
    if is_complete(run.output):
        print(f"{run.output} is complete already")
        return 0
    require_complete(run.corpus, "corpus")
    require_complete(run.model, "model")
    if run.tokenised:
        require_complete(run.tokenised, "tokenised corpus")
    if run.on_gpu:
        require_gpu()
    has_gpu = run.on_gpu or any(device.exists() for device in _GPU_DEVICES)
    on_cpu = bool(run.recipe.get("use_cpu", not has_gpu))
    node = this_node(os.environ, on_cpu, run.deepspeed)
    require_sequences(run, node.world_size)
    return _train(run, node, on_cpu)


def _train(run: RunSpec, node: Node, on_cpu: bool) -> int:
    run.output.mkdir(parents=True, exist_ok=True)
    checkpoints = Checkpoints(run.output, run.weights_only, run.deepspeed, node.world_size)
    checkpoint = checkpoints.to_resume()
    if node.first:
        _prepare(run, checkpoints)
    print(f"resuming from {checkpoint.name}" if checkpoint else "starting at step 0", flush=True)
    with tempfile.TemporaryDirectory(prefix="mixcpt-train-") as folder:
        scratch = Path(folder)
        recipe = complete_recipe(run, node, on_cpu=on_cpu, checkpoint=checkpoint, scratch=scratch)
        config = scratch / "train.yaml"
        config.write_text(yaml.safe_dump(recipe, allow_unicode=True), encoding="utf-8")
        log = TrainerLog(run.output)
        process = start(["llamafactory-cli", "train", str(config)], {**os.environ, **node.environment}, scratch)
        code = watch(process, log, marker(checkpoints) if node.first else lambda _ended: None)
    return code if code or not node.first else _finish(run, checkpoints)


def _prepare(run: RunSpec, checkpoints: Checkpoints) -> None:
    """Records what the run reads, for its report, and removes what a killed attempt left behind."""
    record = {"corpus": str(run.corpus), "model": str(run.model), "recipe": run.recipe}
    write_atomically(run.output / "run.yaml", yaml.safe_dump(record, allow_unicode=True))
    for path in checkpoints.remove_incomplete():
        print(f"removed {path.name}: it was never finished", flush=True)


def _finish(run: RunSpec, checkpoints: Checkpoints) -> int:
    final = checkpoints.named(run.final_checkpoint)
    if not final.exists():
        there = ", ".join(path.name for path in checkpoints.found()) or "none"
        raise InputError(
            f"training ended without {final.name}, the one to evaluate; there are: {there}. "
            "Look at max_steps, num_train_epochs and save_steps of the recipe"
        )
    if not is_complete(final):
        raise RetryableError(f"training ended and {final} is not whole")
    if run.final_checkpoint is None:
        checkpoints.link_last(final)
    mark_complete(run.output, {"checkpoint": final.name})
    return 0
