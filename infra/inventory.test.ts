import { inventorySchema } from "./inventory.ts";

const machine = { name: "gpu-1", number: 1, address: "10.0.0.1", hostKey: "ssh-ed25519 AAAA" };

function listProblems(...machines: object[]): string[] {
  return (
    inventorySchema.safeParse(machines).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? []
  );
}

describe("an inventory of machines", () => {
  it("gives every machine a number for life, because its pods' addresses follow from it", () => {
    const rule = "0.number: the machine's number for life, 1 to 250: its pods get 10.244.NUMBER.0/24";
    for (const number of [undefined, 0, 251, 1.5]) expect(listProblems({ ...machine, number })).toEqual([rule]);
    expect([1, 250].flatMap((number) => listProblems({ ...machine, number }))).toEqual([]);
  });

  it("has no two machines of one name, number or address, and says which, all at once", () => {
    const other = { ...machine, name: "gpu-2", number: 2, address: "10.0.0.2" };
    expect(listProblems(machine, other)).toEqual([]);
    expect(listProblems(other, machine, { ...machine, number: 2 })).toEqual([
      "2.name: gpu-1 is that of machines.1 already: every machine has its own",
      "2.number: 2 is that of machines.0 already: every machine has its own",
      "2.address: 10.0.0.1 is that of machines.1 already: every machine has its own",
    ]);
  });

  it("knows hosts by their ssh-ed25519 key, the type that every way of connecting agrees on", () => {
    for (const hostKey of [undefined, "AAAA", "ssh-rsa AAAA", "SHA256:abc"])
      expect(listProblems({ ...machine, hostKey })).toEqual([expect.stringMatching(/^0\.hostKey: .*ssh-ed25519/)]);
  });
});
