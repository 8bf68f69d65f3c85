/** What must exist in the namespace of a tenant before it can run experiments there. */
import { z } from "zod";
import { getPlatformNames } from "../../infra/clusterNames.ts";
import type { TenantConfig } from "../../infra/clusterConfig.ts";
import { getClusterPods } from "../../infra/podConfig.ts";
import type { RightsRule } from "../../infra/platform/tenantRights.ts";
import { listMissingRules, listTenantRules } from "../../infra/platform/tenantRights.ts";
import { selectTrainingPriority, formatPriorityClass } from "../../jobs/kube/priorities.ts";
import { foldersContainerName, mountsWholeStore } from "../../jobs/kube/storeMounts.ts";
import { awaitCorpusJobName, nodeJobName } from "../../jobs/kube/trainingRuntime.ts";
import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import { readPath } from "./apiReading.ts";

const roleAdvice = "an administrator gives them with docs/examples/tenant-role.yaml";

const rulesSchema = z.object({
  status: z.object({
    incomplete: z.boolean(),
    resourceRules: z.array(
      z.object({
        apiGroups: z.array(z.string()).default([]),
        resources: z.array(z.string()).default([]),
        verbs: z.array(z.string()),
        resourceNames: z.array(z.string()).default([]),
      }),
    ),
  }),
});

/** Reads the rights of the user in a namespace; undefined if the cluster does not know all of them. */
async function readRights(connection: ApiConnection, namespace: string): Promise<RightsRule[] | undefined> {
  const path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } };
  const { status } = rulesSchema.parse((await connection.callApi({ method: "POST", path, body: review })).body);
  return status.incomplete ? undefined : status.resourceRules.filter(({ resourceNames }) => resourceNames.length === 0);
}

async function describeRights(connection: ApiConnection, config: TenantConfig): Promise<string[]> {
  const granted = await readRights(connection, config.namespace);
  const missing = granted === undefined ? [] : listMissingRules(listTenantRules(config), granted);
  if (missing.length === 0) return [];
  return [`rights in namespace ${config.namespace}: the user may not ${missing.join("; ")}; ${roleAdvice}`];
}

const namedListSchema = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

/** An object that must exist, by the path of its list. */
interface WantedObject {
  readonly kind: string;
  readonly name: string;
  readonly listPath: string;
  readonly key: string;
}

async function describeMissing(connection: ApiConnection, wanted: WantedObject): Promise<string[]> {
  const { kind, name, listPath, key } = wanted;
  if ((await readPath(connection, `${listPath}/${name}`)) !== null) return [];
  const { data } = namedListSchema.safeParse(await readPath(connection, listPath));
  const names = data?.items.map(({ metadata }) => metadata.name).join(", ") ?? "";
  return [`${key}: ${kind} ${name} does not exist; existing: ${names === "" ? "none" : names}`];
}

const claimSchema = z.object({ spec: z.object({ accessModes: z.array(z.string()) }) });

async function describeClaim(connection: ApiConnection, path: string): Promise<string[]> {
  const { data } = claimSchema.safeParse(await readPath(connection, path));
  const modes = data?.spec.accessModes ?? [];
  if (modes.length === 0 || modes.includes("ReadWriteMany")) return [];
  return [
    `claim: has the access modes ${modes.join(", ")}; must have ReadWriteMany, because pods of several nodes write`,
  ];
}

const podSchema = z.object({ initContainers: z.array(z.object({ name: z.string() })).default([]) });
const replicatedJobSchema = z.object({
  name: z.string(),
  template: z.object({ spec: z.object({ template: z.object({ spec: podSchema }) }) }),
});
const runtimeSchema = z.object({
  spec: z.object({ template: z.object({ spec: z.object({ replicatedJobs: z.array(replicatedJobSchema) }) }) }),
});

