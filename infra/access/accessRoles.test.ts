import { buildAccessManifests } from "./accessRoles.ts";

const access = { view: ["readers"], submit: ["lab", "students"] };
const manifests = buildAccessManifests({ namespace: "mixcpt", access });

function listManifests(kind: string) {
  return manifests.filter((manifest) => manifest.kind === kind);
}

it("binds the groups of the cluster's file, beside the account that gets credentials", () => {
  for (const kind of ["RoleBinding", "ClusterRoleBinding"])
    expect(listManifests(kind).map(({ subjects }) => subjects?.map(({ name }) => name))).toEqual([
      ["view", "readers"],
      ["mixcpt:view"],
      ["submit", "lab", "students"],
      ["mixcpt:submit"],
      ["operate"],
      ["mixcpt:operate"],
    ]);
});

it("binds the certificates of users apart, so that they can be refused without tokens and groups", () => {
  const apart = manifests.filter(({ metadata }) => metadata.name.endsWith("users"));
  expect(apart.map(({ metadata, roleRef }) => [metadata.name, roleRef?.name])).toContainEqual([
    "mixcpt-submit-users",
    "mixcpt-submit",
  ]);
  expect(apart.flatMap(({ subjects }) => subjects?.map(({ kind }) => kind))).toEqual(Array<string>(6).fill("Group"));
});

it("keeps the accounts of roles out of the namespace in which submitters create pods", () => {
  expect(listManifests("ServiceAccount").map(({ metadata }) => metadata.namespace)).toEqual(
    Array<string>(3).fill("mixcpt-access"),
  );
});

it("gives no role a right to Secrets, to rights or to every kind", () => {
  const resources = manifests.flatMap(({ rules = [] }) => rules.flatMap((rule) => [...rule.resources, ...rule.verbs]));
  expect(resources).not.toEqual(expect.arrayContaining([expect.stringMatching(/secret|role|token|exec|\*/)]));
});
