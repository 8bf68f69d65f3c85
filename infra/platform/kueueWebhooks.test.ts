import { limitWebhookNamespaces } from "./kueueWebhooks.ts";

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
  it("see only the namespaces whose work is queued, so that a Kueue that is down stops nothing else", () => {
    const { webhooks } = limitWebhookNamespaces(configuration, { queued: "true" }) as typeof configuration;
    expect(webhooks[0]?.namespaceSelector).toEqual({ matchLabels: { queued: "true" } });
  });

  it("check Kueue's own kinds everywhere", () => {
    const { webhooks } = limitWebhookNamespaces(configuration, { queued: "true" }) as typeof configuration;
    expect(webhooks[1]).toEqual(configuration.webhooks[1]);
  });

  it("are all that is changed", () => {
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "kueue" } };
    expect(limitWebhookNamespaces(deployment, { queued: "true" })).toBe(deployment);
  });
});
