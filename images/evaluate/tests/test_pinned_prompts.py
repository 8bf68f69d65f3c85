"""Hashes of the prompts that the authors' own scripts build from the same files (docs/evaluation.md)."""

from hashlib import sha256
from pathlib import Path

import pytest
from pinned_fixture import PINNED_COUNTS, write_pinned_benchmarks

from mixcpt_evaluate.tasks.benchmark_definitions import FLORES200, SIB200
from mixcpt_evaluate.tasks.classification_files import read_classification_data
from mixcpt_evaluate.tasks.prompts import build_classification_prompts, build_translation_prompts
from mixcpt_evaluate.tasks.translation_files import read_translation_data
from mixcpt_store.complete import mark_complete

# For each file the first three prompts, then all prompts in one text: 16 digits of SHA-256.
SIB200_HASHES = {
    "eng_Latn": ["2916d63d952b5f87", "8b38a07f9ec3ac39", "fef22ecce914239c", "6bbff953de2123e1"],
    "zul_Latn": ["43020728b0f80586", "c3b5b56ffb72e5d1", "4feec06a97feb45b", "bafad6eb06427f17"],
    "khm_Khmr": ["8708c799a9e19217", "12768300470aa32c", "cff2a605daae1288", "c0fc7d00ae5b08bc"],
}
LANGUAGE_NAMES = {"eng_Latn": "English", "khm_Khmr": "Khmer", "zul_Latn": "Zulu"}
FLORES200_HASHES = {
    ("eng_Latn", "khm_Khmr"): [
        "27ec5ca8a5442a43",
        "7ce9c9eafa5d8008",
        "2e0e6c4ed86357c5",
        "9d9c0427e976d35b",
    ],
    ("eng_Latn", "zul_Latn"): [
        "ab40f79bb4ebc73f",
        "01e1c9b31bb291f7",
        "68826905aad7b364",
        "1d1b6f3be5fbafd1",
    ],
    ("khm_Khmr", "eng_Latn"): [
        "3057739612b95f06",
        "7270add124c0414f",
        "4986fc12f0e1654a",
        "06bac119692d2a94",
    ],
    ("zul_Latn", "eng_Latn"): [
        "43c131075d438a79",
        "31ad9090d0643dbe",
        "22a366083caa156c",
        "562abc4774e68eb0",
    ],
}


@pytest.fixture
def benchmarks(tmp_path: Path) -> Path:
    folder = write_pinned_benchmarks(tmp_path)
    mark_complete(folder, PINNED_COUNTS)
    return folder


def _hash_prompts(prompts: list[str]) -> list[str]:
    return [sha256(text.encode()).hexdigest()[:16] for text in [*prompts[:3], "".join(prompts)]]


@pytest.mark.parametrize("language", SIB200_HASHES)
def test_builds_the_sib200_prompts_of_the_authors_script(benchmarks: Path, language: str) -> None:
    data = read_classification_data(SIB200, benchmarks, language)
    prompts = build_classification_prompts(SIB200, data, shots=3, seed=42)
    assert _hash_prompts(prompts) == SIB200_HASHES[language]


@pytest.mark.parametrize(("source", "target"), FLORES200_HASHES)
def test_builds_the_flores200_prompts_of_the_authors_script(benchmarks: Path, source: str, target: str) -> None:
    data = read_translation_data(FLORES200, benchmarks, source=source, target=target)
    prompts = build_translation_prompts(data, LANGUAGE_NAMES[source], LANGUAGE_NAMES[target], shots=3, seed=42)
    assert _hash_prompts(prompts) == FLORES200_HASHES[source, target]
