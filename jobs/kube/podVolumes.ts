import type { Volume, VolumeMount } from "kubernetes-types/core/v1.js";
import { scratchDirectory } from "./podEnvironment.ts";
import type { PodSettings } from "./podSettings.ts";

/** Name of the volume that is /dev/shm. */
export const sharedMemoryVolume = "shm";

interface VolumeInput {
  /** Size of /dev/shm, a Kubernetes quantity. */
  readonly sharedMemory?: string;
  readonly settings?: PodSettings;
}

interface MountedVolume {
  readonly volume: Volume;
  readonly mount: VolumeMount;
}

/** Paths of the file systems through which programs reserve huge pages, by the resource that counts the pages. */
const hugePageDirectories: Readonly<Record<string, string>> = {
  "hugepages-2Mi": "/dev/hugepages",
  "hugepages-1Gi": "/dev/hugepages-1Gi",
};

function listHugePageVolumes({ resources = {} }: PodSettings = {}): MountedVolume[] {
  return Object.entries(hugePageDirectories)
    .filter(([resource]) => resource in resources)
    .map(([resource, mountPath]) => {
      const name = resource.toLowerCase();
      const medium = resource.replace("hugepages", "HugePages");
      return { volume: { name, emptyDir: { medium } }, mount: { name, mountPath } };
    });
}

/** Lists the volumes beside the store. */
export function listMountedVolumes(work: VolumeInput): MountedVolume[] {
  const tmp: MountedVolume = {
    volume: { name: "tmp", emptyDir: {} },
    mount: { name: "tmp", mountPath: scratchDirectory },
  };
  const sizeLimit = work.settings?.sharedMemory ?? work.sharedMemory;
  const mounted = [tmp, ...listHugePageVolumes(work.settings)];
  if (sizeLimit === undefined) return mounted;
  const shm: MountedVolume = {
    volume: { name: sharedMemoryVolume, emptyDir: { medium: "Memory", sizeLimit } },
    mount: { name: sharedMemoryVolume, mountPath: "/dev/shm" },
  };
  return [...mounted, shm];
}
