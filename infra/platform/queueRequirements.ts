/** What an install needs of the configuration of a Kueue that somebody else has installed. */
import { parse } from "yaml";
import type { ExistingConfig } from "../clusterConfig.ts";
import { queueConfigName } from "./fairSharing.ts";

/** Settings of Kueue's configuration; undefined if it cannot be read or is not found. */
export interface QueueSettings {
  readonly sharesFairly?: boolean | undefined;
  /** True if Kueue holds back pods, which the queues of this project count. */
  readonly queuesPods?: boolean | undefined;
}

interface QueueUse {
  readonly config: Pick<ExistingConfig, "controllers" | "queue">;
  readonly isTenant?: boolean;
}

/** True if a configuration of Kueue's manager has the integration `pod`, which its default leaves out. */
export function hasPodIntegration(configuration: string): boolean {
  const parsed = parse(configuration) as { integrations?: { frameworks?: readonly string[] | null } | null } | null;
  return parsed?.integrations?.frameworks?.includes("pod") === true;
}

const weightAdvice =
  "set queue.weight also in the file of the install that brings Kueue and run cluster up for it, let Kueue's " +
  "administrator set fairSharing in its configuration and restart its manager, or remove queue.weight";

/** A weight needs fair sharing, which Kueue's published configuration leaves off. */
function describeFairSharing({ sharesFairly }: QueueSettings, { config }: QueueUse): string[] {
  if (config.queue?.weight === undefined || sharesFairly !== false) return [];
  return [`Kueue: queue.weight = ${String(config.queue.weight)} has no effect without fair sharing; ${weightAdvice}`];
}

/** Kueue 0.15's manifests leave the integration out, and any administrator may switch it off. */
function describePodIntegration({ queuesPods }: QueueSettings, { isTenant = false }: QueueUse): string[] {
  if (queuesPods !== false) return [];
  const advice = `add pod to integrations.frameworks in the ConfigMap ${queueConfigName} and restart Kueue's manager`;
  return [
    "Kueue: the integration pod is off, so that trainings may run past their quota; " +
      (isTenant ? `ask the cluster's administrator to ${advice}` : advice),
  ];
}

/** Lists what is wrong with the configuration of a Kueue that this stack has not installed. */
export function listQueueProblems(settings: QueueSettings, use: QueueUse): string[] {
  if (use.config.controllers !== "installed") return [];
  return [...describePodIntegration(settings, use), ...describeFairSharing(settings, use)];
}

/** Lists what cannot be seen of a Kueue that this stack has not installed, and for which it makes queues. */
export function listQueueNotes({ sharesFairly, queuesPods }: QueueSettings, { config }: QueueUse): string[] {
  if (config.controllers !== "installed") return [];
  const unread = `Kueue's configuration cannot be read (ConfigMap ${queueConfigName})`;
  return [
    ...(queuesPods === undefined
      ? [`${unread}; without its integration pod trainings may run past their quota; ./mixcpt explain says so of a pod`]
      : []),
    ...(config.queue?.weight !== undefined && sharesFairly === undefined
      ? [`${unread}; queue.weight has an effect only if it has fairSharing`]
      : []),
  ];
}
