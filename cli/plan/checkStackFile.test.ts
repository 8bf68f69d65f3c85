/** The checks of `up` and `preview` before the engine starts. Tests of the engine itself use a real one. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectories } from "../engine/stackDeclarations.ts";
import { checkStackFile } from "./checkStackFile.ts";

const family = `config:
  mixcpt:family: viking
  mixcpt:protocol: uniform
  mixcpt:hardware: { gpu: MI250X, devicesPerNode: 8 }
  mixcpt:axes: { data: [Mono], categories: [Stag] }
  mixcpt:cluster: lumi
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mixcpt-up-"));
  jest.replaceProperty(projectDirectories, "mixcpt", folder);
  writeFileSync(join(folder, "Pulumi.viking.yaml"), family);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function collectPrintedLines(stack: string): string[] {
  const lines: string[] = [];
  checkStackFile(stack, (line) => lines.push(line));
  return lines;
}

describe("checkStackFile", () => {
  it("warns about cells whose corpora no stack builds, and continues", () => {
    expect(collectPrintedLines("viking")).toEqual([
      "  ! error corpus-not-made (V7-Mono-Stag): no stack makes the corpora that these cells would wait for: " +
        "no stack of kind corpora has mixcpt:cluster lumi; add one or change mixcpt:cluster",
    ]);
  });

  it("prints nothing if a stack builds them", () => {
    writeFileSync(join(folder, "Pulumi.corpora.yaml"), "config: { 'mixcpt:kind': corpora, 'mixcpt:cluster': lumi }\n");
    expect(collectPrintedLines("viking")).toEqual([]);
  });

  describe("with a tracker", () => {
    const corpora = "config: { 'mixcpt:kind': corpora, 'mixcpt:cluster': lumi }\n";
    const tracker = '  mixcpt:tracker: { mlflow: { address: "http://mlflow.tools:5000/lab" } }\n';

    function collectTrackerLines(networkPolicy: string): string[] {
      writeFileSync(join(folder, "Pulumi.corpora.yaml"), corpora);
      writeFileSync(join(folder, "Pulumi.viking.yaml"), family + tracker);
      jest.replaceProperty(projectDirectories, "mixcpt-infra", folder);
      writeFileSync(
        join(folder, "Pulumi.lumi.yaml"),
        `config:\n  mixcpt-infra:cluster: ${clusterFile(networkPolicy)}\n`,
      );
      return collectPrintedLines("viking");
    }

    const clusterFile = (networkPolicy: string) =>
      "{ kind: existing, kubeconfigFile: /kubeconfig, nodes: 1, devices: { gpu: MI250X, devicesPerNode: 8 }, " +
      `store: { kind: path, path: /store }, networkPolicy: ${networkPolicy} }`;

    it("warns if the cluster's network policies keep trainings from it", () => {
      expect(collectTrackerLines("{ training: ['http://mlflow.tools:5001'] }")).toEqual([
        expect.stringMatching(/keep trainings from http:\/\/mlflow\.tools:5000\/lab; add networkPolicy: \{ training:/),
      ]);
    });

    it("prints nothing if they let trainings reach it, or if there are none", () => {
      expect(collectTrackerLines("{ training: ['http://mlflow.tools:5000'] }")).toEqual([]);
      expect(collectTrackerLines("{ enabled: false }")).toEqual([]);
    });
  });
});
