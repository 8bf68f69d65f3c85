import { formatStackTotals, operateStacks } from "./eachStack.ts";
import { buildUpDocument, upDocumentSchema } from "./stackDocuments.ts";

async function operate(stack: string) {
  if (stack === "refused") throw new Error("up refused would end 1 active run");
  return { resourceChanges: { create: 2, same: 1 } };
}

describe("an operation on several stacks", () => {
  it("goes on after a stack that is refused, and says so in the totals", async () => {
    const errors: string[] = [];
    const results = await operateStacks(["first", "refused", "last"], {
      operate,
      printError: (line) => errors.push(line),
    });
    expect(errors).toEqual(["\n✗ refused: up refused would end 1 active run"]);
    expect(formatStackTotals("up", results)).toBe("up, 3 stacks: 4 created, 2 unchanged in 0:00; not done: refused");
  });

  it("is a document of the committed schema", async () => {
    const results = await operateStacks(["first", "refused"], { operate, printError: () => undefined });
    const document = upDocumentSchema.parse(JSON.parse(JSON.stringify(buildUpDocument(results))));
    expect(document.stacks).toMatchObject([
      { stack: "first", outcome: "submitted", changes: { create: 2, same: 1 }, error: null },
      { stack: "refused", outcome: "refused", changes: {}, error: "up refused would end 1 active run" },
    ]);
  });
});
