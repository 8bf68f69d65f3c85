import { posix } from "node:path";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { PodSettings } from "../kube/podSettings.ts";
import type { OwnFolders } from "../kube/storeMounts.ts";
import { listCacheFolders } from "../kube/storeMounts.ts";

/**
 * Selects the folders that an evaluation writes: that of all scores of its model, since the logs of failed attempts are
 * kept beside the scores, and those of the caches.
 */
export function selectScoreFolders(
  [scores, settings]: readonly [scores: string, settings?: PodSettings | undefined],
  { store, images }: Pick<ClusterOutputs, "store" | "images">,
): OwnFolders {
  return { folders: [posix.dirname(scores), ...listCacheFolders(settings, store)], image: images.store };
}
