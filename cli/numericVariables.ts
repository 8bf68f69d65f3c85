/** Kinds of values that a variable of the environment may have, with what they must be. */
const numberKinds = {
  number: { pattern: /^[1-9]\d*$/, must: "a whole number of at least 1" },
  list: { pattern: /^[1-9]\d*(,[1-9]\d*)*$/, must: "whole numbers of at least 1, separated by commas" },
} as const;

/**
 * Refuses variables of the environment that are set and are no numbers.
 * @throws Error that names each of them with its value
 */
export function checkNumericVariables(
  command: string,
  kinds: Readonly<Record<string, keyof typeof numberKinds>>,
  variables: Readonly<Record<string, string | undefined>>,
): void {
  const wrong = Object.entries(kinds).flatMap(([name, kind]) => {
    const { pattern, must } = numberKinds[kind];
    const value = variables[name];
    return value === undefined || pattern.test(value) ? [] : [`${name} = "${value}" must be ${must}`];
  });
  if (wrong.length > 0) throw new Error(`${command}: ${wrong.join("; ")}`);
}
