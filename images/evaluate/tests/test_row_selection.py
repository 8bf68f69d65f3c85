"""The rows of a batch that move when others finish."""

from random import Random

from mixcpt_evaluate.backends.decoding import select_unfinished_rows


def test_moves_the_last_rows_into_the_gaps_of_finished_rows() -> None:
    assert select_unfinished_rows([False, True, False, False]) == [0, 3, 2]
    assert select_unfinished_rows([True, True, False]) == [2]
    assert select_unfinished_rows([False, False]) == [0, 1]
    assert select_unfinished_rows([True, True]) == []


def test_keeps_every_unfinished_row_in_its_position_or_moves_it_into_a_gap() -> None:
    random = Random(1)
    for _ in range(200):
        finished = [random.random() < 0.4 for _ in range(random.randint(1, 12))]
        kept = select_unfinished_rows(finished)
        unfinished = [row for row, done in enumerate(finished) if not done]
        assert sorted(kept) == unfinished
        unmoved = [row for row, source in enumerate(kept) if row == source]
        assert unmoved == [row for row in unfinished if row < len(kept)]
