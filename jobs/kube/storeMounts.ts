import type { Volume, VolumeMount } from "kubernetes-types/core/v1.js";
import { cacheVariables } from "./podEnvironment.ts";
import type { PodSettings } from "./podSettings.ts";

export interface StoreVolume {
  readonly claim: string;
  readonly mount: string;
}

/** Folders of the store, of which another container makes those that are missing, as the user of the pod. */
export interface OwnFolders {
  readonly folders: readonly string[];
  /** Folders that are made as well, and mounted by an object that uses the pod as its template. */
  readonly madeFolders?: readonly string[];
  /** Image with a shell. */
  readonly image: string;
}

/** The part of the store that a pod can write to; it can read all. */
export type WritableStore = "all" | "nothing" | OwnFolders;

const volumeName = "store";

export function buildStoreVolume({ claim }: StoreVolume): Volume {
  return { name: volumeName, persistentVolumeClaim: { claimName: claim } };
}

/** Builds the mount by which a pod can write to a folder of a store that is read-only to it. */
export function buildFolderMount(folder: string, { mount }: Pick<StoreVolume, "mount">): VolumeMount {
  return { name: volumeName, mountPath: folder, subPath: folder.slice(mount.length + 1) };
}

export function listStoreMounts(store: StoreVolume, writable: WritableStore): VolumeMount[] {
  const whole = { name: volumeName, mountPath: store.mount };
  if (writable === "all") return [whole];
  const { folders } = writable === "nothing" ? { folders: [] } : writable;
  return [{ ...whole, readOnly: true }, ...folders.map((folder) => buildFolderMount(folder, store))];
}

/** Variables that name folders of compiled kernels. AITER's has no default here: it compiles into the home. */
const cacheNames = [...Object.keys(cacheVariables), "AITER_JIT_DIR"];

/**
 * Lists the folders of the store in which a cluster's file lets libraries keep what they compile. Several variables may
 * name the same one, and the API admits one mount of a path.
 */
export function listCacheFolders({ env = {} }: PodSettings = {}, { mount }: Pick<StoreVolume, "mount">): string[] {
  const folders = cacheNames.map((name) => (env[name] ?? "").replace(/\/+$/, ""));
  return [...new Set(folders.filter((folder) => folder.startsWith(`${mount}/`)))];
}

/** True if the cluster's file lets pods write to all of the store. */
export function mountsWholeStore({ user }: PodSettings = {}): boolean {
  return user?.storeMount === "whole";
}

/** Name of the container that makes the folders. */
export const foldersContainerName = "folders";

/**
 * Makes folders that are missing, also in place of a link that leads nowhere. The kubelet would make them as root. All
 * pods of a run do so at the same time: rm leaves a folder that another one has just made. On a node without the store
 * it does nothing: the step itself finds out and says so.
 */
const makeFolders = `
id=
{ read -r id <"$MIXCPT_STORE/.mixcpt-store"; } 2>/dev/null || true
[ -z "\${MIXCPT_STORE_ID:-}" ] || [ "$id" = "$MIXCPT_STORE_ID" ] || exit 0
for folder; do
  [ -e "$folder" ] || { rm -f "$folder" 2>/dev/null; mkdir -p "$folder"; } || exit 1
done
`;

/** Builds the command of the container that makes the folders. */
export function buildFoldersCommand({ folders, madeFolders = [] }: OwnFolders): string[] {
  return ["sh", "-c", makeFolders.trim(), foldersContainerName, ...folders, ...madeFolders];
}
