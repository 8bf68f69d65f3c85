import { z } from "zod";
import { deviceResource } from "../jobs/hardware/gpuCatalog.ts";
import { findReservation } from "../jobs/kube/podEnvironment.ts";
import type { ClusterPods, PodSettings, PodUser, Toleration } from "../jobs/kube/podSettings.ts";
import { tolerationSchema } from "../jobs/kube/podSettings.ts";
import { convertToGiB } from "../jobs/kube/quantities.ts";
import { buildMapSchema, evenIfFieldsAreInvalid } from "../validation/completeSchemas.ts";
import { roleFields } from "./access/accessConfig.ts";
import { labelSchema, labelValueSchema } from "./labelSchemas.ts";
import { monitoringFields } from "./monitoring/monitoringConfig.ts";
import { networkPolicyFields } from "./network/networkPolicyConfig.ts";
import { podUserFields } from "./podUserConfig.ts";
import { trainingPodFields } from "./trainingPodFields.ts";
import { trainingPresets } from "./trainingPresets.ts";

const variableRule = "must be the name of a variable: letters, digits and _, not beginning with a digit";
const variableValueRule = "must be text or a whole number";
const resourceRule = "must be the name of a node's resource as kubectl describe node shows it, such as rdma/hca";
const countRule = "must be a whole number of at least 1";
const ownResourceRule = `devices come from devicesPerNode in mixcpt:hardware; remove ${deviceResource}`;
const sizeRule = "must be a size such as 512Mi or 16Gi";
const kueueRule = "annotations of kueue.x-k8s.io and mixcpt.io are set by this project; remove it";
const smallPagesRule = "must be a multiple of 2Mi such as 512Mi or 4Gi";
const largePagesRule = "must be a multiple of 1Gi such as 4Gi";

const variableSchema = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, variableRule)
  .superRefine((name, context) => {
    const reason = findReservation(name);
    if (reason !== undefined) context.addIssue({ code: "custom", message: `cannot be set here: ${reason}; remove it` });
  });

const variableValueSchema = z.union([z.string(), z.int()], variableValueRule).transform(String);

const resourceSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/, resourceRule)
  .refine((name) => name !== deviceResource, ownResourceRule);

function buildSizeSchema(pattern: RegExp, rule: string) {
  return z.string(rule).regex(pattern, rule).exactOptional();
}

