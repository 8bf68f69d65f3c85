import type { ClusterConfig } from "../../infra/clusterConfig.ts";
import { UnreachableError } from "../../plugins/kubernetes/providerErrors.ts";
import { fetchKubectlList } from "../kubernetes/kubectl.ts";
import { hasKubeconfig, readClusterKubeconfig } from "../kubernetes/kubeconfigFile.ts";
import { probeApiServer } from "../kubernetes/probeApiServer.ts";
import { buildRemovalWait, surveyCluster } from "./clusterSurvey.ts";

jest.mock("../kubernetes/kubectl.ts", () => ({ fetchKubectlList: jest.fn() }));
jest.mock("../kubernetes/kubeconfigFile.ts");
jest.mock("../kubernetes/probeApiServer.ts");

const query = {
  config: { kind: "existing", controllers: "built" } as unknown as ClusterConfig,
  software: { programs: [] },
};
const silent = new UnreachableError("the cluster does not answer at https://lab:6443: no response within 10 s");

beforeEach(() => {
  jest.mocked(hasKubeconfig).mockReturnValue(true);
  jest.mocked(readClusterKubeconfig).mockReturnValue("clusters: []");
  jest.mocked(fetchKubectlList).mockReset().mockResolvedValue({ json: '{"items":[]}' });
  jest.mocked(probeApiServer).mockReset().mockResolvedValue();
});

function listTimeouts(): number[] {
  return [...new Set(jest.mocked(fetchKubectlList).mock.calls.map(([, , options]) => options.timeoutMilliseconds))];
}

describe("the survey of a cluster", () => {
  it("takes a minute's patience with a busy server that has answered", async () => {
    const survey = await surveyCluster("lab", { ...query, wait: { print: () => undefined } });
    expect(survey).toEqual({ nodes: [], workloads: [], unavailable: undefined });
    expect(listTimeouts()).toEqual([60_000]);
  });

  it("asks nothing more of a server that has not answered, and says why", async () => {
    jest.mocked(probeApiServer).mockRejectedValue(silent);
    const survey = await surveyCluster("lab", { ...query, wait: { print: () => undefined } });
    expect(survey.unavailable).toMatch(/could not read cluster "lab": .*no response within 10 s/);
    expect(fetchKubectlList).not.toHaveBeenCalled();
  });

  it("asks a cluster that was given up once and briefly", async () => {
    await surveyCluster("lab", query);
    expect(probeApiServer).not.toHaveBeenCalled();
    expect(listTimeouts()).toEqual([5000]);
  });

  it("names the way without an answer while it waits before a removal, and waits less where nobody listens", () => {
    const printed: string[] = [];
    const { print, computeLongest } = buildRemovalWait((line) => printed.push(line), "--unchecked does not ask it");
    print("warning: the API server does not answer");
    expect(printed).toEqual(["warning: the API server does not answer; --unchecked does not ask it"]);
    const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    expect(computeLongest?.(new UnreachableError("away", { cause: refused }))).toBe(30);
  });
});
