import { Writable } from "node:stream";
import { createJsonDisplay, createLineDisplay } from "./display.ts";
import { computeGridState } from "./gridState.ts";
import type { StackState } from "./stackState.ts";
import { watchDocumentSchema } from "./watchDocument.ts";
import { buildBusySnapshot, buildContext, watchedDevStack } from "./watchedStack.fixture.ts";

jest.mock("log-update", () => ({}));

function createRecorder() {
  const chunks: string[] = [];
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { output, readLines: () => chunks.join("").trimEnd().split("\n") };
}

const dev: StackState = { stack: "dev", state: computeGridState(watchedDevStack, buildContext(buildBusySnapshot())) };

describe("watch --json", () => {
  it("prints a document of the committed schema at each change, and nothing when only the time left changes", () => {
    const { output, readLines } = createRecorder();
    const display = createJsonDisplay(output);
    display.show([dev], null);
    display.show([{ ...dev, state: { ...dev.state, eta: 1 } }], null);
    display.show([dev], "Reconnecting");
    display.show([dev], null);
    const documents = readLines().map((line) => watchDocumentSchema.parse(JSON.parse(line)));
    expect(documents.map(({ notice }) => notice)).toEqual([null, "Reconnecting", null]);
    expect(documents[0]?.stacks[0]).toMatchObject({ stack: "dev", outcome: "running", percent: 35 });
  });

  it("says what blocks a cell and why one has failed", () => {
    const { output, readLines } = createRecorder();
    createJsonDisplay(output).show([dev], null);
    const { cells } = watchDocumentSchema.parse(JSON.parse(readLines()[0] ?? "")).stacks[0] ?? { cells: [] };
    expect(cells.find(({ id }) => id === "Tiny-Mono-Stag")).toMatchObject({
      stage: "failed",
      failure: { exitCode: 137 },
    });
    expect(cells.find(({ id }) => id === "Tiny-Mono+Code-Alt")?.reason?.kind).toBe("image");
  });
});

it("lines of several stacks begin with the time and the stack", () => {
  const { output, readLines } = createRecorder();
  createLineDisplay(output, () => new Date("2026-01-01T10:20:30Z")).show([dev, { ...dev, stack: "other" }], null);
  expect(readLines()).toContain("10:20:30 other Tiny-Mono-Alt: done");
});
