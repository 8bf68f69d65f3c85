import type { NamedObject } from "../../jobs/kube/manifestTypes.ts";
import { partOfLabel } from "../../jobs/kube/objectLabels.ts";

/** The roles of a cluster's users. Each has the rights of those before it. */
export const accessRoleNames = ["view", "submit", "operate"] as const;
export type AccessRoleName = (typeof accessRoleNames)[number];

interface AccessRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const viewVerbs = ["get", "list", "watch"];
const changeVerbs = ["create", "patch", "update", "delete"];

/** The kinds that stacks of experiments submit. */
const submittedKinds: Readonly<Record<string, readonly string[]>> = {
  batch: ["jobs"],
  "jobset.x-k8s.io": ["jobsets"],
  "trainer.kubeflow.org": ["trainjobs"],
};

function buildRunRules(verbs: readonly string[]): AccessRule[] {
  return Object.entries(submittedKinds).map(([group, resources]) => ({ apiGroups: [group], resources, verbs }));
}

/** A namespace, a service account, or an object of RBAC. */
export interface AccessManifest extends NamedObject {
  readonly automountServiceAccountToken?: boolean;
  readonly rules?: readonly AccessRule[];
  readonly roleRef?: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string }[];
}

interface RoleRules {
  /** Rights in the namespace of the experiments. */
  readonly namespaced: readonly AccessRule[];
  /** Rights to objects that no namespace has. */
  readonly clusterWide: readonly AccessRule[];
}

/** The rights of each role beside those of the roles before it. No role may read Secrets or write other Roles. */
const addedRules: Readonly<Record<AccessRoleName, RoleRules>> = {
  view: {
    namespaced: [
      {
        apiGroups: [""],
        resources: ["configmaps", "events", "persistentvolumeclaims", "pods", "pods/log", "services"],
        verbs: viewVerbs,
      },
      ...buildRunRules(viewVerbs),
      { apiGroups: ["kueue.x-k8s.io"], resources: ["localqueues", "workloads"], verbs: viewVerbs },
    ],
    // `watch` names the lost node, the taint or the quota that holds a run back
    clusterWide: [
      { apiGroups: [""], resources: ["nodes"], verbs: viewVerbs },
      {
        apiGroups: ["kueue.x-k8s.io"],
        resources: ["clusterqueues", "resourceflavors", "topologies"],
        verbs: viewVerbs,
      },
      { apiGroups: ["trainer.kubeflow.org"], resources: ["clustertrainingruntimes"], verbs: viewVerbs },
    ],
  },
  submit: { namespaced: buildRunRules(changeVerbs), clusterWide: [] },
  operate: {
    namespaced: [
      { apiGroups: [""], resources: ["configmaps"], verbs: changeVerbs },
      { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
      { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
      { apiGroups: ["kueue.x-k8s.io"], resources: ["localqueues", "workloads"], verbs: ["patch", "update"] },
    ],
    // preflight and `cluster quarantine` taint and label nodes
    clusterWide: [{ apiGroups: [""], resources: ["nodes"], verbs: ["patch"] }],
  },
};

/** Lists the rules of a role and of those before it. */
function listRules(role: AccessRoleName, scope: keyof RoleRules): AccessRule[] {
  const included = accessRoleNames.slice(0, accessRoleNames.indexOf(role) + 1);
  return included.flatMap((name) => addedRules[name][scope]);
}

const rbacGroup = "rbac.authorization.k8s.io";
const rbacVersion = `${rbacGroup}/v1`;
const accessLabels = { [partOfLabel]: "mixcpt" };

/**
 * The namespace of the roles' service accounts. It is not that of the experiments: whoever may create pods there can
 * run them as any of its service accounts.
 */
export function formatAccessNamespace(namespace: string): string {
  return `${namespace}-access`;
}

interface AccessInput {
  /** Namespace of the experiments. */
  readonly namespace: string;
  /** The groups of users by role. */
  readonly access?: Partial<Readonly<Record<AccessRoleName, readonly string[]>>> | undefined;
}

function buildAccounts({ namespace }: AccessInput): AccessManifest[] {
  const accountNamespace = formatAccessNamespace(namespace);
  const podSecurity = { "pod-security.kubernetes.io/enforce": "restricted" };
  const metadata = { name: accountNamespace, labels: { ...accessLabels, ...podSecurity } };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata },
    ...accessRoleNames.map((name) => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace: accountNamespace, labels: accessLabels },
      automountServiceAccountToken: false,
    })),
  ];
}

/**
 * The group in the certificates of a role's users, and the name of the ClusterRole. A namespace has no colon, so that
 * no install's group is another one's.
 */
export function formatUserGroup(namespace: string, role: AccessRoleName): string {
  return `${namespace}:${role}`;
}

function buildGroupSubject(name: string) {
  return { kind: "Group", apiGroup: rbacGroup, name };
}

function buildSubjects(role: AccessRoleName, { namespace, access }: AccessInput) {
  const account = { kind: "ServiceAccount", name: role, namespace: formatAccessNamespace(namespace) };
  return [account, ...(access?.[role] ?? []).map(buildGroupSubject)];
}

/**
 * The bindings have the certificates of users apart from accounts and groups: no certificate can be revoked, so an
 * administrator deletes the binding of all.
 */
function buildNamespacedRole(role: AccessRoleName, input: AccessInput): AccessManifest[] {
  const { namespace } = input;
  const metadata = { name: `mixcpt-${role}`, namespace, labels: accessLabels };
  const roleRef = { apiGroup: rbacGroup, kind: "Role", name: metadata.name };
  const usersMetadata = { ...metadata, name: `${metadata.name}-users` };
  const users = [buildGroupSubject(formatUserGroup(namespace, role))];
  return [
    { apiVersion: rbacVersion, kind: "Role", metadata, rules: listRules(role, "namespaced") },
    { apiVersion: rbacVersion, kind: "RoleBinding", metadata, roleRef, subjects: buildSubjects(role, input) },
    { apiVersion: rbacVersion, kind: "RoleBinding", metadata: usersMetadata, roleRef, subjects: users },
  ];
}

/** Builds the rights to objects without a namespace, named after that of the experiments: clusters may have several. */
function buildClusterRole(role: AccessRoleName, input: AccessInput): AccessManifest[] {
  const group = formatUserGroup(input.namespace, role);
  const metadata = { name: group, labels: accessLabels };
  const roleRef = { apiGroup: rbacGroup, kind: "ClusterRole", name: metadata.name };
  const usersMetadata = { ...metadata, name: `${metadata.name}:users` };
  const users = [buildGroupSubject(group)];
  return [
    { apiVersion: rbacVersion, kind: "ClusterRole", metadata, rules: listRules(role, "clusterWide") },
    { apiVersion: rbacVersion, kind: "ClusterRoleBinding", metadata, roleRef, subjects: buildSubjects(role, input) },
    { apiVersion: rbacVersion, kind: "ClusterRoleBinding", metadata: usersMetadata, roleRef, subjects: users },
  ];
}

/** Builds the roles of a cluster's users, their accounts, and the bindings to these, to groups and to certificates. */
export function buildAccessManifests(input: AccessInput): AccessManifest[] {
  return [
    ...buildAccounts(input),
    ...accessRoleNames.flatMap((role) => [...buildNamespacedRole(role, input), ...buildClusterRole(role, input)]),
  ];
}
