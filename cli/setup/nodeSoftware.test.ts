/** What setup puts together for each kind of node, beside what the services and scripts of that kind call. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { env } from "node:process";
import { readScript } from "../../infra/cluster/hostScripts.ts";
import { resolveProgramsFolder } from "./goPrograms.ts";
import { defineNodeFilesTask, defineNodeSoftwareTask, describeNodeTrees } from "./nodeSoftware.ts";
import type { CommandRunner } from "./setupTask.ts";
import { resolveTaskPath } from "./setupTask.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

const builtPrograms = {
  kubernetes: ["kubelet", "kubeadm", "kube-proxy", "kubectl", "kube-apiserver", "kube-scheduler"],
  etcd: ["etcd", "etcdctl", "etcdutl"],
  containerd: ["containerd", "containerd-shim-runc-v2", "ctr"],
  cni: ["bridge", "host-local", "loopback", "portmap"],
} as const;

type Receivers = keyof ReturnType<typeof describeNodeTrees>;
let cache: string;

beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), "mixcpt-nodes-"));
  env["XDG_CACHE_HOME"] = cache;
  for (const [set, programs] of Object.entries(builtPrograms)) {
    const folder = resolveProgramsFolder(set as keyof typeof builtPrograms);
    mkdirSync(folder, { recursive: true });
    for (const program of programs) writeFileSync(join(folder, program), program, { mode: 0o755 });
  }
  const run: CommandRunner = (program, args) => Promise.resolve(execFileSync(program, args, { encoding: "utf8" }));
  for (const task of [defineNodeSoftwareTask(), defineNodeFilesTask()]) {
    mkdirSync(resolveTaskPath(task), { recursive: true });
    await task.build(resolveTaskPath(task), run, jest.fn() as never);
  }
});
afterAll(() => {
  delete env["XDG_CACHE_HOME"];
  rmSync(cache, { recursive: true });
});

/** The files of some receivers by their path on a node, and their content. */
function readLaidFiles(...receivers: readonly Receivers[]): Map<string, string> {
  const trees = describeNodeTrees();
  return new Map(
    receivers
      .flatMap((name) => trees[name])
      .flatMap((tree) =>
        readdirSync(tree, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => join(parentPath, name))
          .map((file): [string, string] => [`/${relative(tree, file)}`, readFileSync(file, "utf8")]),
      ),
  );
}

/** The programs of nodes that a text names. */
function listNamedPrograms(text: string): string[] {
  return [...text.matchAll(/\/usr\/local\/s?bin\/[a-z][a-z-]*/g)].map(([path]) => path);
}

function listMissingPrograms(texts: Iterable<string>, laid: ReadonlyMap<string, string>): string[] {
  return [...new Set([...texts].flatMap(listNamedPrograms))].filter((path) => !laid.has(path));
}

describe("the software of a worker", () => {
  it("has all that its services call, and none of the control plane's programs", () => {
    const laid = readLaidFiles("everyNode");
    const { "/usr/local/sbin/mixcpt-undo-upgrade": undo = "", ...others } = Object.fromEntries(laid);
    expect(listMissingPrograms(Object.values(others), laid)).toEqual(["/usr/local/bin/kubectl"]);
    expect(listMissingPrograms([undo], laid)).toEqual([
      "/usr/local/sbin/mixcpt-static-pods",
      "/usr/local/sbin/mixcpt-etcd-restore",
    ]);
    expect([...laid.keys()].filter((path) => /etcd|certificates|apiserver|scheduler/.test(path))).toEqual([]);
  });

  it("calls kubectl only to fetch the routes", () => {
    const callers = [...readLaidFiles("everyNode")].filter(([, text]) => text.includes("/usr/local/bin/kubectl"));
    expect(callers.map(([path]) => path)).toEqual(["/usr/local/sbin/mixcpt-routes"]);
  });

  it("has all that the scripts of the operator call on it", () => {
    const scripts = [
      ...["inspect-host.sh", "claim-host.sh", "lay-files.sh", "prepare-node.sh", "import-images.sh", "join-node.sh"],
      ...["check-laid-files.sh", "check-images.sh"],
      ...["set-routes.sh", "keep-programs.sh", "restart-node.sh", "reset-node.sh"],
    ];
    expect(listMissingPrograms(scripts.map(readScript), readLaidFiles("everyNode"))).toEqual([]);
  });
});

describe("the software of a control plane", () => {
  it("has all that its services and every script call, and each program once", () => {
    const laid = readLaidFiles("everyNode", "kubectl", "controlPlane");
    expect(listMissingPrograms(laid.values(), laid)).toEqual([]);
    const scripts = readdirSync(join(import.meta.dirname, "../../infra/cluster/scripts"));
    expect(listMissingPrograms(scripts.map(readScript), laid)).toEqual([]);
    const files = (["everyNode", "kubectl", "controlPlane"] as const).map((name) => readLaidFiles(name).size);
    expect(files.reduce((sum, count) => sum + count)).toBe(laid.size);
  });

  it("gets etcd and the API server as images, not as programs", () => {
    const paths = [...readLaidFiles("everyNode", "kubectl", "controlPlane").keys()];
    expect(paths.filter((path) => /\/(etcd|kube-apiserver|kube-scheduler)$/.test(path))).toEqual([]);
  });
});

it("keeps which files are programs", () => {
  const [, files = ""] = describeNodeTrees().controlPlane;
  const listPrograms = (folder: string) =>
    execFileSync("find", [".", "-type", "f", "-perm", "/100"], { cwd: folder, encoding: "utf8" }).split("\n").sort();
  expect(existsSync(files)).toBe(true);
  expect(listPrograms(files)).toEqual(
    listPrograms(join(import.meta.dirname, "../../infra/cluster/files/control-plane")),
  );
});

it("has each folder of programs as an archive of root's files beside it", () => {
  const [programs = ""] = describeNodeTrees().everyNode;
  const listed = execFileSync("tar", ["-tvzf", `${programs}.tar.gz`, "./usr/local/bin"], { encoding: "utf8" });
  for (const program of ["kubelet", "kubeadm", "containerd", "ctr"])
    expect(listed).toMatch(new RegExp(`^-rwxr-xr-x root/root .* \\./usr/local/bin/${program}$`, "m"));
});

describe("the folder of the files of nodes", () => {
  async function resolveFilesFolder(content: string, mode: number): Promise<string | undefined> {
    const nodeFiles = mkdtempSync(join(cache, "checkout-"));
    mkdirSync(join(nodeFiles, "every-node"));
    writeFileSync(join(nodeFiles, "every-node/kubelet.service"), content, { mode });
    jest.resetModules();
    jest.doMock("../../infra/cluster/hostScripts.ts", () => ({ nodeFiles }));
    const changed = await import("./nodeSoftware.ts");
    return changed.describeNodeTrees().everyNode.at(-1);
  }

  it("is another one for another content or mode, and the same for another checkout", async () => {
    const folder = await resolveFilesFolder("unit", 0o644);
    expect(await resolveFilesFolder("unit", 0o644)).toBe(folder);
    expect(await resolveFilesFolder("other", 0o644)).not.toBe(folder);
    expect(await resolveFilesFolder("unit", 0o755)).not.toBe(folder);
  });
});
