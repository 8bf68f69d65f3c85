export type Step = "data" | "train" | "evaluate";

export const partOfLabel = "app.kubernetes.io/part-of";
export const stackLabel = "mixcpt.io/stack";
export const cellLabel = "mixcpt.io/cell";
export const runLabel = "mixcpt.io/run";
export const stepLabel = "mixcpt.io/step";
export const kindLabel = "mixcpt.io/kind";
/** The paper's name of a cell; `+` is not legal in a label. */
export const cellIdAnnotation = "mixcpt.io/cell-id";
/** On published scores: a hash of what was asked. */
export const evaluationHashAnnotation = "mixcpt.io/asked";
export const queueLabel = "kueue.x-k8s.io/queue-name";

const skipAwaitAnnotation = "pulumi.com/skipAwait";

export interface ObjectIdentity {
  readonly stack: string;
  readonly step: Step;
  /** Or the base model, which is evaluated as a cell is. Absent on what several cells share. */
  readonly cell?: { id: string; slug: string; run: string };
}

export function buildLabels({ stack, step, cell }: ObjectIdentity): Record<string, string> {
  const shared = { [partOfLabel]: "mixcpt", [stackLabel]: stack, [stepLabel]: step };
  return cell === undefined ? shared : { ...shared, [cellLabel]: cell.slug, [runLabel]: cell.run };
}

export function buildAnnotations({ cell }: ObjectIdentity): Record<string, string> {
  return cell === undefined ? {} : { [cellIdAnnotation]: cell.id };
}

/** Metadata of a run: a record that Pulumi submits and never waits for. */
export function buildRunMetadata(name: string, namespace: string, identity: ObjectIdentity) {
  return {
    name,
    namespace,
    labels: buildLabels(identity),
    annotations: { ...buildAnnotations(identity), [skipAwaitAnnotation]: "true" },
  };
}
