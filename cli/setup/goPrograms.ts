import { readFileSync, renameSync } from "node:fs";
import { resolve } from "node:path";
import { resolveCacheDirectory, checkoutDirectory } from "../../workspace/environment.ts";
import type { CommandRunner, SetupTask } from "./setupTask.ts";
import { hashCacheKey, resolveTaskPath } from "./setupTask.ts";

/** Programs built from one Go module of tools/, with the linker settings that set their version. */
interface GoProgramSet {
  /** Folder in tools/. */
  readonly folder: string;
  readonly minutes: number;
  /** The Go module whose version the programs have. */
  readonly module: string;
  readonly variables?: (version: string) => Record<string, string>;
  /** Names of programs that differ from the name of their package. */
  readonly rename?: Record<string, string>;
  /** The only package to build; by default all tools of the module. */
  readonly only?: string;
}

function buildKubernetesVariables(version: string): Record<string, string> {
  return {
    "k8s.io/component-base/version.gitVersion": version,
    "k8s.io/component-base/version.gitMajor": version.split(".")[0]?.slice(1) ?? "",
    "k8s.io/component-base/version.gitMinor": version.split(".")[1] ?? "",
    "k8s.io/client-go/pkg/version.gitVersion": version,
  };
}

export const goProgramSets = {
  etcd: { folder: "etcd", minutes: 1, module: "go.etcd.io/etcd/server/v3", rename: { server: "etcd" } },
  kubernetes: { folder: "kubernetes", minutes: 8, module: "k8s.io/kubernetes", variables: buildKubernetesVariables },
  kubectl: {
    folder: "kubernetes",
    minutes: 3,
    module: "k8s.io/kubernetes",
    variables: buildKubernetesVariables,
    only: "k8s.io/kubernetes/cmd/kubectl",
  },
  containerd: {
    folder: "containerd",
    minutes: 2,
    module: "github.com/containerd/containerd/v2",
    variables: (version) => ({ "github.com/containerd/containerd/v2/version.Version": version }),
  },
  cni: { folder: "cni", minutes: 1, module: "github.com/containernetworking/plugins" },
  pause: { folder: "pause", minutes: 1, module: "mixcpt.io/tools/pause" },
  pulumi: {
    folder: "pulumi",
    minutes: 6,
    module: "github.com/pulumi/pulumi/pkg/v3",
    variables: (version) => ({ "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version }),
  },
  coredns: { folder: "coredns", minutes: 3, module: "github.com/coredns/coredns" },
  jobset: { folder: "jobset", minutes: 2, module: "sigs.k8s.io/jobset" },
  trainer: {
    folder: "trainer",
    minutes: 1,
    module: "github.com/kubeflow/trainer/v2",
    rename: { "trainer-controller-manager": "trainer" },
  },
  kueue: { folder: "kueue", minutes: 3, module: "sigs.k8s.io/kueue" },
} as const satisfies Record<string, GoProgramSet>;

export type GoSetName = keyof typeof goProgramSets;

/** The environment of Go builds. The caches grow to 24 GB and are removed once all programs are built. */
function buildGoEnvironment(): Record<string, string> {
  return {
    GOMODCACHE: resolve(resolveCacheDirectory(), "build/go-mod"),
    GOCACHE: resolve(resolveCacheDirectory(), "build/go-build"),
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly -trimpath -buildvcs=false",
  };
}

function resolveGoModule(set: GoSetName): string {
  return resolve(checkoutDirectory, "tools", goProgramSets[set].folder);
}

/**
 * Reads the version that tools/SET/go.mod pins, such as `v1.36.3`; pause is this project's module and has none.
 * @throws Error if go.mod does not require the module
 */
export function readPinnedVersion(set: GoSetName): string {
  if (set === "pause") return "v1.0.0";
  return parsePinnedVersion(readFileSync(resolve(resolveGoModule(set), "go.mod"), "utf8"), set);
}

/** @throws Error if the text of go.mod does not require the module */
export function parsePinnedVersion(text: string, set: GoSetName): string {
  const escaped = goProgramSets[set].module.replaceAll(".", "\\.");
  const version = new RegExp(`^(?:require )?\\s*${escaped} (v\\S+)`, "m").exec(text)?.[1];
  if (version === undefined)
    throw new Error(
      `tools/${goProgramSets[set].folder}/go.mod does not require ${goProgramSets[set].module}; ` +
        `add the requirement, it determines the version of ${set}`,
    );
  return version;
}

const programsSubfolder = "bin";

/** Returns the directory of a set's programs. */
export function resolveProgramsFolder(set: GoSetName): string {
  return resolve(resolveTaskPath(defineGoTask(set)), programsSubfolder);
}

/** Defines the task that builds every program of a set. */
export function defineGoTask(set: GoSetName): SetupTask {
  const { minutes, variables, rename, only }: GoProgramSet = goProgramSets[set];
  const version = readPinnedVersion(set);
  const flags = [
    "-s",
    "-w",
    ...Object.entries(variables?.(version) ?? {}).map(([name, value]) => `-X ${name}=${value}`),
  ].join(" ");
  const sources = ["go.mod", ...(set === "pause" ? ["main.go"] : ["go.sum"])].map((file) =>
    readFileSync(resolve(resolveGoModule(set), file), "utf8"),
  );
  return {
    title: `${set} ${version}`,
    output: `toolchain/${set}-${hashCacheKey(flags, ...(only === undefined ? [] : [only]), ...sources)}`,
    minutes,
    build: async (output, run) => {
      const directory = resolve(output, programsSubfolder);
      await runGoBuild(set, { directory, flags, run });
      for (const [from, to] of Object.entries(rename ?? {}))
        renameSync(resolve(directory, from), resolve(directory, to));
    },
  };
}

async function runGoBuild(
  set: GoSetName,
  { directory, flags, run }: { directory: string; flags: string; run: CommandRunner },
): Promise<void> {
  const { only = set === "pause" ? "." : "tool" }: GoProgramSet = goProgramSets[set];
  await run("go", ["build", "-ldflags", flags, "-o", `${directory}/`, only], {
    cwd: resolveGoModule(set),
    env: buildGoEnvironment(),
  });
}

/** Downloads a set's module and returns the directory of its sources, which contain the controllers' manifests. */
export async function downloadGoModule(set: GoSetName, run: CommandRunner): Promise<string> {
  const moduleInfo = await run("go", ["mod", "download", "-json", goProgramSets[set].module], {
    cwd: resolveGoModule(set),
    env: buildGoEnvironment(),
  });
  return (JSON.parse(moduleInfo) as { Dir: string }).Dir;
}
