import { deviceIdLabel, deviceResource } from "../../../jobs/hardware/gpuCatalog.ts";
import { quarantineTaint } from "../../../jobs/kube/quarantine.ts";
import { formatKubectlPrefix } from "../../kubernetes/formatKubectlPrefix.ts";
import { readClusterNamespace } from "../../kubernetes/kubeconfigFile.ts";
import type { WaitingKind, WaitingReason } from "../waiting/waitingReason.ts";

/** What a user may do on a cluster: everything, or, as a tenant, what stays in a namespace. */
export type ClusterRights = "cluster" | "namespace";

interface AdviceContext {
  /** Stack of infra/. */
  readonly cluster: string;
  readonly stack: string;
  readonly rights: ClusterRights;
}

/** The names and beginnings of commands that the advice about a reason consists of. */
interface AdviceParts extends AdviceContext {
  readonly name: string;
  readonly kubectl: string;
  /** kubectl without a namespace, as who may use it calls it. */
  readonly clusterKubectl: string;
  /** kubectl with the namespace, as who may change it calls it. */
  readonly adminKubectl: string;
  /** Gives a step that needs rights on the whole cluster: as a command, or as what to ask whom. */
  readonly administer: (purpose: string, command: string) => string;
  /** Names a key of the cluster, and its file. */
  readonly infraKey: (key: string) => string;
  /** The same in the file of the stack that installs the platform. */
  readonly platformKey: (key: string) => string;
  /** The key of the cluster that names the store. */
  readonly storeKey: "store" | "claim";
  readonly stackFile: string;
}

function adviseOnQuota({ administer, platformKey }: AdviceParts): string {
  return administer("raise the quota", `${platformKey("queue.quota")}, without that key nodes times devicesPerNode`);
}

function listKueueSteps({ administer, clusterKubectl }: AdviceParts): string[] {
  const command = "--namespace kueue-system logs deployment/kueue-controller-manager --tail=50";
  return [administer("read Kueue's log", `${clusterKubectl} ${command}`)];
}

/** Tells Kubernetes that a node is off, so that its pods and volumes are released. */
const outOfServiceTaint = "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";

const advice: Readonly<Record<WaitingKind, (parts: AdviceParts) => string[]>> = {
  "node lost": ({ administer, clusterKubectl, name }) => [
    "its pods are not replaced until the node is back or is certainly off",
    administer("once it is certainly off", `${clusterKubectl} taint node ${name} ${outOfServiceTaint}`),
  ],
  "broken node": ({ administer, cluster, name }) => [
    "it starts again elsewhere without using up a retry; its pod keeps its place from other work for some minutes",
    administer(`keep new work from node ${name}`, `./mixcpt cluster quarantine ${cluster} ${name}`),
    administer(
      "once it is repaired",
      `./mixcpt preflight ${cluster} --nodes ${name}, then ./mixcpt cluster release ${cluster} ${name}`,
    ),
  ],
  refused: ({ administer, clusterKubectl, adminKubectl }) => [
    administer(
      "see the webhooks",
      `${clusterKubectl} get validatingwebhookconfigurations,mutatingwebhookconfigurations`,
    ),
    administer("see whether their programs run", `${clusterKubectl} get deployments --all-namespaces`),
    administer("see the namespace's limits", `${adminKubectl} get resourcequotas,limitranges`),
  ],
  "no controller": ({ administer, clusterKubectl, cluster, platformKey }) => [
    administer("see whether the controllers run", `${clusterKubectl} get deployments --all-namespaces`),
    administer("install them", `./mixcpt cluster up ${cluster} (${platformKey("controllers")})`),
  ],
  suspended: ({ kubectl, name }) => [
    `continue: ${kubectl} patch trainjob ${name} --type merge --patch '{"spec":{"suspend":false}}'`,
  ],
  deactivated: ({ administer, adminKubectl, name }) => [
    administer("activate it", `${adminKubectl} patch workload ${name} --type merge --patch '{"spec":{"active":true}}'`),
  ],
  preempted: () => ["nothing: it starts again when there is room; a training resumes from its newest checkpoint"],
  evicted: (parts) => ["it starts again when its queue admits it", ...listKueueSteps(parts)],
  queue: ({ administer, kubectl, clusterKubectl, cluster, stackFile }) => [
    `see the namespace's queues: ${kubectl} get localqueues`,
    administer("see those of the cluster", `${clusterKubectl} get clusterqueues`),
    administer("create them", `./mixcpt cluster up ${cluster}`),
    `or name another one: mixcpt:queue in ${stackFile}`,
  ],
  quota: (parts) => [
    `wait for others, or see who holds the quota: ${parts.kubectl} get workloads`,
    adviseOnQuota(parts),
  ],
  "too large": (parts) => [
    `ask for less: mixcpt:hardware (nodesPerCell, devicesPerNode) in ${parts.stackFile}`,
    `or ${adviseOnQuota(parts)}`,
  ],
  "not placed": listKueueSteps,
  "not queued": (parts) => [
    "Kueue must run, with the integration `pod` enabled for this namespace",
    parts.administer("install it", `./mixcpt cluster up ${parts.cluster} (${parts.platformKey("controllers")})`),
    ...listKueueSteps(parts),
  ],
  "admission check": ({ administer, clusterKubectl }) => [
    administer("see the checks", `${clusterKubectl} get admissionchecks`),
  ],
  volume: ({ administer, clusterKubectl, infraKey, storeKey }) => [
    administer("see the storage classes", `${clusterKubectl} get storageclasses,persistentvolumes`),
    `change the volume: ${infraKey(storeKey)}`,
  ],
  taint: ({ administer, clusterKubectl, cluster }) => [
    administer(
      "see the taints",
      `${clusterKubectl} get nodes --output custom-columns=NAME:.metadata.name,TAINTS:.spec.taints`,
    ),
    administer(
      `remove one from a healthy node; work tolerates only ${deviceResource}`,
      `${clusterKubectl} taint node NODE KEY-`,
    ),
    administer(
      `release a repaired node from quarantine (${quarantineTaint})`,
      `./mixcpt cluster release ${cluster} NODE`,
    ),
  ],
  "no room": ({ administer, clusterKubectl, stackFile }) => [
    administer("see what the nodes hold", `${clusterKubectl} describe nodes`),
    `wait for others, or ask for less per node: mixcpt:hardware (devicesPerNode) in ${stackFile}`,
  ],
  "no node": ({ administer, clusterKubectl, infraKey }) => [
    "compare the nodes with the cluster's file: ./mixcpt doctor",
    administer("see the labels", `${clusterKubectl} get nodes --label-columns ${deviceIdLabel}`),
    `change the GPU (gpu, deviceId): ${infraKey("devices")}`,
  ],
  preflight: ({ administer, cluster }) => [
    administer("test the nodes", `./mixcpt preflight ${cluster}, or some of them with --nodes NAME,NAME`),
    "see what failed: ./mixcpt doctor",
  ],
  image: ({ infraKey }) => [
    `change the image: ${infraKey("images")}`,
    "for a private registry see the notes for a platform team in docs/shared-clusters.md",
  ],
  container: ({ stackFile }) => [`a missing Secret is the one that mixcpt:tokenSecret in ${stackFile} names`],
  mount: ({ administer, infraKey, storeKey }) => [
    administer("mount the store on the node", "docs/gpu-nodes.md says how"),
    `or change it: ${infraKey(storeKey)}`,
  ],
  sandbox: ({ administer, clusterKubectl }) => [
    administer("see the pod network", `${clusterKubectl} --namespace kube-system get pods`),
  ],
  "crash loop": ({ kubectl, name, stack }) => [
    `read its log: ${kubectl} logs ${name}`,
    `once it has failed for good and the cause is fixed: ./mixcpt retry ${stack}`,
  ],
  "kubelet refusal": ({ administer, clusterKubectl }) => [
    administer("see the node's devices", `${clusterKubectl} describe nodes`),
    "its controller starts it again; a device plugin that restarted needs a moment",
  ],
};

