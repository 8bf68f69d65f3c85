import { z } from "zod";
import { formatScoresName } from "../jobs/kube/objectNames.ts";
import type { ExpectedCell } from "./expectedCell.ts";

const scoreSchema = z.object({
  benchmark: z.string().min(1),
  language: z.string().min(1),
  direction: z.string().min(1).nullable(),
  metric: z.string().min(1),
  value: z.number().min(0).max(100),
  items: z.int().positive(),
  signature: z.string().nullable(),
  file: z.string().min(1),
  /** Items that the model could not answer, counted as wrong; absent where every item has an answer. */
  unanswered: z.int().positive().optional(),
});

const unitFailureSchema = z.object({
  benchmark: z.string().min(1),
  language: z.string().min(1),
  direction: z.string().min(1).nullable(),
  reason: z.string().min(1),
});

/** How vLLM served the model: settings of the cluster, which no name covers. */
const servingSchema = z.object({
  benchmark: z.string().min(1),
  maxNumSeqs: z.int().positive(),
  /** null for vLLM's default. */
  gpuMemoryUtilization: z.number().nullable(),
  enforceEager: z.boolean(),
});

const attemptSchema = z.object({
  started: z.string().optional(),
  image: z.string().optional(),
  /** Versions of packages, drivers and the kernel of attention, by name. */
  versions: z.record(z.string(), z.string()).default({}),
});

/** The step and its loss. */
const lossPointSchema = z.tuple([z.number(), z.number()]);

const cellScoresSchema = z.object({
  cell: z.string().min(1),
  run: z.string().min(1),
  checkpoint: z.string().min(1),
  /** Step of the checkpoint, and the tokens read until then; missing in older scores, and none for a base model. */
  step: z.int().positive().nullish(),
  tokens: z.int().positive().nullish(),
  scores: z.array(scoreSchema).min(1),
  /** The units that have no score, because their evaluation failed; absent where all have one. */
  failures: z.array(unitFailureSchema).optional(),
  /** An entry for each benchmark and settings with which vLLM served it; absent without vLLM, and in older scores. */
  serving: z.array(servingSchema).optional(),
  loss: z.array(lossPointSchema),
  /** Loss on the text that was not trained on; absent for a run that holds out none, and in older scores. */
  heldOutLoss: z.array(lossPointSchema).optional(),
  /** `devices`: GPUs that trained at once; missing in older scores, from before it was recorded. */
  training: z.object({
    steps: z.number().nullable(),
    seconds: z.number().nullable(),
    devices: z.int().positive().nullable().default(null),
  }),
  /** Training settings as the run recorded them; missing in older scores, and none for a base model. */
  recipe: z.record(z.string(), z.unknown()).nullish(),
  /** What each attempt of the training ran on; missing in older scores, from before it was recorded. */
  attempts: z.array(attemptSchema).optional(),
  /** Image that produced the model: the trainer's, or the one that fetched or created a base model. */
  image: z.string().min(1),
  /** Image that scored the model; missing in older scores, from before it was recorded. */
  evaluationImage: z.string().min(1).nullish(),
});

/** One number: a metric of one benchmark, language and direction, in percent (0 to 100). */
export type Score = z.infer<typeof scoreSchema>;

/** A benchmark, language and direction without a score, and the reason in one line. */
export type UnitFailure = z.infer<typeof unitFailureSchema>;

/** The document that a cell's publish step wrote: all of its scores, the losses as [step, loss], and the training. */
export type CellScores = z.infer<typeof cellScoresSchema>;

export interface CellResult extends CellScores {
  /** ISO date at which the scores were published. */
  readonly finished: string | null;
}

/** A ConfigMap `scores-<run>` as the API server returns it; `created` is an ISO date. */
export interface ScoresConfigMap {
  readonly name: string;
  readonly created: string | null;
  readonly data: Readonly<Record<string, string>>;
}

type ParsedScores =
  { readonly ok: true; readonly scores: CellScores } | { readonly ok: false; readonly problems: string[] };

const scoresFileName = "scores.json";

function parseJsonText(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The invalid value as JSON, shortened to fit on one line. */
function formatValueAtPath(root: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>(
    (parent, key) => (parent !== null && typeof parent === "object" ? Reflect.get(parent, key) : undefined),
    root,
  );
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Reads one ConfigMap. Problems are returned with their location and value, never thrown. */
function parseScoresConfigMap(configMap: ScoresConfigMap): ParsedScores {
  const where = `ConfigMap ${configMap.name}, ${scoresFileName}`;
  const text = configMap.data[scoresFileName];
  if (text === undefined) return { ok: false, problems: [`${where}: the key is missing`] };
  const json = parseJsonText(text);
  if ("problem" in json) return { ok: false, problems: [`${where} is not JSON: ${json.problem}`] };
  const parsed = cellScoresSchema.safeParse(json.value);
  if (parsed.success) return { ok: true, scores: parsed.data };
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${where}: ${path.join(".")} is ${formatValueAtPath(json.value, path)}: ${message}`,
  );
  return { ok: false, problems };
}

export interface ResultWithFindings {
  /** null if there are no scores yet, or none that can be trusted. */
  readonly result: CellResult | null;
  /** Reasons for not showing scores that exist, one sentence each. */
  readonly findings: readonly string[];
}

function formatCheckpointName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Describes scores of another checkpoint: one that was evaluated before the stack's file named the expected one. */
function describeOtherCheckpoint({ evaluated }: ExpectedCell, { name }: ScoresConfigMap, scores: CellScores): string[] {
  const expected = evaluated?.find((entry) => entry.scores === name)?.checkpoint;
  if (expected === undefined || expected === scores.checkpoint) return [];
  const [actual, wanted] = [scores.checkpoint, expected].map(formatCheckpointName);
  return [`ConfigMap ${name} has the scores of ${actual ?? ""}; expected ${wanted ?? ""}, which has no scores yet.`];
}

function describeMismatch(expected: ExpectedCell, configMap: ScoresConfigMap, scores: CellScores): string[] {
  return [
    ...(scores.cell === expected.id
      ? []
      : [
          `ConfigMap ${configMap.name} names cell ${scores.cell}, ` +
            `but the run ${expected.run} belongs to cell ${expected.id}.`,
        ]),
    ...(scores.run === expected.run
      ? []
      : [`ConfigMap ${configMap.name} names run ${scores.run}; expected ${expected.run}.`]),
    ...describeOtherCheckpoint(expected, configMap, scores),
  ];
}

/** The result of a cell's or base model's run, from the ConfigMap of that run and no other. */
export function readRunResult(expected: ExpectedCell, configMaps: readonly ScoresConfigMap[]): ResultWithFindings {
  return readNamedResult(expected, formatScoresName(expected.run), configMaps);
}

/** The result of a run in the ConfigMap of this name. */
export function readNamedResult(
  expected: ExpectedCell,
  configMapName: string,
  configMaps: readonly ScoresConfigMap[],
): ResultWithFindings {
  const configMap = configMaps.find(({ name }) => name === configMapName);
  if (configMap === undefined) return { result: null, findings: [] };
  const read = parseScoresConfigMap(configMap);
  if (!read.ok) return { result: null, findings: read.problems };
  const findings = describeMismatch(expected, configMap, read.scores);
  return { result: findings.length > 0 ? null : { ...read.scores, finished: configMap.created }, findings };
}
