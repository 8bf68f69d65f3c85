/** The languages of FLORES-200 (facebookresearch/flores, flores200/README.md) by script, without the script's name. */
const floresLanguagesByScript: Readonly<Record<string, string>> = {
  Arab: "ace acm acq aeb ajp apc arb ars ary arz azb bjn ckb kas knc min pbt pes prs snd uig urd",
  Armn: "hye",
  Beng: "asm ben mni",
  Cyrl: "bak bel bul kaz khk kir mkd rus srp tat tgk ukr",
  Deva: "awa bho hin hne kas mag mai mar npi san",
  Ethi: "amh tir",
  Geor: "kat",
  Grek: "ell",
  Gujr: "guj",
  Guru: "pan",
  Hang: "kor",
  Hans: "zho",
  Hant: "yue zho",
  Hebr: "heb ydd",
  Jpan: "jpn",
  Khmr: "khm",
  Knda: "kan",
  Laoo: "lao",
  Latn:
    "ace afr aka als arb ast ayr azj bam ban bem bjn bos bug cat ceb ces cjk crh cym dan deu dik dyu eng epo est " +
    "eus ewe fao fij fin fon fra fur fuv gaz gla gle glg grn hat hau hrv hun ibo ilo ind isl ita jav kab kac kam " +
    "kbp kea kik kin kmb kmr knc kon lij lim lin lit lmo ltg ltz lua lug luo lus lvs min mlt mos mri nld nno nob " +
    "nso nus nya oci pag pap plt pol por quy ron run sag scn slk slv smo sna som sot spa srd ssw sun swe swh szl " +
    "taq tgl tpi tsn tso tuk tum tur twi umb uzn vec vie war wol xho yor zsm zul",
  Mlym: "mal",
  Mymr: "mya shn",
  Olck: "sat",
  Orya: "ory",
  Sinh: "sin",
  Taml: "tam",
  Telu: "tel",
  Tfng: "taq tzm",
  Thai: "tha",
  Tibt: "bod dzo",
};

const floresLanguages = Object.entries(floresLanguagesByScript).flatMap(([script, languages]) =>
  languages.split(" ").map((language) => `${language}_${script}`),
);

/** The languages of the study's benchmarks, by name. SIB-200 has those of FLORES-200 and N'Ko. */
export const benchmarkLanguages = { sib200: [...floresLanguages, "nqo_Nkoo"], flores200: floresLanguages } as const;

/** Lists the languages of a benchmark that may replace one that it lacks: the same language in another script. */
export function listSimilarLanguages(language: string, available: readonly string[]): string[] {
  return available.filter((one) => one !== language && one.slice(0, 3) === language.slice(0, 3));
}
