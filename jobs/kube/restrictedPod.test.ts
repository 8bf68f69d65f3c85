import type { PodSpecInput } from "./restrictedPod.ts";
import { buildRestrictedPod } from "./restrictedPod.ts";

const podSpecInput: PodSpecInput = {
  name: "train",
  image: "image:1",
  resources: { cpu: "500m", memory: "2Gi", devices: 2 },
  store: { claim: "store", mount: "/store" },
};

function buildFirstContainer(changes: Partial<PodSpecInput> = {}) {
  return buildRestrictedPod({ ...podSpecInput, ...changes }).containers[0];
}

describe("a restricted pod", () => {
  it("meets the restricted profile of Pod Security", () => {
    expect(buildRestrictedPod(podSpecInput).securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(buildFirstContainer()?.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("writes only to the store and /tmp", () => {
    expect(buildFirstContainer()?.securityContext?.readOnlyRootFilesystem).toBe(true);
    expect(buildFirstContainer()?.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual(["/store", "/tmp"]);
  });

  it("can write only to its folders of the store, which another container makes with the small image", () => {
    const writes = { folders: ["/store/scores/a", "/store/cache/triton"], image: "small:1" };
    const { initContainers = [], containers } = buildRestrictedPod({ ...podSpecInput, writes });
    expect(containers[0]?.volumeMounts?.filter(({ name }) => name === "store")).toEqual([
      { name: "store", mountPath: "/store", readOnly: true },
      { name: "store", mountPath: "/store/scores/a", subPath: "scores/a" },
      { name: "store", mountPath: "/store/cache/triton", subPath: "cache/triton" },
    ]);
    expect(initContainers).toMatchObject([
      {
        name: "folders",
        image: "small:1",
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        volumeMounts: [{ name: "store", mountPath: "/store" }],
      },
    ]);
    expect(initContainers[0]?.command?.slice(3)).toEqual(["folders", "/store/scores/a", "/store/cache/triton"]);
  });

  it("mounts the whole store where the cluster's file says so", () => {
    const writes = { folders: ["/store/scores/a"], image: "small:1" };
    const settings = { user: { storeMount: "whole" } } as const;
    const { initContainers, containers } = buildRestrictedPod({ ...podSpecInput, writes, settings });
    expect(initContainers).toBeUndefined();
    expect(containers[0]?.volumeMounts).toContainEqual({ name: "store", mountPath: "/store" });
  });

  it("cannot write to the store if its work only reads there", () => {
    expect(buildFirstContainer({ writes: "nothing" })?.volumeMounts).toContainEqual({
      name: "store",
      mountPath: "/store",
      readOnly: true,
    });
  });

  it("runs as the user of the cluster's file, who keeps the groups of the devices", () => {
    const user = { runAsUser: 60012, fsGroup: 600, supplementalGroups: [601] };
    expect(buildRestrictedPod({ ...podSpecInput, groups: [109], settings: { user } }).securityContext).toMatchObject({
      runAsUser: 60012,
      runAsGroup: 1000,
      fsGroup: 600,
      fsGroupChangePolicy: "OnRootMismatch",
      supplementalGroups: [109, 601],
    });
  });

  it("mounts a bounded in-memory /dev/shm if processes share memory", () => {
    const { volumes = [] } = buildRestrictedPod({ ...podSpecInput, sharedMemory: "64Mi" });
    expect(volumes).toContainEqual({ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } });
  });

  it("mounts no token unless it names a service account", () => {
    expect(buildRestrictedPod(podSpecInput).automountServiceAccountToken).toBe(false);
    expect(buildRestrictedPod({ ...podSpecInput, serviceAccount: "publish" })).toMatchObject({
      automountServiceAccountToken: true,
      serviceAccountName: "publish",
    });
  });

  it("may use idle cores, but no more memory and devices than requested", () => {
    expect(buildFirstContainer()?.resources).toEqual({
      requests: { cpu: "500m", memory: "2Gi", "amd.com/gpu": "2" },
      limits: { memory: "2Gi", "amd.com/gpu": "2" },
    });
  });

  it("tells its programs the number of requested cores, so that they do not use all cores of the node", () => {
    expect(buildFirstContainer()?.env).toContainEqual({
      name: "MIXCPT_CPUS",
      valueFrom: { resourceFieldRef: { containerName: "train", resource: "requests.cpu" } },
    });
  });

  it("compares the id of the store, if the cluster knows one", () => {
    const variables = new Map(
      buildFirstContainer()?.env?.map(({ name, value, valueFrom }) => [name, value ?? valueFrom]),
    );
    expect(variables.get("MIXCPT_STORE")).toBe("/store");
    expect(variables.get("MIXCPT_STORE_ID")).toEqual({
      configMapKeyRef: { name: "mixcpt-store", key: "id", optional: true },
    });
    expect(variables.get("MIXCPT_NODE")).toEqual({ fieldRef: { fieldPath: "spec.nodeName" } });
  });

  it("names its user, which has no entry in the image's list of users", () => {
    const values = buildFirstContainer()?.env?.map(({ name, value }) => [name, value]);
    expect(values).toEqual(
      expect.arrayContaining([
        ["HOME", "/tmp"],
        ["USER", "mixcpt"],
        ["LOGNAME", "mixcpt"],
      ]),
    );
  });

  it("mounts the huge pages that it requests", () => {
    const settings = { resources: { "hugepages-2Mi": "4Gi", "hugepages-1Gi": "2Gi", "rdma/hca": "1" } };
    const { volumes = [], containers } = buildRestrictedPod({ ...podSpecInput, settings });
    expect(volumes).toContainEqual({ name: "hugepages-2mi", emptyDir: { medium: "HugePages-2Mi" } });
    expect(volumes).toContainEqual({ name: "hugepages-1gi", emptyDir: { medium: "HugePages-1Gi" } });
    expect(containers[0]?.volumeMounts).toContainEqual({ name: "hugepages-2mi", mountPath: "/dev/hugepages" });
    expect(containers[0]?.volumeMounts).toContainEqual({ name: "hugepages-1gi", mountPath: "/dev/hugepages-1Gi" });
  });

  it("requests no GPU if the work needs none", () => {
    const resources = { cpu: "1", memory: "1Gi" };
    expect(buildFirstContainer({ resources })?.resources?.limits).toEqual({ memory: "1Gi" });
  });
});
