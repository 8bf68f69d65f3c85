/** An entry of `machines` in the configuration of a cluster of the kind `hosts`. */
export function buildMachine(number: number, name = `gpu-${String(number)}`) {
  return { name, number, address: `10.0.0.${String(number)}`, hostKey: "ssh-ed25519 AAAA" };
}
