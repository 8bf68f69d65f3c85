import { findRecordedStack } from "../engine/findRecordedStack.ts";
import { reachCluster } from "../engine/reachCluster.ts";
import { detectDrift } from "./detectDrift.ts";

jest.mock("../engine/findRecordedStack.ts", () => ({ findRecordedStack: jest.fn() }));
jest.mock("../engine/reachCluster.ts", () => ({ reachCluster: jest.fn() }));

it("compares what was deployed, once the way to its cluster is open", async () => {
  const steps: string[] = [];
  jest.mocked(reachCluster).mockImplementation((project, stack) => {
    steps.push(`reach ${project}/${stack}`);
    return Promise.resolve();
  });
  jest.mocked(findRecordedStack).mockImplementation((project, stack) => {
    const preview = () => Promise.resolve(steps.push(`preview ${project}/${stack}`));
    return Promise.resolve(stack === "new" ? undefined : ({ preview } as never));
  });
  expect(await detectDrift({ clusters: ["lumi"], stacks: ["viking", "new"] })).toEqual([
    { name: "new", changes: ["it was never deployed"] },
  ]);
  expect(steps).toEqual([
    "reach mixcpt-infra/lumi",
    "preview mixcpt-infra/lumi",
    "reach mixcpt/viking",
    "preview mixcpt/viking",
  ]);
});