const annotationSchema = labelSchema.refine((name) => !/^(kueue\.x-k8s\.io|mixcpt\.io)\//.test(name), kueueRule);

interface PodProblem {
  readonly path: string[];
  readonly message: string;
}

/** Lists what the API server refuses of a toleration. Fields may be invalid, each of which is reported separately. */
function listTolerationProblems({ key, operator, value, effect, tolerationSeconds }: Toleration): PodProblem[] {
  const matchesAny = operator === "Exists";
  return [
    ...(key === undefined && !matchesAny
      ? [{ path: [], message: "without key it must have operator: Exists, which tolerates every taint; add key" }]
      : []),
    ...(value !== undefined && matchesAny
      ? [{ path: ["value"], message: "operator: Exists compares no value; remove value or set operator: Equal" }]
      : []),
    ...(tolerationSeconds !== undefined && effect !== "NoExecute"
      ? [{ path: ["tolerationSeconds"], message: "needs effect: NoExecute; add that or remove tolerationSeconds" }]
      : []),
  ];
}

const tolerationConfigSchema = z
  .strictObject({
    ...tolerationSchema.shape,
    key: labelSchema.exactOptional(),
    value: labelValueSchema.exactOptional(),
  })
  .superRefine((toleration, context) => {
    for (const problem of listTolerationProblems(toleration)) context.addIssue({ code: "custom", ...problem });
  }, evenIfFieldsAreInvalid);

const podFields = {
  env: buildMapSchema(variableSchema, variableValueSchema)
    .exactOptional()
    .describe("variables of the containers; they are part of no name of a result"),
  resources: buildMapSchema(resourceSchema, z.int(countRule).min(1, countRule))
    .exactOptional()
    .describe("further resources of a node that each pod gets, such as rdma/hca: 1"),
  annotations: buildMapSchema(annotationSchema, z.string()).exactOptional().describe("annotations of the pods"),
  cpus: z.int(countRule).min(1, countRule).exactOptional().describe("cores that a pod requests"),
  memoryGiB: z.int(countRule).min(1, countRule).exactOptional().describe("memory of a pod, request and limit"),
  hugepages: z
    .strictObject({
      "2Mi": buildSizeSchema(/^([1-9]\d*[02468]|[2468])Mi$|^[1-9]\d*Gi$/, smallPagesRule),
      "1Gi": buildSizeSchema(/^[1-9]\d*Gi$/, largePagesRule),
    })
    .exactOptional()
    .describe("memory in huge pages, by the size of a page"),
  sharedMemory: buildSizeSchema(/^[1-9]\d*[MG]i$/, sizeRule).describe("size of /dev/shm, which is part of the memory"),
  nodeSelector: buildMapSchema(labelSchema, labelValueSchema).exactOptional().describe("labels that a node must have"),
  tolerations: z
    .array(tolerationConfigSchema)
    .exactOptional()
    .describe("taints that the pods tolerate, as in Kubernetes"),
};

/** The memory of pods and its part for /dev/shm, if both are set and valid. */
const memorySchema = z.object({ memoryGiB: z.number(), sharedMemory: z.string() });

function checkSharedMemory(pods: unknown, context: z.core.$RefinementCtx): void {
  const { data } = memorySchema.safeParse(pods);
  if (data === undefined || !(convertToGiB(data.sharedMemory) >= data.memoryGiB)) return;
  const message = `is part of memoryGiB, which is ${String(data.memoryGiB)}; raise memoryGiB or lower sharedMemory`;
  context.addIssue({ code: "custom", path: ["sharedMemory"], message });
}

const otherPodsSchema = z.strictObject(podFields).superRefine(checkSharedMemory, evenIfFieldsAreInvalid);

const trainingPodsFields = z.strictObject({ ...podFields, ...trainingPodFields });
const trainingPodsSchema = trainingPodsFields.superRefine(checkSharedMemory, evenIfFieldsAreInvalid);

/** The fields of a cluster's file about its pods. */
export const clusterPodFields = {
  training: trainingPodsSchema.exactOptional().describe("what the pods of trainings get, each of them on one node"),
  evaluation: otherPodsSchema.exactOptional().describe("what the pods of evaluations get, each with one device"),
  data: otherPodsSchema.exactOptional().describe("what the pods get that make corpora and tokens, without devices"),
  podSecurity: z
    .enum(["restricted", "privileged"])
    .exactOptional()
    .describe("level of Pod Security of the namespace, by default restricted; hostNetwork needs privileged"),
  ...podUserFields,
};

/** The fields about what an administrator makes beside the pods: network policies, roles for users and a monitor. */
export const isolationFields = { ...networkPolicyFields, ...roleFields, ...monitoringFields };

/** The fields that depend on each other, as far as they are valid. */
const networkSchema = z.object({
  training: z.object({
    hostNetwork: z.boolean().default(false),
    preset: z.string().optional(),
    env: z.record(z.string(), z.unknown()).default({}),
  }),
  podSecurity: z.unknown().optional(),
});

const hostNetworkRule =
  "Pod Security admits no such pod to a namespace of the level restricted or baseline; set podSecurity: privileged " +
  "beside training, or give the pods an interface of the network with annotations";
const interfaceRule =
  "with hostNetwork there is no eth0: name the interface of the node in env.NCCL_SOCKET_IFNAME, such as bond0";
const slingshotRule =
  "hsn0 to hsn3 are interfaces of the node: set hostNetwork: true, or name the pod's in env.NCCL_SOCKET_IFNAME";

function listPodProblems({ training, podSecurity }: z.infer<typeof networkSchema>): PodProblem[] {
  const { hostNetwork, preset, env } = training;
  const usesPresetInterface = env["NCCL_SOCKET_IFNAME"] === undefined;
  return [
    ...(hostNetwork && podSecurity !== "privileged"
      ? [{ path: ["training", "hostNetwork"], message: hostNetworkRule }]
      : []),
    ...(hostNetwork && preset === "roce" && usesPresetInterface
      ? [{ path: ["training", "preset"], message: interfaceRule }]
      : []),
    ...(!hostNetwork && preset === "slingshot" && usesPresetInterface
      ? [{ path: ["training", "preset"], message: slingshotRule }]
      : []),
  ];
}

const localUserSchema = z.object({ kind: z.literal("local"), pods: z.looseObject({}) });
const localUserRule = "local hosts make their store for user 1000; remove it";

/** Adds the rules between the fields about pods to the schema of a cluster, as far as they are valid. */
export function checkPods<Schema extends z.ZodObject>(schema: Schema): Schema {
  return schema.superRefine((fields, context) => {
    const { data } = networkSchema.safeParse(fields);
    for (const { path, message } of data === undefined ? [] : listPodProblems(data))
      context.addIssue({ code: "custom", path, message });
    if (localUserSchema.safeParse(fields).success)
      context.addIssue({ code: "custom", path: ["pods"], message: localUserRule });
  }, evenIfFieldsAreInvalid);
}

type PodConfig = z.infer<typeof trainingPodsSchema>;

/** The kinds of work in a cluster's file. */
interface ClusterPodConfig {
  readonly training?: PodConfig;
  readonly evaluation?: PodConfig;
  readonly data?: PodConfig;
  /** The user of all pods. */
  readonly pods?: PodUser;
}

/**
 * Resolves the variables of a preset, which those of the file replace. Gloo uses the first interface that the file
 * gives to NCCL, and finds one itself if the file only excludes some (`^docker0`).
 */
function resolveVariables({ preset, env = {} }: PodConfig): Record<string, string> {
  const { GLOO_SOCKET_IFNAME: gloo, ...variables } = preset === undefined ? {} : trainingPresets[preset];
  const interfaces = env["NCCL_SOCKET_IFNAME"];
  const first = interfaces === undefined ? gloo : /^=?([^=^,]+)/.exec(interfaces)?.[1];
  return { ...variables, ...(gloo !== undefined && first !== undefined && { GLOO_SOCKET_IFNAME: first }), ...env };
}

/** Resolves preset and huge pages to what a pod has. */
function resolvePodSettings({ hugepages = {}, resources = {}, ...settings }: PodConfig): PodSettings {
  const env = resolveVariables(settings);
  const quantities = {
    ...Object.fromEntries(Object.entries(resources).map(([name, count]) => [name, String(count)])),
    ...Object.fromEntries(Object.entries(hugepages).map(([page, size]) => [`hugepages-${page}`, size])),
  };
  return {
    ...settings,
    ...(Object.keys(env).length > 0 && { env }),
    ...(Object.keys(quantities).length > 0 && { resources: quantities }),
  };
}

/** Resolves the settings of one kind of work; undefined if the file says nothing about its pods. */
function resolveKindSettings(settings: PodConfig | undefined, user: PodUser | undefined): PodSettings | undefined {
  if (settings === undefined && user === undefined) return undefined;
  return { ...resolvePodSettings(settings ?? {}), ...(user && { user }) };
}

/** Returns the settings of a cluster's pods, which experiments get from its outputs. */
export function getClusterPods({ pods: user, ...kinds }: ClusterPodConfig): ClusterPods {
  const training = resolveKindSettings(kinds.training, user);
  const evaluation = resolveKindSettings(kinds.evaluation, user);
  const data = resolveKindSettings(kinds.data, user);
  return { ...(training && { training }), ...(evaluation && { evaluation }), ...(data && { data }) };
}
