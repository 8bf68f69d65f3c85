/**
 * The stack file examples in the documentation can be pasted as shown: the keys are below `config`, where Pulumi reads
 * them.
 */
import { globSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { ConfigError } from "../../validation/problems.ts";

/** A fenced block, which may be indented in a list. */
const fencedBlock = /^ *```(\w*)\n([\s\S]*?)^ *```$/gm;
const indentedBlock = /(?:^ {4}.*\n)+/gm;

function extractBlocks(text: string): string[] {
  return [
    ...[...text.matchAll(fencedBlock)].flatMap(([, language, block = ""]) => (language === "yaml" ? block : [])),
    ...(text.replaceAll(fencedBlock, "").match(indentedBlock) ?? []),
  ];
}

const examples = ["README.md", ...globSync("docs/*.md")].flatMap((page) =>
  extractBlocks(readFileSync(page, "utf8"))
    .filter((block) => /^ *mixcpt(-infra)?:\w+:/m.test(block))
    .map((block) => [page, block] as const),
);

it("the documentation has stack file examples", () => {
  expect(new Set(examples.map(([page]) => page)).size).toBeGreaterThan(3);
});

it.each(examples)("an example of %s has its keys below config:\n%s", (_, block) => {
  expect(Object.keys(load(block) as object)).toEqual(["config"]);
});

const clusterKey = "mixcpt-infra:cluster";

function listUnknownKeys(cluster: unknown): string[] {
  try {
    parseClusterConfig(cluster, "the example");
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.filter(({ rule }) => rule === "unknown-key").map(({ path }) => path);
  }
}

const clusterExamples = examples.flatMap(([page, block]) => {
  const { config } = load(block) as { config: Readonly<Record<string, unknown>> };
  return clusterKey in config ? [[page, block, config[clusterKey]] as const] : [];
});

it("the documentation has examples of cluster files", () => {
  expect(new Set(clusterExamples.map(([page]) => page)).size).toBeGreaterThan(3);
});

// An example may be a part of a file, so that only its keys can be wrong.
it.each(clusterExamples)("an example of %s has only keys that a cluster's file has:\n%s", (_page, _block, cluster) => {
  const written = cluster as Readonly<Record<string, unknown>>;
  expect(listUnknownKeys({ kind: "existing", ...written })).toEqual([]);
});
