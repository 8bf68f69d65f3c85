import { readFileSync } from "node:fs";
import { objectRules } from "./objectRules.ts";

it("docs/policies.md lists every rule", () => {
  const [ownRules = ""] = readFileSync("docs/policies.md", "utf8").split("\n## "); // later tables are of other programs
  const listed = [...ownRules.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(objectRules.map(({ name }) => name));
});

it("the policy pack names the packages that it needs where it is published, at the versions of this project", () => {
  const readDependencies = (file: string) =>
    (JSON.parse(readFileSync(file, "utf8")) as { dependencies: Record<string, string> }).dependencies;
  const { "@pulumi/policy": policy, "@pulumi/pulumi": pulumi } = readDependencies("package.json");
  expect(readDependencies("policies/package.json")).toEqual({ "@pulumi/policy": policy, "@pulumi/pulumi": pulumi });
});
