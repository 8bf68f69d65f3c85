import { parseClusterConfig } from "../../infra/clusterConfig.ts";
import { describeEnforcement } from "./policyEnforcement.ts";

const local = { kind: "local", hosts: 1, emulated: { gpu: "MI250X", devicesPerNode: 2 } };

function describeLocal(fields: object = {}): string[] {
  const config = parseClusterConfig({ ...local, ...fields }, "infra/Pulumi.dev.yaml");
  return describeEnforcement("dev", config).map(({ subject, observation }) => `${subject}: ${observation}`);
}

it("tells that local hosts do not enforce the network policies of their platform", () => {
  expect(describeLocal()).toEqual([
    expect.stringMatching(/^network policies of cluster dev: written, but not enforced/),
  ]);
  expect(describeLocal({ networkPolicy: { enabled: false } })).toEqual([]);
  expect(describeLocal({ platform: "elsewhere" })).toEqual([]);
});
