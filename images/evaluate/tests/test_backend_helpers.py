"""The steps between a model's output and an answer, and the grouping of prompts into batches."""

from mixcpt_evaluate.backends.batching import group_into_batches
from mixcpt_evaluate.backends.labels import is_near_tie, select_label
from mixcpt_evaluate.backends.protocols import truncate_at_stop


def test_selects_the_label_with_the_highest_logit_and_in_a_tie_the_later_label() -> None:
    assert select_label([0.1, 0.9, 0.2], ["health", "politics", "travel"]) == "politics"
    assert select_label([0.5, 0.5, 0.1], ["travel", "health", "sports"]) == "travel"


def test_ends_a_translation_at_the_first_newline_in_either_spelling() -> None:
    assert truncate_at_stop(" one\ntwo") == " one"
    assert truncate_at_stop(r" one\ntwo") == " one"
    assert truncate_at_stop(" one") == " one"


def test_puts_every_index_into_one_batch_and_respects_the_token_budget() -> None:
    lengths = [5, 900, 30, 31, 7, 2000]
    batches = group_into_batches(lengths, 1000)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    assert batches[0] == [5]
    assert all(len(batch) * max(lengths[i] for i in batch) <= 1000 for batch in batches[1:])


def test_finds_a_near_tie_only_between_different_tokens_within_the_tolerance() -> None:
    assert is_near_tie([1.0, 1.00001, 0.2], [4, 5, 6], tolerance=1e-4)
    assert not is_near_tie([1.0, 1.1, 0.2], [4, 5, 6], tolerance=1e-4)
    assert not is_near_tie([1.0, 1.0, 0.2], [4, 4, 6], tolerance=1e-4)
    assert is_near_tie([100.0, 99.995], [4, 5], tolerance=1e-4)
