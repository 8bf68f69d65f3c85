/** The two readers of a stack file: `plan` parses it, `up` gets it from Pulumi. Both must see the same stack. */
import * as pulumi from "@pulumi/pulumi";
import { readStackConfig } from "../../stacks/readStackConfig.ts";
import { listDeclaredStacks, readStackValues } from "../../cli/engine/stackDeclarations.ts";
import { loadStackConfig } from "../../cli/plan/loadStackConfig.ts";

/** Encodes a value like Pulumi: text unchanged, all else as JSON. */
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

it.each(listDeclaredStacks("mixcpt"))("plan and up read the same stack: %s", async (stack) => {
  expect(await readThroughPulumi(stack)).toEqual(loadStackConfig(stack));
});
