import { formatScoresName } from "../jobs/kube/objectNames.ts";
import { categoryNames, findStudyCell, dataKinds, studyMatrix } from "../jobs/matrix/index.ts";
import type { CategoryName } from "../jobs/matrix/index.ts";
import { allAxes, buildCell, listFamilyCells } from "../jobs/matrix/matrixCell.ts";
import { buildMiniatureRecipe } from "../jobs/train/miniatureRecipe.ts";
import { buildPublishedRecipe } from "../jobs/train/publishedRecipes.ts";
import type { ExpectedCell } from "./expectedCell.ts";
import type { PublishedNumbers } from "./published/publishedNumbers.ts";
import type { StackInput } from "./reportModel.ts";
import type { CellScores, Score, ScoresConfigMap } from "./scoresConfigMap.ts";

// Made-up scores in the shape of a real run, for tests and for looking at the page.

const sampleLanguages: Record<CategoryName, string[]> = {
  Alt: [
    "eng_Latn",
    "zho_Hans",
    "yue_Hant",
    "ceb_Latn",
    "tgl_Latn",
    "ilo_Latn",
    "mar_Deva",
    "hin_Deva",
    "npi_Deva",
    "zul_Latn",
    "xho_Latn",
    "ssw_Latn",
    "khm_Khmr",
    "vie_Latn",
  ],
  Sel: [
    "eng_Latn",
    "deu_Latn",
    "nld_Latn",
    "dan_Latn",
    "bel_Cyrl",
    "rus_Cyrl",
    "ukr_Cyrl",
    "mri_Latn",
    "smo_Latn",
    "fij_Latn",
    "kir_Cyrl",
    "kaz_Cyrl",
    "bak_Cyrl",
    "nya_Latn",
    "bem_Latn",
    "sna_Latn",
  ],
  Stag: [
    "tha_Thai",
    "lao_Laoo",
    "shn_Mymr",
    "yor_Latn",
    "ibo_Latn",
    "hau_Latn",
    "sna_Latn",
    "nya_Latn",
    "zul_Latn",
    "wol_Latn",
    "bam_Latn",
  ],
};

