"""What identifiers call the study's languages."""

# fastText's lid.176 has ISO 639-1 codes, or three letters where there is none. Of the study's small
# languages most are not among its 176.
_LID_176: dict[str, str] = {
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
# GlotLID uses the codes of FLORES-200, but does not tell the two Chinese scripts apart.
_GLOTLID: dict[str, tuple[str, ...]] = {
    "yue_Hant": ("yue_Hani",),
    "zho_Hans": ("cmn_Hani", "zho_Hani"),
}


def labels_of(language: str) -> frozenset[str]:
    """Every label, of any identifier, that means `language`."""
    lid = (_LID_176[language],) if language in _LID_176 else ()
    return frozenset({language, *lid, *_GLOTLID.get(language, ())})
