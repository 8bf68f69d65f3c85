import { readFileSync, readdirSync, renameSync } from "node:fs";
import { resolve } from "node:path";
import { resolveCacheDirectory, checkoutDirectory } from "../../workspace/environment.ts";
import { provideGo } from "./goToolchain.ts";
import type { TaskContext } from "./setupTask.ts";
import { hashCacheKey, resolveTaskPath } from "./setupTask.ts";

/** Programs built from one Go module of tools/, with the linker settings that set their version. */
interface GoProgramSet {
  /** Folder in tools/. Sets with the same folder use the same versions, so their common packages compile once. */
  readonly folder: string;
  /** The packages to build; `tool` is all tools that go.mod names. */
  readonly packages: readonly string[];
  /** The usual duration of a build from scratch on two cores that build something else, too. */
  readonly minutes: number;
  /** The Go module whose version the programs have. */
  readonly module: string;
  readonly variables?: (version: string) => Record<string, string>;
  /** Names of programs that differ from the name of their package. */
  readonly rename?: Record<string, string>;
  /** Build tags, which select parts of the programs. */
  readonly tags?: readonly string[];
}

function buildKubernetesVariables(version: string): Record<string, string> {
  return {
    "k8s.io/component-base/version.gitVersion": version,
    "k8s.io/component-base/version.gitMajor": version.split(".")[0]?.slice(1) ?? "",
    "k8s.io/component-base/version.gitMinor": version.split(".")[1] ?? "",
    "k8s.io/client-go/pkg/version.gitVersion": version,
  };
}

const allTools = ["tool"];
const ownProgram = ["."];

