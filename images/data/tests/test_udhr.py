"""The Declaration is read completely in every available language of the study."""

from pathlib import Path

import pytest

from mixcpt_data.sources.udhr import ARTICLES, read_declaration
from mixcpt_data.sources.udhr_codes import UDHR_CODES
from mixcpt_store.errors import InputError


@pytest.mark.parametrize("language", sorted(UDHR_CODES))
def test_each_language_has_a_preamble_and_thirty_articles(language: str, udhr_directory: Path) -> None:
    declaration = read_declaration(language, udhr_directory)
    assert len(declaration.preamble) >= 6
    assert sorted(declaration.articles) == list(ARTICLES)


def test_reads_the_text_without_markup_and_headings(udhr_directory: Path) -> None:
    english = read_declaration("eng_Latn", udhr_directory)
    assert english.articles[3] == ["Everyone has the right to life, liberty and the security of person."]
    assert len(english.articles[13]) == 2


def test_an_unavailable_language_gives_an_error_that_lists_the_available_ones(udhr_directory: Path) -> None:
    with pytest.raises(InputError, match=r"not available in bak_Cyrl; available: bam_Latn, bel_Cyrl"):
        read_declaration("bak_Cyrl", udhr_directory)


def test_refuses_a_file_with_missing_articles(tmp_path: Path) -> None:
    (tmp_path / "eng.html").write_text('<article data-number="1"><p>All human beings</p></article>')
    with pytest.raises(InputError, match=r"articles \[2, 3, .* are missing"):
        read_declaration("eng_Latn", tmp_path)
