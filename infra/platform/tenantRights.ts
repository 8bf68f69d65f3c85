/** A rule of an RBAC Role. */
export interface RightsRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const readVerbs = ["get", "list", "watch"];
const writeVerbs = [...readVerbs, "create", "patch", "delete"];

const runRules: readonly RightsRule[] = [
  { apiGroups: ["batch"], resources: ["jobs"], verbs: writeVerbs },
  { apiGroups: ["jobset.x-k8s.io"], resources: ["jobsets"], verbs: writeVerbs },
  { apiGroups: ["trainer.kubeflow.org"], resources: ["trainjobs"], verbs: writeVerbs },
  {
    apiGroups: [""],
    resources: ["configmaps", "pods", "pods/log", "events", "persistentvolumeclaims"],
    verbs: readVerbs,
  },
  { apiGroups: ["kueue.x-k8s.io"], resources: ["localqueues", "workloads"], verbs: readVerbs },
];

const runtimeRule: RightsRule = {
  apiGroups: ["trainer.kubeflow.org"],
  resources: ["trainingruntimes"],
  verbs: writeVerbs,
};

/** The account may write ConfigMaps, and Kubernetes lets a user grant only those rights that the user has. */
const accountRules: readonly RightsRule[] = [
  { apiGroups: [""], resources: ["serviceaccounts"], verbs: writeVerbs },
  { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles", "rolebindings"], verbs: writeVerbs },
  { apiGroups: [""], resources: ["configmaps"], verbs: ["create", "patch", "update"] },
];

/** What the administrator of a cluster has made for a tenant; the rest, the tenant makes. */
interface GivenObjects {
  readonly runtime?: unknown;
  readonly account?: unknown;
}

/** Lists the rights that a tenant needs in its namespace, as in docs/examples/tenant-role.yaml. */
export function listTenantRules({ runtime, account }: GivenObjects): RightsRule[] {
  return [...runRules, ...(runtime === undefined ? [runtimeRule] : []), ...(account === undefined ? accountRules : [])];
}

interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

function listRights(rules: readonly RightsRule[]): Right[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb })))),
  );
}

function isGranted({ group, resource, verb }: Right, granted: readonly RightsRule[]): boolean {
  const includes = (values: readonly string[], value: string): boolean =>
    values.includes("*") || values.includes(value);
  return granted.some(
    ({ apiGroups, resources, verbs }) =>
      includes(apiGroups, group) && includes(resources, resource) && includes(verbs, verb),
  );
}

/** Lists the wanted rights that are not granted: for each kind the verbs, such as `create, patch jobs.batch`. */
export function listMissingRules(wanted: readonly RightsRule[], granted: readonly RightsRule[]): string[] {
  const missing = listRights(wanted).filter((right) => !isGranted(right, granted));
  const kinds = Map.groupBy(missing, ({ group, resource }) => [resource, group].filter(Boolean).join("."));
  return [...kinds].map(([kind, rights]) => `${rights.map(({ verb }) => verb).join(", ")} ${kind}`);
}
