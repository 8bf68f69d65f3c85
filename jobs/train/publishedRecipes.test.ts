import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import { stringify } from "yaml";
import type { Cell } from "../matrix/index.ts";
import { allAxes, findStudyCell, listFamilyCells, studyMatrix } from "../matrix/index.ts";
import { findScoredStep } from "./scoredSteps.ts";
import { buildPublishedRecipe, buildUniformRecipe } from "./publishedRecipes.ts";
import { recipeSchemas } from "./recipeSchema.ts";

type Row = Readonly<Record<string, string>>;

/** Rows of a file of jobs/published by the paper's name of their cell. No field of them contains a comma. */
function readPublishedTable(file: string): Map<string, Row> {
  const [head = "", ...lines] = readFileSync(resolve("jobs/published", file), "utf8").trimEnd().split("\n");
  const names = head.split(",");
  const rows = lines.map((line) =>
    Object.fromEntries(line.split(",").map((value, index) => [names[index] ?? "", value])),
  );
  return new Map(rows.map((row) => [row["config"] ?? "", row]));
}

const training = readPublishedTable("training.csv");
const checkpoints = readPublishedTable("checkpoints.csv");
const studied = (["llama-2", "llama-3.1", "viking"] as const).flatMap((family) => listFamilyCells(family, allAxes));

/** Published keys that decide what is learned, and the epochs as the file has them. */
const comparedKeys = [
  "stage",
  "do_train",
  "finetuning_type",
  "flash_attn",
  "template",
  "preprocessing_num_workers",
  "logging_steps",
  "save_steps",
  "per_device_train_batch_size",
  "gradient_accumulation_steps",
  "learning_rate",
  "lr_scheduler_type",
  "warmup_ratio",
  "bf16",
  "do_eval",
  "val_size",
  "per_device_eval_batch_size",
  "eval_strategy",
  "eval_steps",
] as const;

/** Columns that are no result: where and how a run is carried out, and names. docs/recipes.md says what ours are. */
const projectColumns = [
  "ddp_timeout",
  "overwrite_cache",
  "overwrite_output_dir",
  "plot_loss",
  "report_to",
  "run_name",
  "dataset",
];
const nameColumns = [
  "config",
  "base_model",
  "model_name_or_path",
  "category",
  "data",
  "yaml",
  "deepspeed",
  "epochs_note",
  "num_train_epochs_yaml",
  "num_train_epochs_readme",
];

/** Numbers compare as numbers: 4.0e-5 is 0.00004. */
function parseNumber(value: string) {
  return value !== "" && !Number.isNaN(Number(value)) ? Number(value) : value;
}

function readPublishedSettings({ id }: Cell) {
  const row = training.get(id) ?? {};
  return Object.fromEntries([
    ...comparedKeys.map((key) => [key, parseNumber(row[key] ?? "")] as const),
    ["num_train_epochs", parseNumber(row["num_train_epochs_yaml"] ?? "")],
  ]);
}

function omitKeys(recipe: object, keys: readonly string[]) {
  return Object.fromEntries(Object.entries(recipe).filter(([key]) => !keys.includes(key)));
}

function formatRecipe(cell: Cell) {
  const recipe: Readonly<Record<string, unknown>> = buildPublishedRecipe(cell);
  const formatValue = (value: unknown) =>
    typeof value === "number" ? value : value === undefined ? "" : String(value);
  return Object.fromEntries([...comparedKeys, "num_train_epochs"].map((key) => [key, formatValue(recipe[key])]));
}

describe("the recipes as published", () => {
  it.each(studied.map((cell) => [cell.id, cell] as const))("say what the study's file says of %s", (_, cell) => {
    expect(formatRecipe(cell)).toEqual(readPublishedSettings(cell));
  });

  it("are held against every column of the study's files that is not a name or our own affair", () => {
    const columns = Object.keys(training.get("L2-Mono-Alt") ?? {});
    expect(columns.sort()).toEqual([...comparedKeys, ...projectColumns, ...nameColumns].sort());
  });

  it("share models out by ZeRO stage 3, as every file of the study does", () => {
    expect(new Set([...training.values()].map((row) => row["deepspeed"]))).toEqual(new Set(["ds_z3_config.json"]));
    expect(buildPublishedRecipe({ data: "Mono", category: "Alt" }).deepspeed.zero_optimization.stage).toBe(3);
  });

  it("are of the model, the data and the category that the row names", () => {
    const rows = studied.map(
      ({ id, family, data, category }) =>
        [
          training.get(id),
          studyMatrix.families[family]?.base?.repository,
          data,
          studyMatrix.categories[category]?.title.toLowerCase(),
        ] as const,
    );
    expect(
      rows.filter(
        ([row, ...ofCell]) => ofCell.join() !== [row?.["model_name_or_path"], row?.["data"], row?.["category"]].join(),
      ),
    ).toEqual([]);
    expect([...training.keys()].filter((id) => findStudyCell(id) === undefined)).toEqual([]);
  });

  it("are complete recipes that LLaMA-Factory keys alone make", () => {
    expect(studied.filter((cell) => !recipeSchemas.epochs.safeParse(buildPublishedRecipe(cell)).success)).toEqual([]);
  });

  it("are read back by another YAML reader as they were written", () => {
    expect(studied.map((cell) => load(stringify(buildPublishedRecipe(cell))))).toEqual(
      studied.map(buildPublishedRecipe),
    );
    // PyYAML takes 4e-5 for a word: its numbers need a point
    expect(stringify(buildPublishedRecipe({ data: "Mono", category: "Alt" }))).toContain("learning_rate: 0.00004\n");
  });

  it("differ between cells in what is held out and in nothing else", () => {
    const heldOut = ["do_eval", "val_size", "per_device_eval_batch_size", "eval_strategy", "eval_steps"];
    expect(new Set(studied.map((cell) => JSON.stringify(omitKeys(buildPublishedRecipe(cell), heldOut)))).size).toBe(1);
  });
});

describe("the uniform recipe", () => {
  it("is the README's: two epochs of all of the text", () => {
    expect(new Set([...training.values()].map((row) => Number(row["num_train_epochs_readme"])))).toEqual(
      new Set([buildUniformRecipe().num_train_epochs]),
    );
    expect(buildUniformRecipe()).toMatchObject({ do_eval: false });
  });

  it("differs from the published ones in epochs, in what is held out and in how many checkpoints stay", () => {
    const named = ["num_train_epochs", "save_total_limit"];
    expect(omitKeys(buildUniformRecipe(), named)).toEqual(
      omitKeys(buildPublishedRecipe({ data: "Bi+Code", category: "Alt" }), named),
    );
  });
});

describe("the evaluated checkpoint", () => {
  it("is the one that the study scored, of all 36 cells", () => {
    const steps = Object.fromEntries(studied.map((cell) => [cell.id, findScoredStep(cell)]));
    expect(steps).toEqual(Object.fromEntries([...checkpoints].map(([id, row]) => [id, Number(row["step"])])));
  });

  it("is one at which a checkpoint is written", () => {
    expect(studied.filter((cell) => findScoredStep(cell) % buildPublishedRecipe(cell).save_steps !== 0)).toEqual([]);
  });

  it("is known of no other family", () => {
    const [tiny] = listFamilyCells("tiny", allAxes);
    if (tiny === undefined) throw new Error("tiny has no cells");
    expect(() => findScoredStep(tiny)).toThrow(/the study has no cell Tiny-Bi\+Code-Alt/);
  });
});
