import type { CategoryName } from "./axisNames.ts";

/** A pair of languages with the words of its two sides. */
export interface PairWords {
  readonly languages: readonly [string, string];
  readonly words: readonly [number, number];
}

type CountsByLanguage = Readonly<Record<string, number>>;

/** The words that one epoch of a category's text contains. */
export interface CategoryWords {
  /** By FLORES-200 code. */
  readonly monolingual: CountsByLanguage;
  readonly bilingual: readonly PairWords[];
}

/**
 * Words of the monolingual text as printed (paper, Table 14). The table calls them tokens; docs/recipes.md has the
 * evidence that they are words.
 */
export const monolingualWords: Readonly<Record<CategoryName, CountsByLanguage>> = {
  Alt: {
    eng_Latn: 43_492_709,
    zho_Hans: 4_440_706,
    ceb_Latn: 14_245_308,
    mar_Deva: 9_708_582,
    zul_Latn: 9_499_876,
    khm_Khmr: 10_725_271,
  },
  Sel: {
    eng_Latn: 24_614_674,
    deu_Latn: 22_606_405,
    bel_Cyrl: 28_611_208,
    mri_Latn: 3_163_851,
    kir_Cyrl: 3_098_710,
    nya_Latn: 17_907_492,
  },
  Stag: { eng_Latn: 43_367_629, tha_Thai: 18_138_086, yor_Latn: 16_887_000, sna_Latn: 7_608_164, wol_Latn: 554_809 },
};

function buildPairWords(first: string, second: string, words: readonly [number, number]): PairWords {
  return { languages: [first, second], words };
}

/** Words of each side of the bilingual text as printed (paper, Table 13). */
export const bilingualWords: Readonly<Record<CategoryName, readonly PairWords[]>> = {
  Alt: [
    buildPairWords("eng_Latn", "zul_Latn", [12_672_195, 9_196_313]),
    buildPairWords("zho_Hans", "zul_Latn", [341_665, 208_653]),
    buildPairWords("ceb_Latn", "zul_Latn", [190_637, 94_910]),
    buildPairWords("zho_Hans", "ceb_Latn", [696_789, 863_637]),
    buildPairWords("eng_Latn", "mar_Deva", [7_736_633, 7_248_634]),
    buildPairWords("zho_Hans", "mar_Deva", [2_244_545, 1_825_067]),
    buildPairWords("ceb_Latn", "mar_Deva", [835_219, 634_881]),
    buildPairWords("ceb_Latn", "eng_Latn", [12_355_815, 11_719_494]),
    buildPairWords("zho_Hans", "khm_Khmr", [1_157_707, 577_403]),
    buildPairWords("eng_Latn", "khm_Khmr", [11_364_386, 10_147_868]),
  ],
  Sel: [
    buildPairWords("bel_Cyrl", "deu_Latn", [27_012_850, 18_085_602]),
    buildPairWords("bel_Cyrl", "eng_Latn", [1_598_358, 1_920_079]),
    buildPairWords("deu_Latn", "mri_Latn", [1_682_621, 2_250_042]),
    buildPairWords("eng_Latn", "mri_Latn", [717_914, 913_809]),
    buildPairWords("deu_Latn", "kir_Cyrl", [1_682_749, 1_583_623]),
    buildPairWords("eng_Latn", "kir_Cyrl", [2_262_374, 1_515_087]),
    buildPairWords("deu_Latn", "nya_Latn", [1_155_433, 1_077_300]),
    buildPairWords("eng_Latn", "nya_Latn", [19_714_307, 16_830_192]),
  ],
  Stag: [
    buildPairWords("eng_Latn", "tha_Thai", [5_619_794, 18_138_086]),
    buildPairWords("eng_Latn", "yor_Latn", [14_334_000, 16_887_000]),
    buildPairWords("eng_Latn", "sna_Latn", [9_813_703, 7_608_164]),
    buildPairWords("eng_Latn", "wol_Latn", [13_600_133, 13_636_959]),
  ],
};

/**
 * Size of The Stack by programming language, before the study downsampled it (paper, Table 15). The unit is not known,
 * so only the proportions are used.
 */
export const codeSizes: CountsByLanguage = {
  assembly: 331_667_471,
  c: 8_741_971_474,
  cpp: 7_816_404_624,
  "c-sharp": 2_378_224_612,
  clojure: 82_101_240,
  "common-lisp": 392_951_006,
  dart: 596_729_087,
  erlang: 145_648_910,
  "f-sharp": 67_025_280,
  fortran: 442_165_240,
  glsl: 116_320_040,
  go: 3_566_871_370,
  haskell: 401_113_392,
  java: 3_659_465_643,
  javascript: 3_027_933_059,
  julia: 221_192_206,
  kotlin: 851_638_489,
  llvm: 383_439_623,
  markdown: 1_795_961_949,
  pascal: 424_339_418,
  perl: 473_210_127,
  php: 2_315_544_678,
  powershell: 74_390_317,
  python: 5_199_071_526,
  r: 49_449_207,
  ruby: 1_107_302_714,
  rust: 1_572_906_932,
  scala: 568_062_821,
  shell: 510_858_653,
  solidity: 151_560_961,
  sql: 1_179_866_764,
  typescript: 2_607_984_343,
};
