/** The policy pack for Pulumi's own command and for Pulumi Cloud: `pulumi preview --policy-pack policies`. */
import { PolicyPack } from "@pulumi/policy";
import { objectRules } from "./objectRules.ts";

new PolicyPack("mixcpt", {
  enforcementLevel: "mandatory",
  policies: objectRules.map(({ name, description, check }) => ({
    name,
    description,
    validateResource: ({ type, props }, reportViolation) => {
      if (type.startsWith("kubernetes:")) for (const violation of check(props)) reportViolation(violation);
    },
  })),
});
