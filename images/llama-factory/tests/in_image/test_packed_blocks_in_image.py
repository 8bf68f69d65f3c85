"""Blocks with LLaMA-Factory's packing and transformers' labels are those of the study's versions.

LLaMA-Factory 0.9.0 and 0.9.1 (`preprocess_pretrain_dataset`) begin no block with BOS except for the template `gemma`.
Both pad with EOS where the tokenizer has no padding token, which transformers labels with -100 since before 4.44.2.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from datasets import load_from_disk

from mixcpt_store.complete import mark_complete
from mixcpt_store.spec import Spec
from mixcpt_train.tokenize_corpus import DATASET_FOLDER, tokenize_corpus

TEXTS = [f"The text of row {row} is not that of row {row * 7 % 90}." for row in range(90)]
SPECIAL_TOKENS = ["<unk>", "<s>", "</s>", "<pad>"]
LLAMA_2 = {"tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "bos_token": "<s>", "eos_token": "</s>"}


def _tokenize(folder: Path, config: dict[str, Any], *, begin_with_bos: bool) -> tuple[Any, dict[str, Any]]:
    """Tokenizes a small corpus for a model with a configuration of its tokenizer; returns blocks and statistics."""
    corpus, model, output = (folder / name for name in ("corpus", "model", "tokens"))
    corpus.mkdir()
    model.mkdir()
    parts = [tokenizers.normalizers.Prepend("▁"), tokenizers.normalizers.Replace(" ", "▁")]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = tokenizers.normalizers.Sequence(parts)
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=120, special_tokens=SPECIAL_TOKENS, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.save(str(model / "tokenizer.json"))
    (model / "tokenizer_config.json").write_text(json.dumps(config))
    (model / "config.json").write_text(json.dumps({"model_type": "llama"}))
    rows = [{"text": text, "source": "web", "language": "eng_Latn"} for text in TEXTS]
    (corpus / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    columns = {"corpus": {"file_name": "train.jsonl", "columns": {"prompt": "text"}}}
    (corpus / "dataset_info.json").write_text(json.dumps(columns))
    mark_complete(corpus)
    mark_complete(model)
    recipe = {"template": "alpaca", "cutoff_len": 32, "preprocessing_num_workers": 2}
    paths = {"corpus": str(corpus), "model": str(model), "output": str(output)}
    tokenize_corpus(Spec({**paths, "recipe": recipe, "blocks": {"beginWithBos": begin_with_bos}}))
    return load_from_disk(str(output / DATASET_FOLDER))["train"], json.loads((output / "STATS.json").read_text())


def _load_tokenizer(model: Path) -> Any:
    """Loads a tokenizer as a training does."""
    from llamafactory.data import get_template_and_fix_tokenizer
    from llamafactory.hparams import get_train_args
    from llamafactory.model import load_tokenizer

    settings = {"stage": "pt", "do_train": True, "template": "alpaca", "dataset": "corpus", "use_cpu": True}
    paths = {"model_name_or_path": str(model), "output_dir": str(model / "output"), "report_to": "none"}
    model_args, data_args, *_ = get_train_args({**settings, **paths})
    tokenizer = load_tokenizer(model_args)["tokenizer"]
    get_template_and_fix_tokenizer(tokenizer, data_args)
    return tokenizer


@pytest.mark.parametrize("asks_for_bos", [False, True])
def test_no_block_begins_with_bos_whether_or_not_the_tokenizer_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asks_for_bos: bool
) -> None:
    from llamafactory import model

    load_tokenizer = model.load_tokenizer

    def load_with_flag(*arguments: Any) -> Any:
        """Loads a tokenizer as transformers does with its pull request 46722, if it asks for BOS."""
        loaded = load_tokenizer(*arguments)
        loaded["tokenizer"].add_bos_token = asks_for_bos
        return loaded

    monkeypatch.setattr(model, "load_tokenizer", load_with_flag)
    blocks, stats = _tokenize(tmp_path, LLAMA_2, begin_with_bos=False)
    assert stats["blocks"] == {"beginWithBos": False, "learnEndOfText": False}
    assert stats["sequences"] == {"train": len(blocks)}
    assert all(1 not in block for block in blocks["input_ids"])
    assert any(2 in block for block in blocks["input_ids"])


def test_every_block_begins_with_bos_where_the_spec_says_so(tmp_path: Path) -> None:
    config = {**LLAMA_2, "add_bos_token": False}
    blocks, stats = _tokenize(tmp_path, config, begin_with_bos=True)
    assert stats["blocks"]["beginWithBos"] is True
    assert {block[0] for block in blocks["input_ids"]} == {1}


@pytest.mark.parametrize(("padding", "learns"), [({}, False), ({"pad_token": "<pad>"}, True)])
def test_the_end_of_a_text_is_learned_only_with_a_padding_token(
    tmp_path: Path, padding: dict[str, str], learns: bool
) -> None:
    from transformers import DataCollatorForLanguageModeling

    blocks, stats = _tokenize(tmp_path, {**LLAMA_2, **padding}, begin_with_bos=False)
    assert stats["blocks"]["learnEndOfText"] is learns
    collator = DataCollatorForLanguageModeling(tokenizer=_load_tokenizer(tmp_path / "model"), mlm=False)
    batch = collator([blocks[index] for index in range(4)])
    ends = batch["labels"][batch["input_ids"] == 2]
    assert set(ends.tolist()) == ({2} if learns else {-100})
