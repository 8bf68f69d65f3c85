import { parseClusterConfig } from "../clusterConfig.ts";
import { buildExistingClusterConfig } from "../existingCluster.fixture.ts";

function parseAccess(access: unknown) {
  const config = parseClusterConfig({ ...buildExistingClusterConfig("/kubeconfig"), access }, "infra/Pulumi.rack.yaml");
  return "access" in config ? config.access : undefined;
}

it("accepts groups of users and of service accounts", () => {
  const access = { view: ["everyone@site.example"], submit: ["oidc:lab", "system:serviceaccounts:ci"] };
  expect(parseAccess(access)).toEqual(access);
});

it("refuses the groups that Kubernetes itself fills, and unknown roles", () => {
  expect(() => parseAccess({ submit: ["system:unauthenticated"] })).toThrow(/access\.submit.*group of your users/s);
  expect(() => parseAccess({ admin: ["lab"] })).toThrow(/access\.admin/);
});
