/**
 * The files of tests/rendered. The stack `dev` and one cell of each study stack are there in full; every other file of
 * a stack is written as its differences from one of those, in `STACK/differences.yaml`.
 */
import { loadAll } from "js-yaml";
import { isTestStack } from "../../cli/engine/stackDeclarations.ts";
import { buildAccessManifests } from "../../infra/access/accessRoles.ts";
import { formatYaml } from "../../cli/render/formatYaml.ts";
import { compareManifests, flattenManifests } from "./manifestDifferences.ts";
import type { FlatManifests, ManifestDifferences } from "./manifestDifferences.ts";
import { buildExecutionRecipes } from "./executionRecipes.ts";
import { buildExampleQueues } from "./exampleCluster.ts";
import { buildExportManifests } from "./exportExample.ts";
import { buildMonitoringExample } from "./monitoringExample.ts";
import { buildDefaultPolicies } from "./networkExample.ts";
import { buildPreflightManifests } from "./preflightExample.ts";
import {
  buildPlatformManifests,
  buildStudyRecipes,
  declaredExperimentStacks,
  getRenderedFiles,
} from "./renderedManifests.ts";
import { buildRoceManifests } from "./roceExample.ts";
import { buildTenantManifests } from "./tenantExample.ts";

/** The stack whose files are all committed in full. */
const fullStack = "dev";

type Files = ReadonlyMap<string, string>;

/** The first file of a cell or mixture: of a stack's files, that which the others are compared with. */
function findReferenceName(files: Files): string {
  const name = [...files.keys()].find((file) => !/^(shared|runtime)\.yaml$|-base\.yaml$/.test(file));
  if (name === undefined) throw new Error(`no file of a cell or mixture among ${[...files.keys()].join(", ")}`);
  return name;
}

export function flattenFile(text: string): FlatManifests {
  return flattenManifests(loadAll(text) as Parameters<typeof flattenManifests>[0]);
}

export interface FileDifferences extends ManifestDifferences {
  /** Path below tests/rendered of the file that is compared with. */
  readonly reference: string;
}

/** A base model has only an evaluation: it is compared with that of the reference cell. */
export function selectComparable(reference: FlatManifests, name: string): FlatManifests {
  return name.endsWith("-base.yaml")
    ? new Map([...reference].filter(([path]) => path.startsWith("evaluate ")))
    : reference;
}

/** The path below tests/rendered of the reference of a file; undefined where the file is committed in full. */
function findReferencePath(stack: string, name: string): string | undefined {
  const files = getRenderedFiles(stack);
  if (stack === fullStack) return undefined;
  if (getRenderedFiles(fullStack).has(name))
    return name === "shared.yaml" && !isTestStack(stack) ? undefined : `${fullStack}/${name}`;
  const reference = findReferenceName(files);
  return name === reference ? undefined : `${stack}/${reference}`;
}

function compareWithReference(path: string, name: string, text: string): FileDifferences {
  const [stack = "", file = ""] = path.split("/");
  const reference = flattenFile(getRenderedFiles(stack).get(file) ?? "");
  return { reference: path, ...compareManifests(selectComparable(reference, name), flattenFile(text)) };
}

function buildStackFiles(stack: string): [string, string][] {
  const full: [string, string][] = [];
  const differences: Record<string, FileDifferences> = {};
  for (const [name, text] of getRenderedFiles(stack)) {
    const reference = findReferencePath(stack, name);
    if (reference === undefined) full.push([`${stack}/${name}`, text]);
    else differences[name] = compareWithReference(reference, name, text);
  }
  const isFull = Object.keys(differences).length === 0;
  return isFull ? full : [...full, [`${stack}/differences.yaml`, formatYaml([differences])]];
}

/** All files of tests/rendered by their path in it. */
export function buildGoldenFiles(): Map<string, string> {
  return new Map([
    ...declaredExperimentStacks.flatMap(buildStackFiles),
    ["access.yaml", formatYaml(buildAccessManifests({ namespace: "mixcpt", access: { submit: ["lab"] } }))] as const,
    ["monitoring.yaml", formatYaml(buildMonitoringExample())] as const,
    ["network.yaml", formatYaml(buildDefaultPolicies())] as const,
    ["platform.yaml", formatYaml(buildPlatformManifests())] as const,
    ["rack.yaml", formatYaml(buildExampleQueues("rack"))] as const,
    ["roce.yaml", formatYaml([...buildExampleQueues("roce"), ...buildRoceManifests()])] as const,
    ["tenant.yaml", formatYaml(buildTenantManifests())] as const,
    ["export.yaml", formatYaml(buildExportManifests())] as const,
    ["preflight.yaml", formatYaml(buildPreflightManifests())] as const,
    ["recipes.yaml", formatYaml([{ recipes: buildStudyRecipes() }])] as const,
    ["execution-recipes.yaml", formatYaml([{ recipes: buildExecutionRecipes() }])] as const,
  ]);
}
