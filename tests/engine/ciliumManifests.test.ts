/** Cilium's manifests, which setup rendered, against a real API server. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishedDigests } from "../../cli/setup/ciliumManifests.ts";
import { readPinnedVersion } from "../../cli/setup/goPrograms.ts";
import { readToolchain, requireCiliumManifests, requireNodeSoftware } from "../../workspace/toolchain.ts";
import { startApiServer } from "../support/apiServer.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { findProgram } from "../support/toolchainPrograms.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

const ciliumManifests = requireCiliumManifests(requireNodeSoftware(readToolchain()));
const version = readPinnedVersion("cilium");
let api: ApiServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mixcpt-cilium-"));
  api = await startApiServer(["--allow-privileged=true"]); // as kubeadm sets it
  writeFileSync(join(folder, "kubeconfig"), api.kubeconfig);
});

afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

/** Applies the manifests as install-pod-network.sh does, and returns the names of the objects. */
function applyManifests(kind: keyof typeof ciliumManifests): string[] {
  const file = join(ciliumManifests[kind], "cilium.json");
  const flags = ["--server-side", "--force-conflicts", "--field-manager=mixcpt", `--filename=${file}`, "--output=name"];
  const kubeconfig = join(folder, "kubeconfig");
  return execFileSync(findProgram("kubectl"), ["--kubeconfig", kubeconfig, "apply", ...flags], { encoding: "utf8" })
    .trim()
    .split("\n");
}

function listImages(kind: keyof typeof ciliumManifests): string[] {
  const images = readFileSync(join(ciliumManifests[kind], "cilium.json"), "utf8").match(/"image":"[^"]+"/g) ?? [];
  return [...new Set(images)].map((image) => image.split('"')[3] ?? "").sort();
}

it("are accepted by the API server, once and again, and a node needs nothing of Envoy and Hubble", () => {
  const names = applyManifests("hosts");
  expect(names).toEqual(expect.arrayContaining(["daemonset.apps/cilium", "deployment.apps/cilium-operator"]));
  expect(names.filter((name) => /envoy|hubble/.test(name))).toEqual([]);
  expect(applyManifests("hosts")).toEqual(names);
});

it("name the published images on machines of a rack, and those of setup on local hosts", () => {
  expect(listImages("hosts")).toEqual([
    `quay.io/cilium/cilium:${version}@${publishedDigests.agent}`,
    `quay.io/cilium/operator-generic:${version}@${publishedDigests.operator}`,
  ]);
  expect(listImages("local")).toEqual([`mixcpt.local/cilium-operator:${version}`, `mixcpt.local/cilium:${version}`]);
});

it("send packets between nodes in VXLAN and take the ranges of nodes from Kubernetes", async () => {
  applyManifests("local");
  const { body } = await api.call("GET", "/api/v1/namespaces/kube-system/configmaps/cilium-config");
  expect(body["data"]).toMatchObject({ "routing-mode": "tunnel", "tunnel-protocol": "vxlan", ipam: "kubernetes" });
});
