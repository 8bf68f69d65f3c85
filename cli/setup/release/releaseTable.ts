import { basename } from "node:path";
import { arch } from "node:process";
import { readReleaseMirror } from "../../../workspace/environment.ts";
import type { ControllerName } from "../../../workspace/toolchain.ts";

/** A file that a vendor publishes, with the SHA-256 that the vendor publishes beside it. */
export interface ReleaseFile {
  readonly url: string;
  /** A text with the hash, either alone or in lines `HASH  NAME` of several files. */
  readonly checksumUrl: string;
  /** Paths of the programs in the archive; absent if the file itself is the program. */
  readonly members?: readonly string[];
  /** The name of the program, if the file has another one. */
  readonly program?: string;
}

/** The name of this machine's architecture in Go and in Kubernetes. */
export const goArchitecture = arch === "x64" ? "amd64" : arch;

function formatGithubFolder(repository: string, version: string): string {
  return `https://github.com/${repository}/releases/download/${version}`;
}

function describeKubernetesFile(program: string, version: string): ReleaseFile {
  const url = `https://dl.k8s.io/release/${version}/bin/linux/${goArchitecture}/${program}`;
  return { url, checksumUrl: `${url}.sha256` };
}

function listPulumiFiles(version: string): ReleaseFile[] {
  const folder = formatGithubFolder("pulumi/pulumi", version);
  return [
    {
      url: `${folder}/pulumi-${version}-linux-${arch}.tar.gz`,
      checksumUrl: `${folder}/pulumi-${version.slice(1)}-checksums.txt`,
      members: ["pulumi/pulumi", "pulumi/pulumi-language-nodejs"],
    },
  ];
}

const etcdPrograms = ["etcd", "etcdctl", "etcdutl"];

function listEtcdFiles(version: string): ReleaseFile[] {
  const folder = formatGithubFolder("etcd-io/etcd", version);
  const name = `etcd-${version}-linux-${goArchitecture}`;
  return [
    {
      url: `${folder}/${name}.tar.gz`,
      checksumUrl: `${folder}/SHA256SUMS`,
      members: etcdPrograms.map((program) => `${name}/${program}`),
    },
  ];
}

function listContainerdFiles(version: string): ReleaseFile[] {
  // the static build, because the nodes may have any C library
  const name = `containerd-static-${version.slice(1)}-linux-${goArchitecture}.tar.gz`;
  const url = `${formatGithubFolder("containerd/containerd", version)}/${name}`;
  const members = ["bin/containerd", "bin/containerd-shim-runc-v2", "bin/ctr"];
  return [{ url, checksumUrl: `${url}.sha256sum`, members }];
}

function listCniFiles(version: string): ReleaseFile[] {
  const name = `cni-plugins-linux-${goArchitecture}-${version}.tgz`;
  const url = `${formatGithubFolder("containernetworking/plugins", version)}/${name}`;
  return [{ url, checksumUrl: `${url}.sha256`, members: ["bridge", "host-local", "loopback", "portmap"] }];
}

function listCorednsFiles(version: string): ReleaseFile[] {
  const name = `coredns_${version.slice(1)}_linux_${goArchitecture}.tgz`;
  const url = `${formatGithubFolder("coredns/coredns", version)}/${name}`;
  return [{ url, checksumUrl: `${url}.sha256`, members: ["coredns"] }];
}

const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-proxy",
  "kube-scheduler",
  "kubeadm",
  "kubectl",
  "kubelet",
];

function listHelmFiles(version: string): ReleaseFile[] {
  const url = `https://get.helm.sh/helm-${version}-linux-${goArchitecture}.tar.gz`;
  return [{ url, checksumUrl: `${url}.sha256sum`, members: [`linux-${goArchitecture}/helm`] }];
}

/** Lists the archive of a project whose releases have the default names of GoReleaser. */
function listGoReleaserFiles(repository: string, version: string): ReleaseFile[] {
  const program = basename(repository);
  const url = `${formatGithubFolder(repository, version)}/${program}_${version.slice(1)}`;
  return [{ url: `${url}_linux_${goArchitecture}.tar.gz`, checksumUrl: `${url}_checksums.txt`, members: [program] }];
}

function listCosignFiles(version: string): ReleaseFile[] {
  const folder = formatGithubFolder("sigstore/cosign", version);
  const url = `${folder}/cosign-linux-${goArchitecture}`;
  return [{ url, checksumUrl: `${folder}/cosign_checksums.txt`, program: "cosign" }];
}

/** The official releases: the files of a set of programs at its version. */
export const releaseFiles = {
  pulumi: listPulumiFiles,
  kubectl: (version) => [describeKubernetesFile("kubectl", version)],
  kubernetes: (version) => kubernetesPrograms.map((program) => describeKubernetesFile(program, version)),
  etcd: listEtcdFiles,
  containerd: listContainerdFiles,
  cni: listCniFiles,
  coredns: listCorednsFiles,
  helm: listHelmFiles,
  syft: (version) => listGoReleaserFiles("anchore/syft", version),
  oras: (version) => listGoReleaserFiles("oras-project/oras", version),
  cosign: listCosignFiles,
} as const satisfies Record<string, (version: string) => readonly ReleaseFile[]>;

/** The repositories of the controllers' released images; the tag is the version of the Go module. */
export const controllerImages: Readonly<Record<ControllerName, string>> = {
  kueue: "registry.k8s.io/kueue/kueue",
  jobset: "registry.k8s.io/jobset/jobset",
  trainer: "ghcr.io/kubeflow/trainer/trainer-controller-manager",
};

/** The repositories of all released images that setup uses. */
export const publishedImages = { ...controllerImages, "kube-vip": "ghcr.io/kube-vip/kube-vip" } as const;

/** The archive of Go itself, for machines without it: the manifests are read from Go modules. */
export function describeGoArchive(version: string): ReleaseFile {
  const url = `https://dl.google.com/go/go${version}.linux-${goArchitecture}.tar.gz`;
  return { url, checksumUrl: `${url}.sha256` };
}

/** The folder with a provider's plugin, as `pulumi plugin install --server` expects it. */
export function formatPluginFolder(provider: string, version: string): string {
  return formatGithubFolder(`pulumi/pulumi-${provider}`, version);
}

/** The plugin's archive in that folder. */
export function formatPluginArchive(provider: string, version: string): string {
  const name = `pulumi-resource-${provider}-${version}-linux-${goArchitecture}.tar.gz`;
  return `${formatPluginFolder(provider, version)}/${name}`;
}

/** False if the user's environment says that everything is built from source. */
export function areReleasesWanted(): boolean {
  return readReleaseMirror() !== "none";
}

/**
 * The address that is asked for a vendor's address: `https://HOST/PATH` is `MIRROR/HOST/PATH` if MIXCPT_RELEASES names
 * a mirror.
 */
export function resolveMirror(url: string): string {
  const mirror = readReleaseMirror();
  return mirror === undefined ? url : url.replace("https:/", mirror.replace(/\/+$/, ""));
}

/** The address under which a registry has the manifest of an image: `/v2/REPOSITORY/manifests/TAG`. */
export function resolveImageManifest(image: string, tag: string): string {
  const { origin, pathname } = new URL(resolveMirror(`https://${image}`));
  return `${origin}/v2${pathname}/manifests/${tag}`;
}
