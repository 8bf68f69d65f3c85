/**
 * The pod of a training with the real kubelet and containerd, as Trainer makes it of the runtime and a TrainJob. No API
 * server is there: the pod is a file, and the store a folder of the machine instead of a claim.
 */
import type { Container, Pod } from "kubernetes-types/core/v1.js";
import { emulatedCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { buildFolderMount } from "../../jobs/kube/storeMounts.ts";
import { buildTrainingRuntime } from "../../jobs/kube/trainingRuntime.ts";
import { KubeletMachine } from "../support/kubeletMachine.ts";

const minuteMs = 60_000;
const machine = new KubeletMachine("test-own-folder");

/** Removes what the kubelet has only from an API server, and what a machine without room cannot give. */
function detach(container: Container, env: Container["env"] = []): Container {
  const known = container.env?.filter(
    ({ valueFrom = {} }) => !valueFrom.configMapKeyRef && !valueFrom.resourceFieldRef,
  );
  return { ...container, resources: {}, env: [...(known ?? []), ...env] };
}

/** Starts the pod of a run that runs a script instead of the training, and returns the script's output. */
function runScript(run: string, script: string, env?: Container["env"]): Promise<string> {
  const images = { ...emulatedCluster.images, store: machine.image, llamaFactory: machine.image };
  const [, job] = buildTrainingRuntime({ ...emulatedCluster, images }).spec.template.spec.replicatedJobs;
  const { containers = [], initContainers = [], volumes = [], ...spec } = job?.template.spec.template.spec ?? {};
  const [node] = containers;
  if (node === undefined) throw new Error("the runtime has no container");
  const folder = buildFolderMount(`/store/runs/${run}`, emulatedCluster.store);
  const pod: Pod & { metadata: { name: string } } = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: run, namespace: "default", labels: { "mixcpt.io/run": run } },
    spec: {
      ...spec,
      affinity: {}, // the machine has no labels
      hostNetwork: true,
      initContainers: initContainers.map((container) => detach(container, env)),
      // Trainer puts the mount of the TrainJob before those of the runtime
      containers: [
        {
          ...detach(node, env),
          command: ["sh", "-c", `{ ${script}; } 2>&1; echo END; sleep 600`],
          volumeMounts: [folder, ...(node.volumeMounts ?? [])],
        },
      ],
      volumes: volumes.map((volume) =>
        volume.name === "store" ? { name: "store", hostPath: { path: "/srv/mixcpt", type: "Directory" } } : volume,
      ),
    },
  };
  machine.startPod(pod);
  return machine.awaitLog(run, node.name, "END");
}

beforeAll(async () => {
  await machine.start();
  await machine.run(`rm -rf /srv/mixcpt/*; mkdir -p /srv/mixcpt/runs/another && touch /srv/mixcpt/runs/another/COMPLETE
    chown -R 1000:1000 /srv/mixcpt`);
}, 10 * minuteMs);

afterAll(async () => {
  await machine.remove();
}, 10 * minuteMs);

it(
  "writes its own folder, which belongs to its user, reads another run, and can write or remove nothing there",
  async () => {
    const lines = await runScript(
      "own",
      "touch /store/runs/own/x && echo written; cat /store/runs/another/COMPLETE && echo read; " +
        "touch /store/runs/another/x; rm -r /store/runs/another; mkdir /store/new",
    );
    expect(lines.match(/Read-only file system/g)).toHaveLength(3);
    expect(lines).toMatch(/^written\nread\n/);
    expect(await machine.run("stat -c %u:%g /srv/mixcpt/runs/own; ls /srv/mixcpt/runs/another /srv/mixcpt")).toBe(
      "1000:1000\n/srv/mixcpt:\nruns\n\n/srv/mixcpt/runs/another:\nCOMPLETE\n",
    );
  },
  5 * minuteMs,
);

it(
  "follows the link that adopt has made to a finished run",
  async () => {
    await machine.run(
      "mkdir /srv/mixcpt/runs/old && ln -s old /srv/mixcpt/runs/adopted && chown 1000 /srv/mixcpt/runs/old",
    );
    expect(await runScript("adopted", "touch /store/runs/adopted/x && echo written")).toContain("written\nEND");
    expect(await machine.run("ls /srv/mixcpt/runs/old")).toBe("x\n");
  },
  5 * minuteMs,
);

it(
  "makes no folder as its user on a node without the store, where the step then says so",
  async () => {
    const env = [{ name: "MIXCPT_STORE_ID", value: "of-another-store" }];
    expect(await runScript("lost", "touch /store/runs/lost/x", env)).toMatch(/Permission denied/);
  },
  5 * minuteMs,
);
