interface Language {
  /** FLORES-200 code. */
  readonly code: string;
  readonly name: string;
}

/** A training language and its related languages, which are evaluated but not trained on (paper, Table 1). */
interface TrainingLanguage extends Language {
  readonly related: readonly Language[];
}

export const english: Language = { code: "eng_Latn", name: "English" };

export const altruisticLanguages: readonly TrainingLanguage[] = [
  { code: "zho_Hans", name: "Chinese (Simplified)", related: [{ code: "yue_Hant", name: "Yue Chinese" }] },
  {
    code: "ceb_Latn",
    name: "Cebuano",
    related: [
      { code: "tgl_Latn", name: "Tagalog" },
      { code: "ilo_Latn", name: "Ilocano" },
    ],
  },
  {
    code: "mar_Deva",
    name: "Marathi",
    related: [
      { code: "hin_Deva", name: "Hindi" },
      { code: "npi_Deva", name: "Nepali" },
    ],
  },
  {
    code: "zul_Latn",
    name: "Zulu",
    related: [
      { code: "xho_Latn", name: "Xhosa" },
      { code: "ssw_Latn", name: "Swati" },
    ],
  },
  { code: "khm_Khmr", name: "Khmer", related: [{ code: "vie_Latn", name: "Vietnamese" }] },
];

export const selfishLanguages: readonly TrainingLanguage[] = [
  {
    code: "deu_Latn",
    name: "German",
    related: [
      { code: "nld_Latn", name: "Dutch" },
      { code: "dan_Latn", name: "Danish" },
    ],
  },
  {
    code: "bel_Cyrl",
    name: "Belarusian",
    related: [
      { code: "rus_Cyrl", name: "Russian" },
      { code: "ukr_Cyrl", name: "Ukrainian" },
    ],
  },
  {
    code: "mri_Latn",
    name: "Maori",
    related: [
      { code: "smo_Latn", name: "Samoan" },
      { code: "fij_Latn", name: "Fijian" },
    ],
  },
  {
    code: "kir_Cyrl",
    name: "Kyrgyz",
    related: [
      { code: "kaz_Cyrl", name: "Kazakh" },
      { code: "bak_Cyrl", name: "Bashkir" },
    ],
  },
  {
    code: "nya_Latn",
    name: "Nyanja",
    related: [
      { code: "bem_Latn", name: "Bemba" },
      { code: "sna_Latn", name: "Shona" },
    ],
  },
];

export const stagnantLanguages: readonly TrainingLanguage[] = [
  {
    code: "tha_Thai",
    name: "Thai",
    related: [
      { code: "lao_Laoo", name: "Lao" },
      { code: "shn_Mymr", name: "Shan" },
    ],
  },
  {
    code: "yor_Latn",
    name: "Yoruba",
    related: [
      { code: "ibo_Latn", name: "Igbo" },
      { code: "hau_Latn", name: "Hausa" },
    ],
  },
  {
    code: "sna_Latn",
    name: "Shona",
    related: [
      { code: "nya_Latn", name: "Nyanja" },
      { code: "zul_Latn", name: "Zulu" },
    ],
  },
  { code: "wol_Latn", name: "Wolof", related: [{ code: "bam_Latn", name: "Bambara" }] },
];

const allStudyLanguages = [
  english,
  ...[altruisticLanguages, selfishLanguages, stagnantLanguages]
    .flat()
    .flatMap((language) => [language, ...language.related]),
];

/** Every language of the study, without duplicates. Specs give the images the names that they need. */
export const knownLanguages: readonly Language[] = [
  ...new Map(allStudyLanguages.map(({ code, name }) => [code, { code, name }])).values(),
];

/** Selects the English names of languages by their codes, for prompts and pairs of sentences. */
export function selectLanguageNames(codes: readonly string[]): Record<string, string> {
  const selected = knownLanguages.filter(({ code }) => codes.includes(code));
  return Object.fromEntries(selected.map(({ code, name }) => [code, name]));
}

/** Formats a language as MADLAD-400 and the hub do: two letters if ISO 639-1 has it, otherwise three. */
export function formatTwoLetterCode(language: string): string {
  return new Intl.Locale(language.slice(0, 3)).language;
}
