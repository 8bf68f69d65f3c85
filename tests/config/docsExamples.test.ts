/** What the pages show of a stack's file can be pasted as shown: the keys stand below `config`, where Pulumi reads them. */
import { globSync, readFileSync } from "node:fs";
import { parse } from "yaml";

const fenced = /^```yaml\n([\s\S]*?)^```/gm;
const indented = /(?:^ {4}.*\n)+/gm;

const examples = ["README.md", ...globSync("docs/*.md")].flatMap((page) => {
  const text = readFileSync(page, "utf8");
  const blocks = [...[...text.matchAll(fenced)].map(([, block = ""]) => block), ...[...text.matchAll(indented)].map(([block]) => block.replaceAll(/^ {4}/gm, ""))];
  return blocks.filter((block) => /^ *mixcpt(-infra)?:\w+:/m.test(block)).map((block) => [page, block] as const);
});

it("there are such examples", () => {
  expect(new Set(examples.map(([page]) => page)).size).toBeGreaterThan(3);
});

it.each(examples)("an example of %s has its keys below config:\n%s", (_, block) => {
  expect(Object.keys(parse(block) as object)).toEqual(["config"]);
});
