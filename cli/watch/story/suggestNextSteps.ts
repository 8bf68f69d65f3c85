import { deviceIdLabel, deviceResource } from "../../../jobs/hardware/gpuCatalog.ts";
import { quarantineTaint } from "../../../jobs/kube/quarantine.ts";
import { formatKubectlPrefix } from "../../kubernetes/formatKubectlPrefix.ts";
import type { WaitingKind, WaitingReason } from "../waiting/waitingReason.ts";

interface AdviceContext {
  /** Stack of infra/. */
  readonly cluster: string;
  readonly stack: string;
}

/** The names and beginnings of commands that the advice about a reason consists of. */
interface AdviceParts extends AdviceContext {
  readonly name: string;
  readonly kubectl: string;
  /** kubectl without a namespace. */
  readonly clusterKubectl: string;
  /** Names a key of the cluster, and its file. */
  readonly infraKey: (key: string) => string;
  readonly stackFile: string;
}

function adviseOnQuota({ infraKey }: AdviceParts): string {
  return (
    `raise the quota: ${infraKey("queue.quota")}, without that key nodes times devicesPerNode; ` +
    "of kind tenant: ask the cluster's administrator"
  );
}

function listKueueSteps({ clusterKubectl }: AdviceParts): string[] {
  return [
    `read Kueue's log: ${clusterKubectl} --namespace kueue-system logs deployment/kueue-controller-manager --tail=50`,
  ];
}

/** Tells Kubernetes that a node is off, so that its pods and volumes are released. */
const outOfServiceTaint = "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";

