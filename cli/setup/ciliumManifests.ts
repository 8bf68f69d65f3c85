import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import { downloadGoModule, formatLocalReference, readPinnedVersion, resolveProgramsFolder } from "./goPrograms.ts";
import type { SetupTask } from "./setupTask.ts";
import { hashCacheKey } from "./setupTask.ts";

/** The images of Cilium that setup builds for local hosts. */
export const ciliumImages = {
  agent: formatLocalReference("cilium", readPinnedVersion("cilium")),
  operator: formatLocalReference("cilium-operator", readPinnedVersion("cilium")),
};

/** The published images, as Cilium's release notes list them. The chart of the Go module knows no digests. */
export const publishedDigests = {
  version: "v1.18.2",
  agent: "sha256:858f807ea4e20e85e3ea3240a762e1f4b29f1cb5bbd0463b8aa77e7b097c0667",
  operator: "sha256:cb4e4ffc5789fd5ff6a534e3b1460623df61cba00f5ea1c7b40153b5efb81805",
} as const;

/**
 * The settings of Cilium's chart. VXLAN needs no route to pods between machines of different networks, and nodes get
 * their ranges from Kubernetes. There is no policy above TCP and UDP, so that no proxy is needed, and nobody looks at
 * Hubble. One operator is enough: if it fails, pods and policies continue.
 */
const chartValues = {
  routingMode: "tunnel",
  tunnelProtocol: "vxlan",
  ipam: { mode: "kubernetes" },
  l7Proxy: false,
  envoy: { enabled: false },
  hubble: { enabled: false },
  operator: { replicas: 1 },
  // Other configurations of the site stay as they are; the inspection of a machine reports those that would be used.
  cni: { exclusive: false },
};

/**
 * Local hosts have the images that setup built. Their root lacks a capability that the agent asks for by name on a
 * machine of its own; a privileged container gets those that there are.
 */
const localValues = {
  ...chartValues,
  image: { override: ciliumImages.agent, pullPolicy: "Never" },
  operator: { ...chartValues.operator, image: { override: ciliumImages.operator, pullPolicy: "Never" } },
  securityContext: { privileged: true },
  // Both change the node by way of its first process; local hosts need neither.
  cgroup: { autoMount: { enabled: false } },
  sysctlfix: { enabled: false },
};

const { agent, operator } = publishedDigests;

/** Racks fetch what was published. */
const hostsValues = {
  ...chartValues,
  image: { useDigest: true, digest: agent },
  operator: { ...chartValues.operator, image: { useDigest: true, genericDigest: operator } },
};

/** The settings by the kind of hosts, which is also a folder of the output. */
const valuesByKind = { hosts: hostsValues, local: localValues };

/** Parses rendered manifests into one List. */
function buildList(text: string): object {
  const items = parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter((object) => object !== null);
  return { apiVersion: "v1", kind: "List", items };
}

/** Defines the task that renders Cilium's manifests for both kinds of hosts, each as one List. */
export function defineCiliumManifestsTask(): SetupTask {
  const versions = [readPinnedVersion("cilium"), readPinnedVersion("helm"), readPinnedVersion("kubernetes")];
  return {
    title: "manifests of Cilium",
    output: `manifests/cilium-${hashCacheKey(JSON.stringify(valuesByKind), ...versions)}`,
    minutes: 1,
    needsGo: true,
    build: async (directory, run, reporter) => {
      const module = await downloadGoModule("cilium", { run, reporter });
      const chart = resolve(module, "install/kubernetes/cilium");
      const helm = resolve(resolveProgramsFolder("helm"), "helm");
      const options = ["--namespace", "kube-system", "--kube-version", readPinnedVersion("kubernetes")];
      for (const [kind, values] of Object.entries(valuesByKind)) {
        const text = await run(helm, ["template", "cilium", chart, ...options, "--values", "-"], {
          input: JSON.stringify(values),
        });
        mkdirSync(resolve(directory, kind));
        writeFileSync(resolve(directory, kind, "cilium.json"), JSON.stringify(buildList(text)));
      }
    },
  };
}
