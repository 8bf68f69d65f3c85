import type { EngineEvent, PreviewOptions, Stack } from "@pulumi/pulumi/automation/index.js";
import { previewChanges, selectDeletedRuns } from "./previewedChanges.ts";

function buildUrn(name: string): string {
  return `urn:pulumi:dev::mixcpt::kubernetes:trainer:TrainJob::${name}`;
}

function buildEngineEvent(op: string, name: string, provider = "lab-id"): EngineEvent {
  return { resourcePreEvent: { metadata: { op, urn: buildUrn(name), old: { provider }, provider } } } as EngineEvent;
}

/** A stack whose preview emits the events. */
function mockStack(...events: EngineEvent[]): Stack {
  const preview = ({ onEvent }: PreviewOptions) => Promise.resolve(events.forEach((event) => onEvent?.(event)));
  return { preview } as unknown as Stack;
}

const runs = ["t1", "t2"].map((name) => ({ urn: buildUrn(name), provider: "lab-id" }));

describe("the runs that an up would delete", () => {
  it("are those that the engine's preview deletes, also for a replacement", async () => {
    const changes = await previewChanges(
      mockStack(
        buildEngineEvent("same", "t1"),
        buildEngineEvent("create", "t3"),
        buildEngineEvent("delete-replaced", "t2"),
      ),
    );
    expect(selectDeletedRuns(runs, changes)).toEqual([runs[1]]);
    expect(changes.created).toEqual(["t3"]);
  });

  it("do not include a run of the same name on the cluster to which it was moved", async () => {
    const moved = { urn: buildUrn("t1"), provider: "site-id" };
    const changes = await previewChanges(mockStack(buildEngineEvent("delete", "t1", "lab-id")));
    expect(selectDeletedRuns([...runs, moved], changes)).toEqual([runs[0]]);
  });

  it("include a run whose provider the engine does not name", async () => {
    const changes = await previewChanges(mockStack(buildEngineEvent("delete", "t1", "")));
    expect(selectDeletedRuns(runs, changes)).toEqual([runs[0]]);
  });
});
