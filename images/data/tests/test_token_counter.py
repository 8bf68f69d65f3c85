"""Token counts of a mixture: text is text, also where it looks like a special token."""

from pathlib import Path

import pytest
import tokenizers
from mixture_fixture import MixtureWorkspace
from store_fixture import make_unreadable

from mixcpt_data.mixture.token_counter import load_token_counter
from mixcpt_data.model.tokenizer import train_tokenizer
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import InputError, RetryableError


def _write_model(folder: Path) -> Path:
    """Writes a byte-level model that knows <s>, </s> and <pad>."""
    train_tokenizer(["All human beings are born free and equal."], 320).save(str(folder / "tokenizer.json"))
    mark_complete(folder)
    return folder


def test_a_literal_special_token_is_counted_as_text(tmp_path: Path) -> None:
    count_tokens = load_token_counter(_write_model(tmp_path))
    literal, spaced, ordinary = count_tokens(["<s>", "< s>", "All human beings"])
    assert literal >= 3
    assert spaced >= literal
    written = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    assert ordinary == len(written.encode("All human beings", add_special_tokens=False).ids)


def test_rows_with_literal_special_tokens_are_kept_as_they_are(workspace: MixtureWorkspace) -> None:
    texts = ["The price is <s>90</s> 80 euros today.", "</s>", "<pad>"]
    workspace.write_jsonl("a.jsonl", texts)
    model = workspace.folder / "model"
    model.mkdir()
    kept = workspace.mix_sources(workspace.files_source("a.jsonl", tokens=1000), tokenizer=str(_write_model(model)))
    assert sorted(kept) == sorted(texts)
    assert workspace.read_stats()["total"]["tokens"] > 30


def test_a_tokenizer_that_cannot_encode_a_text_is_bad_input(tmp_path: Path) -> None:
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({"a": 0}, unk_token="[UNK]"))
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(InputError, match=r"tokenizer\.json: the tokenizer cannot encode a text: .*UNK"):
        load_token_counter(tmp_path)(["b"])


def test_a_tokenizer_that_the_store_cannot_read_now_is_no_bad_input(tmp_path: Path) -> None:
    make_unreadable(tmp_path / "tokenizer.json")
    with pytest.raises(RetryableError, match=r"cannot be read: .*os error 5"):
        load_token_counter(tmp_path)
