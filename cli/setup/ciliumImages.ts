import { chmodSync, copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, resolve } from "node:path";
import { ciliumImages } from "./ciliumManifests.ts";
import { addContainerdNames } from "./clusterImages.ts";
import { downloadGoModule, resolveProgramsFolder, resolveSetOutput } from "./goPrograms.ts";
import { packImage } from "./packImage.ts";
import type { CommandRunner, SetupTask } from "./setupTask.ts";
import { hashCacheKey } from "./setupTask.ts";

const operatorProgram = "cilium-operator-generic";

/** Programs that the agent calls; it compiles its programs for the kernel with clang when it starts. */
const debianPackages = ["ca-certificates", "clang-19", "ipset", "iproute2", "iptables", "kmod", "llvm-19", "procps"];

/** The programs in the agent's image by folder, as the chart's manifests expect them. */
const agentPrograms: Readonly<Record<string, readonly string[]>> = {
  "usr/bin": [
    "cilium-agent",
    "cilium-dbg",
    "cilium-health",
    "cilium-health-responder",
    "cilium-mount",
    "cilium-sysctlfix",
  ],
  "opt/cni/bin": ["cilium-cni"],
};

/** Scripts of Cilium's module in the root folder of the image. */
const agentScripts = [
  "images/cilium/init-container.sh",
  "plugins/cilium-cni/install-plugin.sh",
  "plugins/cilium-cni/cni-uninstall.sh",
];

/** Copies a program or a script. Files of a module are not executable. */
function installProgram(source: string, folder: string): void {
  const target = resolve(folder, basename(source));
  mkdirSync(folder, { recursive: true });
  copyFileSync(source, target);
  chmodSync(target, 0o755);
}

/** Makes the root file system of the agent's image. */
async function makeAgentRoot(root: string, module: string, run: CommandRunner): Promise<void> {
  await run("mmdebstrap", ["--variant=minbase", `--include=${debianPackages.join(",")}`, "trixie", root]);
  for (const program of ["clang", "llc"]) symlinkSync(`${program}-19`, resolve(root, "usr/bin", program));
  for (const [folder, programs] of Object.entries(agentPrograms))
    for (const program of programs)
      installProgram(resolve(resolveProgramsFolder("cilium"), program), resolve(root, folder));
  for (const script of agentScripts) installProgram(resolve(module, script), root);
  const sources = resolve(root, "var/lib/cilium");
  mkdirSync(sources, { recursive: true });
  await run("cp", ["-r", "--no-preserve=mode", resolve(module, "bpf"), sources]);
}

/** Defines the task that builds one OCI layout with Cilium's images, which local hosts cannot fetch. */
export function defineCiliumImagesTask(): SetupTask {
  return {
    title: "images of Cilium",
    output: `images/cilium-${hashCacheKey(resolveSetOutput("cilium"), ...debianPackages)}`,
    minutes: 3,
    needsGo: true,
    build: async (directory, run, reporter) => {
      const [storage, root] = [`${directory}.storage`, `${directory}.root`];
      await run("rm", ["-rf", storage, root]);
      await makeAgentRoot(root, await downloadGoModule("cilium", { run, reporter }), run);
      const operator = resolve(resolveProgramsFolder("cilium"), operatorProgram);
      for (const [reference, source, path] of [
        [ciliumImages.agent, root, "/"],
        [ciliumImages.operator, operator, `/usr/bin/${operatorProgram}`],
      ] as const)
        await packImage({ reference, source, path, user: "0" }, { directory, storage, run });
      addContainerdNames(directory);
      await run("rm", ["-rf", storage, root]);
    },
  };
}
