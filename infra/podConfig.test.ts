import { parseClusterConfig } from "./clusterConfig.ts";
import { getClusterPods } from "./podConfig.ts";
import { trainingPresets } from "./trainingPresets.ts";

const cluster = {
  kind: "existing",
  kubeconfigFile: "/home/me/.kube/config",
  nodes: 4,
  devices: { gpu: "MI250X", devicesPerNode: 8 },
  store: { kind: "path", path: "/lustre/mixcpt" },
};

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

  it("contain the variables of the preset, over which those of the file win", () => {
    const { training } = resolvePods({
      training: { preset: "roce", env: { NCCL_SOCKET_IFNAME: "net1", NCCL_IB_TC: 106 } },
    });
    expect(training?.env).toEqual({ ...trainingPresets.roce, NCCL_SOCKET_IFNAME: "net1", NCCL_IB_TC: "106" });
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
    };
    expect(listProblems({ training }).sort()).toEqual(
      [
        /^training\.annotations\.kueue.* are set by this project; remove it/,
        /^training\.cpus = 0\.5: must be a whole number of at least 1/,
        /^training\.env\.NCCL-DEBUG .*must be the name of a variable/,
        /^training\.env\.NCCL_DEBUG = true: must be text or a whole number/,
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
