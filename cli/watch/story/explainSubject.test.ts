import fc from "fast-check";
import { buildConditionedObject, buildJobObject, snapshotTime } from "../../kubernetes/apiObjects.fixture.ts";
import type { ClusterSnapshot } from "../../kubernetes/apiObjects.ts";
import { buildUncountedPod, hourAgo, stuckCell } from "../waiting/stuckObjects.fixture.ts";
import { stuckStates } from "../waiting/stuckStates.fixture.ts";
import { buildBusySnapshot, buildContext, watchedDevStack } from "../watchedStack.fixture.ts";
import { explainSubject, findSubject, listSubjects } from "./explainSubject.ts";

const [mixture = ""] = stuckCell.dataJobs;
const subjects = listSubjects(watchedDevStack, []);

function explain(
  word: string,
  objects: Partial<ClusterSnapshot>,
  rights: "cluster" | "namespace" = "cluster",
): string[] {
  const subject = findSubject(subjects, word);
  if (subject === undefined) throw new Error(`no subject ${word}`);
  return explainSubject(subject, buildContext(objects), {
    stack: "dev",
    cluster: "lumi",
    rights,
    now: snapshotTime,
    notice: null,
  });
}

const jobsDone = stuckCell.dataJobs.map((name) => buildJobObject(name, "Complete"));

function explainStuckCell({ jobs = [], ...objects }: Partial<ClusterSnapshot>): string[] {
  return explain(stuckCell.id, { ...objects, jobs: [...jobsDone, ...jobs] });
}

function findStuckObjects(name: string): Partial<ClusterSnapshot> {
  return stuckStates.find(({ state }) => state === name)?.objects ?? {};
}

describe("the subject of an explanation", () => {
  it.each(["Tiny-Bi+Code-Stag", "tiny-bi-code-stag", "tiny-bi+code-stag"])("is found by the name %s", (word) => {
    expect(findSubject(subjects, word)?.cell?.id).toBe("Tiny-Bi+Code-Stag");
  });

  it("may be a base model or a data job", () => {
    expect(findSubject(subjects, "tiny-base")?.base?.id).toBe("Tiny-base");
    expect(findSubject(subjects, mixture)).toEqual({ id: mixture });
  });

  it("is unknown if the stack has nothing of that name", () => {
    expect(findSubject(subjects, "Tiny-Bi")).toBeUndefined();
  });
});