/** Repeatable numbers in [0, 1) (a linear congruential generator). */
function createSampleRandom(seed: number) {
  let state = seed;
  return (): number => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const sampleSignatures = {
  accuracy: "label:last-token|shots:3|seed:42",
  bleu: "nrefs:1|case:mixed|eff:no|tok:char|smooth:exp|version:2.5.1",
  "chrf++": "nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.5.1",
};

function roundSampleValue(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function makeSib200Score(language: string, random: () => number): Score {
  return {
    benchmark: "sib200",
    language,
    direction: null,
    metric: "accuracy",
    value: roundSampleValue((Math.floor(random() * 8 + 1) / 28) * 100),
    items: 28,
    signature: sampleSignatures.accuracy,
    file: `sib200/${language}.json`,
  };
}

function makeFlores200Scores(language: string, random: () => number): Score[] {
  return ["xx-eng", "eng-xx"].flatMap((direction) => {
    const common = {
      benchmark: "flores200",
      language,
      direction,
      items: 24,
      file: `flores200/${language}.${direction}.json`,
    };
    const chrf = 4 + random() * 11;
    return [
      { ...common, metric: "bleu", value: roundSampleValue(chrf * 0.05 * random()), signature: sampleSignatures.bleu },
      { ...common, metric: "chrf++", value: roundSampleValue(chrf), signature: sampleSignatures["chrf++"] },
    ];
  });
}

function makeLossCurve(steps: number, random: () => number): [number, number][] {
  const floor = 3.6 + random() * 1.2;
  return Array.from({ length: steps }, (_, index) => [
    index + 1,
    roundSampleValue(floor + (8.3 - floor) * Math.exp(-index / (steps / 3.5)) + random() * 0.12),
  ]);
}

/** Scores that a cell or base model evaluated in some languages could publish; the same for the same seed. */
export function makeCellScores(cell: ExpectedCell, languages: readonly string[], seed: number): CellScores {
  const random = createSampleRandom(seed);
  const foreign = languages.filter((language) => language !== "eng_Latn");
  return {
    cell: cell.id,
    run: cell.run,
    checkpoint: `/store/runs/${cell.run}/checkpoint-48`,
    scores: [
      ...languages.map((language) => makeSib200Score(language, random)),
      ...foreign.flatMap((language) => makeFlores200Scores(language, random)),
    ],
    loss: makeLossCurve(48, random),
    training: { steps: 48, seconds: 61 + Math.round(random() * 20), devices: 2 },
    recipe: { ...buildMiniatureRecipe(true) },
    attempts: [
      { started: "2026-11-24T05:58:02+00:00", image: "mixcpt.local/llama-factory:0", versions: { torch: "2.6.0" } },
    ],
    image: "mixcpt.local/llama-factory:04842e23396f",
    evaluationImage: "mixcpt.local/evaluate:4b1c9f02d7aa",
  };
}

export function makeScoresConfigMap(scores: CellScores, minute: number): ScoresConfigMap {
  return {
    name: formatScoresName(scores.run),
    created: `2026-11-24T06:${String(minute).padStart(2, "0")}:11.000Z`,
    data: { "scores.json": JSON.stringify(scores) },
  };
}

function makeRunHash(seed: number): string {
  return ((seed * 2654435761) % 2 ** 32).toString(16).padStart(8, "0");
}

const tinyCells = categoryNames.flatMap((category) =>
  dataKinds.map((data) => buildCell({ family: "tiny", data, category })),
);

export const sampleCells: readonly ExpectedCell[] = tinyCells.map(({ id, slug }, index) => ({
  id,
  run: `${slug}-${makeRunHash(index + 1)}`,
}));

export const sampleScores: readonly CellScores[] = sampleCells.map((cell, index) =>
  makeCellScores(cell, sampleLanguages[tinyCells[index]?.category ?? "Alt"], index + 7),
);

export const sampleConfigMaps: readonly ScoresConfigMap[] = sampleScores.map((scores, index) =>
  makeScoresConfigMap(scores, 20 + index),
);

export const sampleHardware = { gpu: "MI250X", emulated: true, nodes: 2, devices: 4 };

export const sampleStack: StackInput = {
  stack: "dev",
  matrix: studyMatrix,
  cells: sampleCells,
  bases: [],
  configMaps: sampleConfigMaps,
  hardware: sampleHardware,
};

export const sampleNow = "2026-11-24T06:40:00.000Z";

export const sampleHeldOutLoss: [number, number][] = [
  [30, 6.2],
  [60, 5.1],
  [90, 4.6],
  [120, 4.4],
];

/** A stack of a published family whose scores are close to the paper's: real protocol, real numbers of items. */
export function makeStudyStack(published: PublishedNumbers): StackInput {
  const cells = listFamilyCells("llama-3.1", allAxes).map(({ id, slug }, index) => ({
    id,
    run: `${slug}-${makeRunHash(index + 101)}`,
  }));
  const random = createSampleRandom(11);
  const perturbScore = (score: Score): Score => ({
    ...score,
    value: roundSampleValue(Math.min(100, Math.max(0, score.value + (random() - 0.5) * 4))),
    signature:
      score.metric === "bleu"
        ? "nrefs:1|case:mixed|eff:no|tok:flores200|smooth:exp|version:2.5.1"
        : sampleSignatures.accuracy,
    file: [score.benchmark, `${[score.language, score.direction ?? []].flat().join(".")}.json`].join("/"),
  });
  const makeStudyScores = ({ id, run }: ExpectedCell): CellScores => ({
    cell: id,
    run,
    checkpoint: `/store/runs/${run}/checkpoint-${published.steps.get(id) ?? "last"}`,
    recipe: { ...buildPublishedRecipe(findStudyCell(id) ?? { data: "Mono", category: "Alt" }) },
    scores: (published.cells.get(id) ?? []).map(perturbScore),
    loss: makeLossCurve(120, random),
    ...(id.includes("Bi+Code") ? {} : { heldOutLoss: sampleHeldOutLoss }),
    training: { steps: 6000, seconds: 80000 + Math.round(random() * 9000), devices: 8 },
    image: "mixcpt.local/llama-factory:04842e23396f",
    evaluationImage: "mixcpt.local/evaluate:4b1c9f02d7aa",
  });
  return {
    stack: "llama-3.1",
    matrix: studyMatrix,
    cells,
    bases: [],
    configMaps: cells.map((cell, index) => makeScoresConfigMap(makeStudyScores(cell), 10 + index)),
    hardware: { gpu: "MI250X", emulated: false, nodes: 4, devices: 32 },
  };
}

/** The ConfigMap of one cell after a change to its scores. */
export function makeChangedConfigMap(scores: CellScores, change: Partial<CellScores>): ScoresConfigMap {
  return makeScoresConfigMap({ ...scores, ...change }, 20);
}
