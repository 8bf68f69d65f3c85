import { symlinkSync } from "node:fs";
import { resolve } from "node:path";
import { ciliumImages } from "./ciliumManifests.ts";
import { addContainerdNames } from "./clusterImages.ts";
import { downloadGoModule, resolveProgramsFolder, resolveSetOutput } from "./goPrograms.ts";
import { packImage } from "./packImage.ts";
import type { CommandRunner, SetupTask } from "./setupTask.ts";
import { hashCacheKey } from "./setupTask.ts";

/** Programs that the agent calls; it compiles its programs for the kernel with clang when it starts. */
const debianPackages = ["ca-certificates", "clang-19", "ipset", "iproute2", "iptables", "kmod", "llvm-19", "procps"];

/** The programs in the agent's image with their folders, as the chart's manifests expect them. */
const agentPrograms: readonly (readonly [program: string, folder: string])[] = [
  ["cilium-agent", "/usr/bin"],
  ["cilium-dbg", "/usr/bin"],
  ["cilium-mount", "/usr/bin"],
  ["cilium-sysctlfix", "/usr/bin"],
  ["cilium-cni", "/opt/cni/bin"],
];

/** Files of Cilium's module that are part of the agent's image. */
const moduleFiles: readonly (readonly [source: string, path: string])[] = [
  ["bpf", "/var/lib/cilium/bpf"],
  ["images/cilium/init-container.sh", "/"],
  ["plugins/cilium-cni/install-plugin.sh", "/"],
  ["plugins/cilium-cni/cni-uninstall.sh", "/"],
];

async function makeDebianRoot(root: string, run: CommandRunner): Promise<void> {
  await run("mmdebstrap", ["--variant=minbase", `--include=${debianPackages.join(",")}`, "trixie", root]);
  for (const program of ["clang", "llc"]) symlinkSync(`${program}-19`, resolve(root, "usr/bin", program));
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
      await makeDebianRoot(root, run);
      const module = await downloadGoModule("cilium", { run, reporter });
      const programs = resolveProgramsFolder("cilium");
      const context = { directory, storage, run };
      const content = [
        [root, "/"] as const,
        ...agentPrograms.map(([program, folder]) => [resolve(programs, program), `${folder}/${program}`] as const),
        ...moduleFiles.map(([source, path]) => [resolve(module, source), path] as const),
      ];
      await packImage({ reference: ciliumImages.agent, content, user: "0" }, context);
      const operator = resolve(programs, "cilium-operator-generic");
      await packImage(
        { reference: ciliumImages.operator, content: [[operator, "/usr/bin/cilium-operator-generic"]], user: "0" },
        context,
      );
      addContainerdNames(directory);
      await run("rm", ["-rf", storage, root]);
    },
  };
}
