import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { isTaskComplete } from "../setup/setupTask.ts";
import { describeToolchain } from "../setup/toolchainRecord.ts";
import { checkToolchain, describeClusterSoftware, detectSetupScope } from "./doctorToolchain.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("../setup/setupTask.ts", () => ({
  ...jest.requireActual<object>("../setup/setupTask.ts"),
  isTaskComplete: jest.fn(),
}));
jest.mock("../../workspace/toolchain.ts", () => ({
  ...jest.requireActual<object>("../../workspace/toolchain.ts"),
  readToolchain: jest.fn(),
}));

const optionalTitles = /cilium|kube-vip|helm/i;

/** Builds all parts but those whose titles match, and records them as `setup` does. */
function setUpWithout(titles: RegExp): Toolchain {
  jest.mocked(isTaskComplete).mockImplementation(({ title }) => !titles.test(title));
  const recorded = describeToolchain();
  jest.mocked(readToolchain).mockReturnValue(recorded);
  return recorded;
}

function parseLocal(settings: object) {
  const emulated = { gpu: "MI250X", devicesPerNode: 2 };
  return parseClusterConfig({ kind: "local", hosts: 1, emulated, ...settings }, "infra/Pulumi.dev.yaml");
}

describe("doctor after setup demo", () => {
  it("finds nothing missing, and says what the demo's set-up leaves out", () => {
    setUpWithout(optionalTitles);
    expect(detectSetupScope()).toBe("demo");
    expect(checkToolchain("demo")).toEqual({
      subject: "toolchain",
      observation: expect.stringMatching(/^complete for the demo .*\.\/mixcpt setup adds kube-vip/),
    });
  });

  it("names the parts of the demo that are missing since, and the command that builds only them", () => {
    setUpWithout(optionalTitles);
    jest.mocked(isTaskComplete).mockImplementation(({ title }) => !/cilium|kube-vip|helm|kueue/i.test(title));
    const { observation, remedy } = checkToolchain(detectSetupScope());
    expect(observation).toMatch(/^missing 2 parts of \.\/mixcpt setup demo: kueue/i);
    expect(remedy).toBe("run ./mixcpt setup demo");
  });

  it("says which cluster needs more, and the command that provides it", () => {
    setUpWithout(optionalTitles);
    expect(describeClusterSoftware("dev", parseLocal({}))).toEqual([]);
    expect(describeClusterSoftware("dev", parseLocal({ podNetwork: { kind: "cilium" } }))).toEqual([
      {
        subject: "software for cluster dev",
        observation:
          "no manifests of Cilium and no images of Cilium, which ./mixcpt cluster up dev needs " +
          "(./mixcpt setup cilium provides it)",
      },
    ]);
  });

  it("asks for the record again where another commit wrote it", () => {
    const recorded = setUpWithout(optionalTitles);
    const manifests = { ...recorded.manifests, kueue: "/old/kueue.json" };
    jest.mocked(readToolchain).mockReturnValue({ ...recorded, manifests });
    expect(checkToolchain("demo")).toMatchObject({
      observation: expect.stringContaining("names what another commit built"),
      remedy: "run ./mixcpt setup demo, which takes a second",
    });
  });
});