describe("the explanation of a cell", () => {
  it.each(stuckStates)("begins with the reason, and names the object to look at, if $state", ({ summary, objects }) => {
    const lines = explainStuckCell(objects);
    expect(lines[0]).toMatch(/^Tiny-Mono-Alt: .*, \d+ %$/);
    expect(lines[1]).toBe(summary);
    expect(lines[2]).toMatch(/^ {2}says \S.* about \S+ \S+( \(for .*\))?:$/);
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}look: \.\/mixcpt kubectl --cluster lumi .*describe \S+ \S+$/),
    );
  });

  it("has each object with its state, and the full messages", () => {
    const lines = explainStuckCell(findStuckObjects("no quota is free"));
    expect(lines).toEqual(
      expect.arrayContaining([
        "data",
        `  Job ${mixture}: Complete, 1 of 1 pods done`,
        "train",
        `  TrainJob ${stuckCell.trainJob}: not ended (for 1 h 0 min)`,
        expect.stringMatching(/^ {2}Pod \S+: Pending, held by kueue.x-k8s.io\/admission, kueue.x-k8s.io\/topology/),
        expect.stringMatching(/^ {2}Workload \S+: QuotaReserved=False \(Pending\) \(for 1 h 0 min\)$/),
        expect.stringMatching(/^ {6}QuotaReserved: couldn't assign flavors .* 8 more needed$/),
        `  JobSet ${stuckCell.evaluation}: not on the cluster`,
      ]),
    );
  });

  it("says of a running pod that Kueue does not count it, so that it uses devices past every quota", () => {
    const pods = [{ ...buildUncountedPod(), spec: { nodeName: "lumi-3" }, status: { phase: "Running" } }];
    expect(explainStuckCell({ pods })).toContainEqual(
      expect.stringMatching(/^ {2}Pod \S+: Running, not counted by Kueue, on node lumi-3/),
    );
    const [counted] = pods.map(({ metadata, ...pod }) => ({
      ...pod,
      metadata: { ...metadata, labels: { ...metadata?.labels, "kueue.x-k8s.io/managed": "true" } },
    }));
    expect(explainStuckCell({ pods: [counted].flatMap((pod) => pod ?? []) }).join("\n")).not.toContain("not counted");
  });

  it("has the volume and the last events", () => {
    const lines = explainStuckCell(findStuckObjects("the volume is not bound"));
    expect(lines).toContain("  PersistentVolumeClaim store: Pending");
    expect(lines.slice(-2)).toEqual([
      "  30 s ago, Warning ProvisioningFailed of PersistentVolumeClaim store, 12 times",
      '      storageclass "lustre" not found',
    ]);
  });

  it.each([
    ["the volume is not bound", "mixcpt-infra:cluster.store in infra/Pulumi.lumi.yaml"],
    ["it needs more than the queue has", "mixcpt:hardware (nodesPerCell, devicesPerNode) in Pulumi.dev.yaml"],
    ["no controller makes a JobSet", "./mixcpt cluster up lumi"],
    ["a pod keeps broken GPUs", "./mixcpt cluster quarantine lumi lumi-3"],
    ["a pod has found broken GPUs", "./mixcpt cluster release lumi lumi-3"],
    ["every node is tainted", "./mixcpt cluster release lumi NODE"],
    ["the container keeps crashing", "mixcpt-infra:cluster.training.memoryGiB in infra/Pulumi.lumi.yaml"],
    ["the node is lost", "taint node lumi-3 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute"],
  ])("names the key or the command that helps if %s", (state, words) => {
    expect(explainStuckCell(findStuckObjects(state)).join("\n")).toContain(words);
  });

  it.each(stuckStates)(
    "sends a tenant to the administrator for what the whole cluster shares, if $state",
    ({ objects }) => {
      const lines = explain(stuckCell.id, { ...objects, jobs: [...jobsDone, ...(objects.jobs ?? [])] }, "namespace");
      const advised = lines.slice(lines.indexOf("what to do") + 1, lines.indexOf("data"));
      const forTenants = advised.filter((line) => !line.includes("ask the cluster's administrator"));
      expect(forTenants.join("\n")).not.toMatch(
        /mixcpt cluster|kubectl (?!--cluster lumi --namespace)|clusterqueues|patch workload|resourcequotas|queue\.quota/,
      );
      expect(advised.join("\n")).not.toMatch(/administrator.*--cluster lumi|administrator.*Pulumi\.lumi/);
    },
  );

  it("tells a tenant what to ask the administrator for", () => {
    const explainAsTenant = (state: string) => explain(stuckCell.id, { ...findStuckObjects(state) }, "namespace");
    expect(explainAsTenant("every node is tainted")).toContain(
      "  release a repaired node from quarantine (mixcpt.io/quarantine): ask the cluster's administrator " +
        "(./mixcpt cluster release STACK NODE)",
    );
  });

  it("says how to submit a cell that the cluster does not have", () => {
    expect(explain(stuckCell.id, {}).join("\n")).toContain("./mixcpt up dev");
  });

  it("quotes the failure of a cell that has failed for good", () => {
    const lines = explain("tiny-mono-stag", buildBusySnapshot());
    expect(lines[1]).toContain("train OOMKilled (exit code 137)");
    expect(lines.join("\n")).toContain("./mixcpt retry dev Tiny-Mono-Stag");
  });

  it("does not invent a reason for a cell that works", () => {
    expect(explain("tiny-bi-sel", buildBusySnapshot())[1]).toContain("the cluster gives no reason");
  });

  it("ends with the kinds that could not be read", () => {
    const [subject] = subjects;
    const frame = {
      stack: "dev",
      cluster: "lumi",
      rights: "cluster",
      now: snapshotTime,
      notice: "unknown: events",
    } as const;
    expect(subject && explainSubject(subject, buildContext({}), frame).at(-1)).toBe("unknown: events");
  });
});

it("a data job is explained like a cell", () => {
  const jobSets = [{ ...buildConditionedObject(mixture), metadata: { name: mixture, creationTimestamp: hourAgo } }];
  expect(explain(mixture, { jobSets }).slice(0, 2)).toEqual([
    `${mixture}: waiting for data (data)`,
    "no Job: is JobSet's controller running?",
  ]);
});

it("every subject is explained without an error, whichever objects are missing", () => {
  const busy = buildBusySnapshot();
  const subsets = fc.record({
    trainJobs: fc.subarray([...busy.trainJobs]),
    jobSets: fc.subarray([...busy.jobSets]),
    jobs: fc.subarray([...busy.jobs]),
    pods: fc.subarray([...busy.pods]),
  });
  fc.assert(
    fc.property(subsets, fc.constantFrom(...subjects), (objects, { id }) => {
      expect(explain(id, objects)[0]).toContain(id);
    }),
  );
});
