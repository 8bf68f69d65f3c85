import { inventorySchema } from "./inventory.ts";
import { buildMachine } from "./machines.fixture.ts";

const machine = buildMachine(1);

function listProblems(...machines: object[]): string[] {
  return (
    inventorySchema.safeParse(machines).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? []
  );
}

describe("an inventory of machines", () => {
  it("requires a permanent number for every machine, because its pods' addresses may depend on it", () => {
    const rule = "0.number: must be a whole number from 1 to 250 that the machine keeps for life";
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

  it("refuses addresses that lead elsewhere, with what is allowed", () => {
    const rule = "must be an IPv4 address under which the other machines reach this one";
    const refused: [address: string, reason: string][] = [
      ["127.0.0.1", "leads each machine to itself, 127.0.0.0/8; "],
      ["0.0.0.0", "is not the address of a machine, 0.0.0.0/8; "],
      ["239.1.2.3", "is not the address of a machine, 224.0.0.0/3; "],
      ["gpu-1.example", ""],
      ["fd00::11", ""],
    ];
    for (const [address, reason] of refused)
      expect(listProblems({ ...machine, address })).toEqual([`0.address: ${reason}${rule}`]);
  });

  it("refuses users other than root, ports that do not exist and other names, all at once", () => {
    expect(listProblems({ ...machine, user: "ubuntu", port: 99_999, name: "GPU-1.example" })).toEqual([
      expect.stringMatching(/^0\.name: must be a name of at most 63 lower-case letters/),
      "0.user: must be root: the scripts change /etc, /usr and systemd, and use no sudo",
      "0.port: must be a whole number from 1 to 65535",
    ]);
    expect([0, -1, 1.5, "22"].flatMap((port) => listProblems({ ...machine, port }))).toHaveLength(4);
  });

  it("requires one or three control planes; the first machine is one if none is named", () => {
    const plane = (number: number) => ({ ...buildMachine(number), role: "control-plane" });
    const rule = ": 2 machines have the role control-plane; must be 1 or 3, so that most of them can agree";
    expect(listProblems(plane(1), plane(2))).toEqual([rule]);
    expect(listProblems(plane(1), buildMachine(2))).toEqual([]);
    expect(listProblems(plane(1), plane(2), plane(3), buildMachine(4))).toEqual([]);
    expect(listProblems({ ...machine, role: "worker" })).toEqual(["0.role: must be control-plane, or be left out"]);
  });
});
