import { allOrNothing } from "./allOrNothing.ts";

const odd = (number: number): Promise<number> => (number % 2 === 1 ? Promise.resolve(number) : Promise.reject(new Error(`${String(number)} is even`)));

it("gives every value in order", async () => {
  expect(await allOrNothing([1, 3, 5], odd)).toEqual([1, 3, 5]);
});

it("says all that went wrong, each thing once", async () => {
  await expect(allOrNothing([1, 2, 3, 4, 2], odd)).rejects.toThrow("2 is even\n4 is even");
});