const advice: Readonly<Record<WaitingKind, (parts: AdviceParts) => string[]>> = {
  "node lost": ({ clusterKubectl, name }) => [
    "its pods are not replaced until the node is back or is certainly off",
    `once it is certainly off: ${clusterKubectl} taint node ${name} ${outOfServiceTaint}`,
  ],
  "broken node": ({ cluster, name }) => [
    "it starts again elsewhere without using up a retry; its pod keeps the GPUs from other work for some minutes",
    `keep new work from the node: ./mixcpt cluster quarantine ${cluster} ${name}`,
    `once it is repaired: ./mixcpt preflight ${cluster} --nodes ${name}, then ` +
      `./mixcpt cluster release ${cluster} ${name}`,
  ],
  refused: ({ clusterKubectl, kubectl }) => [
    `see the webhooks: ${clusterKubectl} get validatingwebhookconfigurations,mutatingwebhookconfigurations`,
    `see whether their programs run: ${clusterKubectl} get deployments --all-namespaces`,
    `see the namespace's limits: ${kubectl} get resourcequotas,limitranges`,
  ],
  "no controller": ({ clusterKubectl, cluster, infraKey }) => [
    `see whether the controllers run: ${clusterKubectl} get deployments --all-namespaces`,
    `install them: ./mixcpt cluster up ${cluster} (${infraKey("controllers")})`,
  ],
  suspended: ({ kubectl, name }) => [
    `continue: ${kubectl} patch trainjob ${name} --type merge --patch '{"spec":{"suspend":false}}'`,
  ],
  deactivated: ({ kubectl, name }) => [
    `activate it: ${kubectl} patch workload ${name} --type merge --patch '{"spec":{"active":true}}'`,
  ],
  preempted: () => ["nothing: it starts again when there is room; a training resumes from its newest checkpoint"],
  evicted: (parts) => ["it starts again when its queue admits it", ...listKueueSteps(parts)],
  queue: ({ kubectl, cluster, stackFile }) => [
    `see the queues: ${kubectl} get localqueues,clusterqueues`,
    `create them: ./mixcpt cluster up ${cluster}, or name another one: mixcpt:queue in ${stackFile}`,
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
  "not queued": ({ cluster, infraKey, ...parts }) => [
    "Kueue must run, with the integration `pod` enabled for this namespace",
    `install it: ./mixcpt cluster up ${cluster} (${infraKey("controllers")})`,
    ...listKueueSteps({ cluster, infraKey, ...parts }),
  ],
  "admission check": ({ kubectl }) => [`see the checks: ${kubectl} get admissionchecks`],
  volume: ({ clusterKubectl, infraKey }) => [
    `see the storage classes: ${clusterKubectl} get storageclasses,persistentvolumes`,
    `change the volume: ${infraKey("store")}`,
  ],
  taint: ({ clusterKubectl, cluster }) => [
    `see the taints: ${clusterKubectl} get nodes --output custom-columns=NAME:.metadata.name,TAINTS:.spec.taints`,
    `remove one from a healthy node: ${clusterKubectl} taint node NODE KEY-; work tolerates only ${deviceResource}`,
    `release a repaired node from quarantine (${quarantineTaint}): ./mixcpt cluster release ${cluster} NODE`,
  ],
  "no room": ({ clusterKubectl, stackFile }) => [
    `see what the nodes hold: ${clusterKubectl} describe nodes`,
    `wait for others, or ask for less per node: mixcpt:hardware (devicesPerNode) in ${stackFile}`,
  ],
  "no node": ({ clusterKubectl, infraKey }) => [
    "compare the nodes with the cluster's file: ./mixcpt doctor",
    `see the labels: ${clusterKubectl} get nodes --label-columns ${deviceIdLabel}`,
    `change the GPU (gpu, deviceId): ${infraKey("devices")}`,
  ],
  preflight: ({ cluster }) => [
    `test the nodes: ./mixcpt preflight ${cluster}, or some of them with --nodes NAME,NAME`,
    "see what failed: ./mixcpt doctor",
  ],
  image: ({ infraKey }) => [
    `change the image: ${infraKey("images")}`,
    "for a private registry see the notes for a platform team in docs/cluster.md",
  ],
  container: ({ stackFile }) => [`a missing Secret is the one that mixcpt:tokenSecret in ${stackFile} names`],
  mount: ({ infraKey }) => [`mount the store on the node, or change it: ${infraKey("store")}`],
  sandbox: ({ clusterKubectl }) => [`see the pod network: ${clusterKubectl} --namespace kube-system get pods`],
  "crash loop": ({ kubectl, name, stack }) => [
    `read its log: ${kubectl} logs ${name}`,
    `once it has failed for good and the cause is fixed: ./mixcpt retry ${stack}`,
  ],
  "kubelet refusal": ({ clusterKubectl }) => [
    `see the node's devices: ${clusterKubectl} describe nodes`,
    "its controller starts it again; a device plugin that restarted needs a moment",
  ],
};

/** A pod whose container was killed used more memory than it requests; another attempt does the same. */
function adviseOnPodMemory({ infraKey }: AdviceParts): string {
  return `give its pods more memory (memoryGiB, also below evaluation and data): ${infraKey("training.memoryGiB")}`;
}

/** Lists what to do about a reason: the command that shows more first, then commands and keys that change it. */
export function suggestNextSteps(
  { kind, object, summary }: WaitingReason,
  { cluster, stack }: AdviceContext,
): string[] {
  const kubectl = formatKubectlPrefix(cluster);
  const clusterKubectl = formatKubectlPrefix(cluster, null);
  const parts: AdviceParts = {
    cluster,
    stack,
    name: object.name,
    kubectl,
    clusterKubectl,
    infraKey: (key) => `mixcpt-infra:cluster.${key} in infra/Pulumi.${cluster}.yaml`,
    stackFile: `Pulumi.${stack}.yaml`,
  };
  const prefix = object.kind === "Node" ? clusterKubectl : kubectl;
  const look = `look: ${prefix} describe ${object.kind.toLowerCase()} ${object.name}`;
  return [look, ...(summary.includes("OOMKilled") ? [adviseOnPodMemory(parts)] : []), ...advice[kind](parts)];
}