/** A runtime and the trainings for it must agree on who makes the folder of a run, without which nothing is written. */
function describeRunFolders(node: z.infer<typeof replicatedJobSchema>, config: TenantConfig): string[] {
  const { initContainers } = node.template.spec.template.spec;
  const makesFolder = initContainers.some(({ name }) => name === foldersContainerName);
  const mountsWhole = mountsWholeStore(getClusterPods(config).training);
  if (makesFolder !== mountsWhole) return [];
  return [
    mountsWhole
      ? "pods.storeMount: the runtime lets trainings write only to the folder of their run; remove it from this " +
        "file, or ask the cluster's administrator to write it into the one of the install that made the runtime"
      : "runtime: does not make the folder of a run, as one of an older version or of an install with " +
        "pods: { storeMount: whole }; ask the cluster's administrator to run cluster up with this version, or write " +
        "that line into this file, too",
  ];
}

async function describeRuntime(connection: ApiConnection, path: string, config: TenantConfig): Promise<string[]> {
  const { data } = runtimeSchema.safeParse(await readPath(connection, path));
  if (data === undefined) return [];
  const jobs = data.spec.template.spec.replicatedJobs;
  const names = jobs.map(({ name }) => name);
  const node = jobs.find(({ name }) => name === nodeJobName);
  if (node !== undefined && names.includes(awaitCorpusJobName)) return describeRunFolders(node, config);
  return [
    `runtime: has the jobs ${names.join(", ")}; must be one that this project made, with the jobs ` +
      `${awaitCorpusJobName} and ${nodeJobName}; omit runtime, and cluster up makes it in the namespace`,
  ];
}

interface TenantPaths {
  /** Version of Kueue's API that the cluster serves. */
  readonly kueue: string;
  readonly config: TenantConfig;
}

function listWantedObjects({ kueue, config }: TenantPaths): WantedObject[] {
  const { namespace, queue, dataQueue, claim, account, runtime, priorityClasses } = config;
  const core = `/api/v1/namespaces/${namespace}`;
  const listPath = `/apis/kueue.x-k8s.io/${kueue}/namespaces/${namespace}/localqueues`;
  const priorityClass = formatPriorityClass(getPlatformNames(config), selectTrainingPriority(0, 1));
  return [
    { kind: "LocalQueue", name: queue, listPath, key: "queue" },
    ...(dataQueue === undefined ? [] : [{ kind: "LocalQueue", name: dataQueue, listPath, key: "dataQueue" }]),
    { kind: "PersistentVolumeClaim", name: claim, listPath: `${core}/persistentvolumeclaims`, key: "claim" },
    ...(account === undefined
      ? []
      : [{ kind: "ServiceAccount", name: account, listPath: `${core}/serviceaccounts`, key: "account" }]),
    ...(runtime === undefined ? [] : [{ ...runtime, listPath: formatRuntimesPath(config), key: "runtime" }]),
    ...(priorityClasses === undefined || priorityClass === undefined
      ? []
      : [
          {
            kind: "WorkloadPriorityClass",
            name: priorityClass,
            listPath: `/apis/kueue.x-k8s.io/${kueue}/workloadpriorityclasses`,
            key: "priorityClasses",
          },
        ]),
  ];
}

function formatRuntimesPath({ namespace, runtime }: TenantConfig): string {
  const group = "/apis/trainer.kubeflow.org/v1alpha1";
  return runtime?.kind === "TrainingRuntime"
    ? `${group}/namespaces/${namespace}/trainingruntimes`
    : `${group}/clustertrainingruntimes`;
}

/**
 * Lists what a tenant lacks in its namespace: rights, and objects that its file says exist. What the user may not read
 * counts as existing.
 */
export async function listTenantProblems(connection: ApiConnection, tenant: TenantPaths): Promise<string[]> {
  const { config } = tenant;
  const claims = `/api/v1/namespaces/${config.namespace}/persistentvolumeclaims`;
  const parts = await Promise.all([
    describeRights(connection, config),
    ...listWantedObjects(tenant).map((wanted) => describeMissing(connection, wanted)),
    describeClaim(connection, `${claims}/${config.claim}`),
    ...(config.runtime === undefined
      ? []
      : [describeRuntime(connection, `${formatRuntimesPath(config)}/${config.runtime.name}`, config)]),
  ]);
  return parts.flat();
}
