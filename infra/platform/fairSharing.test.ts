import { load } from "js-yaml";
import { addFairSharing, enableFairSharing, hasFairSharing } from "./fairSharing.ts";

const published = [
  "apiVersion: config.kueue.x-k8s.io/v1beta2",
  "kind: Configuration",
  "health:",
  "  healthProbeBindAddress: :8081",
  "#fairSharing:",
  "#  preemptionStrategies: [LessThanOrEqualToFinalShare, LessThanInitialShare]",
  "",
].join("\n");

const configMap = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "kueue-manager-config", namespace: "kueue-system" },
  data: { "controller_manager_config.yaml": published },
};
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "kueue-controller-manager" },
  spec: { replicas: 1, template: { metadata: { annotations: { container: "manager" }, labels: { app: "kueue" } } } },
};

describe("Kueue's fair sharing", () => {
  it("is added to its configuration, whose other fields stay", () => {
    expect(hasFairSharing(published)).toBe(false);
    const changed = addFairSharing(published);
    expect(hasFairSharing(changed)).toBe(true);
    expect(load(changed)).toMatchObject({
      health: { healthProbeBindAddress: ":8081" },
      fairSharing: { preemptionStrategies: ["LessThanOrEqualToFinalShare", "LessThanInitialShare"] },
    });
  });

  it("is off where an older configuration says so", () => {
    expect(hasFairSharing("fairSharing: { enable: false }")).toBe(false);
    expect(hasFairSharing("fairSharing: { enable: true }")).toBe(true);
    expect(hasFairSharing("")).toBe(false);
  });

  it("restarts the manager when its configuration changes, and keeps the labels that its Service selects", () => {
    const readTemplate = (configuration: string) => {
      const map = { ...configMap, data: { "controller_manager_config.yaml": configuration } };
      const [, changed] = enableFairSharing([map, deployment]);
      return (changed as typeof deployment).spec.template.metadata;
    };
    const [first, second] = [readTemplate(published), readTemplate(`${published}leaderElection: {}\n`)];
    expect(first).toMatchObject({ labels: { app: "kueue" }, annotations: { container: "manager" } });
    expect(first.annotations).not.toEqual(second.annotations);
    expect(readTemplate(published)).toEqual(first);
  });

  it("changes no other object", () => {
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "kueue-webhook-service" } };
    expect(enableFairSharing([service])).toEqual([service]);
  });
});
