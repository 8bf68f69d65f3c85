import { parseClusterConfig } from "./clusterConfig.ts";
import { buildExistingClusterConfig } from "./existingCluster.fixture.ts";
import { getClusterPods } from "./podConfig.ts";
import { trainingPresets } from "./trainingPresets.ts";

const cluster = buildExistingClusterConfig("/home/me/.kube/config");

function resolvePods(fields: object) {
  return getClusterPods(parseClusterConfig({ ...cluster, ...fields }, "infra/Pulumi.lab.yaml"));
}

function listProblems(fields: object): string[] {
  try {
    resolvePods(fields);
  } catch (error) {
    return (error as Error).message
      .split("\n")
      .slice(1)
      .map((line) => line.trim().replace("mixcpt-infra:cluster.", ""));
  }
  return [];
}

describe("the settings of a cluster's pods", () => {
  it("are none unless the file has some", () => {
    expect(resolvePods({})).toEqual({});
  });

  it("give pods of every kind of work the user that the file names", () => {
    const user = { runAsUser: 60012, runAsGroup: 600, supplementalGroups: [601] };
    expect(resolvePods({ pods: user, data: { cpus: 2 } })).toEqual({
      training: { user },
      evaluation: { user },
      data: { cpus: 2, user },
    });
  });

  it("admit no root", () => {
    expect(listProblems({ pods: { runAsUser: 0 } })).toEqual([
      "pods.runAsUser = 0: must be the number of a user or group other than 0, such as 60012: " +
        "Pod Security admits no root",
    ]);
  });

  it("contain the variables of the preset, over which those of the file win", () => {
    const { training } = resolvePods({
      training: { preset: "roce", env: { NCCL_SOCKET_IFNAME: "net1", NCCL_IB_TC: 106 } },
    });
    expect(training?.env).toEqual({
      ...trainingPresets.roce,
      NCCL_SOCKET_IFNAME: "net1",
      GLOO_SOCKET_IFNAME: "net1",
      NCCL_IB_TC: "106",
    });
  });

  it.each([
    [{ NCCL_SOCKET_IFNAME: "bond0" }, "bond0"],
    [{ NCCL_SOCKET_IFNAME: "=bond0,bond1" }, "bond0"],
    [{ NCCL_SOCKET_IFNAME: "^docker0,lo" }, undefined],
    [{ NCCL_SOCKET_IFNAME: "bond0", GLOO_SOCKET_IFNAME: "ib0" }, "ib0"],
    [{}, "eth0"],
  ])("give gloo the first interface of NCCL, unless it has one: %p", (env, gloo) => {
    const { training } = resolvePods({ training: { preset: "roce", env } });
    expect(training?.env?.["GLOO_SOCKET_IFNAME"]).toBe(gloo);
  });

  it("count further resources and huge pages as Kubernetes does", () => {
    const { training, data } = resolvePods({
      training: { resources: { "rdma/hca": 8 }, hugepages: { "2Mi": "4Gi" } },
      data: { env: { HTTPS_PROXY: "http://proxy:3128" } },
    });
    expect(training).toEqual({ resources: { "rdma/hca": "8", "hugepages-2Mi": "4Gi" } });
    expect(data).toEqual({ env: { HTTPS_PROXY: "http://proxy:3128" } });
  });

  it.each(["HOME", "USER", "MIXCPT_SPEC", "PET_NNODES", "OMP_NUM_THREADS", "HF_TOKEN", "HIP_VISIBLE_DEVICES"])(
    "refuse the variable %s, which this project or the cluster sets",
    (name) => {
      expect(listProblems({ evaluation: { env: { [name]: "1" } } })).toEqual([
        expect.stringMatching(
          new RegExp(`^evaluation\\.env\\.${name} = "${name}": cannot be set here: .*; remove it$`),
        ),
      ]);
    },
  );

  it("report every malformed quantity and name together", () => {
    const training = {
      env: { "NCCL-DEBUG": "INFO", NCCL_DEBUG: true },
      resources: { cpu: 8, "amd.com/gpu": 8, "rdma/hca": "1" },
      annotations: { "kueue.x-k8s.io/queue-name": "mine" },
      cpus: 0.5,
      memoryGiB: "64Gi",
      hugepages: { "2Mi": "3Mi", "1Gi": "512Mi" },
      sharedMemory: "16GB",
      graceSeconds: 1801,
    };
    expect(listProblems({ training }).sort()).toEqual(
      [
        /^training\.annotations\.kueue.* are set by this project; remove it/,
        /^training\.cpus = 0\.5: must be a whole number of at least 1/,
        /^training\.env\.NCCL-DEBUG .*must be the name of a variable/,
        /^training\.env\.NCCL_DEBUG = true: must be text or a whole number/,
        /^training\.graceSeconds = 1801: must be a whole number of seconds from 30 to 1800/,
        /^training\.hugepages\.1Gi = "512Mi": must be a multiple of 1Gi/,
        /^training\.hugepages\.2Mi = "3Mi": must be a multiple of 2Mi/,
        /^training\.memoryGiB = "64Gi": must be a whole number of at least 1/,
        /^training\.resources\.amd\.com\/gpu .*devices come from devicesPerNode in mixcpt:hardware/,
        /^training\.resources\.cpu .*must be the name of a node's resource .*such as rdma\/hca/,
        /^training\.resources\.rdma\/hca = "1": must be a whole number of at least 1/,
        /^training\.sharedMemory = "16GB": must be a size such as 512Mi or 16Gi/,
      ].map((pattern) => expect.stringMatching(pattern) as string),
    );
  });

  it("are refused if the API server would refuse them", () => {
    const training = {
      hugepages: { "2Mi": "0Mi" },
      nodeSelector: { pool: "a b!", "a..b/pool": "c" },
      tolerations: [
        {},
        { key: "gpu", operator: "Exists", value: "b" },
        { key: "gpu", value: "b", tolerationSeconds: 60 },
        { key: "not a key", value: "b c" },
      ],
    };
    expect(listProblems({ training }).sort()).toEqual(
      [
        /^training\.hugepages\.2Mi = "0Mi": must be a multiple of 2Mi/,
        /^training\.nodeSelector\.a\.\.b\/pool .*: must be the name of a label/,
        /^training\.nodeSelector\.pool = "a b!": must be the value of a label/,
        /^training\.tolerations\[0\] .*: without key it must have operator: Exists/,
        /^training\.tolerations\[1\]\.value = "b": operator: Exists compares no value/,
        /^training\.tolerations\[2\]\.tolerationSeconds = 60: needs effect: NoExecute/,
        /^training\.tolerations\[3\]\.key = "not a key": must be the name of a label/,
        /^training\.tolerations\[3\]\.value = "b c": must be the value of a label/,
      ].map((pattern) => expect.stringMatching(pattern) as string),
    );
  });

  it("have every form of a toleration that Kubernetes has", () => {
    const tolerations = [
      { operator: "Exists" },
      { key: "example.com/pool", operator: "Equal", value: "mixcpt", effect: "NoSchedule" },
      { key: "gpu", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 },
    ];
    expect(resolvePods({ data: { tolerations } }).data?.tolerations).toEqual(tolerations);
  });

  it("leave memory beside /dev/shm", () => {
    expect(listProblems({ evaluation: { memoryGiB: 48, sharedMemory: "47Gi" } })).toEqual([]);
    expect(listProblems({ data: { memoryGiB: 48, sharedMemory: "48Gi" }, training: { sharedMemory: "48Gi" } })).toEqual(
      [expect.stringMatching(/^data\.sharedMemory = "48Gi": is part of memoryGiB, which is 48; raise memoryGiB/)],
    );
  });

  it("allow the network of the node only in a namespace that admits such pods", () => {
    const training = { hostNetwork: true };
    expect(listProblems({ training })).toEqual([
      expect.stringMatching(/^training\.hostNetwork = true: Pod Security admits .*set podSecurity: privileged/),
    ]);
    expect(listProblems({ training, podSecurity: "privileged" })).toEqual([]);
    expect(listProblems({ training: { ...training, cpus: 0 } })).toHaveLength(2);
    expect(listProblems({ evaluation: training })).toEqual([expect.stringMatching(/hostNetwork.*: unknown key/)]);
  });

  it("need an interface that the pods have", () => {
    const listTrainingProblems = (training: object) => listProblems({ training, podSecurity: "privileged" });
    expect(listTrainingProblems({ preset: "roce", hostNetwork: true })).toEqual([
      expect.stringMatching(/^training\.preset = "roce": with hostNetwork there is no eth0: name the interface/),
    ]);
    expect(listTrainingProblems({ preset: "slingshot" })).toEqual([
      expect.stringMatching(
        /^training\.preset = "slingshot": hsn0 to hsn3 are interfaces of the node: set hostNetwork/,
      ),
    ]);
    expect(listTrainingProblems({ preset: "slingshot", hostNetwork: true })).toEqual([]);
    expect(listTrainingProblems({ preset: "roce", hostNetwork: true, env: { NCCL_SOCKET_IFNAME: "bond0" } })).toEqual(
      [],
    );
  });

  it("are accepted for each kind of cluster", () => {
    const local = { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
    const config = parseClusterConfig({ ...local, training: { preset: "single-node" } }, "f");
    expect(getClusterPods(config).training?.env).toMatchObject({ NCCL_IB_DISABLE: "1" });
  });
});
