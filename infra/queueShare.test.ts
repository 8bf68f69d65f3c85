import { ConfigError } from "../validation/problems.ts";
import { parseClusterConfig } from "./clusterConfig.ts";
import { selectQueueShare } from "./clusterHardware.ts";
import { buildMachine } from "./machines.fixture.ts";
import { hasWeight } from "./platform/fairSharing.ts";

const image = `registry.example/image@sha256:${"a".repeat(64)}`;
const rack = {
  kind: "hosts",
  machines: [buildMachine(1), buildMachine(2), { ...buildMachine(3), devices: "none" }],
  privateKeyFile: "/k",
  devices: { gpu: "MI250X", devicesPerNode: 8 },
  store: { kind: "path", path: "/lustre/mixcpt" },
  images: { data: image, llamaFactory: image, evaluate: image },
};

function parseRack(further: object) {
  return parseClusterConfig({ ...rack, ...further }, "infra/Pulumi.rack.yaml");
}

function listProblems(further: object): string[] {
  try {
    parseRack(further);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split("\n  mixcpt-infra:cluster.").slice(1);
  }
}

describe("the queue of a rack", () => {
  it("has the share that its file names, and all devices without one", () => {
    const queue = { quota: 8, cohort: "gpus", borrowingLimit: 8, reclaim: false };
    expect(selectQueueShare(parseRack({ queue }))).toEqual({ share: queue });
    expect(selectQueueShare(parseRack({}))).toEqual({});
  });

  it("is shared fairly if it has a weight", () => {
    expect(hasWeight(parseRack({ queue: { cohort: "gpus", weight: 2 } }))).toBe(true);
    expect(hasWeight(parseRack({ queue: { cohort: "gpus" } }))).toBe(false);
    expect(hasWeight(parseRack({}))).toBe(false);
  });

  it("may have at most the devices of the machines with GPUs", () => {
    expect(listProblems({ queue: { quota: 16 } })).toEqual([]);
    expect(listProblems({ queue: { quota: 17, weight: 2 } })).toEqual([
      "queue.quota = 17: must be at most 16, the devices of all nodes (nodes times devicesPerNode)",
      "queue.weight = 2: needs a cohort, whose queues lend and borrow; add cohort or remove it",
    ]);
  });

  it("makes the flavor of its devices, so that the file cannot name another one", () => {
    expect(listProblems({ queue: { cohort: "gpus", flavor: "mi250x" } })).toEqual([
      expect.stringMatching(/^queue\.flavor = "mi250x": unknown key; allowed: quota, cohort, borrowingLimit, weight/),
    ]);
  });

  it("is refused where another stack makes the queues", () => {
    expect(listProblems({ platform: "elsewhere", queue: { quota: 8 } })).toEqual([
      expect.stringMatching(/^queue = .*: has no effect with platform: elsewhere; write it into the file of the stack/),
    ]);
  });
});
