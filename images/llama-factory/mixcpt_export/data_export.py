"""The text of a mixture as a data set that others can load."""

import json
import os
import shutil
from pathlib import Path

from mixcpt_export.data_card import TEXT_FILE, render_data_card
from mixcpt_export.export_spec import DataExportSpec, read_data_export_spec
from mixcpt_export.model_files import compute_checksums
from mixcpt_export.push_export import push_export
from mixcpt_export.run_records import read_mapping
from mixcpt_store.complete import is_complete, require_complete, write_directory
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec
from mixcpt_train.sequence_counts import STATISTICS_FILE


def run_data_export(spec: Spec) -> None:
    """Writes the export unless it is complete, then uploads it if the spec says so."""
    export = read_data_export_spec(spec)
    if is_complete(export.output):
        print(f"{export.output} is already complete", flush=True)
    else:
        write_data_export(export)
    if export.push:
        message = f"{export.facts.mixture}, {export.corpus.name}"
        address = push_export(export.output, export.push, message, repository_type="dataset")
        print(f"pushed: {address}", flush=True)


def write_data_export(export: DataExportSpec) -> None:
    """Raises RetryableError for an unfinished mixture, InputError for one without statistics."""
    require_complete(export.corpus, "mixture")
    statistics = read_mapping(export.corpus / STATISTICS_FILE, json.loads)
    if "rows" not in (statistics.get("total") or {}):
        raise InputError(
            f"{export.corpus / STATISTICS_FILE}: has no counts, of which the card is made; make the mixture again"
        )
    summary = {"mixture": export.facts.mixture, "corpus": export.corpus.name}
    with write_directory(export.output, summary) as folder:
        for name in (TEXT_FILE, STATISTICS_FILE):
            _share_file(export.corpus / name, folder / name)
        (folder / "README.md").write_text(render_data_card(export, statistics), encoding="utf-8")
        manifest = {**summary, "sha256": compute_checksums(folder)}
        (folder / "export.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{export.output}: {statistics['total']['rows']:,} rows, with a data card", flush=True)


def _share_file(source: Path, target: Path) -> None:
    """Gives a file a second name, which takes no space, or copies it where the file system has no such names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
