"""The command mixcpt-export."""

import json
import sys
from pathlib import Path

from mixcpt_export.data_export import run_data_export
from mixcpt_export.export_spec import ExportSpec, read_export_spec
from mixcpt_export.model_card import render_model_card
from mixcpt_export.model_files import compute_checksums, copy_tokenizer, write_config, write_weights
from mixcpt_export.push_export import prepare_hub_environment, push_export
from mixcpt_export.run_records import read_run_records
from mixcpt_store.command import run_verb
from mixcpt_store.complete import is_complete, require_complete, write_directory
from mixcpt_store.errors import InputError
from mixcpt_store.exclusive import with_exclusive_output
from mixcpt_store.kept_log import run_with_kept_log
from mixcpt_store.presence import resolve_links
from mixcpt_store.spec import Spec
from mixcpt_train.checkpoint_files import find_missing_files


def main() -> None:
    prepare_hub_environment()
    verbs = {"model": with_exclusive_output(run_model_export), "data": with_exclusive_output(run_data_export)}
    sys.exit(run_with_kept_log("mixcpt-export", lambda: run_verb("mixcpt-export", verbs)))


def run_model_export(spec: Spec) -> None:
    """Writes the export unless it is complete, then uploads it if the spec says so."""
    export = read_export_spec(spec)
    if is_complete(export.output):
        print(f"{export.output} is already complete", flush=True)
    else:
        write_model_export(export)
    if export.push:
        message = f"{export.facts.cell}, checkpoint {resolve_step(export.checkpoint)} of {export.run.name}"
        print(f"pushed: {push_export(export.output, export.push, message)}", flush=True)


def write_model_export(export: ExportSpec) -> None:
    """Raises RetryableError for an unfinished run or checkpoint, InputError for a damaged one."""
    require_complete(export.run, "run")
    require_complete(export.checkpoint, "checkpoint")
    missing = find_missing_files(export.checkpoint, weights_only=True, deepspeed=False, world_size=None)
    if missing:
        raise InputError(
            f"{export.checkpoint}: these files are missing or damaged: {', '.join(missing)}; export another "
            "checkpoint, or delete this one and run ./mixcpt up, which trains it again"
        )
    step = resolve_step(export.checkpoint)
    records = read_run_records(export.run, export.corpus, export.scores)
    summary = {"cell": export.facts.cell, "run": export.run.name, "step": step}
    with write_directory(export.output, summary) as folder:
        print(f"writing the weights of {export.checkpoint}", flush=True)
        formats = write_weights(export.checkpoint, folder, export.max_shard_bytes)
        write_config(export.checkpoint, folder)
        copy_tokenizer(export.checkpoint, export.model, folder)
        card = render_model_card(export, records, step=step, formats=formats)
        (folder / "README.md").write_text(card, encoding="utf-8")
        manifest = {**summary, "checkpoint": str(export.checkpoint), "sha256": compute_checksums(folder)}
        (folder / "export.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{export.output}: {len(records.scores)} scores in the card, weights in bfloat16", flush=True)


def resolve_step(checkpoint: Path) -> int:
    """Returns the step of a folder checkpoint-N; the link checkpoint-last leads to one."""
    number = resolve_links(checkpoint).name.removeprefix("checkpoint-")
    if not (number.isascii() and number.isdigit()):
        raise InputError(f"checkpoint: {checkpoint} is not a folder checkpoint-N")
    return int(number)


if __name__ == "__main__":
    main()
