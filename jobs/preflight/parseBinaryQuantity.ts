const binaryUnits: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** Parses a size such as `16Gi` to bytes. @throws RangeError for another notation */
export function parseBinaryQuantity(quantity: string): number {
  const [, count, unit = ""] = /^(\d+)([KMGT]i)$/.exec(quantity) ?? [];
  const bytes = binaryUnits[unit];
  if (count === undefined || bytes === undefined)
    throw new RangeError(`"${quantity}" is not a size; it must be a whole number with Ki, Mi, Gi or Ti, such as 16Gi`);
  return Number(count) * bytes;
}
