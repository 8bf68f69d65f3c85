/** The order of the questions that `cluster up` and `cluster preview` ask before the engine starts. */
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { hasOtherBackend } from "../engine/backend.ts";
import { findRecordedStack } from "../engine/findRecordedStack.ts";
import { openStack, withPreviewStack } from "../engine/openStack.ts";
import { renewClusterCredentials } from "../engine/renewCredentials.ts";
import { hasStackState, readStackResources } from "../engine/stackState.ts";
import { hasKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { refuseOldPlatform } from "./checkPlatform.ts";
import { surveyCluster } from "./clusterSurvey.ts";
import { destroyClusterStack, previewClusterStack, updateClusterStack } from "./clusterStack.ts";
import { removeStaleHosts, requiresHostCleanup } from "./localCluster.ts";
import { readClusterConfig } from "./readClusterConfig.ts";
import { rereadEndingKubeconfig } from "./rereadKubeconfig.ts";

jest.mock("../preflight/closedNodes.ts", () => ({ closeChangedNodes: () => Promise.resolve() }));
jest.mock("./identifyStore.ts", () => ({ identifyStore: () => Promise.resolve() }));
jest.mock("execa", () => ({ execa: jest.fn() }));
jest.mock("../engine/backend.ts");
jest.mock("../engine/clusterKubeconfig.ts");
jest.mock("../engine/findRecordedStack.ts");
jest.mock("../engine/openStack.ts");
jest.mock("../engine/renewCredentials.ts");
jest.mock("../engine/stackLocks.ts");
jest.mock("../engine/stackState.ts");
jest.mock("../kubernetes/kubeconfigFile.ts");
jest.mock("../setup/neededSoftware.ts");
jest.mock("../setup/toolchainRecord.ts");
jest.mock("./checkPlatform.ts");
jest.mock("./clusterSurvey.ts", () => ({
  ...jest.createMockFromModule<object>("./clusterSurvey.ts"),
  buildRemovalWait: jest.fn(() => ({ print: () => undefined })),
}));
jest.mock("./dependentStacks.ts");
jest.mock("./localCluster.ts");
jest.mock("./otherBackend.ts");
jest.mock("./readClusterConfig.ts");
jest.mock("./refuseClusterInUse.ts");
jest.mock("./refuseRemoval.ts");
jest.mock("./rereadKubeconfig.ts");

const software: Toolchain = { programs: [], manifests: { kueue: "", jobset: "", trainer: "" } };
let calls: string[];

/** Notes the call of a function that stands for the cluster, the hosts or the engine. */
function note<Result>(name: string, result: Result): () => Promise<Result> {
  return () => {
    calls.push(name);
    return Promise.resolve(result);
  };
}

beforeEach(() => {
  calls = [];
  jest.mocked(readClusterConfig).mockReturnValue({ kind: "local" } as ClusterConfig);
  jest.mocked(hasOtherBackend).mockReturnValue(false);
  jest.mocked(hasStackState).mockReturnValue(true);
  jest.mocked(readStackResources).mockReturnValue([]);
  jest.mocked(hasKubeconfig).mockReturnValue(true);
  jest.mocked(surveyCluster).mockImplementation(note("survey", { nodes: [], workloads: [], unavailable: "no server" }));
  jest.mocked(refuseOldPlatform).mockImplementation(note("platform", undefined));
  jest.mocked(removeStaleHosts).mockImplementation(note("remove hosts", undefined));
  jest.mocked(requiresHostCleanup).mockImplementation(note("look at hosts", false));
  jest.mocked(rereadEndingKubeconfig).mockImplementation(note("kubeconfig", undefined));
  jest.mocked(withPreviewStack).mockImplementation(note("preview", []));
  jest.mocked(openStack).mockRejectedValue(new Error("the engine"));
});

async function update(): Promise<string[]> {
  await expect(updateClusterStack("lab", software, { print: () => undefined, yes: true })).rejects.toThrow(
    "the engine",
  );
  return calls;
}

async function preview(): Promise<string[]> {
  await previewClusterStack("lab", software, { print: () => undefined });
  return calls;
}

it("waits for the API server once, after dead hosts are removed and before its versions are read", async () => {
  expect(await update()).toEqual(["remove hosts", "kubeconfig", "survey", "platform"]);
});

it("previews with the same questions in the same order", async () => {
  expect(await preview()).toEqual(["look at hosts", "survey", "platform", "preview"]);
});

it("does not preview with questions to hosts that cluster up would first remove", async () => {
  jest.mocked(requiresHostCleanup).mockImplementation(note("look at hosts", true));
  expect(await preview()).toEqual(["look at hosts", "platform", "preview"]);
});

it("asks no API server if the removal of dead hosts has deleted the state, whatever kubeconfig is left", async () => {
  jest.mocked(removeStaleHosts).mockImplementation(() => {
    jest.mocked(hasStackState).mockReturnValue(false);
    return Promise.resolve();
  });
  expect(await update()).toEqual(["kubeconfig", "platform"]);
});

it("asks a cluster whose state is in another backend", async () => {
  jest.mocked(hasStackState).mockReturnValue(false);
  jest.mocked(hasOtherBackend).mockReturnValue(true);
  expect(await update()).toEqual(["remove hosts", "kubeconfig", "survey", "platform"]);
});

it("renews recorded credentials before it destroys an existing cluster", async () => {
  const destroy = note("destroy", { summary: { resourceChanges: {} } });
  jest.mocked(readClusterConfig).mockReturnValue({ kind: "existing" } as ClusterConfig);
  jest.mocked(surveyCluster).mockResolvedValue({ nodes: [], workloads: [], unavailable: undefined });
  jest.mocked(findRecordedStack).mockResolvedValue({ destroy } as unknown as Stack);
  jest.mocked(renewClusterCredentials).mockImplementation(note("renew", undefined));
  await destroyClusterStack("lab", software, { print: () => undefined, yes: true, unchecked: false });
  expect(calls).toEqual(["renew", "destroy"]);
});

it.each([
  [false, true],
  [true, false],
])("with --unchecked %s, waits for a busy cluster that it destroys: %s", async (unchecked, waits) => {
  jest.mocked(readClusterConfig).mockReturnValue({ kind: "existing" } as ClusterConfig);
  jest.mocked(surveyCluster).mockResolvedValue({ nodes: [], workloads: [], unavailable: undefined });
  jest.mocked(findRecordedStack).mockResolvedValue(undefined);
  await destroyClusterStack("lab", software, { print: () => undefined, yes: true, unchecked });
  expect(jest.mocked(surveyCluster).mock.lastCall?.[1].wait !== undefined).toBe(waits);
});

it("destroys no platform whose file names another namespace, in which it would look for running work", async () => {
  const config = { kind: "existing", namespace: "team-b" } as ClusterConfig;
  jest.mocked(readClusterConfig).mockReturnValue(config);
  const state = { urn: "urn:stack", type: "pulumi:pulumi:Stack", outputs: { namespace: "team-a" } };
  jest.mocked(readStackResources).mockReturnValue([state]);
  const options = { print: () => undefined, yes: true, unchecked: false };
  await expect(destroyClusterStack("lab", software, options)).rejects.toThrow("made its platform in team-a");
  expect(calls).toEqual([]);
});
