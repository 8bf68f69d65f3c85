/** Compares the keys that Pulumi.yaml declares and docs/stacks.md lists with the keys that the program accepts. */
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { loadStackConfig } from "../../cli/plan/loadStackConfig.ts";
import { parseStackConfig } from "../../jobs/experiment/index.ts";
import { buildCorporaSchema, buildEvaluationSchema, buildFamilySchema } from "../../jobs/config/index.ts";
import { studyMatrix } from "../../jobs/matrix/index.ts";
import { listOtherStackFiles } from "../../stacks/otherStackFiles.ts";
import { recipeRules } from "../../jobs/train/index.ts";
import { resultSettings } from "../../jobs/train/recipeSchema.ts";
import type { Recipe } from "../../jobs/train/recipeSchema.ts";
import { declaredExperimentStacks } from "../render/renderedManifests.ts";

interface DeclaredKey {
  readonly type: string;
  readonly default: unknown;
  readonly description: string;
}

const { config: declaredKeys } = load(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, DeclaredKey> };
const studyNames = {
  families: Object.keys(studyMatrix.families),
  mixtures: Object.keys(studyMatrix.mixtures),
  categories: Object.keys(studyMatrix.categories),
};

function listSchemaKeys(schema: { shape: object }) {
  return Object.keys(schema.shape).map((key) => `mixcpt:${key}`);
}

const familyKeys = listSchemaKeys(buildFamilySchema(recipeRules, studyNames));
const corporaKeys = listSchemaKeys(buildCorporaSchema(studyNames));
const evaluationKeys = listSchemaKeys(buildEvaluationSchema(studyNames));

describe("the project file", () => {
  it("declares the keys of every kind of stack, except the one without a default", () => {
    const common = familyKeys.filter((key) => corporaKeys.includes(key) && evaluationKeys.includes(key));
    expect([...Object.keys(declaredKeys), "mixcpt:tokenSecret"].sort()).toEqual(common.sort());
  });

  it.each(declaredExperimentStacks)("has the same defaults as the program: %s", (stack) => {
    const file = `Pulumi.${stack}.yaml`;
    const { config } = load(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    const defaults = Object.fromEntries(Object.entries(declaredKeys).map(([key, { default: value }]) => [key, value]));
    const stackFile = { stack, file, values: { ...defaults, ...config }, listOthers: () => listOtherStackFiles(stack) };
    expect(parseStackConfig(stackFile)).toEqual(loadStackConfig(stack));
  });

  it("declares types that match its defaults", () => {
    const wrong = Object.entries(declaredKeys).filter(([, { type, default: value }]) => typeof value !== type);
    expect(wrong).toEqual([]);
  });
});

describe("the page of stack keys", () => {
  it("lists exactly the accepted keys", () => {
    const listed = [...readFileSync("docs/stacks.md", "utf8").matchAll(/^\| `(mixcpt:[A-Za-z]+)`/gm)].map(
      ([, key]) => key,
    );
    expect(listed.sort()).toEqual([...new Set([...familyKeys, ...corporaKeys, ...evaluationKeys])].sort());
  });
});

describe("the page of the recipes", () => {
  const page = readFileSync("docs/recipes.md", "utf8").split("## Changing a recipe")[1] ?? "";
  const findSettingNames = (text = ""): string[] =>
    [...text.matchAll(/`([a-z0-9]+(?:_[a-z0-9]+)*)`/g)]
      .flatMap(([, name]) => name ?? [])
      .filter((name) => recipeRules.listSettingNames().includes(name));
  const isResultSetting = (name: string): boolean => name in resultSettings({ [name]: 1 } as unknown as Recipe);
  const readTableRow = (start: string) => findSettingNames(page.split("\n").find((line) => line.startsWith(start)));

  it.each([
    ["uniform", "| `as-published`"],
    ["miniature", "| `miniature`"],
  ] as const)(
    "lists the settings of a %s recipe that an override may change, and those that change the hash",
    (protocol, start) => {
      expect([...readTableRow("| all"), ...readTableRow(start)].sort()).toEqual(
        recipeRules.listSettingNames(protocol).filter(isResultSetting).sort(),
      );
      const operationalList = /change no hash: ([\s\S]*?)\. A run/.exec(page)?.[1];
      expect(findSettingNames(operationalList).sort()).toEqual(
        recipeRules
          .listSettingNames(protocol)
          .filter((name) => !isResultSetting(name))
          .sort(),
      );
    },
  );
});
