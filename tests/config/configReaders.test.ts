/** One file, two readers: `plan` reads it itself, `up` gets it from Pulumi. They must see the same stack. */
import * as pulumi from "@pulumi/pulumi";
import { readStackConfig } from "../../stacks/readStackConfig.ts";
import { listDeclaredStacks, readStackValues } from "../../cli/engine/stackDeclarations.ts";
import { loadStackConfig } from "../../cli/plan/loadStackConfig.ts";

/** As Pulumi hands a value over: text as it is, the rest as JSON. */
function encodeForPulumi(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function readThroughPulumi(stack: string) {
  await pulumi.runtime.setMocks(
    { call: () => ({}), newResource: ({ name }) => ({ id: name, state: {} }) },
    "mixcpt",
    stack,
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(readStackValues("mixcpt", stack)).map(([key, value]) => [key, encodeForPulumi(value)]),
    ),
  );
  return readStackConfig();
}

it.each(listDeclaredStacks("mixcpt"))("is the same for plan and for up: %s", async (stack) => {
  expect(await readThroughPulumi(stack)).toEqual(loadStackConfig(stack));
});
