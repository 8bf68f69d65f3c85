"""Budgets in words, characters, bytes and tokens, and what STATS.json says of them and of licenses."""

import pytest
from mixture_fixture import MixtureWorkspace, write_word_tokenizer

from mixcpt_data.mixture.make_mixture import make_mixture
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


@pytest.mark.parametrize("tokens", [10, 15, 1000, 1001, 2345, 5000, 10**6])
@pytest.mark.parametrize("workers", [1, 3])
def test_a_budget_takes_rows_in_order_up_to_the_last_that_fits(
    workspace: MixtureWorkspace, tokens: int, workers: int
) -> None:
    workspace.write_five_files()
    budget = workspace.files_source("*.jsonl", tokens=tokens, name="budget")
    other = workspace.files_source("0.jsonl", name="other")
    workspace.mix_sources(budget, other, tokenizer=str(write_word_tokenizer(workspace.folder)), workers=workers)
    taken = [row["text"].split()[:2] for row in workspace.read_rows() if row["source"] == "budget"]
    expected = min(tokens // 10, 500)
    assert sorted(taken) == sorted([str(n // 100), str(n % 100)] for n in range(expected))
    assert workspace.read_stats()["sources"]["budget"]["tokens"] == expected * 10


def test_a_budget_in_words_counts_the_sides_whose_script_separates_words(workspace: MixtureWorkspace) -> None:
    english = [f"row {row} of the text" for row in range(40)]
    workspace.write_input("a.eng", "\n".join(english))
    workspace.write_input("a.tha", "\n".join("ทุกคน มีสิทธิ" for _ in english))
    pair = {"languages": ["eng_Latn", "tha_Thai"], "format": "moses"}
    workspace.mix_sources(workspace.files_source("a.eng", "a.tha", words=50, name="pairs", **pair))
    assert workspace.read_stats()["sources"]["pairs"]["rows"] == 10


def test_a_budget_in_characters_counts_the_text_of_the_rows(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["ทุกคนมีสิทธิ"] * 9)
    source = workspace.files_source("a.jsonl", languages=["tha_Thai"], characters=50)
    assert len(workspace.mix_sources(source)) == 50 // len("ทุกคนมีสิทธิ")


def test_a_budget_in_bytes_counts_utf_8(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["ทุกคน"] * 9)
    assert len(workspace.mix_sources(workspace.files_source("a.jsonl", bytes=50))) == 50 // len("ทุกคน".encode())


def test_very_different_shard_sizes_do_not_change_the_mixture(workspace: MixtureWorkspace) -> None:
    for part, rows in enumerate([1, 1, 300, 1, 300, 1, 1]):
        workspace.write_jsonl(f"{part}.jsonl", [f"{part} {row} " + "word " * 8 for row in range(rows)])
    tokenizer = str(write_word_tokenizer(workspace.folder))
    texts = []
    for workers in (1, 4):
        output = workspace.folder / f"workers-{workers}"
        spec = workspace.build_spec(
            workspace.files_source("*.jsonl", tokens=4000), tokenizer=tokenizer, workers=workers
        )
        make_mixture(Spec({**spec, "output": str(output)}))
        texts.append((output / "train.jsonl").read_text())
    assert texts[0] == texts[1]
    assert len(texts[0].splitlines()) == 400


def test_refuses_a_budget_smaller_than_the_first_row(workspace: MixtureWorkspace) -> None:
    workspace.write_five_files()
    with pytest.raises(InputError, match="tokens is 9, less than its first row has"):
        workspace.mix_sources(
            workspace.files_source("*.jsonl", tokens=9), tokenizer=str(write_word_tokenizer(workspace.folder))
        )


def test_tokens_are_counted_per_language_and_source(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["one two three"])
    workspace.write_jsonl("b.jsonl", ["eins zwei"])
    workspace.mix_sources(
        workspace.files_source("a.jsonl", name="web"),
        workspace.files_source("b.jsonl", name="web", languages=["deu_Latn"]),
        tokenizer=str(write_word_tokenizer(workspace.folder)),
        repeat=2,
    )
    stats = workspace.read_stats()
    assert {name: count["tokens"] for name, count in stats["languages"].items()} == {
        "deu_Latn": 4,
        "eng_Latn": 6,
    }
    assert stats["sourcesByLanguage"]["web"]["eng_Latn"]["tokens"] == 6
    assert stats["total"]["tokens"] == 10


def test_reports_a_source_that_ends_before_its_budget_with_its_tokens(
    workspace: MixtureWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace.write_five_files()
    workspace.write_jsonl("x.jsonl", ["one two three"] * 2)
    workspace.mix_sources(
        workspace.files_source("?.jsonl", tokens=1000, name="enough"),
        workspace.files_source("x.jsonl", tokens=7, name="web", languages=["deu_Latn"]),
        workspace.files_source("x.jsonl", tokens=9, name="stack", languages=[]),
        workspace.files_source("x.jsonl", tokens=5, name="cut"),
        workspace.files_source("x.jsonl", tokens=6, name="exact"),
        workspace.files_source("x.jsonl", name="unbounded"),
        tokenizer=str(write_word_tokenizer(workspace.folder)),
    )
    assert workspace.read_stats()["short"] == [
        {"source": "web", "languages": ["deu_Latn"], "unit": "tokens", "asked": 7, "got": 6},
        {"source": "stack", "languages": [], "unit": "tokens", "asked": 9, "got": 6},
    ]
    assert capsys.readouterr().err.splitlines() == [
        "mixcpt-data mixture: web (deu_Latn) has 6 of the 7 tokens of its budget",
        "mixcpt-data mixture: stack (code) has 6 of the 9 tokens of its budget",
    ]


def test_notes_the_licenses_of_sources(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["One."])
    workspace.mix_sources(workspace.files_source("a.jsonl", name="wiki"), licenses={"wiki": "cc-by-sa-4.0"})
    assert workspace.read_stats()["licenses"] == {"wiki": "cc-by-sa-4.0"}


def test_refuses_a_license_of_an_unknown_source_and_too_many_repetitions(workspace: MixtureWorkspace) -> None:
    workspace.write_jsonl("a.jsonl", ["One."])
    with pytest.raises(InputError, match=r"repeat is 101; at most 100.*licenses\.wki is not a known key.*wiki"):
        workspace.mix_sources(
            workspace.files_source("a.jsonl", name="wiki", repeat=101), licenses={"wki": "cc-by-sa-4.0"}
        )
