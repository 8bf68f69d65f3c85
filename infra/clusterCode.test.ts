import { readClusterCode, readComputingCodeFile } from "./clusterCode.ts";
import { parseClusterConfig } from "./clusterConfig.ts";
import { buildExistingClusterConfig } from "./existingCluster.fixture.ts";

const declared = readClusterCode();

function readCode(settings: object) {
  return readClusterCode(
    parseClusterConfig({ ...buildExistingClusterConfig("kubeconfig"), ...settings }, "infra/Pulumi.lumi.yaml"),
  );
}

describe("the code of a cluster's images", () => {
  it("is that of this commit, without the digests of modules", () => {
    expect(readComputingCodeFile()).toMatchObject(declared);
    expect(Object.keys(declared.train)).toEqual(["version", "packages"]);
    expect(readCode({})).toEqual(declared);
  });

  it("has the packages that the site adds, for the computations that it names", () => {
    const packages = { train: { torch: "2.7.1+rocm6.3", deepspeed: "0.18.4" } };
    const { train, ...others } = readCode({ packages });
    expect(train.packages).toEqual({ ...declared.train.packages, ...packages.train });
    expect(others).toEqual({ ...declared, train: undefined });
  });

  it("is refused for a computation that does not exist", () => {
    expect(() => readCode({ packages: { training: { torch: "2.7.1" } } })).toThrow(/packages/);
  });
});
