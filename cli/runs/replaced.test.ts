import type { EngineEvent, PreviewOptions, Stack } from "@pulumi/pulumi/automation/index.js";
import { refuseReplaced, replacedBy } from "./replaced.ts";

const event = (op: string, name: string): EngineEvent => ({ resourcePreEvent: { metadata: { op, urn: `urn:pulumi:dev::mixcpt::kubernetes:trainer:TrainJob::${name}` } } }) as EngineEvent;

/** An engine that tells of these steps. */
const stackOf = (...events: EngineEvent[]) => {
  const preview = jest.fn(({ onEvent }: PreviewOptions) => Promise.resolve(events.forEach((one) => onEvent?.(one))));
  return { stack: { preview } as unknown as Stack, preview };
};

const begun = [{ name: "t1", cell: "Tiny-Mono-Alt" }, { name: "t2", cell: "Tiny-Mono-Sel" }];

describe("an up that would end trainings", () => {
  it("is known by the engine's own preview", async () => {
    const { stack } = stackOf(event("same", "t1"), event("create", "t3"), event("delete", "t2"));
    expect(await replacedBy(stack, begun)).toEqual([begun[1]]);
  });

  it("costs no preview while nothing has begun", async () => {
    const { stack, preview } = stackOf();
    expect(await replacedBy(stack, [])).toEqual([]);
    expect(preview).not.toHaveBeenCalled();
  });

  it("is refused with the cells and both ways on", () => {
    expect(() => refuseReplaced(begun, "dev")).toThrow(/2 trainings[^]*Tiny-Mono-Alt \(t1\)[^]*preview dev[^]*--replace-running/);
    expect(() => refuseReplaced([], "dev")).not.toThrow();
  });
});
