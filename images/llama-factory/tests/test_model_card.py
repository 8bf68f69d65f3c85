"""The model card: the hub's metadata, and what is known and not known."""

from pathlib import Path
from typing import Any

import yaml
from export_fixture import build_export_spec, write_finished_run

from mixcpt_export.export_spec import ExportSpec, read_export_spec
from mixcpt_export.model_card import render_model_card
from mixcpt_export.run_records import read_run_records
from mixcpt_store.spec import Spec


def _read(store: Path, **changes: Any) -> ExportSpec:
    return read_export_spec(Spec(build_export_spec(store, **changes)))


def _render(export: ExportSpec, formats: str = "bfloat16") -> str:
    records = read_run_records(export.run, export.corpus, export.scores)
    return render_model_card(export, records, step=4500, formats=formats)


def test_metadata_names_base_model_languages_license_and_datasets(tmp_path: Path) -> None:
    write_finished_run(tmp_path)
    _, front_matter, _ = _render(_read(tmp_path)).split("---\n", 2)
    assert yaml.safe_load(front_matter) == {
        "base_model": "meta-llama/Meta-Llama-3.1-8B",
        "datasets": ["bigcode/the-stack-dedup"],
        "language": ["en", "th"],
        "library_name": "transformers",
        "license": "llama3.1",
        "pipeline_tag": "text-generation",
        "tags": ["continual-pretraining", "mixcpt"],
    }


def test_tells_data_recipe_run_and_scores(tmp_path: Path) -> None:
    write_finished_run(tmp_path)
    card = _render(_read(tmp_path))
    assert "trained further (*continual pretraining*) on 294,912,000 tokens of the mixture Bi+Code" in card
    assert "| tha_Thai | 2 | 30 | 200 |" in card
    assert "learning_rate: 4.0e-05" in card
    assert "`l3-bi-code-stag-0a1b2c3d`" in card
    assert "| tha_Thai | 61.76 (204) |" in card
    assert "`site/llama-factory@sha256:1` | torch 2.6 |" in card
    assert "[bigcode/the-stack-dedup](https://huggingface.co/datasets/bigcode/the-stack-dedup/tree/eee" in card


def test_says_plainly_what_is_not_known(tmp_path: Path) -> None:
    write_finished_run(tmp_path)
    unknown = _render(_read(tmp_path)).partition("## What is not known")[2]
    assert "The license of the text nllb is not recorded" in unknown
    assert "The version of the text nllb is not recorded" in unknown
    assert "not safety, bias, factual accuracy" in unknown
    assert "rounded" not in unknown


def test_says_that_rounded_weights_were_not_scored(tmp_path: Path) -> None:
    write_finished_run(tmp_path)
    assert "The scores are of the weights in float32; those in bfloat16 here were rounded" in _render(
        _read(tmp_path), "float32"
    )


def test_says_so_when_nothing_was_recorded_or_evaluated(tmp_path: Path) -> None:
    card = _render(_read(tmp_path, scores=[]))
    assert "This checkpoint was not evaluated." in card
    assert "Its size was not recorded." in card
    assert "On which software and devices the training ran was not recorded." in card


def test_a_base_model_without_repository_is_named_by_its_title(tmp_path: Path) -> None:
    write_finished_run(tmp_path)
    facts = {**build_export_spec(tmp_path)["card"], "base": {"title": "Tiny Llama"}, "license": "unknown"}
    card = _render(_read(tmp_path, card=facts))
    assert "base_model" not in card
    assert "The license of the base model Tiny Llama is not known." in card
