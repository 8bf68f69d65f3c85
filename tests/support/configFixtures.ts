import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { load } from "js-yaml";
import { buildExperiment, parseFamilyConfig, parseStackConfig } from "../../jobs/experiment/index.ts";
import { emulatedCluster, gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { catchProblems } from "./configErrors.ts";

type FixtureKind = "valid" | "invalid";

/** The path of a stack's file in tests/config, by its name. */
export function resolveFixture(kind: FixtureKind, name: string): string {
  return resolve("tests/config", kind, `${name}.yaml`);
}

export function listFixtures(kind: FixtureKind) {
  return readdirSync(resolve("tests/config", kind)).map((file) => file.replace(/\.yaml$/, ""));
}

export function readFixture(path: string) {
  const { config } = load(readFileSync(path, "utf8")) as { config: Record<string, unknown> };
  return { stack: "fixture", file: "Pulumi.fixture.yaml", values: config };
}

export function parseFixture(path: string) {
  return parseFamilyConfig(readFixture(path));
}

/** Builds miniatures on the demo cluster and hub models on the study's nodes. */
export function buildFixtureExperiment(path: string) {
  const config = parseStackConfig(readFixture(path));
  return buildExperiment(
    config,
    config.kind === "family" && config.protocol === "miniature" ? emulatedCluster : gpuCluster,
  );
}

export function listFixtureProblems(name: string) {
  return catchProblems(() => buildFixtureExperiment(resolveFixture("invalid", name)));
}

export function collectRefusals(values: Record<string, unknown>) {
  return catchProblems(() => parseStackConfig({ stack: "fixture", file: "Pulumi.fixture.yaml", values }));
}

export function formatFixtureProblems(name: string) {
  return listFixtureProblems(name).map(({ path, message }) => `${path}: ${message}`);
}
