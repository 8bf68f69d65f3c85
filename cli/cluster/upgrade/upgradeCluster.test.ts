import { parseClusterConfig } from "../../../infra/clusterConfig.ts";
import { updateKubeconfig } from "../../engine/clusterKubeconfig.ts";
import { readClusterConfig } from "../readClusterConfig.ts";
import { refuseUnfitStart } from "../refuseUnfitStart.ts";
import { upgradeClusterStack } from "./upgradeCluster.ts";

jest.mock("execa", () => ({}));
jest.mock("../clusterStack.ts", () => ({}));
jest.mock("../clusterSurvey.ts", () => ({}));
jest.mock("../readClusterConfig.ts", () => ({ readClusterConfig: jest.fn() }));
jest.mock("../refuseUnfitStart.ts", () => ({ refuseUnfitStart: jest.fn() }));
jest.mock("../../engine/clusterKubeconfig.ts", () => ({ updateKubeconfig: jest.fn() }));
jest.mock("../../kubernetes/kubeconfigFile.ts", () => ({}));

it("refuses first what the cluster up at its end would refuse, such as images without a signature", async () => {
  const local = { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } };
  jest.mocked(readClusterConfig).mockReturnValue(parseClusterConfig(local, "f"));
  jest.mocked(refuseUnfitStart).mockRejectedValue(new Error("has no signature by this key"));
  const options = { print: () => undefined, yes: true, evictTrainings: false, atOnce: 1 };
  await expect(upgradeClusterStack("lab", { programs: [] } as never, options)).rejects.toThrow("has no signature");
  expect(updateKubeconfig).not.toHaveBeenCalled();
});
