/** Checks docs/running-the-study.md against the code: its files are accepted, its commands and inputs are complete. */
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { parseStackConfig, buildExperiment } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { categories } from "../../jobs/matrix/index.ts";

type Values = Record<string, Record<string, unknown>>;

const page = readFileSync("docs/running-the-study.md", "utf8");

function fillPlaceholders(block: string): string {
  return block.replaceAll("<64 digits>", "a".repeat(64)).replaceAll("<40 digits>", "5".repeat(40));
}

const [cluster = {}, stack = {}] = [...page.matchAll(/^ *```yaml\n([\s\S]*?)```/gm)].map(
  ([, block = ""]) => (load(fillPlaceholders(block)) as { config: Values }).config,
);

it("its cluster is valid and has the name that the study's stacks use", () => {
  expect(page).toContain("`infra/Pulumi.lumi.yaml`");
  expect(parseClusterConfig(cluster["mixcpt-infra:cluster"], "infra/Pulumi.lumi.yaml")).toMatchObject({
    kind: "existing",
    controllers: "published",
  });
});

it.each(["corpora", "llama-3.1"])("its commits complete the stack: %s", (name) => {
  const file = `Pulumi.${name}.yaml`;
  const { config } = load(readFileSync(file, "utf8")) as { config: Values };
  expect(config).toMatchObject({ "mixcpt:cluster": "lumi", "mixcpt:tokenSecret": "hugging-face" });
  const values = { ...config, "mixcpt:revisions": { ...config["mixcpt:revisions"], ...stack["mixcpt:revisions"] } };
  expect(() => buildExperiment(parseStackConfig({ stack: name, file, values }), gpuCluster)).not.toThrow();
});

it("lists every pair of files that the study's corpora read", () => {
  const pairs = Object.values(categories).flatMap(({ words }) =>
    words.bilingual.map(({ languages }) => languages.map((code) => code.slice(0, 3)).join("-")),
  );
  expect([...page.matchAll(/`([a-z]{3}-[a-z]{3})`/g)].map(([, pair]) => pair)).toEqual(pairs);
});

it("uses only existing commands", () => {
  const existing = [...readFileSync("cli/index.ts", "utf8").matchAll(/^ {2}(\w+): \[/gm)].map(([, name]) => name);
  const mentioned = [...page.matchAll(/\.\/mixcpt (\w+)/g)].map(([, name]) => name);
  expect(mentioned.length).toBeGreaterThan(10);
  expect(mentioned.filter((name) => !existing.includes(name))).toEqual([]);
});
