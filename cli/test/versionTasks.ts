import { readFileSync, renameSync } from "node:fs";
import { resolve } from "node:path";
import type { ControllerName } from "../../workspace/toolchain.ts";
import {
  buildGoEnvironment,
  downloadGoModule,
  formatLinkerFlags,
  goProgramSets,
  programsSubfolder,
} from "../setup/goPrograms.ts";
import { provideGo } from "../setup/goToolchain.ts";
import { defineManifestsTask, renderControllerManifests } from "../setup/manifestsTask.ts";
import type { SetupTask, TaskContext } from "../setup/setupTask.ts";
import { hashCacheKey } from "../setup/setupTask.ts";
import { kubernetesModules, oldestControllers, readKubernetesVersion } from "./testedVersions.ts";

/** The programs of Kubernetes that the tests start; etcd is the pinned one. */
const kubernetesPrograms = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

async function buildKubernetes(
  choice: keyof typeof kubernetesModules,
  { directory, run, reporter }: TaskContext,
): Promise<void> {
  const packages = kubernetesPrograms.map((name) => `k8s.io/kubernetes/cmd/${name}`);
  const flags = formatLinkerFlags("kubernetes", readKubernetesVersion(choice));
  const output = `${resolve(directory, programsSubfolder)}/`;
  await run(await provideGo(reporter), ["build", "-ldflags", flags, "-o", output, ...packages], {
    cwd: kubernetesModules[choice],
    env: buildGoEnvironment(),
  });
}

/**
 * Builds a controller in its module, thus with the go.mod and go.sum of its project, and renders its manifests.
 * `go install MODULE@VERSION` would ask for a list of versions, which not every proxy serves.
 */
async function buildController(name: ControllerName, context: TaskContext): Promise<void> {
  const { packages, rename = {} }: { packages: readonly string[]; rename?: Readonly<Record<string, string>> } =
    goProgramSets[name];
  const version = oldestControllers[name];
  const programs = resolve(context.directory, programsSubfolder);
  const flags = ["-ldflags", formatLinkerFlags(name), "-o", `${programs}/`];
  await context.run(await provideGo(context.reporter), ["build", ...flags, ...packages], {
    cwd: await downloadGoModule(name, context, version),
    env: buildGoEnvironment(),
  });
  for (const [from, to] of Object.entries(rename)) renameSync(resolve(programs, from), resolve(programs, to));
  await renderControllerManifests(name, context, version);
}

/** Defines the task that builds the control plane of another Kubernetes than the pinned one. */
export function defineKubernetesTask(choice: keyof typeof kubernetesModules): SetupTask {
  const version = readKubernetesVersion(choice);
  const files = ["go.mod", "go.sum"].map((file) => readFileSync(resolve(kubernetesModules[choice], file), "utf8"));
  return {
    title: `kubernetes ${version}`,
    output: `versions/kubernetes-${hashCacheKey(...kubernetesPrograms, ...files)}`,
    minutes: 8,
    isCompiled: true,
    build: (directory, run, reporter) => buildKubernetes(choice, { directory, run, reporter }),
  };
}

/**
 * Defines the task that builds the oldest version of a controller, with its manifests as `NAME.json`. How these are
 * rendered is in the name of the pinned ones.
 */
export function defineControllerTask(name: ControllerName): SetupTask {
  const version = oldestControllers[name];
  return {
    title: `${name} ${version}`,
    output: `versions/${name}-${hashCacheKey(version, defineManifestsTask().output)}`,
    minutes: goProgramSets[name].minutes,
    isCompiled: true,
    build: (directory, run, reporter) => buildController(name, { directory, run, reporter }),
  };
}
