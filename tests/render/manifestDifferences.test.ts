import { load } from "js-yaml";
import { buildGoldenFiles, flattenFile, selectComparable } from "./goldenFiles.ts";
import type { FileDifferences } from "./goldenFiles.ts";
import { applyDifferences, compareManifests, flattenManifests } from "./manifestDifferences.ts";
import { declaredExperimentStacks, getRenderedFiles } from "./renderedManifests.ts";

const goldenFiles = buildGoldenFiles();

function getRenderedText(path: string): string {
  const [stack = "", name = ""] = path.split("/");
  return getRenderedFiles(stack).get(name) ?? "";
}

describe("the committed manifests", () => {
  it.each(declaredExperimentStacks)(
    "hold every value of every file of the stack %s, in full or as a difference",
    (stack) => {
      const differences = load(goldenFiles.get(`${stack}/differences.yaml`) ?? "{}") as Record<string, FileDifferences>;
      const restored = [...getRenderedFiles(stack)].map(([name, text]) => {
        const difference = differences[name];
        if (difference === undefined)
          return [name, flattenFile(goldenFiles.get(`${stack}/${name}`) ?? ""), flattenFile(text)] as const;
        const reference = selectComparable(flattenFile(getRenderedText(difference.reference)), name);
        return [name, applyDifferences(reference, difference), flattenFile(text)] as const;
      });
      expect(restored.length).toBeGreaterThan(0);
      for (const [name, actual, expected] of restored)
        expect([name, Object.fromEntries(actual)]).toEqual([name, Object.fromEntries(expected)]);
    },
  );

  it("compare with files that are committed in full", () => {
    const references = [...goldenFiles].flatMap(([path, text]) =>
      path.endsWith("/differences.yaml")
        ? Object.values(load(text) as Record<string, FileDifferences>).map(({ reference }) => reference)
        : [],
    );
    expect([...new Set(references)].filter((path) => !goldenFiles.has(path))).toEqual([]);
  });
});

function buildJob(name: string, spec: object) {
  return [{ kind: "Job", metadata: { name, labels: { "mixcpt.io/step": "data" } }, spec }];
}

describe("the differences of two manifests", () => {
  const reference = flattenManifests(
    buildJob("corpus-a-1", {
      image: "image:1",
      args: ["/store/corpus-a-1"],
      env: [{ name: "SPEC", value: "seed: 1\npath: /store/corpus-a-1\n" }],
    }),
  );

  it("are only names where the manifests are alike but for names", () => {
    const other = flattenManifests(
      buildJob("corpus-b-2", {
        image: "image:1",
        args: ["/store/corpus-b-2"],
        env: [{ name: "SPEC", value: "seed: 1\npath: /store/corpus-b-2\n" }],
      }),
    );
    expect(compareManifests(reference, other)).toEqual({
      names: { "corpus-a-1": "corpus-b-2" },
      changed: {},
      added: {},
      removed: [],
    });
  });

  it("list a name that does not follow the others", () => {
    const other = flattenManifests(
      buildJob("corpus-b-2", {
        image: "image:1",
        args: ["/store/corpus-a-1"],
        env: [{ name: "SPEC", value: "seed: 1\npath: /store/corpus-b-2\n" }],
      }),
    );
    expect(compareManifests(reference, other).changed).toEqual({ "data Job.spec.args": ["/store/corpus-a-1"] });
  });

  it("reach into a spec that is YAML, and list what is new and what is gone", () => {
    const other = flattenManifests(
      buildJob("corpus-a-1", {
        image: "image:1",
        env: [{ name: "SPEC", value: "seed: 2\npath: /store/corpus-a-1\nlimit: null\n" }],
      }),
    );
    expect(compareManifests(reference, other)).toEqual({
      names: {},
      changed: { "data Job.spec.env[SPEC].value:.seed": 2 },
      added: { "data Job.spec.env[SPEC].value:.limit": null },
      removed: ["data Job.spec.args"],
    });
  });
});
