import * as k8s from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";

export const manyConfigMapsCount = 40;

/** Builds a program of many small objects. The second half of them waits for `isWanted`. */
export function buildConfigMapProgram(kubeconfig: string, isWanted: Promise<unknown> = Promise.resolve()): PulumiFn {
  return async () => {
    const provider = new k8s.Provider("cluster", { kubeconfig });
    for (let index = 0; index < manyConfigMapsCount; index += 1) {
      const name = `killed-${index}`;
      const value = index < manyConfigMapsCount / 2 ? name : isWanted.then(() => name);
      new k8s.core.v1.ConfigMap(
        name,
        { metadata: { name, namespace: "default" }, data: { name: value } },
        { provider },
      );
    }
  };
}
