import { copyFileSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { GoSetName } from "./goPrograms.ts";
import { resolveProgramsFolder, resolveSetOutput } from "./goPrograms.ts";
import type { SetupTask } from "./setupTask.ts";
import { hashCacheKey } from "./setupTask.ts";

/** Sets of programs with the programs to install and their folder on a node. */
const nodePrograms: readonly [GoSetName, readonly string[], string][] = [
  ["kubernetes", ["kubelet", "kubeadm", "kubectl", "kube-proxy"], "usr/local/bin"],
  ["etcd", ["etcdctl", "etcdutl"], "usr/local/bin"],
  ["containerd", ["containerd", "containerd-shim-runc-v2", "ctr"], "usr/local/bin"],
  ["cni", ["bridge", "host-local", "loopback", "portmap"], "opt/cni/bin"],
];

/** Defines the task that collects the programs to copy to every node. */
export function defineNodeSoftwareTask(): SetupTask {
  return {
    title: "software of a node",
    output: `node-software/${hashCacheKey(...nodePrograms.map(([set]) => resolveSetOutput(set)))}`,
    minutes: 1,
    build: (directory) => {
      for (const [set, programs, folder] of nodePrograms) {
        mkdirSync(resolve(directory, folder), { recursive: true });
        for (const program of programs)
          copyFileSync(resolve(resolveProgramsFolder(set), program), resolve(directory, folder, program));
      }
      return Promise.resolve();
    },
  };
}
