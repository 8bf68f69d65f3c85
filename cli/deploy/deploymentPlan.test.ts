import { buildFamilySnapshot, buildStacksSnapshot, faster } from "../preview/snapshots.fixture.ts";
import type { ObjectOwner } from "../preview/sharedObjects.ts";
import { formatObjectName } from "../preview/snapshotIndex.ts";
import { planStacks } from "./deploymentPlan.ts";

jest.mock("execa", () => ({ execa: jest.fn() }));

const declared = buildFamilySnapshot();

/** The owner of everything that a snapshot's stack submits. */
function buildOwner(cluster: string | undefined, { manifests } = declared): ObjectOwner {
  return { stack: "viking", cluster, objects: new Set((manifests["viking"] ?? []).map(formatObjectName)) };
}

async function computePendingHours(...owners: readonly ObjectOwner[]): Promise<number> {
  const { totals } = await planStacks(declared, { listOwners: () => Promise.resolve(owners), removed: [] });
  return totals.gpuHours.high + totals.evaluationGpuHours;
}

describe("the GPU-hours of a deployment", () => {
  it("are those of everything for a stack that was never deployed, and zero for one that is recorded", async () => {
    expect(await computePendingHours()).toBeGreaterThan(0);
    expect(await computePendingHours(buildOwner("lumi"))).toBe(0);
  });

  it("are those of everything for a stack that was moved to another cluster", async () => {
    expect(await computePendingHours(buildOwner("former"))).toBe(await computePendingHours());
  });

  it("are those of what is left after an interrupted move", async () => {
    const hours = await computePendingHours(buildOwner("former"), buildOwner("lumi", buildFamilySnapshot(faster)));
    expect(hours).toBeGreaterThan(0);
    expect(hours).toBeLessThan(await computePendingHours());
  });

  it("are zero for an older state that does not name the cluster", async () => {
    expect(await computePendingHours(buildOwner(undefined))).toBe(0);
  });
});

it("a stack that breaks a rule of policies/ is refused and costs nothing", async () => {
  const violation = "Pulumi.viking.yaml breaks rules";
  const snapshot = buildStacksSnapshot({ viking: { facts: { violation } } });
  const { refusals, totals } = await planStacks(snapshot, { listOwners: () => Promise.resolve([]), removed: [] });
  expect([...refusals]).toEqual([["viking", violation]]);
  expect(totals.gpuHours.high).toBe(0);
});
