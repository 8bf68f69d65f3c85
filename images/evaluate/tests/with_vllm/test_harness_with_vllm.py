"""The verb `lm-eval` with the harness's class for vLLM."""

import json
from pathlib import Path

import pytest
from belebele_fixture import ITEMS, LANGUAGES, evaluate_belebele, write_belebele_store


@pytest.mark.usefixtures("_distribution_vllm")
def test_scores_a_task_of_the_harness_with_vllm(tmp_path: Path) -> None:
    store = write_belebele_store(tmp_path / "store")
    assert evaluate_belebele(store, tmp_path / "scores", backend={"kind": "vllm"}) == 0
    for language in LANGUAGES:
        score = json.loads((tmp_path / "scores" / f"{language}.json").read_text())
        assert score["items"] == ITEMS
        assert "|backend:vllm|" in score["scores"][0]["signature"]
        assert score["serving"] == {"maxNumSeqs": 16, "gpuMemoryUtilization": None, "enforceEager": True}
