import type { ComputingCode } from "./computingCode.ts";

/** A step of a cell's pipeline. */
type Step = "data" | "train" | "evaluate";

export const partOfLabel = "app.kubernetes.io/part-of";
export const stackLabel = "mixcpt.io/stack";
export const cellLabel = "mixcpt.io/cell";
export const runLabel = "mixcpt.io/run";
export const stepLabel = "mixcpt.io/step";
export const kindLabel = "mixcpt.io/kind";
/** Annotation with the paper's name of a cell, whose `+` is not valid in a label. */
export const cellIdAnnotation = "mixcpt.io/cell-id";
/** Annotation of published scores with the hash of the evaluation. */
export const evaluationHashAnnotation = "mixcpt.io/asked";
/** Annotation with the inputs of the content hash that no spec holds: device, code version and packages, as JSON. */
export const computedByAnnotation = "mixcpt.io/computed-by";
/** Annotation of a TrainJob with the FLOPs of a token, the devices and their peak, as JSON, for the monitor. */
export const modelFlopsAnnotation = "mixcpt.io/model-flops";
export const queueLabel = "kueue.x-k8s.io/queue-name";

const skipAwaitAnnotation = "pulumi.com/skipAwait";

export interface ObjectIdentity {
  readonly stack: string;
  readonly step: Step;
  /** The cell, or the base model, which is evaluated like a cell. Absent on objects that several cells share. */
  readonly cell?: { id: string; slug: string; run: string };
  /** The code and the device that decide the result, beside the spec. */
  readonly computedBy?: { code: ComputingCode; device?: string };
}

export function buildLabels({ stack, step, cell }: ObjectIdentity): Record<string, string> {
  const shared = { [partOfLabel]: "mixcpt", [stackLabel]: stack, [stepLabel]: step };
  return cell === undefined ? shared : { ...shared, [cellLabel]: cell.slug, [runLabel]: cell.run };
}

export function buildAnnotations({ cell }: ObjectIdentity): Record<string, string> {
  return cell === undefined ? {} : { [cellIdAnnotation]: cell.id };
}

function buildComputedByAnnotation({ computedBy }: ObjectIdentity): Record<string, string> {
  if (computedBy === undefined) return {};
  const { code, device } = computedBy;
  const facts = { ...(device !== undefined && { device }), "code version": String(code.version), ...code.packages };
  return { [computedByAnnotation]: JSON.stringify(facts) };
}

/** Builds the metadata of a run's object, which Pulumi submits without waiting for it. */
export function buildRunMetadata(name: string, namespace: string, identity: ObjectIdentity) {
  return {
    name,
    namespace,
    labels: buildLabels(identity),
    annotations: {
      ...buildAnnotations(identity),
      ...buildComputedByAnnotation(identity),
      [skipAwaitAnnotation]: "true",
    },
  };
}
