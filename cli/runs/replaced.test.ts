import type { EngineEvent, PreviewOptions, Stack } from "@pulumi/pulumi/automation/index.js";
import { refuseReplacement, findReplacedTrainings } from "./replaced.ts";

const buildEngineEvent = (op: string, name: string): EngineEvent => ({ resourcePreEvent: { metadata: { op, urn: `urn:pulumi:dev::mixcpt::kubernetes:trainer:TrainJob::${name}` } } }) as EngineEvent;

/** An engine that tells of these steps. */
const mockStack = (...events: EngineEvent[]) => {
  const preview = jest.fn(({ onEvent }: PreviewOptions) => Promise.resolve(events.forEach((one) => onEvent?.(one))));
  return { stack: { preview } as unknown as Stack, preview };
};

const begun = [{ name: "t1", cell: "Tiny-Mono-Alt" }, { name: "t2", cell: "Tiny-Mono-Sel" }];

describe("an up that would end trainings", () => {
  it("is known by the engine's own preview", async () => {
    const { stack } = mockStack(buildEngineEvent("same", "t1"), buildEngineEvent("create", "t3"), buildEngineEvent("delete", "t2"));
    expect(await findReplacedTrainings(stack, begun)).toEqual([begun[1]]);
  });

  it("costs no preview while nothing has begun", async () => {
    const { stack, preview } = mockStack();
    expect(await findReplacedTrainings(stack, [])).toEqual([]);
    expect(preview).not.toHaveBeenCalled();
  });

  it("is refused with the cells and both ways on", () => {
    expect(() => refuseReplacement(begun, "dev")).toThrow(/2 trainings[^]*Tiny-Mono-Alt \(t1\)[^]*preview dev[^]*--replace-running/);
    expect(() => refuseReplacement([], "dev")).not.toThrow();
  });
});
