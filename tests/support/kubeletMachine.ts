/** A machine with containerd and a kubelet that has no API server: it runs pods of files, as on a node. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Pod } from "kubernetes-types/core/v1.js";
import { quoteForShell } from "../../infra/cluster/hostScripts.ts";
import { computeInstanceId } from "../../infra/resourceNames.ts";
import { resolveInstanceDirectory } from "../../workspace/environment.ts";
import { readToolchain, requireNodeSoftware } from "../../workspace/toolchain.ts";
import { LocalMachines, runOnLocalMachine } from "./localMachines.ts";
import type { LocalMachine } from "./localMachines.ts";
import { pollFor } from "./testCluster.ts";

interface Descriptor {
  readonly mediaType?: string;
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface ImageIndex {
  readonly manifests: readonly Descriptor[];
}

function resolveBlob(layout: string, { digest }: Descriptor): string {
  return resolve(layout, "blobs", digest.replace(":", "/"));
}

/** Lists a manifest, or an index of some, with all that it consists of. */
function listDescriptors(layout: string, descriptor: Descriptor): Descriptor[] {
  if (!/manifest|index/.test(descriptor.mediaType ?? "")) return [descriptor];
  const {
    manifests = [],
    layers = [],
    config,
  } = JSON.parse(readFileSync(resolveBlob(layout, descriptor), "utf8")) as {
    readonly [part in "manifests" | "layers"]?: readonly Descriptor[];
  } & { readonly config?: Descriptor };
  const parts = [...manifests, ...layers, ...(config ? [config] : [])];
  return [descriptor, ...parts.flatMap((part) => listDescriptors(layout, part))];
}

/** Writes an archive with one image of an OCI layout, whose other images are large. */
function packImage(layout: string, image: string, archive: string): void {
  const folder = mkdtempSync(join(tmpdir(), "image-"));
  const index = JSON.parse(readFileSync(resolve(layout, "index.json"), "utf8")) as ImageIndex;
  const manifests = index.manifests.filter(({ annotations = {} }) => Object.values(annotations).includes(image));
  writeFileSync(join(folder, "index.json"), JSON.stringify({ ...index, manifests }));
  symlinkSync(resolve(layout, "oci-layout"), join(folder, "oci-layout"));
  mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
  const blobs = manifests.flatMap((manifest) => listDescriptors(layout, manifest));
  for (const digest of new Set(blobs.map((blob) => blob.digest)))
    symlinkSync(resolveBlob(layout, { digest }), join(folder, "blobs", digest.replace(":", "/")));
  execFileSync("tar", ["--dereference", "-C", folder, "-cf", archive, "."]);
  rmSync(folder, { recursive: true });
}

const kubeletConfig = {
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  staticPodPath: "/etc/kubernetes/static",
  authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
  authorization: { mode: "AlwaysAllow" },
  enableServer: false,
  failSwapOn: false,
  failCgroupV1: false,
  containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
};

const inheritOomScores = `version = 3
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
`;

export class KubeletMachine {
  /** The small image of the work, which is the only one on the machine. */
  readonly image: string;
  private readonly machines: LocalMachines;
  private machine: LocalMachine | undefined;

  constructor(name: string) {
    const software = requireNodeSoftware(readToolchain());
    this.image = software.images.store;
    this.machines = new LocalMachines({
      instance: computeInstanceId(name),
      directory: resolveInstanceDirectory(`${name}-disks`),
      rootFileSystem: software.hostRoot,
      count: 1,
    });
  }

  run(script: string): Promise<string> {
    if (this.machine === undefined) throw new Error("the machine is not there yet; call start() first");
    return runOnLocalMachine(this.machine, script);
  }

  private writeFile(path: string, content: string): void {
    writeFileSync(`/proc/${String(this.machine?.pid)}/root${path}`, content);
  }

  /** Installs the machine, containerd, the image and the kubelet. */
  async start(): Promise<void> {
    await this.machines.remove(); // left by an earlier run that was ended
    await this.machines.connect();
    this.machine = await this.machines.install(1);
    const root = `/proc/${String(this.machine.pid)}/root`;
    const { nodeTrees, clusterImages, workImages } = requireNodeSoftware(readToolchain());
    for (const tree of nodeTrees.everyNode)
      execFileSync("bash", ["-c", `tar -C ${quoteForShell(tree)} -c . | tar -C ${root} -x`]);
    packImage(workImages, this.image, `${root}/run/work.tar`);
    execFileSync("tar", ["-C", clusterImages, "-cf", `${root}/run/cluster.tar`, "."]);
    await this.run("mkdir -p /etc/containerd/conf.d /etc/kubernetes/static");
    this.writeFile("/etc/containerd/conf.d/mixcpt.toml", inheritOomScores);
    this.writeFile("/etc/kubernetes/kubelet.yaml", JSON.stringify(kubeletConfig));
    await this.run(`systemctl daemon-reload && systemctl start containerd
      for archive in cluster work; do
        ctr --namespace k8s.io images import --local --digests=false - </run/$archive.tar >/dev/null
      done
      systemd-run --unit standalone-kubelet /usr/local/bin/kubelet --config /etc/kubernetes/kubelet.yaml`);
  }

  startPod(pod: Pod & { readonly metadata: { readonly name: string } }): void {
    this.writeFile(`/etc/kubernetes/static/${pod.metadata.name}.json`, JSON.stringify(pod));
  }

  /** Waits for the log of a container that ends with a line. */
  awaitLog(pod: string, container: string, lastLine: string): Promise<string> {
    return pollFor(`"${lastLine}" in the log of ${pod}`, 180, async () => {
      const log = await this.run(`cat /var/log/pods/default_${pod}*/${container}/0.log 2>/dev/null || true`);
      return log.includes(lastLine) ? log.replaceAll(/^\S+ (stdout|stderr) F /gm, "") : undefined;
    });
  }

  remove(): Promise<void> {
    return this.machines.remove();
  }
}
