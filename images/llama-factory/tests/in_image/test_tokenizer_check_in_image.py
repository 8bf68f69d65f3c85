"""Tokenizers that transformers rebuilds differently from tokenizer.json are detected on the corpus."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import tokenizers

from mixcpt_store.errors import InputError
from mixcpt_train.tokenizer_check import require_matching_tokenizer

TEXTS = ["One sentence here.", "  indented = True", "Zweiter Satz mit Umlaut: ä."]


def _train_byte_level() -> "tokenizers.Tokenizer":
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def _train_sentence_piece() -> "tokenizers.Tokenizer":
    """Trains a tokenizer of the same kind as the tokenizer.json of Llama 2."""
    parts = [tokenizers.normalizers.Prepend("▁"), tokenizers.normalizers.Replace(" ", "▁")]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = tokenizers.normalizers.Sequence(parts)
    special = ["<unk>", "<s>", "</s>"]
    # As in Llama 2, the characters of a literal <s> or </s> are tokens, too.
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=90, special_tokens=special, initial_alphabet=["<", "/", ">"], show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def _write_corpus_and_model(
    folder: Path, tokenizer: "tokenizers.Tokenizer", tokenizer_class: str, texts: Sequence[str] = TEXTS
) -> tuple[Path, Path]:
    """Writes a corpus and a model whose configuration names the class of its tokenizer."""
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": tokenizer_class}))
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"}))
    rows = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    (folder / "train.jsonl").write_text(rows)
    return folder / "train.jsonl", folder


def test_rejects_a_byte_level_model_whose_class_is_llama_tokenizer(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"loads its tokenizer as LlamaTokenizer, which splits row 1 of .*train\.jsonl"
    ):
        require_matching_tokenizer(*_write_corpus_and_model(tmp_path, _train_byte_level(), "LlamaTokenizer"))


def test_accepts_a_model_that_is_loaded_as_it_is_written(tmp_path: Path) -> None:
    require_matching_tokenizer(*_write_corpus_and_model(tmp_path, _train_byte_level(), "PreTrainedTokenizerFast"))


def test_accepts_llama_2_on_texts_with_leading_spaces(tmp_path: Path) -> None:
    require_matching_tokenizer(*_write_corpus_and_model(tmp_path, _train_sentence_piece(), "LlamaTokenizer"))


@pytest.mark.parametrize("text", ["On <s>es</s> es.", "<s>One", "es </s> en", "One<s></s>"])
def test_accepts_llama_2_on_a_row_with_a_literal_special_token(tmp_path: Path, text: str) -> None:
    arguments = _write_corpus_and_model(tmp_path, _train_sentence_piece(), "LlamaTokenizer", [*TEXTS, text])
    require_matching_tokenizer(*arguments)


def test_still_rejects_a_byte_level_model_when_a_row_has_a_special_token(tmp_path: Path) -> None:
    arguments = _write_corpus_and_model(tmp_path, _train_byte_level(), "LlamaTokenizer", ["<s>One sentence</s> here."])
    with pytest.raises(InputError, match="loads its tokenizer as LlamaTokenizer, which splits row 1"):
        require_matching_tokenizer(*arguments)
