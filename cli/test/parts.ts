import { resolve } from "node:path";
import { checkout } from "../../infra/environment.ts";
import { setUp } from "../setup/setup.ts";
import type { Counts } from "./counts.ts";
import { pythonTests } from "./pythonTests.ts";
import { jestProject, plain } from "./runners.ts";

/** One part of the tests; each needs only what the parts before it made. */
export interface Part {
  name: string;
  says: string;
  run: () => Promise<Counts>;
}

const bin = (name: string): string => resolve(checkout, "node_modules/.bin", name);
const folders = ["cli", "infra", "jobs", "stacks", "tools/plugins"];
const shellScripts = ["mixcpt", ".ci/run", "images/build", "infra/local-hosts/*.sh", "infra/cluster/scripts/*.sh"];

async function builtAll(): Promise<Counts> {
  await setUp("all");
  return { passed: 1, failed: 0, skipped: 0 };
}

/** Quick parts first: a typing error is told in seconds, not after the toolchain was built. */
export const parts: readonly Part[] = [
  { name: "types", says: "tsc", run: () => plain(bin("tsc"), ["--noEmit"]) },
  { name: "lint", says: "eslint", run: () => plain(bin("eslint"), ["."]) },
  { name: "imports", says: "who may import whom", run: () => plain(bin("depcruise"), ["--config", ".dependency-cruiser.cjs", ...folders]) },
  { name: "shell", says: "shellcheck", run: () => plain("bash", ["-c", `shellcheck ${shellScripts.join(" ")}`]) },
  { name: "unit", says: "pure parts, configuration, rendered manifests, Pulumi mocks", run: () => jestProject("unit") },
  { name: "pages", says: "the report in a browser: WCAG, phone, paper; skipped where there is none", run: () => jestProject("pages") },
  { name: "python", says: "the images' packages", run: pythonTests },
  { name: "set-up", says: "toolchain and images", run: builtAll },
  { name: "engine", says: "the real Pulumi engine against a real API server", run: () => jestProject("engine") },
  { name: "cluster", says: "two cells on two real hosts", run: () => jestProject("cluster") },
];
