/**
 * The stack file examples in the documentation can be pasted as shown: the keys are below `config`, where Pulumi reads
 * them.
 */
import { globSync, readFileSync } from "node:fs";
import { load } from "js-yaml";

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
