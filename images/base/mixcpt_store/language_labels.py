"""The labels that language identification models use for the languages of FLORES-200."""

# fastText's lid.176 uses ISO 639-1 codes, or three letters for languages without one. Most of the study's
# low-resource languages are not among its 176.
_LID_176_LABELS: dict[str, str] = {
    "bak_Cyrl": "ba",
    "bel_Cyrl": "be",
    "ceb_Latn": "ceb",
    "dan_Latn": "da",
    "deu_Latn": "de",
    "eng_Latn": "en",
    "hin_Deva": "hi",
    "ilo_Latn": "ilo",
    "kaz_Cyrl": "kk",
    "khm_Khmr": "km",
    "kir_Cyrl": "ky",
    "lao_Laoo": "lo",
    "mar_Deva": "mr",
    "nld_Latn": "nl",
    "npi_Deva": "ne",
    "rus_Cyrl": "ru",
    "tgl_Latn": "tl",
    "tha_Thai": "th",
    "ukr_Cyrl": "uk",
    "vie_Latn": "vi",
    "yor_Latn": "yo",
    "yue_Hant": "yue",
    "zho_Hans": "zh",
}
# GlotLID uses the codes of FLORES-200 apart from these. Its versions 1 and 2 have zho_Hani, est_Latn and tgl_Latn; from
# version 3 on (languages-v3.md in cisnlp/GlotLID), it has no macrolanguage of which it has the individual languages, no
# Chinese script, and fil_Latn in place of tgl_Latn. acq, pes, prs, yue and zho are mapped as in its own
# assets/map/flores.json. The members of aka and kon are those of ISO 639-3; for est and grn, the one that FLORES-200
# means: Standard Estonian and Paraguayan Guarani.
_GLOTLID_LABELS: dict[str, tuple[str, ...]] = {
    "acq_Arab": ("arb_Arab",),
    "aka_Latn": ("fat_Latn", "twi_Latn"),
    "est_Latn": ("ekk_Latn",),
    "grn_Latn": ("gug_Latn",),
    "kon_Latn": ("kng_Latn", "kwy_Latn", "ldi_Latn"),
    "pes_Arab": ("fas_Arab",),
    "prs_Arab": ("fas_Arab",),
    "tgl_Latn": ("fil_Latn",),
    "yue_Hant": ("yue_Hani",),
    "zho_Hans": ("cmn_Hani", "zho_Hani"),
    "zho_Hant": ("cmn_Hani", "zho_Hani"),
}


def find_language_labels(language: str) -> frozenset[str]:
    """Returns all labels of all models that mean `language`."""
    lid_176 = (_LID_176_LABELS[language],) if language in _LID_176_LABELS else ()
    return frozenset({language, *lid_176, *_GLOTLID_LABELS.get(language, ())})
