import { replaceControllerImage } from "./controllerImage.ts";

const published = "registry.k8s.io/kueue/kueue:v0.18.3";
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "kueue-controller-manager" },
  spec: { replicas: 1, template: { spec: { serviceAccountName: "kueue", containers: [{ name: "manager", image: published }] } } },
};

describe("A controller's image", () => {
  it("is the published one where the cluster fetches it", () => {
    expect(replaceControllerImage(deployment, undefined)).toBe(deployment);
  });

  it("is the one on the nodes where set-up brought it there, and nothing else changes", () => {
    const built = replaceControllerImage(deployment, "mixcpt.local/kueue:v0.18.3");
    expect(JSON.stringify(built).replace("mixcpt.local/kueue:v0.18.3", published)).toBe(JSON.stringify(deployment));
  });

  it("is a matter of Deployments alone", () => {
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "kueue-webhook" } };
    expect(replaceControllerImage(service, "mixcpt.local/kueue:v0.18.3")).toBe(service);
  });
});
