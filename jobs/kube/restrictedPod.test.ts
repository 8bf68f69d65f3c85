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
  it("meets every point of Pod Security's restricted profile", () => {
    expect(buildRestrictedPod(podSpecInput).securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(buildFirstContainer()?.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("writes to the store and to /tmp only", () => {
    expect(buildFirstContainer()?.securityContext?.readOnlyRootFilesystem).toBe(true);
    expect(buildFirstContainer()?.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual(["/store", "/tmp"]);
  });

  it("keeps /dev/shm in memory and bounds it where processes share some", () => {
    const { volumes = [] } = buildRestrictedPod({ ...podSpecInput, sharedMemory: "64Mi" });
    expect(volumes).toContainEqual({ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } });
  });

  it("carries no token unless it names a service account", () => {
    expect(buildRestrictedPod(podSpecInput).automountServiceAccountToken).toBe(false);
    expect(buildRestrictedPod({ ...podSpecInput, serviceAccount: "publish" })).toMatchObject({
      automountServiceAccountToken: true,
      serviceAccountName: "publish",
    });
  });

  it("may use an idle core but no more memory and devices than it asked for", () => {
    expect(buildFirstContainer()?.resources).toEqual({
      requests: { cpu: "500m", memory: "2Gi", "amd.com/gpu": "2" },
      limits: { memory: "2Gi", "amd.com/gpu": "2" },
    });
  });

  it("tells its programs how many cores it asked for, so that they do not start a process for each of the node's", () => {
    expect(buildFirstContainer()?.env).toContainEqual({
      name: "MIXCPT_CPUS",
      valueFrom: { resourceFieldRef: { containerName: "train", resource: "requests.cpu" } },
    });
  });

  it("asks for no GPU where the work needs none", () => {
    const resources = { cpu: "1", memory: "1Gi" };
    expect(buildFirstContainer({ resources })?.resources?.limits).toEqual({ memory: "1Gi" });
  });
});
