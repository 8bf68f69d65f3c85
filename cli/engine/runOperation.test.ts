import type { EngineEvent, Stack, UpOptions } from "@pulumi/pulumi/automation/index.js";
import { runOperation } from "./runOperation.ts";

/** A stack that reads its outputs and its history back after an update, as Pulumi's API does. */
function createStack(events: readonly object[]) {
  const [outputs, info] = [jest.fn(), jest.fn()];
  const opened = {
    outputs,
    info,
    async up(this: Stack, { onEvent }: UpOptions) {
      for (const event of events) onEvent?.(event as EngineEvent);
      await this.outputs();
      await this.info();
    },
  };
  return { outputs, info, opened: opened as unknown as Stack };
}

describe("an operation on a stack", () => {
  it("is summed up by its events, and nothing is read back", async () => {
    const summaryEvent = { resourceChanges: { create: 3, same: 2 }, durationSeconds: 7 };
    const { opened, outputs, info } = createStack([{ preludeEvent: {} }, { summaryEvent }]);
    const seen: EngineEvent[] = [];
    const summary = await runOperation(opened, "up", (event) => seen.push(event));
    expect(summary).toEqual({ resourceChanges: { create: 3, same: 2 }, seconds: 7 });
    expect(seen).toHaveLength(2);
    expect([outputs.mock.calls, info.mock.calls]).toEqual([[], []]);
  });

  it("is looked up in the history if no event sums it up", async () => {
    const { opened, info } = createStack([]);
    const [startTime, endTime] = [new Date("2026-01-01T00:00:00Z"), new Date("2026-01-01T00:00:12Z")];
    info.mockResolvedValue({ resourceChanges: { same: 1 }, startTime, endTime });
    expect(await runOperation(opened, "up", jest.fn())).toEqual({ resourceChanges: { same: 1 }, seconds: 12 });
  });
});