export const goProgramSets = {
  etcd: {
    folder: "etcd",
    packages: allTools,
    minutes: 2,
    module: "go.etcd.io/etcd/server/v3",
    rename: { server: "etcd" },
  },
  kubernetes: {
    folder: "kubernetes",
    packages: allTools,
    minutes: 13,
    module: "k8s.io/kubernetes",
    variables: buildKubernetesVariables,
  },
  /** The client's kubectl, beside the nodes' one. After `kubernetes` it takes only a link. */
  kubectl: {
    folder: "kubernetes",
    packages: ["k8s.io/kubernetes/cmd/kubectl"],
    minutes: 2,
    module: "k8s.io/kubernetes",
    variables: buildKubernetesVariables,
  },
  containerd: {
    folder: "containerd",
    packages: allTools,
    minutes: 3,
    module: "github.com/containerd/containerd/v2",
    variables: (version) => ({ "github.com/containerd/containerd/v2/version.Version": version }),
  },
  cni: { folder: "cni", packages: allTools, minutes: 1, module: "github.com/containernetworking/plugins" },
  pause: { folder: "pause", packages: ownProgram, minutes: 1, module: "mixcpt.io/tools/pause" },
  pulumi: {
    folder: "pulumi",
    packages: allTools,
    minutes: 7,
    module: "github.com/pulumi/pulumi/pkg/v3",
    variables: (version) => ({ "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version }),
  },
  coredns: { folder: "coredns", packages: ownProgram, minutes: 2, module: "github.com/coredns/coredns" },
  /** Holds the address of several control planes. */
  "kube-vip": {
    folder: "kube-vip",
    packages: allTools,
    minutes: 3,
    module: "github.com/kube-vip/kube-vip",
    variables: (version) => ({ "main.Version": version }),
  },
  kueue: { folder: "controllers", packages: ["sigs.k8s.io/kueue/cmd/kueue"], minutes: 6, module: "sigs.k8s.io/kueue" },
  jobset: { folder: "controllers", packages: ["sigs.k8s.io/jobset"], minutes: 1, module: "sigs.k8s.io/jobset" },
  trainer: {
    folder: "controllers",
    packages: ["github.com/kubeflow/trainer/v2/cmd/trainer-controller-manager"],
    minutes: 1,
    module: "github.com/kubeflow/trainer/v2",
    rename: { "trainer-controller-manager": "trainer" },
  },
  /** Renders Cilium's chart. */
  helm: { folder: "helm", packages: allTools, minutes: 5, module: "helm.sh/helm/v4" },
  /** For local hosts alone: machines of a rack fetch the published images. */
  cilium: {
    folder: "cilium",
    packages: allTools,
    minutes: 10,
    module: "github.com/cilium/cilium",
    variables: (version) => ({ "github.com/cilium/cilium/pkg/version.ciliumVersion": version.slice(1) }),
    rename: {
      daemon: "cilium-agent",
      operator: "cilium-operator-generic",
      mount: "cilium-mount",
      responder: "cilium-health-responder",
      sysctlfix: "cilium-sysctlfix",
    },
    tags: ["osusergo", "ipam_provider_operator"],
  },
  /** Writes the bill of materials of an image. */
  syft: {
    folder: "syft",
    packages: allTools,
    minutes: 4,
    module: "github.com/anchore/syft",
    variables: (version) => ({ "main.version": version.slice(1) }),
  },
  /** Puts it beside the image in a registry. */
  oras: {
    folder: "oras",
    packages: allTools,
    minutes: 1,
    module: "oras.land/oras",
    variables: (version) => ({ "oras.land/oras/internal/version.Version": version.slice(1) }),
  },
  /** Signs images and checks signatures. */
  cosign: {
    folder: "cosign",
    packages: allTools,
    minutes: 6,
    module: "github.com/sigstore/cosign/v3",
    variables: (version) => ({ "sigs.k8s.io/release-utils/version.gitVersion": version }),
  },
} as const satisfies Record<string, GoProgramSet>;

export type GoSetName = keyof typeof goProgramSets;

/** The environment of Go builds. The caches grow to 24 GB and are removed once all programs are built. */
export function buildGoEnvironment(): Record<string, string> {
  return {
    GOMODCACHE: resolve(resolveCacheDirectory(), "build/go-mod"),
    GOCACHE: resolve(resolveCacheDirectory(), "build/go-build"),
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly -trimpath -buildvcs=false",
    // the compiler collects its garbage less often: 12 % less processor time, up to 2 GB more memory
    GOGC: "400",
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

/** Subfolder of a set's output with its programs. */
export const programsSubfolder = "bin";

export function formatLinkerFlags(set: GoSetName, version = readPinnedVersion(set)): string {
  const { variables }: GoProgramSet = goProgramSets[set];
  const settings = Object.entries(variables?.(version) ?? {});
  return ["-s", "-w", ...settings.map(([name, value]) => `-X ${name}=${value}`)].join(" ");
}

/** The output of a set, relative to the cache; its name contains a hash of all inputs. */
export function resolveSetOutput(set: GoSetName): string {
  // `tool` and `.` add nothing to the files of the module, which name the same packages
  const packages = goProgramSets[set].packages.filter((name) => ![...allTools, ...ownProgram].includes(name));
  const { tags = [] }: GoProgramSet = goProgramSets[set];
  const key = hashCacheKey(formatLinkerFlags(set), ...packages, ...tags, ...readModuleFiles(set));
  return `toolchain/${set}-${key}`;
}

/** The directory of a set's output. */
export function resolveProgramSet(set: GoSetName): string {
  return resolveTaskPath({ output: resolveSetOutput(set) });
}

/** Returns the directory of a set's programs. */
export function resolveProgramsFolder(set: GoSetName): string {
  return resolve(resolveProgramSet(set), programsSubfolder);
}

/** The reference of an image that this machine made. */
export function formatLocalReference(name: string, tag: string): string {
  return `mixcpt.local/${name}:${tag}`;
}

/** Reads go.mod, go.sum and, for programs of this project, main.go. */
function readModuleFiles(set: GoSetName): string[] {
  const directory = resolveGoModule(set);
  return readdirSync(directory)
    .sort()
    .map((file) => readFileSync(resolve(directory, file), "utf8"));
}

/** Builds the programs of a set into the subfolder of the directory. */
export async function buildGoPrograms(set: GoSetName, { directory, run, reporter }: TaskContext): Promise<void> {
  const { packages, rename, tags = [] }: GoProgramSet = goProgramSets[set];
  const programs = resolve(directory, programsSubfolder);
  await run(
    await provideGo(reporter),
    ["build", "-tags", tags.join(","), "-ldflags", formatLinkerFlags(set), "-o", `${programs}/`, ...packages],
    { cwd: resolveGoModule(set), env: buildGoEnvironment() },
  );
  for (const [from, to] of Object.entries(rename ?? {})) renameSync(resolve(programs, from), resolve(programs, to));
}

/**
 * Downloads a set's module, at the pinned version unless another is given, and returns the directory of its sources,
 * which contain the controllers' manifests.
 */
export async function downloadGoModule(
  set: GoSetName,
  { run, reporter }: Omit<TaskContext, "directory">,
  version?: string,
): Promise<string> {
  const module = [goProgramSets[set].module, ...(version === undefined ? [] : [version])].join("@");
  const moduleInfo = await run(await provideGo(reporter), ["mod", "download", "-json", module], {
    cwd: resolveGoModule(set),
    env: buildGoEnvironment(),
  });
  return (JSON.parse(moduleInfo) as { Dir: string }).Dir;
}
