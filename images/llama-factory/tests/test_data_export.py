"""The export of a mixture: its files, its card, and its upload."""

import json
from pathlib import Path

import pytest
import yaml
from export_fixture import build_data_export_spec, run_export_command, write_mixture
from push_hub_fixture import TOKEN, serve_push_hub

from mixcpt_export.data_card import render_data_card
from mixcpt_export.export_spec import read_data_export_spec
from mixcpt_store.complete import MARKER
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


def _render(store: Path, rows: int | None = None) -> str:
    statistics = json.loads((write_mixture(store) / "STATS.json").read_text())
    if rows is not None:
        statistics["total"]["rows"] = rows
    return render_data_card(read_data_export_spec(Spec(build_data_export_spec(store))), statistics)


def test_writes_text_counts_checksums_and_card(tmp_path: Path) -> None:
    corpus = write_mixture(tmp_path)
    result = run_export_command(build_data_export_spec(tmp_path), "data")
    assert result.returncode == 0, result.stderr
    output = tmp_path / "exports" / "bi-code-stag-1-1"
    names = {"train.jsonl", "STATS.json", "README.md", "export.json", MARKER}
    assert {path.name for path in output.iterdir()} == names
    assert (output / "train.jsonl").read_bytes() == (corpus / "train.jsonl").read_bytes()
    manifest = json.loads((output / "export.json").read_text())
    assert manifest["corpus"] == "bi-code-stag-1"
    assert set(manifest["sha256"]) == names - {"export.json", MARKER}
    assert "2 rows, with a data card" in result.stdout


def test_metadata_names_languages_licenses_size_sources_and_the_file_with_the_text(tmp_path: Path) -> None:
    _, front_matter, _ = _render(tmp_path).split("---\n", 2)
    assert yaml.safe_load(front_matter) == {
        "pretty_name": "Bi+Code-Stag",
        "language": ["en", "th"],
        "license": ["unknown", "other"],
        "size_categories": ["n<1K"],
        "source_datasets": ["bigcode/the-stack-dedup"],
        "task_categories": ["text-generation"],
        "tags": ["continual-pretraining", "mixcpt"],
        "configs": [{"config_name": "default", "data_files": "train.jsonl"}],
    }


@pytest.mark.parametrize(
    ("rows", "category"), [(999, "n<1K"), (1000, "1K<n<10K"), (4_000_000, "1M<n<10M"), (10**11, "n>10B")]
)
def test_the_size_is_the_hubs_word_for_the_rows(tmp_path: Path, rows: int, category: str) -> None:
    assert f"- {category}\n" in _render(tmp_path, rows)


def test_tells_counts_by_source_and_language_licenses_and_what_was_dropped(tmp_path: Path) -> None:
    card = _render(tmp_path)
    assert "in English, Thai: 2 rows, 5 words, 44 characters" in card
    assert "| nllb | files of the site | unknown | 1 | 4 | 36 |" in card
    assert "| the-stack | [bigcode/the-stack-dedup](https://huggingface.co/datasets/bigcode/" in card
    assert "| eng_Latn-tha_Thai | nllb | 1 | 4 | 36 |" in card
    assert "| total |  | 2 | 5 | 44 |" in card
    assert "| eng_Latn-tha_Thai | nllb | 3 | 1 | language 2 |" in card
    assert "- the-stack (code) has 4 of the 5,000 tokens of its budget." in card
    assert "- nllb, eng_Latn-tha_Thai: read up to 3 times." in card


def test_says_plainly_what_is_not_known(tmp_path: Path) -> None:
    unknown = _render(tmp_path).partition("## What is not known")[2]
    assert "The license of the text nllb is not recorded" in unknown
    assert "What they allow together was not judged" in unknown


def test_uploads_a_data_set_by_one_commit(tmp_path: Path) -> None:
    write_mixture(tmp_path)
    spec = build_data_export_spec(tmp_path, push={"repository": "lab/bi-code-stag", "private": True})
    with serve_push_hub() as hub:
        result = run_export_command(spec, "data", HF_ENDPOINT=hub.endpoint, HF_TOKEN=TOKEN)
        assert result.returncode == 0, result.stderr
        assert (hub.repositories, hub.kinds) == ({"lab/bi-code-stag": True}, ["dataset"])
        assert hub.commits == ["Bi+Code-Stag, bi-code-stag-1"]
        assert set(hub.files) == {"README.md", "STATS.json", "export.json", "train.jsonl"}
        assert "pushed: " in result.stdout


def test_an_unfinished_mixture_is_not_exported(tmp_path: Path) -> None:
    (write_mixture(tmp_path) / MARKER).unlink()
    result = run_export_command(build_data_export_spec(tmp_path), "data")
    assert result.returncode == 1
    assert "is there but unfinished: wait for the step that writes" in result.stderr
    assert [path.name for path in (tmp_path / "exports").glob("[!.]*")] == ["bi-code-stag-1-1.attempts"]


def test_a_mixture_without_counts_is_refused(tmp_path: Path) -> None:
    (write_mixture(tmp_path) / "STATS.json").write_text("{}")
    result = run_export_command(build_data_export_spec(tmp_path), "data")
    assert result.returncode == 2
    assert "STATS.json: has no counts, of which the card is made" in result.stderr


def test_reports_all_problems_of_a_spec_at_once(tmp_path: Path) -> None:
    spec = build_data_export_spec(tmp_path, corpus="here", extra=1)
    with pytest.raises(InputError) as error:
        read_data_export_spec(Spec(spec))
    for problem in ("spec.corpus is 'here'", "spec.extra is not a known key"):
        assert problem in str(error.value)
