const bytesPerGiB = 2 ** 30;

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: bytesPerGiB,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** Parses a Kubernetes quantity, such as `500m`, `56` or `16Gi`. NaN if it is not one. */
export function parseQuantity(quantity: string): number {
  const [, number = "", suffix = ""] = /^([\d.]+)([a-zA-Z]*)$/.exec(quantity) ?? [];
  return (number === "" ? Number.NaN : Number(number)) * (suffix === "" ? 1 : (factors[suffix] ?? Number.NaN));
}

/** Converts a Kubernetes quantity of memory to GiB. */
export function convertToGiB(quantity: string): number {
  return parseQuantity(quantity) / bytesPerGiB;
}
