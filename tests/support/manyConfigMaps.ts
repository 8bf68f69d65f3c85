import * as k8s from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";

export const manyConfigMapsCount = 40;

/** Builds a program of many small objects, whose `up` takes long enough to be killed halfway. */
export function buildConfigMapProgram(kubeconfig: string): PulumiFn {
  return async () => {
    const provider = new k8s.Provider("cluster", { kubeconfig });
    for (let index = 0; index < manyConfigMapsCount; index += 1) {
      const name = `killed-${index}`;
      new k8s.core.v1.ConfigMap(name, { metadata: { name, namespace: "default" }, data: { name } }, { provider });
    }
  };
}
