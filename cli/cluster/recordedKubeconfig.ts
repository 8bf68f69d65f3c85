import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { infraProject } from "../../jobs/kube/clusterIdentity.ts";
import { findRecordedStack } from "../engine/findRecordedStack.ts";
import { fetchRecordedResources, readSecretText } from "../engine/recordedRuns.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { writeClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { keepTunnel, routeKubeconfig } from "./bastionTunnel.ts";

/** Earlier versions recorded the scripts of hosts as remote commands. */
const commandTypes = ["command:local:Command", "command:remote:Command"];

function isKubeconfigCommand({ type, urn }: RecordedResource): boolean {
  return commandTypes.includes(type) && urn.endsWith("-kubeconfig");
}

/** Finds the resource that reads the kubeconfig from the control plane. */
export function findKubeconfigCommand(resources: readonly RecordedResource[]): RecordedResource | undefined {
  return resources.find(isKubeconfigCommand);
}

/**
 * The properties that hold a cluster's kubeconfig in the state of its stack, the most recent first. Each exists at an
 * earlier point of `cluster up` than the stack's output: a later resource may have failed.
 */
const recordedProperties: readonly ((resource: RecordedResource) => unknown)[] = [
  (resource) => (isKubeconfigCommand(resource) ? resource.outputs?.["stdout"] : undefined),
  ({ type, urn, outputs }) => (commandTypes.includes(type) && urn.endsWith("-init") ? outputs?.["stdout"] : undefined),
  ({ type, inputs }) => (type === "pulumi:providers:kubernetes" ? inputs?.["kubeconfig"] : undefined),
];

/** Finds the kubeconfig of a cluster in the state of its stack; undefined before `kubeadm init` has succeeded. */
export function findRecordedKubeconfig(resources: readonly RecordedResource[]): string | undefined {
  for (const readProperty of recordedProperties)
    for (const resource of resources) {
      const text = readSecretText(readProperty(resource));
      if (text !== undefined && text.includes("clusters")) return text;
    }
  return undefined;
}

/** Writes the kubeconfig that the state of a cluster stack records; false if it has none. */
async function writeRecordedKubeconfig(stack: string, opened: Stack): Promise<boolean> {
  const kubeconfig = findRecordedKubeconfig(await fetchRecordedResources(opened));
  if (kubeconfig !== undefined) writeClusterKubeconfig(stack, routeKubeconfig(stack, kubeconfig));
  return kubeconfig !== undefined;
}

/**
 * Writes the kubeconfig that the state of a cluster stack records. Never throws: the command that it serves has failed
 * with another error.
 * @returns true if the cluster can be reached
 */
export function keepRecordedKubeconfig(stack: string, opened: Stack): Promise<boolean> {
  return writeRecordedKubeconfig(stack, opened).catch(() => false);
}

/** The lines that tell how to go on with a cluster whose `cluster up` has failed. */
export function formatHalfFinishedCluster(stack: string): string[] {
  return [
    `cluster ${stack} is not finished, but its kubeconfig is kept; look at it with`,
    `  ./mixcpt kubectl --cluster ${stack} get nodes,pods --all-namespaces`,
    `and finish it with ./mixcpt cluster up ${stack} when the cause is repaired:`,
  ];
}

/**
 * Writes the kubeconfig of a cluster whose `cluster up` was killed before it could do so, if the state has one.
 * @throws Error if the state cannot be read
 */
export async function restoreKubeconfig(stack: string): Promise<void> {
  const opened = await findRecordedStack(infraProject, stack);
  if (opened !== undefined && (await writeRecordedKubeconfig(stack, opened))) await keepTunnel(stack);
}
