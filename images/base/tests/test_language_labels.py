"""Labels of language models that mean a language of FLORES-200."""

import pytest

from mixcpt_store.language_labels import find_language_labels


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("acq_Arab", "arb_Arab"),
        ("est_Latn", "ekk_Latn"),
        ("grn_Latn", "gug_Latn"),
        ("pes_Arab", "fas_Arab"),
        ("prs_Arab", "fas_Arab"),
        ("tgl_Latn", "fil_Latn"),
        ("yue_Hant", "yue_Hani"),
        ("zho_Hans", "cmn_Hani"),
        ("zho_Hant", "cmn_Hani"),
    ],
)
def test_knows_the_label_of_glotlid_where_it_is_not_the_code_of_flores200(language: str, label: str) -> None:
    assert {language, label} <= find_language_labels(language)


def test_accepts_all_members_of_a_macrolanguage_that_glotlid_lacks() -> None:
    assert {"fat_Latn", "twi_Latn"} <= find_language_labels("aka_Latn")
    assert {"kng_Latn", "kwy_Latn", "ldi_Latn"} <= find_language_labels("kon_Latn")


def test_tells_close_languages_apart() -> None:
    assert find_language_labels("twi_Latn") == {"twi_Latn"}
    assert not find_language_labels("zho_Hant") & find_language_labels("yue_Hant")
    assert not find_language_labels("zul_Latn") & find_language_labels("xho_Latn")
