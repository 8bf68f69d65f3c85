import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ControllerName } from "../../workspace/toolchain.ts";
import type { GoSetName } from "./goPrograms.ts";
import {
  formatLocalReference,
  readPinnedVersion,
  resolveProgramSet,
  resolveProgramsFolder,
  resolveSetOutput,
} from "./goPrograms.ts";
import { publishedImageSubfolder } from "./programTask.ts";
import type { PackingContext } from "./packImage.ts";
import { packImage } from "./packImage.ts";
import type { SetupTask } from "./setupTask.ts";
import { hashCacheKey } from "./setupTask.ts";

/** An image that contains only one static program. */
interface ProgramImage {
  readonly reference: string;
  readonly set: GoSetName;
  readonly program: string;
  /** Path of the program in the image, as the manifests that use the image expect it. */
  readonly path: string;
  readonly user: string;
}

export function formatControllerImage(name: ControllerName): string {
  return formatLocalReference(name, readPinnedVersion(name));
}

export function formatEndpointImage(): string {
  return formatLocalReference("kube-vip", readPinnedVersion("kube-vip"));
}

export function readEtcdTag(): string {
  return readPinnedVersion("etcd").slice(1);
}

/** The images of the static pods that kubeadm makes. */
function listControlPlaneImages(): ProgramImage[] {
  const kubernetes = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map((program) => ({
    reference: formatLocalReference(program, readPinnedVersion("kubernetes")),
    set: "kubernetes" as const,
    program,
    path: `/usr/local/bin/${program}`,
    user: "0",
  }));
  return [
    {
      reference: formatLocalReference("etcd", readEtcdTag()),
      set: "etcd",
      program: "etcd",
      path: "/usr/local/bin/etcd",
      user: "0",
    },
    ...kubernetes,
  ];
}

/** The images of pods that Kubernetes may start on any node. */
function listClusterImages(): ProgramImage[] {
  const controllers = (["kueue", "jobset", "trainer"] as const).map((set) => ({
    reference: formatControllerImage(set),
    set,
    program: set,
    path: "/manager",
    user: "65532",
  }));
  return [
    // the tag that kubeadm 1.36 requires
    {
      reference: formatLocalReference("pause", "3.10.2"),
      set: "pause",
      program: "pause",
      path: "/pause",
      user: "65535",
    },
    {
      reference: formatLocalReference("coredns", readPinnedVersion("coredns")),
      set: "coredns",
      program: "coredns",
      path: "/coredns",
      user: "0",
    },
    ...controllers,
  ];
}

async function buildProgramImage(
  { reference, set, program, path, user }: ProgramImage,
  { directory, storage, run }: PackingContext,
): Promise<void> {
  const published = resolve(resolveProgramSet(set), publishedImageSubfolder);
  if (existsSync(published)) {
    await run("skopeo", ["copy", "--quiet", `oci:${published}:${reference}`, `oci:${directory}:${reference}`]);
    return;
  }
  const source = resolve(resolveProgramsFolder(set), program);
  await packImage({ reference, source, path, entrypoint: path, user }, { directory, storage, run });
}

interface OciIndex {
  readonly manifests: { annotations: Record<string, string> }[];
}

/** Adds the annotation from which containerd takes an image's full name. */
export function addContainerdNames(layout: string): void {
  const file = resolve(layout, "index.json");
  const index = JSON.parse(readFileSync(file, "utf8")) as OciIndex;
  for (const { annotations } of index.manifests)
    annotations["io.containerd.image.name"] = annotations["org.opencontainers.image.ref.name"] ?? "";
  writeFileSync(file, JSON.stringify(index));
}

interface ImageLayout {
  readonly title: string;
  /** The first part of the layout's folder. */
  readonly prefix: string;
  readonly images: readonly ProgramImage[];
}

function defineLayoutTask({ title, prefix, images }: ImageLayout): SetupTask {
  const inputs = images.map(({ reference, set }) => `${reference} ${resolveSetOutput(set)}`);
  return {
    title,
    output: `images/${prefix}-${hashCacheKey(...inputs)}`,
    minutes: 1,
    build: async (directory, run) => {
      const storage = `${directory}.storage`;
      await run("rm", ["-rf", storage]);
      for (const image of images) await buildProgramImage(image, { directory, storage, run });
      addContainerdNames(directory);
      await run("rm", ["-rf", storage]);
    },
  };
}

/** Defines the task that builds one OCI layout with CoreDNS and the controllers, which every node gets. */
export function defineClusterImagesTask(): SetupTask {
  const title = "images of CoreDNS and the controllers";
  return defineLayoutTask({ title, prefix: "cluster", images: listClusterImages() });
}

/** Defines the task that builds the OCI layout with the static pods, which only control planes get. */
export function defineControlPlaneImagesTask(): SetupTask {
  const title = "images of the control plane";
  return defineLayoutTask({ title, prefix: "control-plane", images: listControlPlaneImages() });
}

/** Defines the task that builds the OCI layout with kube-vip, which only control planes with a moving address get. */
export function defineEndpointImageTask(): SetupTask {
  const reference = formatEndpointImage();
  const image = { reference, set: "kube-vip", program: "kube-vip", path: "/kube-vip", user: "0" } as const;
  return defineLayoutTask({ title: "image of kube-vip", prefix: "endpoint", images: [image] });
}
