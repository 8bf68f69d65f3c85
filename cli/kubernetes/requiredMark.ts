import { isMarkKey } from "../../jobs/kube/preflightMark.ts";

/** The labels that a pod requires of its node. */
export interface NodeAffinity {
  readonly nodeAffinity?:
    { readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeTerms | undefined } | undefined;
}

interface LabelRequirement {
  readonly key: string;
  readonly operator?: string | undefined;
  readonly values?: readonly string[] | undefined;
}

interface NodeTerms {
  readonly nodeSelectorTerms: readonly { readonly matchExpressions?: readonly LabelRequirement[] | undefined }[];
}

function listRequirements(affinity: NodeAffinity | undefined): LabelRequirement[] {
  const { nodeSelectorTerms = [] } = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? {};
  return nodeSelectorTerms.flatMap(({ matchExpressions = [] }) => matchExpressions);
}

/** Finds the label with which preflight marks the nodes that a pod may use; undefined if the pod requires no mark. */
export function findMarkKey(affinity: NodeAffinity | undefined): string | undefined {
  return listRequirements(affinity).find(({ key }) => isMarkKey(key))?.key;
}

/** True for a node that has another value of a label than a pod requires, such as another GPU's, whatever its mark. */
export function isOfOtherKind(labels: Readonly<Record<string, string>>, affinity: NodeAffinity | undefined): boolean {
  return listRequirements(affinity).some(({ key, operator, values = [] }) => {
    const label = labels[key];
    return !isMarkKey(key) && operator === "In" && label !== undefined && !values.includes(label);
  });
}
