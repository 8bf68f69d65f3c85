import { readFileSync, renameSync } from "node:fs";
import { resolve } from "node:path";
import { cacheDirectory, checkout } from "../../infra/environment.ts";
import type { Run } from "./runLogged.ts";
import type { Step } from "./step.ts";
import { keyOf, pathOf } from "./step.ts";

/** Programs built from one Go module of tools/, with the linker's settings that give them their version. */
interface GoPrograms {
  /** Folder of tools/. */
  folder: string;
  minutes: number;
  /** Go module whose version is the programs'. */
  module: string;
  variables?: (version: string) => Record<string, string>;
  /** Programs whose package has another name than the program. */
  rename?: Record<string, string>;
  /** The one package to build; all tools of the module where it is left out. */
  only?: string;
}

const kubernetesVersion = (version: string): Record<string, string> => ({
  "k8s.io/component-base/version.gitVersion": version,
  "k8s.io/component-base/version.gitMajor": version.split(".")[0]?.slice(1) ?? "",
  "k8s.io/component-base/version.gitMinor": version.split(".")[1] ?? "",
  "k8s.io/client-go/pkg/version.gitVersion": version,
});

export const goPrograms = {
  etcd: { folder: "etcd", minutes: 1, module: "go.etcd.io/etcd/server/v3", rename: { server: "etcd" } },
  kubernetes: { folder: "kubernetes", minutes: 8, module: "k8s.io/kubernetes", variables: kubernetesVersion },
  kubectl: { folder: "kubernetes", minutes: 3, module: "k8s.io/kubernetes", variables: kubernetesVersion, only: "k8s.io/kubernetes/cmd/kubectl" },
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
  trainer: { folder: "trainer", minutes: 1, module: "github.com/kubeflow/trainer/v2", rename: { "trainer-controller-manager": "trainer" } },
  kueue: { folder: "kueue", minutes: 3, module: "sigs.k8s.io/kueue" },
} as const satisfies Record<string, GoPrograms>;

export type GoSet = keyof typeof goPrograms;

/** Go's caches while the programs are built; they grow to 24 GB and are removed when all programs stand. */
export const goCaches = (): Record<string, string> => ({
  GOMODCACHE: resolve(cacheDirectory(), "build/go-mod"),
  GOCACHE: resolve(cacheDirectory(), "build/go-build"),
  GOTOOLCHAIN: "local",
  CGO_ENABLED: "0",
  GOFLAGS: "-mod=readonly -trimpath -buildvcs=false",
});

export const folderOf = (set: GoSet): string => resolve(checkout, "tools", goPrograms[set].folder);

/**
 * The version that tools/SET/go.mod pins, for example `v1.36.3`; pause is this project's own module and has none.
 * @throws Error where go.mod does not name the module
 */
export function versionOf(set: GoSet): string {
  if (set === "pause") return "v1.0.0";
  return pinned(readFileSync(resolve(folderOf(set), "go.mod"), "utf8"), set);
}

/** @throws Error as `versionOf` does */
export function pinned(text: string, set: GoSet): string {
  const escaped = goPrograms[set].module.replaceAll(".", "\\.");
  const version = new RegExp(`^(?:require )?\\s*${escaped} (v\\S+)`, "m").exec(text)?.[1];
  if (version === undefined) throw new Error(`tools/${goPrograms[set].folder}/go.mod does not require ${goPrograms[set].module}: its version is that of ${set}`);
  return version;
}

const programsFolder = "bin";

/** Directory of a set's programs. */
export const programsOf = (set: GoSet): string => resolve(pathOf(goStep(set)), programsFolder);

/** Builds every program of a set. */
export function goStep(set: GoSet): Step {
  const { minutes, variables, rename, only }: GoPrograms = goPrograms[set];
  const version = versionOf(set);
  const flags = ["-s", "-w", ...Object.entries(variables?.(version) ?? {}).map(([name, value]) => `-X ${name}=${value}`)].join(" ");
  const sources = ["go.mod", ...(set === "pause" ? ["main.go"] : ["go.sum"])].map((file) => readFileSync(resolve(folderOf(set), file), "utf8"));
  return {
    title: `${set} ${version}`,
    output: `toolchain/${set}-${keyOf(flags, ...(only === undefined ? [] : [only]), ...sources)}`,
    minutes,
    make: async (step, run) => {
      const directory = resolve(step, programsFolder);
      await build(set, { directory, flags, run });
      for (const [from, to] of Object.entries(rename ?? {})) renameSync(resolve(directory, from), resolve(directory, to));
    },
  };
}

async function build(set: GoSet, { directory, flags, run }: { directory: string; flags: string; run: Run }): Promise<void> {
  const { only = set === "pause" ? "." : "tool" }: GoPrograms = goPrograms[set];
  await run("go", ["build", "-ldflags", flags, "-o", `${directory}/`, only], { cwd: folderOf(set), env: goCaches() });
}

/** Directory of a module's sources: its manifests are read from there. */
export async function moduleDirectory(set: GoSet, run: Run): Promise<string> {
  const answer = await run("go", ["mod", "download", "-json", goPrograms[set].module], { cwd: folderOf(set), env: goCaches() });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}
