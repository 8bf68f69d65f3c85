"""A tokenizer that transformers would make anew in another way is found on the corpus itself."""

import json
from pathlib import Path

import pytest

from mixcpt_store.errors import InputError
from mixcpt_train.same_tokenizer import first_difference, require_same_tokenizer

tokenizers = pytest.importorskip("tokenizers")
TEXTS = ["One sentence here.", "  indented = True", "Zweiter Satz mit Umlaut: ä."]


def test_the_first_text_in_other_tokens_is_told() -> None:
    def without_spaces(text: str) -> list[int]:
        return list(text.replace(" ", "").encode())

    assert first_difference(["a", "b c", "d e"], lambda text: list(text.encode()), without_spaces) == 2
    assert first_difference(["a", "b"], lambda text: list(text.encode()), without_spaces) is None


def _byte_level() -> "tokenizers.Tokenizer":
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def _sentence_piece() -> "tokenizers.Tokenizer":
    """As the tokenizer.json of Llama 2 has it."""
    parts = [tokenizers.normalizers.Prepend("▁"), tokenizers.normalizers.Replace(" ", "▁")]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = tokenizers.normalizers.Sequence(parts)
    special = ["<unk>", "<s>", "</s>"]
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=90, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def _corpus_and_model(folder: Path, tokenizer: "tokenizers.Tokenizer", tokenizer_class: str) -> tuple[Path, Path]:
    """A model whose configuration names a class for its tokenizer."""
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": tokenizer_class}))
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"}))
    rows = "".join(json.dumps({"text": text}) + "\n" for text in TEXTS)
    (folder / "train.jsonl").write_text(rows)
    return folder / "train.jsonl", folder


def test_a_byte_level_model_named_llama_tokenizer_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="transformers is in the image only")
    with pytest.raises(InputError, match=r"makes a LlamaTokenizer of it, which reads row 1 of .*train\.jsonl"):
        require_same_tokenizer(*_corpus_and_model(tmp_path, _byte_level(), "LlamaTokenizer"))


def test_a_model_that_is_read_as_it_is_written_is_taken(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="transformers is in the image only")
    require_same_tokenizer(*_corpus_and_model(tmp_path, _byte_level(), "PreTrainedTokenizerFast"))


def test_llama_2_is_taken_with_texts_that_begin_with_spaces(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="transformers is in the image only")
    require_same_tokenizer(*_corpus_and_model(tmp_path, _sentence_piece(), "LlamaTokenizer"))
