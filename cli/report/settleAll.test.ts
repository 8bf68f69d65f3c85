import { settleAll } from "./settleAll.ts";

function acceptOddNumber(number: number): Promise<number> {
  return number % 2 === 1 ? Promise.resolve(number) : Promise.reject(new Error(`${String(number)} is even`));
}

it("returns every value in order", async () => {
  expect(await settleAll([1, 3, 5], acceptOddNumber)).toEqual([1, 3, 5]);
});

it("reports all failures at once, each message once", async () => {
  await expect(settleAll([1, 2, 3, 4, 2], acceptOddNumber)).rejects.toThrow("2 is even\n4 is even");
});
