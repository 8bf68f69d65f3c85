"""The verb `tokenise`: LLaMA-Factory's own preprocessing of a corpus, done once and kept for every run."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_store.complete import is_complete, require_complete, write_directory
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec
from mixcpt_train.same_tokenizer import require_same_tokenizer
from mixcpt_train.sequences import STATISTICS
from mixcpt_train.token_counts import count_tokens

DATASET = "dataset"
# What LLaMA-Factory's preprocessing depends on. The number of workers is among it: each cuts its share of the
# rows into batches, and the rest of every batch that does not fill a sequence is dropped.
KEYS = (
    "stage",
    "template",
    "cutoff_len",
    "packing",
    "preprocessing_num_workers",
    "preprocessing_batch_size",
    "val_size",
    "seed",
    "max_samples",
)


@dataclass(frozen=True)
class TokeniseSpec:
    corpus: Path
    model: Path
    output: Path
    recipe: dict[str, Any]


def read_tokenise_spec(spec: Spec) -> TokeniseSpec:
    """Raises InputError with everything that is wrong."""
    recipe = spec.get_mapping("recipe")
    for key in recipe.keys() - set(KEYS):
        spec.add_problem(f"recipe.{key}", f"does not change what is tokenised; allowed: {', '.join(KEYS)}")
    read = TokeniseSpec(spec.get_path("corpus"), spec.get_path("model"), spec.get_path("output"), recipe)
    spec.finish()
    return read


def tokenise(spec: Spec) -> None:
    read = read_tokenise_spec(spec)
    if is_complete(read.output):
        return
    require_complete(read.corpus, "corpus")
    require_complete(read.model, "model")
    if not (read.model / "tokenizer.json").is_file():
        raise InputError(f"model {read.model} has no tokenizer.json, which tokens are counted with")
    require_same_tokenizer(read.corpus / "train.jsonl", read.model)
    work = read.output.with_name(f"{read.output.name}.work")
    with write_directory(read.output, {"corpus": str(read.corpus), "model": str(read.model)}) as target:
        sequences = _preprocess(read, target / DATASET, work)
        tokens = count_tokens(read.corpus / "train.jsonl", read.model)
        stats = {"unit": "tokens, one end of sequence per row included", **tokens, "sequences": sequences}
        (target / STATISTICS).write_text(json.dumps(stats, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(work, ignore_errors=True)
    print(f"{read.output}: {stats['total']} tokens, {sequences}")


def preprocessing_arguments(spec: TokeniseSpec, dataset: Path, work: Path) -> dict[str, Any]:
    """As a training run would be told. What is cached lies in `work`, where the next try finds it."""
    return {
        "stage": "pt",
        **spec.recipe,
        "do_train": True,
        "report_to": "none",
        "use_cpu": True,
        "model_name_or_path": str(spec.model),
        "dataset": "corpus",
        "dataset_dir": str(spec.corpus),
        "tokenized_path": str(dataset),
        "output_dir": str(work / "output"),
        "cache_dir": str(work / "cache"),
    }


def _preprocess(spec: TokeniseSpec, dataset: Path, work: Path) -> dict[str, int]:
    """Writes what LLaMA-Factory reads as `tokenized_path`. Returns the number of sequences per split."""
    os.environ["HF_DATASETS_CACHE"] = str(work / "cache")
    from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
    from llamafactory.hparams import get_train_args
    from llamafactory.model import load_tokenizer

    arguments = preprocessing_arguments(spec, dataset, work)
    model_args, data_args, training_args, _, _ = get_train_args(arguments)
    loaded = load_tokenizer(model_args)
    template = get_template_and_fix_tokenizer(loaded["tokenizer"], data_args)
    module = get_dataset(template, model_args, data_args, training_args, stage=arguments["stage"], **loaded)
    return {name.removesuffix("_dataset"): len(split) for name, split in module.items() if split is not None}
