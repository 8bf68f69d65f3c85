import { readFileSync } from "node:fs";
import { loadAll } from "js-yaml";
import { buildAccessManifests } from "../access/accessRoles.ts";
import type { RightsRule } from "./tenantRights.ts";
import { listMissingRules, listTenantRules } from "./tenantRights.ts";

const example = "docs/examples/tenant-role.yaml";

interface AccessObject {
  readonly kind: string;
  readonly rules?: RightsRule[];
}

describe("the rights of a tenant", () => {
  it("are those of the Role in the documentation", () => {
    const objects = loadAll(readFileSync(example, "utf8")) as AccessObject[];
    expect(objects.find(({ kind }) => kind === "Role")?.rules).toEqual(listTenantRules({}));
  });

  it("are fewer where runtime and account are given", () => {
    const rules = listTenantRules({ runtime: { name: "llama-factory" }, account: "scores" });
    const kinds = rules.flatMap(({ resources }) => resources);
    expect(kinds).not.toEqual(expect.arrayContaining(["roles"]));
    expect(kinds).not.toEqual(expect.arrayContaining(["trainingruntimes"]));
  });

  it("are those of the role submit where an install gives runtime and account", () => {
    const manifests = buildAccessManifests({ namespace: "team-a" });
    const role = manifests.find(({ kind, metadata }) => kind === "Role" && metadata.name === "mixcpt-submit");
    const given = { runtime: { name: "llama-factory" }, account: "publish" };
    expect(listMissingRules(listTenantRules(given), role?.rules ?? [])).toEqual([]);
    expect(role?.rules).not.toHaveLength(0);
  });

  it("are named by kind if they are missing", () => {
    const wanted = [{ apiGroups: ["batch"], resources: ["jobs"], verbs: ["get", "create", "delete"] }];
    const granted = [{ apiGroups: ["*"], resources: ["jobs"], verbs: ["get"] }];
    expect(listMissingRules(wanted, granted)).toEqual(["create, delete jobs.batch"]);
    expect(listMissingRules(wanted, [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }])).toEqual([]);
  });
});
