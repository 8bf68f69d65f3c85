import { inventorySchema } from "./inventory.ts";
import { buildMachine } from "./machines.fixture.ts";

const machine = buildMachine(1);

function listProblems(...machines: object[]): string[] {
  return (
    inventorySchema.safeParse(machines).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? []
  );
}

describe("an inventory of machines", () => {
  it("requires a permanent number for every machine, because its pods' addresses depend on it", () => {
    const rule =
      "0.number: must be a whole number from 1 to 250 that the machine keeps for life; its pods get 10.244.NUMBER.0/24";
    for (const number of [undefined, 0, 251, 1.5]) expect(listProblems({ ...machine, number })).toEqual([rule]);
    expect([1, 250].flatMap((number) => listProblems({ ...machine, number }))).toEqual([]);
  });

  it("reports every repeated name, number and address at once, with the other machine", () => {
    const other = buildMachine(2);
    expect(listProblems(machine, other)).toEqual([]);
    expect(listProblems(other, machine, { ...machine, number: 2 })).toEqual([
      "2.name: gpu-1 is already used by machines[1]; every name must be unique",
      "2.number: 2 is already used by machines[0]; every number must be unique",
      "2.address: 10.0.0.1 is already used by machines[1]; every address must be unique",
    ]);
  });

  it("requires ssh-ed25519 host keys, the type that both SSH clients negotiate", () => {
    for (const hostKey of [undefined, "AAAA", "ssh-rsa AAAA", "SHA256:abc"])
      expect(listProblems({ ...machine, hostKey })).toEqual([expect.stringMatching(/^0\.hostKey: .*ssh-ed25519/)]);
  });
});
