import type { EngineEvent, PreviewOptions, Stack } from "@pulumi/pulumi/automation/index.js";
import { cellIdAnnotation, stackLabel } from "../../jobs/kube/objectLabels.ts";
import type { ConditionedObject } from "../kubernetes/apiObjects.ts";
import { buildConditionedObject, buildPodObject, buildSnapshot } from "../kubernetes/apiObjects.fixture.ts";
import { findReplacedTrainings, listActiveTrainings, refuseReplacement } from "./activeTrainings.ts";

function buildTraining(name: string, ...conditions: string[]): ConditionedObject {
  return {
    ...buildConditionedObject(name, ...conditions),
    metadata: { name, labels: { [stackLabel]: "dev" }, annotations: { [cellIdAnnotation]: `Cell ${name}` } },
  };
}

describe("the active trainings of a stack", () => {
  it("are those that run on a node, but not those that are queued, done or of another stack", () => {
    const snapshot = buildSnapshot({
      trainJobs: [
        buildTraining("runs"),
        buildTraining("waits"),
        buildTraining("done", "Complete"),
        { ...buildTraining("foreign"), metadata: { name: "foreign", labels: { [stackLabel]: "viking" } } },
      ],
      pods: [
        buildPodObject("runs", "node", "running"),
        buildPodObject("waits", "node", "queued"),
        buildPodObject("waits", "await-corpus", "running"),
        buildPodObject("foreign", "node", "running"),
      ],
    });
    expect(listActiveTrainings(snapshot, "dev")).toEqual([{ name: "runs", cell: "Cell runs" }]);
  });

  it("include one that waits for nodes that were taken from it", () => {
    const restarted: ConditionedObject = { ...buildConditionedObject("preempted"), status: { restarts: 1 } };
    const snapshot = buildSnapshot({
      trainJobs: [buildTraining("preempted")],
      jobSets: [restarted],
      pods: [buildPodObject("preempted", "node", "queued")],
    });
    expect(listActiveTrainings(snapshot, "dev")).toHaveLength(1);
  });
});

function buildEngineEvent(op: string, name: string): EngineEvent {
  return {
    resourcePreEvent: { metadata: { op, urn: `urn:pulumi:dev::mixcpt::kubernetes:trainer:TrainJob::${name}` } },
  } as EngineEvent;
}

/** A stack whose preview emits the events. */
function mockStack(...events: EngineEvent[]) {
  const preview = jest.fn(({ onEvent }: PreviewOptions) =>
    Promise.resolve(events.forEach((event) => onEvent?.(event))),
  );
  return { stack: { preview } as unknown as Stack, preview };
}

const activeTrainings = [
  { name: "t1", cell: "Tiny-Mono-Alt" },
  { name: "t2", cell: "Tiny-Mono-Sel" },
];

describe("an up that would end trainings", () => {
  it("is found with the engine's preview", async () => {
    const { stack } = mockStack(
      buildEngineEvent("same", "t1"),
      buildEngineEvent("create", "t3"),
      buildEngineEvent("delete", "t2"),
    );
    expect(await findReplacedTrainings(stack, activeTrainings)).toEqual([activeTrainings[1]]);
  });

  it("needs no preview if no training is active", async () => {
    const { stack, preview } = mockStack();
    expect(await findReplacedTrainings(stack, [])).toEqual([]);
    expect(preview).not.toHaveBeenCalled();
  });

  it("is refused with the cells, and with the commands to compare and to replace them", () => {
    expect(() => refuseReplacement(activeTrainings, "dev")).toThrow(
      /2 trainings[^]*Tiny-Mono-Alt \(t1\)[^]*preview dev[^]*--replace-running/,
    );
    expect(() => refuseReplacement([], "dev")).not.toThrow();
  });
});
