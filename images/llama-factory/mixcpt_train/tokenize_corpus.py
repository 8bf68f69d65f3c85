"""The verb `tokenise`: runs LLaMA-Factory's own preprocessing of a corpus once and keeps the result for all runs."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_store.complete import is_complete, require_complete, write_directory
from mixcpt_store.errors import InputError
from mixcpt_store.presence import is_file
from mixcpt_store.spec import Spec
from mixcpt_train.packed_blocks import CHECKED_BLOCKS, check_block_start, describe_blocks, set_block_start
from mixcpt_train.sequence_counts import STATISTICS_FILE, read_sequence_count
from mixcpt_train.token_counts import count_tokens
from mixcpt_train.tokenizer_check import require_matching_tokenizer

DATASET_FOLDER = "dataset"
# The settings that LLaMA-Factory's preprocessing depends on. The number of workers is one of them: each worker splits
# its share of the rows into batches, and the end of every batch that does not fill a sequence is dropped.
PREPROCESSING_KEYS = (
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
class TokenizeSpec:
    corpus: Path
    model: Path
    output: Path
    recipe: dict[str, Any]
    needed_sequences: int | None = None
    """The fewest with which the evaluated checkpoint is reached; None if any number will do."""
    begin_with_bos: bool = False


def read_tokenize_spec(spec: Spec) -> TokenizeSpec:
    """Raises InputError with all problems of the spec."""
    recipe = spec.get_mapping("recipe")
    for key in recipe.keys() - set(PREPROCESSING_KEYS):
        spec.add_problem(f"recipe.{key}", f"does not affect tokenization; allowed: {', '.join(PREPROCESSING_KEYS)}")
    tokenize_spec = TokenizeSpec(
        spec.get_path("corpus"),
        spec.get_path("model"),
        spec.get_path("output"),
        recipe,
        spec.get_optional_integer("neededSequences", minimum=1),
        begin_with_bos=spec.get_child("blocks").get_flag("beginWithBos"),
    )
    spec.finish()
    return tokenize_spec


def tokenize_corpus(spec: Spec) -> None:
    job = read_tokenize_spec(spec)
    if is_complete(job.output):
        _check_length(job, read_sequence_count(job.output))
        return
    require_complete(job.corpus, "corpus")
    require_complete(job.model, "model")
    if not is_file(job.model / "tokenizer.json"):
        raise InputError(f"model {job.model} has no tokenizer.json, which is needed to count tokens")
    require_matching_tokenizer(job.corpus / "train.jsonl", job.model)
    work = job.output.with_name(f"{job.output.name}.work")
    with write_directory(job.output, {"corpus": str(job.corpus), "model": str(job.model)}) as target:
        sequences, blocks = _preprocess_corpus(job, target / DATASET_FOLDER, work)
        tokens = count_tokens(job.corpus / "train.jsonl", job.model)
        stats = {
            "unit": "tokens, one end of sequence per row included",
            **tokens,
            "sequences": sequences,
            "blocks": blocks,
        }
        (target / STATISTICS_FILE).write_text(json.dumps(stats, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(work, ignore_errors=True)
    print(f"{job.output}: {stats['total']} tokens, {sequences}", flush=True)
    _check_length(job, sequences.get("train"))


def _check_length(job: TokenizeSpec, sequences: int | None) -> None:
    """Raises InputError for a corpus that ends before the evaluated checkpoint; no GPU has been used yet.

    It is complete by then: another attempt does not tokenize again, and `plan --store` shows its tokens.
    """
    if job.needed_sequences is None or sequences is None or sequences >= job.needed_sequences:
        return
    raise InputError(
        f"tokenized corpus {job.output} has {sequences} sequences; the evaluated checkpoint needs "
        f"{job.needed_sequences}. Add text to the corpus, or change devices, sequence length or epochs"
    )


def build_preprocessing_arguments(spec: TokenizeSpec, dataset: Path, work: Path) -> dict[str, Any]:
    """Returns the settings of a training run. Caches are in `work`, where the next attempt finds them."""
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


def _preprocess_corpus(spec: TokenizeSpec, dataset: Path, work: Path) -> tuple[dict[str, int], dict[str, bool]]:
    """Writes the dataset for `tokenized_path`. Returns the number of sequences per split, and how they are packed."""
    os.environ["HF_DATASETS_CACHE"] = str(work / "cache")
    from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
    from llamafactory.hparams import get_train_args
    from llamafactory.model import load_tokenizer

    arguments = build_preprocessing_arguments(spec, dataset, work)
    model_args, data_args, training_args, _, _ = get_train_args(arguments)
    loaded = load_tokenizer(model_args)
    template = get_template_and_fix_tokenizer(loaded["tokenizer"], data_args)
    tokenizer, begin_with_bos = loaded["tokenizer"], spec.begin_with_bos
    set_block_start(tokenizer, begin_with_bos=begin_with_bos)
    module = get_dataset(template, model_args, data_args, training_args, stage=arguments["stage"], **loaded)
    splits = {name.removesuffix("_dataset"): split for name, split in module.items() if split is not None}
    for split in splits.values():
        check_block_start(split[:CHECKED_BLOCKS]["input_ids"], tokenizer.bos_token_id, begin_with_bos=begin_with_bos)
    sequences = {name: len(split) for name, split in splits.items()}
    return sequences, describe_blocks(tokenizer, begin_with_bos=begin_with_bos)
