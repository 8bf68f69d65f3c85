import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { ControllerName } from "../../workspace/toolchain.ts";
import { parsePinnedVersion, readPinnedVersion } from "../setup/goPrograms.ts";

/** The oldest versions that infra/platform/platformRequirements.ts accepts and tests can build. */
export const oldestControllers: Readonly<Record<ControllerName, string>> = {
  kueue: "v0.15.0",
  // v0.9 is accepted, too, but had no entry in the checksum database that was asked
  jobset: "v0.10.1",
  trainer: "v2.2.0",
};

/** Folders with go.mod and go.sum of other versions of Kubernetes: the oldest accepted, and the minor after the pin. */
export const kubernetesModules = {
  oldest: resolve(checkoutDirectory, "tests/versions/oldestKubernetes"),
  next: resolve(checkoutDirectory, "tests/racks/nextKubernetes"),
} as const;

export type KubernetesChoice = keyof typeof kubernetesModules | "pinned";

/** The oldest first. */
export const kubernetesChoices: readonly KubernetesChoice[] = ["oldest", "pinned", "next"];

/** What a cluster brings, of which the tests of versions make one. */
export interface VersionColumn {
  /** How MIXCPT_TEST_COLUMNS names it. */
  readonly name: string;
  readonly kubernetes: KubernetesChoice;
  readonly controllers: "oldest" | "pinned";
}

/** The pinned Kubernetes with the pinned controllers is that of all other tests. */
export const versionColumns: readonly VersionColumn[] = [
  { name: "oldest", kubernetes: "oldest", controllers: "oldest" },
  { name: "oldest-kubernetes", kubernetes: "oldest", controllers: "pinned" },
  { name: "oldest-controllers", kubernetes: "pinned", controllers: "oldest" },
  { name: "next-kubernetes", kubernetes: "next", controllers: "pinned" },
];

/**
 * Selects columns by their names, with commas between them; all if none is named.
 * @throws Error with every name that no column has
 */
export function selectColumns(names: string | undefined): readonly VersionColumn[] {
  const wanted = (names ?? "").split(",").flatMap((name) => name.trim() || []);
  const unknown = wanted.filter((name) => !versionColumns.some((column) => column.name === name));
  if (unknown.length > 0)
    throw new Error(
      `test: MIXCPT_TEST_COLUMNS = ${JSON.stringify(names)}: no column is called ${unknown.join(", ")}; ` +
        `the columns are: ${versionColumns.map(({ name }) => name).join(", ")}`,
    );
  return wanted.length === 0 ? versionColumns : versionColumns.filter(({ name }) => wanted.includes(name));
}

export function readKubernetesVersion(choice: KubernetesChoice): string {
  if (choice === "pinned") return readPinnedVersion("kubernetes");
  return parsePinnedVersion(readFileSync(resolve(kubernetesModules[choice], "go.mod"), "utf8"), "kubernetes");
}

export function selectControllerVersion({ controllers }: VersionColumn, name: ControllerName): string {
  return controllers === "oldest" ? oldestControllers[name] : readPinnedVersion(name);
}

/** Such as `Kubernetes v1.32.13 with kueue v0.15.0, jobset v0.10.1, trainer v2.2.0`. */
export function formatColumn(column: VersionColumn): string {
  const names = Object.keys(oldestControllers) as ControllerName[];
  const controllers = names.map((name) => `${name} ${selectControllerVersion(column, name)}`);
  return `Kubernetes ${readKubernetesVersion(column.kubernetes)} with ${controllers.join(", ")}`;
}
