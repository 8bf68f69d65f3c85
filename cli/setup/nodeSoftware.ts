import { copyFileSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { GoSet } from "./goPrograms.ts";
import { goStep, programsOf } from "./goPrograms.ts";
import type { Step } from "./step.ts";
import { keyOf } from "./step.ts";

/** Where each program lies on a node. */
const placed: readonly [GoSet, readonly string[], string][] = [
  ["kubernetes", ["kubelet", "kubeadm", "kubectl", "kube-proxy"], "usr/local/bin"],
  ["containerd", ["containerd", "containerd-shim-runc-v2", "ctr"], "usr/local/bin"],
  ["cni", ["bridge", "host-local", "loopback", "portmap"], "opt/cni/bin"],
];

export const nodeSoftwareStep = (): Step => ({
  title: "software of a node",
  output: `node-software/${keyOf(...placed.map(([set]) => goStep(set).output))}`,
  minutes: 1,
  make: (directory) => {
    for (const [set, programs, folder] of placed) {
      mkdirSync(resolve(directory, folder), { recursive: true });
      for (const program of programs) copyFileSync(resolve(programsOf(set), program), resolve(directory, folder, program));
    }
    return Promise.resolve();
  },
});
