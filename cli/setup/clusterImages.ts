import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ControllerName } from "../../infra/software.ts";
import type { GoSet } from "./goPrograms.ts";
import { goStep, programsOf, versionOf } from "./goPrograms.ts";
import type { Run } from "./runLogged.ts";
import type { Step } from "./step.ts";
import { keyOf } from "./step.ts";

/** An image of one static program and nothing else. */
interface ProgramImage {
  reference: string;
  set: GoSet;
  program: string;
  /** Where the manifests that use the image expect the program. */
  path: string;
  user: string;
}

const local = (name: string, tag: string): string => `mixcpt.local/${name}:${tag}`;
export const controllerImage = (name: ControllerName): string => local(name, versionOf(name));
export const etcdTag = (): string => versionOf("etcd").slice(1);

function programImages(): ProgramImage[] {
  const control = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map((program) => ({
    reference: local(program, versionOf("kubernetes")),
    set: "kubernetes" as const,
    program,
    path: `/usr/local/bin/${program}`,
    user: "0",
  }));
  const controllers = (["kueue", "jobset", "trainer"] as const).map((set) => ({
    reference: controllerImage(set),
    set,
    program: set,
    path: "/manager",
    user: "65532",
  }));
  return [
    // the tag that kubeadm 1.36 asks for
    { reference: local("pause", "3.10.2"), set: "pause", program: "pause", path: "/pause", user: "65535" },
    { reference: local("etcd", etcdTag()), set: "etcd", program: "etcd", path: "/usr/local/bin/etcd", user: "0" },
    { reference: local("coredns", versionOf("coredns")), set: "coredns", program: "coredns", path: "/coredns", user: "0" },
    ...control,
    ...controllers,
  ];
}

interface Building {
  directory: string;
  storage: string;
  run: Run;
}

async function buildImage({ reference, set, program, path, user }: ProgramImage, { directory, storage, run }: Building): Promise<void> {
  const buildah = (...args: string[]) => run("buildah", ["--root", `${storage}/root`, "--runroot", `${storage}/run`, "--storage-driver", "vfs", ...args]);
  const container = await buildah("from", "scratch");
  await buildah("copy", "--quiet", container, resolve(programsOf(set), program), path);
  await buildah("config", "--entrypoint", JSON.stringify([path]), "--user", user, container);
  await buildah("commit", "--quiet", "--rm", container, reference);
  await buildah("push", "--quiet", "--disable-compression", reference, `oci:${directory}:${reference}`);
}

interface Index {
  manifests: { annotations: Record<string, string> }[];
}

/** containerd takes an image's full name from an annotation of its own. */
export function nameForContainerd(layout: string): void {
  const file = resolve(layout, "index.json");
  const index = JSON.parse(readFileSync(file, "utf8")) as Index;
  for (const { annotations } of index.manifests) annotations["io.containerd.image.name"] = annotations["org.opencontainers.image.ref.name"] ?? "";
  writeFileSync(file, JSON.stringify(index));
}

/** One OCI layout with the control plane and the controllers. */
export const clusterImagesStep = (): Step => ({
  title: "images of the control plane and the controllers",
  output: `images/cluster-${keyOf(...programImages().map(({ reference, set }) => `${reference} ${goStep(set).output}`))}`,
  minutes: 1,
  make: async (directory, run) => {
    const storage = `${directory}.storage`;
    await run("rm", ["-rf", storage]);
    for (const image of programImages()) await buildImage(image, { directory, storage, run });
    nameForContainerd(directory);
    await run("rm", ["-rf", storage]);
  },
});
