import type { NetworkPolicyConfig } from "./networkPolicyConfig.ts";
import { buildNetworkPolicies } from "./networkPolicies.ts";

function buildPolicies(networkPolicy?: NetworkPolicyConfig, dataEnv?: Record<string, string>) {
  const manifests = buildNetworkPolicies({ namespace: "mixcpt", networkPolicy, dataEnv });
  return new Map(manifests.map(({ metadata, spec }) => [metadata.name.replace("mixcpt-", ""), spec] as const));
}

/** The ports and ranges that a policy opens; no range is any address. */
function listOpenings(policy: string, ...input: Parameters<typeof buildPolicies>) {
  return buildPolicies(...input)
    .get(policy)
    ?.egress?.map(
      ({ to, ports }) => [ports?.map(({ port }) => port), to?.map(({ ipBlock }) => ipBlock?.cidr)] as const,
    );
}

describe("the network policies of a cluster", () => {
  it("deny every pod of the namespace all but DNS, unless a policy selects it", () => {
    const policies = buildPolicies();
    expect(policies.get("deny-all")).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    const forAll = [...policies].filter(([, { podSelector }]) => Object.keys(podSelector).length === 0);
    expect(forAll.map(([name]) => name)).toEqual(["deny-all", "dns"]);
  });

  it("let only trainings and the pods of preflight be reached, each by their own kind", () => {
    const reached = [...buildPolicies()].filter(([, { ingress }]) => ingress !== undefined);
    expect(reached.map(([name]) => name)).toEqual(["training", "preflight"]);
    for (const [, { podSelector, ingress }] of reached) expect(ingress).toEqual([{ from: [{ podSelector }] }]);
  });

  it("open nothing to evaluations and to pods that wait in them", () => {
    const selectors = [...buildPolicies().values()].map(({ podSelector }) => podSelector.matchLabels ?? {});
    const forEvaluation = selectors.filter((labels) => labels["mixcpt.io/step"] === "evaluate");
    expect(forEvaluation).toEqual([
      { "mixcpt.io/step": "evaluate", "jobset.sigs.k8s.io/replicatedjob-name": "publish" },
    ]);
  });

  it("open the public addresses to data jobs, and not those of the site and the cluster", () => {
    const [ipv4] = buildPolicies().get("hub")?.egress?.[0]?.to ?? [];
    expect(ipv4?.ipBlock?.except).toEqual(expect.arrayContaining(["10.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16"]));
    expect(listOpenings("hub")).toEqual([[[443], ["0.0.0.0/0", "::/0"]]]);
  });

  it("follow the mirror of the hub and the proxies that data jobs have", () => {
    expect(listOpenings("hub", {}, { HF_ENDPOINT: "http://mirror.example:8081" })).toEqual([
      [[443], ["0.0.0.0/0", "::/0"]],
      [[8081], undefined],
    ]);
    const proxies = { https_proxy: "10.0.0.3:3128", HTTP_PROXY: "http://proxy.example" };
    expect(listOpenings("hub-export", {}, { ...proxies, HF_ENDPOINT: "https://10.0.0.4" })).toEqual([
      [[3128], ["10.0.0.3/32"]],
      [[80], undefined],
      [[443], ["10.0.0.4/32"]],
    ]);
  });

  it("open the addresses of the file to one kind of work", () => {
    expect(listOpenings("further-training", { training: ["https://mlflow.example", "http://[fd00::7]:5000"] })).toEqual(
      [
        [[443], undefined],
        [[5000], ["fd00::7/128"]],
      ],
    );
    expect(buildPolicies({ training: ["https://mlflow.example"] }).has("further-evaluation")).toBe(false);
  });

  it("do not exist if the file switches them off", () => {
    expect(buildPolicies({ enabled: false }).size).toBe(0);
  });
});
