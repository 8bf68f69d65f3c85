import type { Work } from "./restrictedPod.ts";
import { restrictedPod } from "./restrictedPod.ts";

const work: Work = {
  name: "train",
  image: "image:1",
  resources: { cpu: "500m", memory: "2Gi", devices: 2 },
  store: { claim: "store", mount: "/store" },
};

const container = (changes: Partial<Work> = {}) => restrictedPod({ ...work, ...changes }).containers[0];

describe("a restricted pod", () => {
  it("meets every point of Pod Security's restricted profile", () => {
    expect(restrictedPod(work).securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    expect(container()?.securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } });
  });

  it("writes to the store and to /tmp only", () => {
    expect(container()?.securityContext?.readOnlyRootFilesystem).toBe(true);
    expect(container()?.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual(["/store", "/tmp"]);
  });

  it("keeps /dev/shm in memory and bounds it where processes share some", () => {
    const { volumes = [] } = restrictedPod({ ...work, sharedMemory: "64Mi" });
    expect(volumes).toContainEqual({ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } });
  });

  it("carries no token unless it names a service account", () => {
    expect(restrictedPod(work).automountServiceAccountToken).toBe(false);
    expect(restrictedPod({ ...work, serviceAccount: "publish" })).toMatchObject({
      automountServiceAccountToken: true,
      serviceAccountName: "publish",
    });
  });

  it("may use an idle core but no more memory and devices than it asked for", () => {
    expect(container()?.resources).toEqual({
      requests: { cpu: "500m", memory: "2Gi", "amd.com/gpu": "2" },
      limits: { memory: "2Gi", "amd.com/gpu": "2" },
    });
  });

  it("tells its programs how many cores it asked for, so that they do not start a process for each of the node's", () => {
    expect(container()?.env).toContainEqual({
      name: "MIXCPT_CPUS",
      valueFrom: { resourceFieldRef: { containerName: "train", resource: "requests.cpu" } },
    });
  });

  it("asks for no GPU where the work needs none", () => {
    const resources = { cpu: "1", memory: "1Gi" };
    expect(container({ resources })?.resources?.limits).toEqual({ memory: "1Gi" });
  });
});
