import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { nodeFiles } from "../../infra/cluster/hostScripts.ts";
import type { NodeSoftware } from "../../workspace/toolchain.ts";
import type { GoSetName } from "./goPrograms.ts";
import { resolveProgramsFolder, resolveSetOutput } from "./goPrograms.ts";
import type { SetupTask } from "./setupTask.ts";
import { hashCacheKey, resolveTaskPath } from "./setupTask.ts";

/** Programs of a set, with their folder on a node and the folder of the nodes that get them in the output. */
interface NodePrograms {
  readonly set: GoSetName;
  readonly programs: readonly string[];
  readonly folder: string;
  readonly receivers: "every-node" | "kubectl" | "control-plane";
}

const programFolder = "usr/local/bin";

const nodePrograms: readonly NodePrograms[] = [
  { set: "kubernetes", programs: ["kubelet", "kubeadm", "kube-proxy"], folder: programFolder, receivers: "every-node" },
  { set: "kubernetes", programs: ["kubectl"], folder: programFolder, receivers: "kubectl" },
  { set: "etcd", programs: ["etcdctl", "etcdutl"], folder: programFolder, receivers: "control-plane" },
  {
    set: "containerd",
    programs: ["containerd", "containerd-shim-runc-v2", "ctr"],
    folder: programFolder,
    receivers: "every-node",
  },
  {
    set: "cni",
    programs: ["bridge", "host-local", "loopback", "portmap"],
    folder: "opt/cni/bin",
    receivers: "every-node",
  },
];

/** The flags with which send-to-host.sh packs files, too: root's, whatever the umask was. */
const archiveFlags = ["--create", "--gzip", "--owner=0", "--group=0", "--mode=u=rwX,go=rX"];

/**
 * Defines the task that collects the programs to copy to nodes, in a folder for each kind of receivers, and beside each
 * folder as the archive that `send-to-host.sh` sends.
 */
export function defineNodeSoftwareTask(): SetupTask {
  const inputs = nodePrograms.map((entry) => JSON.stringify([entry, resolveSetOutput(entry.set)]));
  const receiverNames = [...new Set(nodePrograms.map(({ receivers }) => receivers))];
  return {
    title: "software of the nodes",
    output: `node-software/${hashCacheKey(...inputs, ...archiveFlags)}`,
    minutes: 1,
    build: async (directory, run) => {
      for (const { set, programs, folder, receivers } of nodePrograms) {
        const target = resolve(directory, receivers, folder);
        mkdirSync(target, { recursive: true });
        for (const program of programs)
          copyFileSync(resolve(resolveProgramsFolder(set), program), resolve(target, program));
      }
      for (const receivers of receiverNames) {
        const folder = resolve(directory, receivers);
        await run("tar", [...archiveFlags, "--file", `${folder}.tar.gz`, "--directory", folder, "."]);
      }
    },
  };
}

/** Lists what tells one version of a file from another: its path, whether it is a program, and its content. */
function describeNodeFiles(): string[] {
  const files = readdirSync(nodeFiles, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => {
      const path = resolve(parentPath, name);
      const isProgram = (statSync(path).mode & 0o100) !== 0;
      return JSON.stringify([relative(nodeFiles, path), isProgram, readFileSync(path, "utf8")]);
    })
    .sort();
}

/**
 * Defines the task that copies this commit's files of nodes to a folder with a hash of them in its name. Pulumi
 * compares the paths of what it has sent: it thus sees another content, and no difference between two checkouts.
 */
export function defineNodeFilesTask(): SetupTask {
  return {
    title: "files of the nodes",
    output: `node-files/${hashCacheKey(...describeNodeFiles())}`,
    minutes: 1,
    build: (directory) => {
      cpSync(nodeFiles, directory, { recursive: true });
      return Promise.resolve();
    },
  };
}

/** Describes the outputs of both tasks by who receives them. */
export function describeNodeTrees(): NodeSoftware["nodeTrees"] {
  const programs = resolveTaskPath(defineNodeSoftwareTask());
  const files = resolveTaskPath(defineNodeFilesTask());
  return {
    everyNode: [resolve(programs, "every-node"), resolve(files, "every-node")],
    kubectl: [resolve(programs, "kubectl")],
    controlPlane: [resolve(programs, "control-plane"), resolve(files, "control-plane")],
  };
}