/** A pod whose container was killed used more memory than it requests; another attempt does the same. */
function adviseOnPodMemory({ infraKey }: AdviceParts): string {
  return `give its pods more memory (memoryGiB, also below evaluation and data): ${infraKey("training.memoryGiB")}`;
}

function formatInfraKey(cluster: string, key: string): string {
  return `mixcpt-infra:cluster.${key} in infra/Pulumi.${cluster}.yaml`;
}

/** Names the commands of a user, and of the administrator whom a tenant has to ask: that one's stack is unknown. */
function nameCommands({ cluster, rights }: AdviceContext) {
  if (rights === "cluster")
    return {
      cluster,
      adminKubectl: formatKubectlPrefix(cluster),
      clusterKubectl: formatKubectlPrefix(cluster, null),
      administer: (purpose: string, command: string) => `${purpose}: ${command}`,
      storeKey: "store" as const,
    };
  return {
    cluster: "STACK",
    adminKubectl: `kubectl --namespace ${readClusterNamespace(cluster)}`,
    clusterKubectl: "kubectl",
    administer: (purpose: string, command: string) => `${purpose}: ask the cluster's administrator (${command})`,
    storeKey: "claim" as const,
  };
}

/** Lists what to do about a reason: the command that shows more first, then commands and keys that change it. */
export function suggestNextSteps({ kind, object, summary }: WaitingReason, context: AdviceContext): string[] {
  const { cluster, stack } = context;
  const commands = nameCommands(context);
  const kubectl = formatKubectlPrefix(cluster);
  const parts: AdviceParts = {
    ...context,
    ...commands,
    name: object.name,
    kubectl,
    infraKey: (key) => formatInfraKey(cluster, key),
    platformKey: (key) => formatInfraKey(commands.cluster, key),
    stackFile: `Pulumi.${stack}.yaml`,
  };
  const describe = `describe ${object.kind.toLowerCase()} ${object.name}`;
  const look =
    object.kind === "Node"
      ? commands.administer("look", `${commands.clusterKubectl} ${describe}`)
      : `look: ${kubectl} ${describe}`;
  return [look, ...(summary.includes("OOMKilled") ? [adviseOnPodMemory(parts)] : []), ...advice[kind](parts)];
}
