import type { EngineEvent, PreviewOptions, Stack } from "@pulumi/pulumi/automation/index.js";
import { cellIdAnnotation, stackLabel } from "../../jobs/kube/objectLabels.ts";
import type { ConditionedObject } from "../kubernetes/apiObjects.ts";
import { buildConditionedObject, buildPodObject, buildSnapshot } from "../watch/watchedStack.fixture.ts";
import { findReplacedTrainings, listActiveTrainings, refuseReplacement } from "./activeTrainings.ts";

function buildTraining(name: string, ...conditions: string[]): ConditionedObject {
  return {
    ...buildConditionedObject(name, ...conditions),
    metadata: { name, labels: { [stackLabel]: "dev" }, annotations: { [cellIdAnnotation]: `Cell ${name}` } },
  };
}

describe("a training that has begun", () => {
  it("runs on a node; those that are queued, done or of another stack have nothing to lose here", () => {
    const at = buildSnapshot({
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
    expect(listActiveTrainings(at, "dev")).toEqual([{ name: "runs", cell: "Cell runs" }]);
  });

  it("has begun, too, where it waits for the nodes that were taken from it", () => {
    const restarted: ConditionedObject = { ...buildConditionedObject("preempted"), status: { restarts: 1 } };
    const at = buildSnapshot({
      trainJobs: [buildTraining("preempted")],
      jobSets: [restarted],
      pods: [buildPodObject("preempted", "node", "queued")],
    });
    expect(listActiveTrainings(at, "dev")).toHaveLength(1);
  });
});

function buildEngineEvent(op: string, name: string): EngineEvent {
  return {
    resourcePreEvent: { metadata: { op, urn: `urn:pulumi:dev::mixcpt::kubernetes:trainer:TrainJob::${name}` } },
  } as EngineEvent;
}

/** An engine that tells of these steps. */
function mockStack(...events: EngineEvent[]) {
  const preview = jest.fn(({ onEvent }: PreviewOptions) => Promise.resolve(events.forEach((one) => onEvent?.(one))));
  return { stack: { preview } as unknown as Stack, preview };
}

const begun = [
  { name: "t1", cell: "Tiny-Mono-Alt" },
  { name: "t2", cell: "Tiny-Mono-Sel" },
];

describe("an up that would end trainings", () => {
  it("is known by the engine's own preview", async () => {
    const { stack } = mockStack(
      buildEngineEvent("same", "t1"),
      buildEngineEvent("create", "t3"),
      buildEngineEvent("delete", "t2"),
    );
    expect(await findReplacedTrainings(stack, begun)).toEqual([begun[1]]);
  });

  it("costs no preview while nothing has begun", async () => {
    const { stack, preview } = mockStack();
    expect(await findReplacedTrainings(stack, [])).toEqual([]);
    expect(preview).not.toHaveBeenCalled();
  });

  it("is refused with the cells and both ways on", () => {
    expect(() => refuseReplacement(begun, "dev")).toThrow(
      /2 trainings[^]*Tiny-Mono-Alt \(t1\)[^]*preview dev[^]*--replace-running/,
    );
    expect(() => refuseReplacement([], "dev")).not.toThrow();
  });
});
