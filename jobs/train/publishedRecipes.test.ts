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

/** Reads a file of jobs/published, with rows by the paper's name of their cell. No field contains a comma. */
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
const studyCells = (["llama-2", "llama-3.1", "viking"] as const).flatMap((family) => listFamilyCells(family, allAxes));

/** Published keys that change the result; the epochs are compared separately. */
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

/** Columns that do not affect the result; docs/recipes.md lists this project's values of them. */
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

/** Parses numbers, so that 4.0e-5 equals 0.00004. */
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

describe("the published recipes", () => {
  it.each(studyCells.map((cell) => [cell.id, cell] as const))(
    "have the settings of the study's file for %s",
    (_, cell) => {
      expect(formatRecipe(cell)).toEqual(readPublishedSettings(cell));
    },
  );

  it("are compared with every column of the study's files except names and execution settings", () => {
    const columns = Object.keys(training.get("L2-Mono-Alt") ?? {});
    expect(columns.sort()).toEqual([...comparedKeys, ...projectColumns, ...nameColumns].sort());
  });

  it("divide models by ZeRO stage 3, as every file of the study does", () => {
    expect(new Set([...training.values()].map((row) => row["deepspeed"]))).toEqual(new Set(["ds_z3_config.json"]));
    expect(buildPublishedRecipe({ data: "Mono", category: "Alt" }).deepspeed.zero_optimization.stage).toBe(3);
  });

  it("belong to the model, the data and the category of their row", () => {
    const rows = studyCells.map(
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
        ([row, ...cellValues]) =>
          cellValues.join() !== [row?.["model_name_or_path"], row?.["data"], row?.["category"]].join(),
      ),
    ).toEqual([]);
    expect([...training.keys()].filter((id) => findStudyCell(id) === undefined)).toEqual([]);
  });

  it("are complete recipes of LLaMA-Factory keys", () => {
    expect(studyCells.filter((cell) => !recipeSchemas.epochs.safeParse(buildPublishedRecipe(cell)).success)).toEqual(
      [],
    );
  });

  it("survive a round trip through another YAML parser", () => {
    expect(studyCells.map((cell) => load(stringify(buildPublishedRecipe(cell))))).toEqual(
      studyCells.map(buildPublishedRecipe),
    );
    // PyYAML reads 4e-5 as a string, because its numbers need a point.
    expect(stringify(buildPublishedRecipe({ data: "Mono", category: "Alt" }))).toContain("learning_rate: 0.00004\n");
  });

  it("differ between cells only in the held-out text", () => {
    const heldOut = ["do_eval", "val_size", "per_device_eval_batch_size", "eval_strategy", "eval_steps"];
    expect(new Set(studyCells.map((cell) => JSON.stringify(omitKeys(buildPublishedRecipe(cell), heldOut)))).size).toBe(
      1,
    );
  });
});

describe("the uniform recipe", () => {
  it("has the README's two epochs of the whole text", () => {
    expect(new Set([...training.values()].map((row) => Number(row["num_train_epochs_readme"])))).toEqual(
      new Set([buildUniformRecipe().num_train_epochs]),
    );
    expect(buildUniformRecipe()).toMatchObject({ do_eval: false });
  });

  it("differs from the published ones only in epochs, held-out text and kept checkpoints", () => {
    const changed = ["num_train_epochs", "save_total_limit"];
    expect(omitKeys(buildUniformRecipe(), changed)).toEqual(
      omitKeys(buildPublishedRecipe({ data: "Bi+Code", category: "Alt" }), changed),
    );
  });
});

describe("the evaluated checkpoint", () => {
  it("is the one that the study scored, for all 36 cells", () => {
    const steps = Object.fromEntries(studyCells.map((cell) => [cell.id, findScoredStep(cell)]));
    expect(steps).toEqual(Object.fromEntries([...checkpoints].map(([id, row]) => [id, Number(row["step"])])));
  });

  it("is written by the recipe", () => {
    expect(studyCells.filter((cell) => findScoredStep(cell) % buildPublishedRecipe(cell).save_steps !== 0)).toEqual([]);
  });

  it("is unknown for other families", () => {
    const [tiny] = listFamilyCells("tiny", allAxes);
    if (tiny === undefined) throw new Error("tiny has no cells");
    expect(() => findScoredStep(tiny)).toThrow(/the study has no cell Tiny-Bi\+Code-Alt/);
  });
});
