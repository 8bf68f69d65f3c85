"""The labels that language identification models use for the study's languages."""

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
# GlotLID uses the codes of FLORES-200, but does not distinguish the two Chinese scripts.
_GLOTLID_LABELS: dict[str, tuple[str, ...]] = {
    "yue_Hant": ("yue_Hani",),
    "zho_Hans": ("cmn_Hani", "zho_Hani"),
}


def find_language_labels(language: str) -> frozenset[str]:
    """Returns all labels of all models that mean `language`."""
    lid_176 = (_LID_176_LABELS[language],) if language in _LID_176_LABELS else ()
    return frozenset({language, *lid_176, *_GLOTLID_LABELS.get(language, ())})
