import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { writeClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { findRecordedKubeconfig, keepRecordedKubeconfig } from "./recordedKubeconfig.ts";

jest.mock("execa", () => ({}));
jest.mock("../kubernetes/kubeconfigFile.ts");

function buildSecret(text: string) {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(text) };
}

function buildCommandRecord(name: string, stdout: string): RecordedResource {
  const type = "command:local:Command";
  return { urn: `urn:pulumi:lab::mixcpt-infra::${type}::${name}`, type, outputs: { stdout: buildSecret(stdout) } };
}

const init = buildCommandRecord("node-gpu-1-init", "clusters: [init]");
const joined = buildCommandRecord("node-gpu-2-join", "this node has joined the clusters");
const provider: RecordedResource = {
  urn: "urn:pulumi:lab::mixcpt-infra::pulumi:providers:kubernetes::cluster",
  type: "pulumi:providers:kubernetes",
  inputs: { kubeconfig: buildSecret("clusters: [provider]") },
};

describe("the kubeconfig of a cluster whose cluster up has failed", () => {
  it("is in the state as soon as kubeadm has succeeded", () => {
    expect(findRecordedKubeconfig([joined])).toBeUndefined();
    expect(findRecordedKubeconfig([joined, init])).toBe("clusters: [init]");
  });

  it("is the one that was read later, if there is one", () => {
    const read = buildCommandRecord("node-gpu-1-kubeconfig", "clusters: [read]");
    expect(findRecordedKubeconfig([init, provider, read])).toBe("clusters: [read]");
  });

  it("is that of the provider on a cluster that existed before", () => {
    expect(findRecordedKubeconfig([provider])).toBe("clusters: [provider]");
  });

  it("is written to the place of a finished cluster's", async () => {
    const opened = { exportStack: () => Promise.resolve({ deployment: { resources: [init] } }) } as unknown as Stack;
    expect(await keepRecordedKubeconfig("lab", opened)).toBe(true);
    expect(writeClusterKubeconfig).toHaveBeenCalledWith("lab", "clusters: [init]");
  });

  it("is not required: a state that cannot be read hides no error of cluster up", async () => {
    const opened = { exportStack: () => Promise.reject(new Error("locked")) } as unknown as Stack;
    expect(await keepRecordedKubeconfig("lab", opened)).toBe(false);
  });

  it("is not required: a full disk hides no error of cluster up", async () => {
    jest.mocked(writeClusterKubeconfig).mockImplementation(() => {
      throw new Error("ENOSPC");
    });
    const opened = { exportStack: () => Promise.resolve({ deployment: { resources: [init] } }) } as unknown as Stack;
    expect(await keepRecordedKubeconfig("lab", opened)).toBe(false);
  });
});
