"""English names of the study's languages as its prompts write them, by FLORES-200 code."""

LANGUAGE_NAMES: dict[str, str] = {
    "bak_Cyrl": "Bashkir",
    "bam_Latn": "Bambara",
    "bel_Cyrl": "Belarusian",
    "bem_Latn": "Bemba",
    "ceb_Latn": "Cebuano",
    "dan_Latn": "Danish",
    "deu_Latn": "German",
    "eng_Latn": "English",
    "fij_Latn": "Fijian",
    "hau_Latn": "Hausa",
    "hin_Deva": "Hindi",
    "ibo_Latn": "Igbo",
    "ilo_Latn": "Ilocano",
    "kaz_Cyrl": "Kazakh",
    "khm_Khmr": "Khmer",
    "kir_Cyrl": "Kyrgyz",
    "lao_Laoo": "Lao",
    "mar_Deva": "Marathi",
    "mri_Latn": "Maori",
    "nld_Latn": "Dutch",
    "npi_Deva": "Nepali",
    "nya_Latn": "Nyanja",
    "rus_Cyrl": "Russian",
    "shn_Mymr": "Shan",
    "smo_Latn": "Samoan",
    "sna_Latn": "Shona",
    "ssw_Latn": "Swati",
    "tgl_Latn": "Tagalog",
    "tha_Thai": "Thai",
    "ukr_Cyrl": "Ukrainian",
    "vie_Latn": "Vietnamese",
    "wol_Latn": "Wolof",
    "xho_Latn": "Xhosa",
    "yor_Latn": "Yoruba",
    "yue_Hant": "Yue Chinese",
    "zho_Hans": "Chinese (Simplified)",
    "zul_Latn": "Zulu",
}


def describe_unknown_language(code: str) -> str:
    """Formats the message for a language code that is not in the table."""
    return f"language {code!r} is not one of the study's; known: {', '.join(sorted(LANGUAGE_NAMES))}"
