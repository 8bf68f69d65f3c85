/** Ranges of IPv4 addresses, such as 10.244.0.0/16. */
interface AddressRange {
  readonly first: number;
  readonly last: number;
  /** The bits that all addresses of the range share. */
  readonly prefix: number;
}

function parseAddress(text: string): number | undefined {
  const parts = text.split(".").map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : Infinity));
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Parses `a.b.c.d/n`, whose address must be the first of the range; undefined if it is anything else. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = "", bits = "", ...rest] = text.split("/");
  const [first, prefix] = [parseAddress(address), Number(bits)];
  if (first === undefined || rest.length > 0 || !/^([1-9]|[12]\d|3[0-2])$/.test(bits)) return undefined;
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

/** True if the ranges have addresses in common. A text that is not a range has none. */
export function doRangesOverlap(one: string, other: string): boolean {
  const [a, b] = [parseRange(one), parseRange(other)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}

/** True if the address is in the range. A text that is not an address is in none. */
export function isAddressInRange(address: string, range: string): boolean {
  return doRangesOverlap(`${address}/32`, range);
}
