import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { keepTunnel } from "../cluster/bastionTunnel.ts";
import { readOriginalKubeconfig } from "./originalKubeconfig.ts";
import { buildProviderRecord, buildRunRecord } from "./recordedRuns.fixture.ts";
import { renewClusterCredentials, renewCredentials } from "./renewCredentials.ts";

jest.mock("../cluster/bastionTunnel.ts", () => ({ keepTunnel: jest.fn() }));
jest.mock("./originalKubeconfig.ts");

function record(type: string, name: string, inputs = {}) {
  return { urn: `urn:pulumi:lab::mixcpt-infra::${type}::${name}`, type, inputs };
}

const provider = record("pulumi:providers:kubernetes", "cluster", { kubeconfig: "old" });
const scripts = ["node-1", "node-2"].map((node) => record("command:local:Command", `emulated-gpus-${node}`));
const others = [record("command:local:Command", "emulator-owner"), record("mixcpt:infra:Controllers", "controllers")];

/** Returns the resources that are updated before a cluster is destroyed. */
async function renew(resources: readonly object[], original: string | undefined, error?: Error) {
  const up = jest.fn(() => (error === undefined ? Promise.resolve() : Promise.reject(error)));
  const exportStack = () => Promise.resolve({ version: 3, deployment: { resources } });
  jest.mocked(readOriginalKubeconfig).mockReturnValue(original);
  await renewClusterCredentials({ up, exportStack } as unknown as Stack, "lab");
  return up.mock.calls.flatMap(([options]: { target?: string[] }[]) => options?.target);
}

describe("the credentials in the state of an existing cluster", () => {
  const urns = [...scripts, provider].map(({ urn }) => urn);

  it("are renewed in the provider and in the scripts for emulated devices if the file has others", async () => {
    expect(await renew([...others, ...scripts, provider], "new")).toEqual(urns);
  });

  it("are renewed in the scripts of a cluster up that ended before the provider", async () => {
    expect(await renew([...others, ...scripts], "new")).toEqual(urns.slice(0, 2));
  });

  it("stay if the file has the same, if this machine has no such file, and without a resource that has them", async () => {
    expect(await renew([...scripts, provider], "old")).toEqual([]);
    expect(await renew([...scripts, provider], undefined)).toEqual([]);
    expect(await renew(others, "new")).toEqual([]);
  });

  it("may still be valid if they cannot be renewed", async () => {
    await expect(renew([provider], "new", new Error("the engine"))).resolves.toEqual([provider.urn]);
  });
});

it("opens the tunnel to the cluster that the state records, before a refresh or a removal", async () => {
  jest.mocked(readOriginalKubeconfig).mockReturnValue(undefined);
  const lumi = buildProviderRecord("lumi");
  const resources = [lumi, buildRunRecord("TrainJob", "mixcpt-a", { on: lumi })];
  const exportStack = () => Promise.resolve({ version: 3, deployment: { resources } });
  await renewCredentials({ exportStack } as unknown as Stack);
  expect(jest.mocked(keepTunnel).mock.calls).toEqual([["lumi"]]);
});
