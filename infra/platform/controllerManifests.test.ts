import { enableProgressReports, limitWebhookNamespaces, replaceControllerImage } from "./controllerManifests.ts";

const configuration = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingWebhookConfiguration",
  metadata: { name: "kueue" },
  webhooks: [
    { name: "mpod.kb.io", rules: [{ apiGroups: [""] }], namespaceSelector: { matchExpressions: [] } },
    { name: "mclusterqueue.kb.io", rules: [{ apiGroups: ["kueue.x-k8s.io"] }] },
  ],
};

describe("Kueue's webhooks", () => {
  it("see only the namespaces whose work is queued", () => {
    const { webhooks } = limitWebhookNamespaces(configuration, { queued: "true" }) as typeof configuration;
    expect(webhooks[0]?.namespaceSelector).toEqual({ matchLabels: { queued: "true" } });
  });

  it("check Kueue's own kinds in every namespace", () => {
    const { webhooks } = limitWebhookNamespaces(configuration, { queued: "true" }) as typeof configuration;
    expect(webhooks[1]).toEqual(configuration.webhooks[1]);
  });

  it("are the only objects that change", () => {
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "kueue" } };
    expect(limitWebhookNamespaces(deployment, { queued: "true" })).toBe(deployment);
  });
});

const published = "registry.k8s.io/kueue/kueue:v0.18.3";
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "kueue-controller-manager" },
  spec: {
    replicas: 1,
    template: { spec: { serviceAccountName: "kueue", containers: [{ name: "manager", image: published }] } },
  },
};

describe("the image of a controller", () => {
  it("stays the published one if the cluster fetches it", () => {
    expect(replaceControllerImage(deployment, undefined)).toBe(deployment);
  });

  it("is the only field that changes if setup sends an image to the nodes", () => {
    const built = replaceControllerImage(deployment, "mixcpt.local/kueue:v0.18.3");
    expect(JSON.stringify(built).replace("mixcpt.local/kueue:v0.18.3", published)).toBe(JSON.stringify(deployment));
  });

  it("is replaced only in Deployments", () => {
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "kueue-webhook" } };
    expect(replaceControllerImage(service, "mixcpt.local/kueue:v0.18.3")).toBe(service);
  });
});

describe("progress in the status of TrainJobs", () => {
  it("needs a feature gate of Kubeflow Trainer, beside the other arguments", () => {
    const enabled = enableProgressReports(deployment);
    expect(JSON.stringify(enabled)).toContain('"args":["--feature-gates=TrainJobStatus=true"]');
  });

  it("is shown by kubectl between the state and the age", () => {
    const columns = [
      { jsonPath: ".status.conditions[-1:].type", name: "State", type: "string" },
      { jsonPath: ".metadata.creationTimestamp", name: "Age", type: "date" },
    ];
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "trainjobs.trainer.kubeflow.org" },
      spec: { versions: [{ name: "v1alpha1", additionalPrinterColumns: columns }] },
    };
    const names = [...JSON.stringify(enableProgressReports(definition)).matchAll(/"name":"([A-Z][^"]*)"/g)];
    expect(names.map(([, name]) => name)).toEqual(["State", "Progress", "Seconds left", "Age"]);
  });

  it("changes no other object", () => {
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "kubeflow-trainer-controller-manager" } };
    expect(enableProgressReports(service)).toBe(service);
  });
});
