/** Settings of LLaMA-Factory that a stack may vary as axes of its own, beside data and category. */

export type AxisValue = number | string | boolean;

/** The values of a cell on the axes that its stack has added, by setting. */
export type AxisValues = Readonly<Record<string, AxisValue>>;

interface AxisSetting {
  /** Short name in ids, like `lr` in `L3-Mono-Stag-lr4e-5-seed2`. */
  readonly label: string;
  /** Name in the plan, which lists how many values of it a stack has. */
  readonly noun: string;
  readonly values: "number" | "text" | "flag";
}

/** In the order in which ids name them; the seed is last, because cells that differ in it alone are repetitions. */
export const axisSettings = {
  num_train_epochs: { label: "epochs", noun: "epoch count", values: "number" },
  max_steps: { label: "steps", noun: "step count", values: "number" },
  learning_rate: { label: "lr", noun: "learning rate", values: "number" },
  lr_scheduler_type: { label: "sched", noun: "schedule", values: "text" },
  warmup_ratio: { label: "warmup", noun: "warm-up ratio", values: "number" },
  per_device_train_batch_size: { label: "batch", noun: "batch size", values: "number" },
  gradient_accumulation_steps: { label: "accum", noun: "accumulation", values: "number" },
  cutoff_len: { label: "len", noun: "sequence length", values: "number" },
  template: { label: "template", noun: "template", values: "text" },
  preprocessing_num_workers: { label: "workers", noun: "worker count", values: "number" },
  val_size: { label: "val", noun: "held-out share", values: "number" },
  per_device_eval_batch_size: { label: "evalbatch", noun: "held-out batch size", values: "number" },
  eval_steps: { label: "evalsteps", noun: "held-out interval", values: "number" },
  save_steps: { label: "save", noun: "save interval", values: "number" },
  flash_attn: { label: "attn", noun: "attention kernel", values: "text" },
  bf16: { label: "bf16", noun: "precision", values: "flag" },
  use_cpu: { label: "cpu", noun: "device kind", values: "flag" },
  seed: { label: "seed", noun: "seed", values: "number" },
} as const satisfies Readonly<Record<string, AxisSetting>>;

export type AxisSettingName = keyof typeof axisSettings;

const settingEntries: readonly (readonly [string, AxisSetting])[] = Object.entries(axisSettings);

export function isAxisSetting(name: string): name is AxisSettingName {
  return name in axisSettings;
}

/** Texts that can be part of an id, which separates its parts by dashes. */
export const axisTextPattern = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Writes a number in the shorter of its two notations: `4e-5`, `0.03`, `500`. */
function formatAxisNumber(value: number): string {
  const [plain, exponential] = [String(value), value.toExponential()];
  return Number.isInteger(value) || plain.length <= exponential.length ? plain : exponential;
}

export function formatAxisValue(value: AxisValue): string {
  return typeof value === "number" ? formatAxisNumber(value) : String(value);
}

/** Formats the end of an id: `-lr4e-5-seed2`, and `-sched-cosine` for a text; empty without values. */
export function formatVariant(values: AxisValues): string {
  return settingEntries
    .flatMap(([setting, { label }]) => {
      const value = values[setting];
      if (value === undefined) return [];
      return `-${label}${typeof value === "number" ? "" : "-"}${formatAxisValue(value)}`;
    })
    .join("");
}

/** Returns the values that cells share which repeat one experiment. */
export function omitSeed(values: AxisValues): AxisValues {
  return Object.fromEntries(Object.entries(values).filter(([setting]) => setting !== "seed"));
}

const valuePatterns = {
  number: "\\d+(?:\\.\\d+)?(?:e-?\\d+)?",
  text: "[A-Za-z][A-Za-z0-9_]*",
  flag: "true|false",
} as const;

/** Matches the end of an id that `formatVariant` writes, with a group for each setting. */
const variantPattern = settingEntries
  .map(([setting, { label, values }]) => {
    const separator = values === "number" ? "" : "-";
    return `(?:-${label}${separator}(?<${setting}>${valuePatterns[values]}))?`;
  })
  .join("");

const variantExpression = new RegExp(`^${variantPattern}$`);
const idExpression = new RegExp(`^(?<matrixId>.+?)${variantPattern}$`);

function parseAxisValue(text: string, { values }: AxisSetting): AxisValue {
  if (values === "text") return text;
  return values === "number" ? Number(text) : text === "true";
}

/** Parses the end of an id after the paper's id; undefined if it is something else. */
export function parseVariant(text: string): AxisValues | undefined {
  const groups = variantExpression.exec(text)?.groups;
  if (groups === undefined) return undefined;
  return Object.fromEntries(
    settingEntries.flatMap(([setting, entry]) => {
      const value = groups[setting];
      return value === undefined ? [] : [[setting, parseAxisValue(value, entry)]];
    }),
  );
}

/** Splits an id of any matrix into the paper's id and the end with the values on added axes, which may be empty. */
export function splitCellId(id: string): { readonly matrixId: string; readonly variant: string } {
  const matrixId = idExpression.exec(id)?.groups?.["matrixId"] ?? id;
  return { matrixId, variant: id.slice(matrixId.length) };
}

/** Lists each combination of the values on added axes; a single empty one without such axes. */
export function listAxisValues(settings: Readonly<Record<string, readonly AxisValue[] | undefined>>): AxisValues[] {
  return settingEntries.reduce<AxisValues[]>(
    (combinations, [setting]) => {
      const values = settings[setting];
      if (values === undefined) return combinations;
      return combinations.flatMap((combination) => values.map((value) => ({ ...combination, [setting]: value })));
    },
    [{}],
  );
}
