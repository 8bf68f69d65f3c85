/** Compares the tables of GPUs, of presets and of versions in the pages about clusters with the code. */
import { readFileSync } from "node:fs";
import { controllerRequirements, minimumKubernetes } from "../../infra/platform/platformRequirements.ts";
import { readPinnedVersion } from "../../cli/setup/goPrograms.ts";
import { kubernetesChoices, oldestControllers, readKubernetesVersion } from "../../cli/test/testedVersions.ts";
import { trainingPresetNames, trainingPresets } from "../../infra/trainingPresets.ts";
import type { Gpu } from "../../jobs/hardware/gpuCatalog.ts";
import { gpus } from "../../jobs/hardware/gpuCatalog.ts";

// Only versions are read here, and Jest cannot load it.
jest.mock("execa", () => ({}));

const pages = ["docs/gpu-nodes.md", "docs/shared-clusters.md"].map((file) => readFileSync(file, "utf8")).join("\n");

/** Reads the rows of a table by its first heading, without the headings. */
function readTable(heading: string): string[][] {
  const [, rows = ""] = new RegExp(`^\\| ${heading} \\|.*\\n\\|[-|]+\\|\\n((?:\\|.*\\n)+)`, "m").exec(pages) ?? [];
  return rows
    .trim()
    .split("\n")
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((field) => field.trim()),
    );
}

function buildGpuRow({ model, deviceIds, devicesPerCard, memoryGB, memoryTBs, bf16Tflops, partitions }: Gpu) {
  const modes = Object.entries(partitions).map(([mode, parts]) => `\`${mode}\` ${String(parts)}`);
  const figures = [
    `${String(memoryGB)} GB`,
    `${String(memoryTBs)} TB/s`,
    `${bf16Tflops.toLocaleString("en-US")} TFLOPS`,
  ];
  return [`\`${model}\``, deviceIds.join(", "), String(devicesPerCard), ...figures, modes.join(", ")];
}

/** Replaces "as MODEL" by the modes of that model, and leaves out the kinds of functions behind the ids. */
function normalizeGpuRow([model = "", ids = "", ...others]: string[], table: readonly string[][]): string[] {
  const [, sameAs] = /^as (\w+)$/.exec(others.at(-1) ?? "") ?? [];
  const modes = sameAs === undefined ? others.at(-1) : table.find(([name]) => name === `\`${sameAs}\``)?.at(-1);
  return [model, ids.replaceAll(/ \([^)]*\)/g, ""), ...others.slice(0, -1), modes ?? ""];
}

/** Reads names such as `FI_CXI_RDZV_PROTO`, `…_THRESHOLD`: the dots stand for the beginning of the first name. */
function readVariableNames(field: string): string[] {
  const names = [...field.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
  const [first = ""] = names;
  return names.map((name) => name.replace(/^…/, first.replace(/_[^_]*$/, "")));
}

/** Lists the variables of a preset in the table, whose rows may have several with as many values. */
function readPreset(column: number): [string, string][] {
  return readTable("variable").flatMap((row) => {
    const names = readVariableNames(row[0] ?? "");
    const field = row[column] ?? "";
    const values = names.length === 1 ? [field] : field.split(", ");
    return field === "" ? [] : names.map((name, index): [string, string] => [name, values[index] ?? ""]);
  });
}

describe("the pages about clusters", () => {
  it("has the figures, the ids and the modes of every GPU", () => {
    const table = readTable("`gpu`");
    expect(table.map((row) => normalizeGpuRow(row, table))).toEqual(Object.values(gpus).map(buildGpuRow));
  });

  it.each(trainingPresetNames.map((name, index) => [name, index + 1] as const))(
    "has all variables of the preset %s",
    (name, column) => {
      expect(Object.fromEntries(readPreset(column))).toEqual(trainingPresets[name]);
    },
  );

  it("has the oldest accepted version of each program, and those that the tests run with", () => {
    const names = { Kueue: "kueue", JobSet: "jobset", "Kubeflow Trainer": "trainer" } as const;
    const controllers = controllerRequirements.map(({ title, minimum }) => {
      const name = names[title as keyof typeof names];
      return [title, minimum, `${oldestControllers[name]}, ${readPinnedVersion(name)}`];
    });
    const kubernetes = ["Kubernetes", minimumKubernetes, kubernetesChoices.map(readKubernetesVersion).join(", ")];
    const rows = readTable("program").map(([program, oldest, , tested]) => [program, oldest, tested]);
    expect(rows).toEqual([kubernetes, ...controllers]);
  });
});
