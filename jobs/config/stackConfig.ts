import type { DeviceKind } from "../hardware/gpuCatalog.ts";
import type { Family, ProtocolName } from "../matrix/families.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { requireEntry } from "../matrix/matrix.ts";
import type { Cell, MatrixAxes } from "../matrix/matrixCell.ts";
import { listFamilyCells } from "../matrix/matrixCell.ts";
import type { BenchmarkChanges } from "./benchmarksSchema.ts";
import type { CheckpointChoice } from "./checkpointsSchema.ts";
import type { ModelEntry } from "./evaluationSchema.ts";
import type { ExecutionSettings } from "./executionSchema.ts";
import type { TrackerChoice } from "./trackerSchema.ts";

/** The GPUs that one cell trains on. */
export interface CellHardware extends DeviceKind {
  readonly nodesPerCell: number;
  readonly devicesPerNode: number;
}

/** The devices of a node. */
export type NodeDevices = Omit<CellHardware, "nodesPerCell">;

/** The settings that all kinds of stack have. */
export interface CommonConfig {
  /** Name of the stack, for labels. */
  readonly stack: string;
  /** The study's matrix, extended by the additions of the stack. */
  readonly matrix: Matrix;
  /** The cluster stack, of the project `mixcpt-infra`, that this stack runs on. */
  readonly cluster: string;
  /** Name of a Secret with the key HF_TOKEN, for gated models and data sets. */
  readonly tokenSecret?: string;
  /** Commits by Hugging Face repository. */
  readonly revisions: Readonly<Record<string, string | undefined>>;
}

/** The checked configuration of the stack that builds the corpora shared by all families. */
export interface CorporaConfig extends CommonConfig {
  readonly kind: "corpora";
  readonly axes: MatrixAxes;
  /** The mixtures that cells of stacks with its name in `mixcpt:corpora` read, each as a cell of the tiny family. */
  readonly requested: readonly Cell[];
}

/** The checked configuration of a family's stack. */
export interface FamilyConfig extends CommonConfig {
  readonly kind: "family";
  readonly axes: MatrixAxes;
  /** The corpora stack that makes the text of the cells, and whose additions and commits hold here, too. */
  readonly corpora?: string;
  /** Name of a family of the matrix. */
  readonly family: string;
  readonly protocol: ProtocolName;
  readonly hardware: CellHardware;
  /** LLaMA-Factory settings by cell id, which replace those of the protocol's recipe. */
  readonly overrides: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** LocalQueue of the pods that request GPUs. */
  readonly queue?: string;
  readonly price?: Price;
  /** Tokens per training sequence; the protocol's default if omitted. */
  readonly sequenceLength?: number;
  /** Another way to compute the same optimizer steps; that of the recipe if omitted. */
  readonly execution?: ExecutionSettings;
  /** Where the losses of trainings go besides the report. */
  readonly tracker?: TrackerChoice;
  /** The checkpoints that are evaluated and kept. */
  readonly checkpoints: CheckpointChoice;
  /** Hours between two stops of a run by its site: maintenance, a limit of the wall-clock time, a failed node. */
  readonly stopsEvery: number;
  /** Differences from the study's evaluation. */
  readonly benchmarks: BenchmarkChanges;
}

/** The checked configuration of a stack that evaluates models without training. */
export interface EvaluationConfig extends CommonConfig {
  readonly kind: "evaluation";
  /** Models of the hub or of the store, by their name. */
  readonly models: Readonly<Record<string, ModelEntry>>;
  readonly hardware: NodeDevices;
  /** LocalQueue of the pods that request GPUs. */
  readonly queue?: string;
  /** Differences from the study's evaluation. */
  readonly benchmarks: BenchmarkChanges;
}

export type StackConfig = FamilyConfig | CorporaConfig | EvaluationConfig;

export interface Price {
  /** Price of one GPU module per hour. */
  readonly perGpuHour: number;
  /** ISO 4217 code, like EUR. */
  readonly currency: string;
}

export interface StackFile {
  readonly stack: string;
  /** File name for messages, like `Pulumi.dev.yaml`. */
  readonly file: string;
  /** The map `config` of the file, with keys such as `mixcpt:family`. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Reads the other stack files of the checkout, which stacks name in `mixcpt:corpora`. */
  readonly listOthers?: (() => readonly StackFile[]) | undefined;
}

/** Lists the cells of a stack, the largest mixtures first. */
export function listStackCells({ family, axes, matrix }: Pick<FamilyConfig, "family" | "axes" | "matrix">): Cell[] {
  return listFamilyCells(family, axes, matrix);
}

/**
 * Lists the mixtures of a corpora stack, each represented by a cell of the tiny family: those of its axes, and then
 * those that other stacks request.
 */
export function listStackMixtures({ axes, matrix, requested }: CorporaConfig): Cell[] {
  const mixtures = [...listFamilyCells("tiny", axes, matrix), ...requested];
  return [...new Map(mixtures.map((mixture) => [mixture.id, mixture])).values()];
}

export function getStackFamily({ family, matrix }: Pick<FamilyConfig, "family" | "matrix">): Family {
  return requireEntry(matrix.families, family);
}
