/** What Pulumi.yaml declares and docs/stacks.md lists, beside what the program accepts. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { readAnyStackFile } from "../../cli/plan/stackFile.ts";
import { anyStackConfig } from "../../jobs/experiment.ts";
import { corporaSchema, familySchema } from "../../jobs/matrix/configSchema.ts";
import { study } from "../../jobs/matrix/index.ts";
import { recipeRules } from "../../jobs/train/index.ts";
import { decisive } from "../../jobs/train/recipe.ts";
import type { Recipe } from "../../jobs/train/recipe.ts";
import { stacks } from "../render/documents.ts";

interface Declared {
  type: string;
  default: unknown;
  description: string;
}

const { config: declared } = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, Declared> };
const names = { families: Object.keys(study.families), mixtures: Object.keys(study.mixtures), categories: Object.keys(study.categories) };
const keysOf = (schema: { shape: object }) => Object.keys(schema.shape).map((key) => `mixcpt:${key}`);
const ofFamilies = keysOf(familySchema(recipeRules.keys, names));
const ofCorpora = keysOf(corporaSchema(names));

describe("the project's file", () => {
  it("declares the keys that every kind of stack has, but for the one without a default", () => {
    const common = ofFamilies.filter((key) => ofCorpora.includes(key));
    expect([...Object.keys(declared), "mixcpt:tokenSecret"].sort()).toEqual(common.sort());
  });

  it.each(stacks)("gives defaults that change nothing: %s", (stack) => {
    const file = `Pulumi.${stack}.yaml`;
    const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    const defaults = Object.fromEntries(Object.entries(declared).map(([key, { default: value }]) => [key, value]));
    expect(anyStackConfig({ stack, file, values: { ...defaults, ...config } })).toEqual(readAnyStackFile(stack));
  });

  it("declares types that its defaults have", () => {
    const wrong = Object.entries(declared).filter(([, { type, default: value }]) => typeof value !== type);
    expect(wrong).toEqual([]);
  });
});

describe("the page of a stack's keys", () => {
  it("lists every key once, and no other", () => {
    const listed = [...readFileSync("docs/stacks.md", "utf8").matchAll(/^\| `(mixcpt:[A-Za-z]+)`/gm)].map(([, key]) => key);
    expect(listed.sort()).toEqual([...new Set([...ofFamilies, ...ofCorpora])].sort());
  });
});

describe("the page of the recipes", () => {
  const page = readFileSync("docs/recipes.md", "utf8").split("## Changing a recipe")[1] ?? "";
  const namesIn = (text = ""): string[] => [...text.matchAll(/`([a-z0-9]+(?:_[a-z0-9]+)*)`/g)].flatMap(([, name]) => name ?? []).filter((name) => recipeRules.names().includes(name));
  const decides = (name: string): boolean => name in decisive({ [name]: 1 } as unknown as Recipe);
  const row = (start: string) => namesIn(page.split("\n").find((line) => line.startsWith(start)));

  it.each([["uniform", "| `as-published`"], ["miniature", "| `miniature`"]] as const)("lists what an override may change of a recipe that is %s, and what of it makes another run", (protocol, start) => {
    expect([...row("| all"), ...row(start)].sort()).toEqual(recipeRules.names(protocol).filter(decides).sort());
    const carrying = /change no hash: ([\s\S]*?)\. A run/.exec(page)?.[1];
    expect(namesIn(carrying).sort()).toEqual(recipeRules.names(protocol).filter((name) => !decides(name)).sort());
  });
});
