import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { emulatedDevicesName } from "../../infra/resourceNames.ts";
import { keepTunnel } from "../cluster/bastionTunnel.ts";
import { engineOptions } from "./engineOptions.ts";
import { readOriginalKubeconfig } from "./originalKubeconfig.ts";
import { fetchRecordedResources, listRecordedClusters, parseRecordedStack, readSecretText } from "./recordedRuns.ts";

/** The URN in the reference of a provider, which ends with the provider's id. */
function extractProviderUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

/**
 * Puts the kubeconfig of an existing cluster into a stack's state if it is newer than the recorded one. `refresh` and
 * `destroy` use the recorded one, whose credentials may have expired, and only an update changes it. Nothing else is
 * updated. A program that fails leaves the recorded one, which may still be valid. Opens tunnels to recorded clusters
 * that need one.
 */
export async function renewCredentials(opened: Stack): Promise<void> {
  const resources = await fetchRecordedResources(opened);
  await Promise.all(listRecordedClusters(resources).map((cluster) => keepTunnel(cluster)));
  const { runs } = parseRecordedStack(resources);
  const outdated = runs.flatMap(({ provider, cluster: { name, kubeconfig } }) => {
    const original = name === undefined ? undefined : readOriginalKubeconfig(name);
    return original === undefined || original === kubeconfig || provider === undefined ? [] : provider;
  });
  const target = [...new Set(outdated.map(extractProviderUrn))];
  if (target.length === 0) return;
  await opened.up({ ...engineOptions, target }).catch(() => undefined);
}

/**
 * The same for the stack of an existing cluster, whose provider and scripts for emulated devices have the kubeconfig.
 * An update reaches the provider last, so that what it records is nowhere older.
 */
export async function renewClusterCredentials(opened: Stack, stack: string): Promise<void> {
  const original = readOriginalKubeconfig(stack);
  if (original === undefined) return;
  const resources = await fetchRecordedResources(opened);
  const provider = resources.find(({ type }) => type === "pulumi:providers:kubernetes");
  if (readSecretText(provider?.inputs?.["kubeconfig"]) === original) return;
  const scripts = resources.filter(({ urn }) => urn.includes(`::${emulatedDevicesName}-`));
  const target = [...scripts, ...(provider === undefined ? [] : [provider])].map(({ urn }) => urn);
  if (target.length === 0) return;
  await opened.up({ ...engineOptions, target }).catch(() => undefined);
}
