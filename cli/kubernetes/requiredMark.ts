import { isMarkKey } from "../../jobs/kube/preflightMark.ts";

/** The labels that a pod requires of its node. */
export interface NodeAffinity {
  readonly nodeAffinity?:
    { readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeTerms | undefined } | undefined;
}

interface NodeTerms {
  readonly nodeSelectorTerms: readonly {
    readonly matchExpressions?: readonly { readonly key: string }[] | undefined;
  }[];
}

/** Finds the label with which preflight marks the nodes that a pod may use; undefined if the pod requires no mark. */
export function findMarkKey(affinity: NodeAffinity | undefined): string | undefined {
  const { nodeSelectorTerms = [] } = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? {};
  return nodeSelectorTerms
    .flatMap(({ matchExpressions = [] }) => matchExpressions.map(({ key }) => key))
    .find(isMarkKey);
}
