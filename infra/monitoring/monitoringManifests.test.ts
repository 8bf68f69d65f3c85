import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { platformNames } from "../../jobs/kube/platformNames.ts";
import { buildMonitoringManifests } from "./monitoringManifests.ts";
import type { MonitoringInput } from "./monitoringManifests.ts";

const input: MonitoringInput = { names: platformNames, image: "store@sha256:0", monitoring: {}, installsQueue: true };

function findManifest(kind: string, more: Partial<MonitoringInput> = {}, name?: string) {
  const found = buildMonitoringManifests({ ...input, ...more }).filter((manifest) => manifest.kind === kind);
  return found.find(({ metadata }) => name === undefined || metadata.name === name);
}

/** Lists the names of metrics that a text names. */
function listMetricNames(text: string): string[] {
  return [...new Set([...text.matchAll(/\bmixcpt_[a-z_]+/g)].map(([name]) => name))].sort();
}

describe("the monitor", () => {
  it("may only read", () => {
    const rules = ["Role", "ClusterRole"].flatMap((kind) => findManifest(kind)?.["rules"] as { verbs: string[] }[]);
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(["get", "list", "watch"]));
  });

  it("has the webhook's address only from the Secret, and may reach any address then", () => {
    const withWebhook = { monitoring: { webhookSecret: "events" } };
    const text = JSON.stringify(findManifest("Deployment", withWebhook));
    expect(text).toContain('{"name":"MIXCPT_WEBHOOK_URL","valueFrom":{"secretKeyRef":{"name":"events","key":"url"}}}');
    expect(findManifest("NetworkPolicy", withWebhook)?.["spec"]).toMatchObject({ egress: [{}] });
    expect(findManifest("NetworkPolicy")?.["spec"]).toMatchObject({
      egress: [{ ports: [{ port: 443 }, { port: 6443 }] }],
    });
  });

  it("creates objects of Prometheus Operator only if the cluster has it", () => {
    expect(findManifest("PodMonitor")).toBeUndefined();
    const monitoring = { prometheusOperator: true };
    expect(findManifest("PodMonitor", { monitoring })?.["spec"]).toMatchObject({
      podMetricsEndpoints: [{ port: "metrics" }],
    });
    expect(findManifest("PrometheusRule", { monitoring })?.["spec"]).toHaveProperty("groups");
  });

  it("gives objects of Prometheus Operator the labels by which Prometheus selects them", () => {
    const monitoring = { prometheusOperator: { labels: { release: "prometheus" } } };
    for (const kind of ["PodMonitor", "PrometheusRule", "ServiceMonitor"])
      expect(findManifest(kind, { monitoring })?.metadata).toMatchObject({
        labels: { release: "prometheus", "app.kubernetes.io/part-of": "mixcpt" },
      });
  });

  it("lets Prometheus read Kueue only if Kueue is this stack's, with an account that may do nothing else", () => {
    const monitoring = { prometheusOperator: true };
    const reader = "mixcpt-kueue-metrics";
    expect(findManifest("ClusterRoleBinding", { monitoring }, reader)).toMatchObject({
      roleRef: { name: "kueue-metrics-reader" },
      subjects: [{ name: reader, namespace: "kueue-system" }],
    });
    expect(findManifest("ServiceMonitor", { monitoring })?.["spec"]).toMatchObject({
      endpoints: [{ authorization: { credentials: { name: reader, key: "token" } } }],
    });
    for (const more of [{}, { monitoring, installsQueue: false }])
      for (const kind of ["ServiceMonitor", "Secret"]) expect(findManifest(kind, more)).toBeUndefined();
  });

  it("has cluster-wide objects of its own in each namespace", () => {
    const names = { ...platformNames, namespace: "lab" };
    expect(findManifest("ClusterRole", { names })?.metadata.name).toBe("mixcpt-lab-monitor");
  });
});

describe("the dashboard and the alerts", () => {
  const exported = listMetricNames(readFileSync("images/store/mixcpt_monitor/collector.py", "utf8"));

  it.each(["dashboard.json", "alerts.yaml", "alerts.test.yaml"])("%s names only metrics that exist", (file) => {
    const named = listMetricNames(readFileSync(`infra/monitoring/${file}`, "utf8"));
    expect(named.filter((name) => !exported.includes(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(5);
  });

  it("have a test for each alert", () => {
    const { groups } = load(readFileSync("infra/monitoring/alerts.yaml", "utf8")) as {
      groups: { rules: { alert: string }[] }[];
    };
    const tests = readFileSync("infra/monitoring/alerts.test.yaml", "utf8");
    const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
    expect(alerts.filter((alert) => !tests.includes(`alertname: ${alert}`))).toEqual([]);
  });
});
