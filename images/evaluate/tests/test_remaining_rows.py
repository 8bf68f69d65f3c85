"""Which rows of a batch move when some of them end."""

from random import Random

from mixcpt_evaluate.backends.decoding import remaining


def test_the_last_rows_take_the_places_of_those_that_end() -> None:
    assert remaining([False, True, False, False]) == [0, 3, 2]
    assert remaining([True, True, False]) == [2]
    assert remaining([False, False]) == [0, 1]
    assert remaining([True, True]) == []


def test_every_row_that_goes_on_keeps_its_place_or_moves_into_a_gap() -> None:
    random = Random(1)
    for _ in range(200):
        finished = [random.random() < 0.4 for _ in range(random.randint(1, 12))]
        places = remaining(finished)
        going = [place for place, done in enumerate(finished) if not done]
        assert sorted(places) == going
        stayed = [place for place, source in enumerate(places) if place == source]
        assert stayed == [place for place in going if place < len(places)]
