import { checkNumericVariables } from "./numericVariables.ts";

const kinds = { ROUNDS: "number", SEED: "number", CELLS: "list" } as const;

it("accepts whole numbers, lists of them, and variables that are not set", () => {
  const variables = { ROUNDS: "100", SEED: undefined, CELLS: "36,360" };
  expect(() => checkNumericVariables("test", kinds, variables)).not.toThrow();
});

it("names every variable that is no whole number, with its value and what it must be", () => {
  expect(() => checkNumericVariables("test", kinds, { ROUNDS: "many", SEED: "0", CELLS: "36,,x" })).toThrow(
    'test: ROUNDS = "many" must be a whole number of at least 1; SEED = "0" must be a whole number of at least 1; ' +
      'CELLS = "36,,x" must be whole numbers of at least 1, separated by commas',
  );
});
