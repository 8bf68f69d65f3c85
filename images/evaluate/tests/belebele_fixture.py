"""Files in Belebele's format beside a tiny Llama, and the verb `lm-eval` on them."""

import json
from pathlib import Path
from typing import Any

from mixcpt_evaluate.check_prompts import write_tiny_model
from mixcpt_evaluate.tasks.harness import run_lm_eval
from mixcpt_store.complete import mark_complete
from mixcpt_store.spec import Spec

LANGUAGES = ["eng_Latn", "zul_Latn"]
ITEMS = 6
CARD = "---\nconfigs:\n" + "".join(
    f"- config_name: {language}\n  data_files:\n  - split: test\n    path: data/{language}.jsonl\n"
    for language in LANGUAGES
) + "---\n"  # fmt: skip


def _write_item(number: int, language: str) -> str:
    answers = {f"mc_answer{answer}": f"{language} {answer}" for answer in range(1, 5)}
    passage = {"flores_passage": f"Passage {number}\u2028in {language}", "question": f"What is {number}?"}
    own = {"choices": list(answers.values()), "answer": number % 2}
    item = {**passage, **answers, **own, "correct_answer_num": str(number % 2 + 1)}
    return json.dumps(item, ensure_ascii=False) + "\n"


def write_belebele(folder: Path) -> None:
    """Writes a repository of the hub: its card, which names the files of each language, and those files."""
    (folder / "data").mkdir(parents=True)
    (folder / "README.md").write_text(CARD)
    for language in LANGUAGES:
        items = "".join(_write_item(number, language) for number in range(ITEMS))
        (folder / f"data/{language}.jsonl").write_text(items, encoding="utf-8")


def write_belebele_store(store: Path) -> Path:
    """Writes a model and a download of Belebele."""
    (store / "model").mkdir(parents=True)
    write_tiny_model(store / "model")
    write_belebele(store / "belebele-1234")
    for name in ("model", "belebele-1234"):
        mark_complete(store / name)
    return store


def evaluate_belebele(store: Path, output: Path, **changes: Any) -> int:
    """Runs the verb; `changes` of `benchmark` are merged."""
    belebele = {
        "kind": "lm-eval",
        "name": "belebele",
        "harness": "0.4.13",
        "task": "belebele_{language}",
        "metric": "acc",
        "items": ITEMS,
        "dataset": f"facebook/belebele@{'a' * 40}",
    }
    return run_lm_eval(Spec({
        "checkpoint": str(store / "model"), "benchmarks": str(store / "belebele-1234"), "output": str(output),
        "languages": LANGUAGES, "shots": 1, "seed": 42, **changes,
        "benchmark": {**belebele, **changes.get("benchmark", {})},
    }))  # fmt: skip
