/** One file, two readers: `plan` reads it itself, `up` gets it from Pulumi. They must see the same stack. */
import * as pulumi from "@pulumi/pulumi";
import { readStackConfig } from "../../stacks/settings.ts";
import { declaredStacks, stackValues } from "../../cli/engine/declared.ts";
import { readAnyStackFile } from "../../cli/plan/stackFile.ts";

/** As Pulumi hands a value over: text as it is, the rest as JSON. */
const asPulumi = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

async function throughPulumi(stack: string) {
  await pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ name }) => ({ id: name, state: {} }) }, "mixcpt", stack);
  pulumi.runtime.setAllConfig(Object.fromEntries(Object.entries(stackValues("mixcpt", stack)).map(([key, value]) => [key, asPulumi(value)])));
  return readStackConfig();
}

it.each(declaredStacks("mixcpt"))("is the same for plan and for up: %s", async (stack) => {
  expect(await throughPulumi(stack)).toEqual(readAnyStackFile(stack));
});
