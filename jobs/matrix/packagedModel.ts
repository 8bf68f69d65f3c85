/** The model in the images that identifies languages: fastText's lid.176. */
export const packagedModel = "lid.176";

/** The known languages that it can identify (images/base, language_labels.py). */
export const packagedModelLanguages = [
  "bak_Cyrl",
  "bel_Cyrl",
  "ceb_Latn",
  "dan_Latn",
  "deu_Latn",
  "eng_Latn",
  "hin_Deva",
  "ilo_Latn",
  "kaz_Cyrl",
  "khm_Khmr",
  "kir_Cyrl",
  "lao_Laoo",
  "mar_Deva",
  "nld_Latn",
  "npi_Deva",
  "rus_Cyrl",
  "tgl_Latn",
  "tha_Thai",
  "ukr_Cyrl",
  "vie_Latn",
  "yor_Latn",
  "yue_Hant",
  "zho_Hans",
] as const;
