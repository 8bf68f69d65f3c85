/** Kueue's fair sharing, without which the weight of a queue has no effect. */
import { createHash } from "node:crypto";
import { parse, parseDocument } from "yaml";
import type { ClusterConfig } from "../clusterConfig.ts";
import { selectQueueShare } from "../clusterHardware.ts";
import type { KubernetesObject } from "./controllerManifests.ts";

/** The name of the ConfigMap with Kueue's configuration, in its manifests and in its Helm chart. */
export const queueConfigName = "kueue-manager-config";

/** The key of that ConfigMap. */
export const queueConfigKey = "controller_manager_config.yaml";

/** True if the queue of a cluster's file has a weight. */
export function hasWeight(config: ClusterConfig): boolean {
  return selectQueueShare(config).share?.weight !== undefined;
}

/** Kueue's default strategies, which the configuration must name: the field has no other one. */
const fairSharing = { preemptionStrategies: ["LessThanOrEqualToFinalShare", "LessThanInitialShare"] };

interface QueueConfigMap extends KubernetesObject {
  readonly data: Readonly<Record<string, string>>;
}

function isQueueConfig(object: KubernetesObject): object is QueueConfigMap {
  return object.kind === "ConfigMap" && object.metadata.name === queueConfigName;
}

/** Adds fair sharing to the configuration of Kueue's manager and keeps the rest, with its comments. */
export function addFairSharing(configuration: string): string {
  const document = parseDocument(configuration);
  document.set("fairSharing", fairSharing);
  return document.toString();
}

/** True if a configuration of Kueue's manager has fair sharing; `v1beta1` has a switch in it. */
export function hasFairSharing(configuration: string): boolean {
  const parsed = parse(configuration) as { fairSharing?: { enable?: boolean } | null } | null;
  const settings = parsed?.fairSharing;
  return settings !== undefined && settings !== null && settings.enable !== false;
}

interface PodOwner extends KubernetesObject {
  readonly spec: { readonly template: { readonly metadata?: { readonly annotations?: object } } };
}

/** The manager reads its configuration when it starts: an annotation of its pods restarts it after a change. */
function annotateConfiguration(owner: PodOwner, hash: string): PodOwner {
  const { template } = owner.spec;
  const annotations = { ...template.metadata?.annotations, "mixcpt.io/configuration": hash };
  const metadata = { ...template.metadata, annotations };
  return { ...owner, spec: { ...owner.spec, template: { ...template, metadata } } };
}

/** Switches fair sharing on in the manifests of Kueue, and lets its manager start again with it. */
export function enableFairSharing(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const changed = objects.map((object): KubernetesObject => {
    if (!isQueueConfig(object)) return object;
    const configuration = addFairSharing(object.data[queueConfigKey] ?? "");
    return { ...object, data: { ...object.data, [queueConfigKey]: configuration } } as QueueConfigMap;
  });
  const data = changed.filter(isQueueConfig).map((map) => map.data);
  const hash = createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 12);
  return changed.map((object) =>
    object.kind === "Deployment" ? annotateConfiguration(object as PodOwner, hash) : object,
  );
}
