import { describeUpkeep, parseUpkeep } from "./upkeepRules.ts";

const host = { cluster: "rack", label: "cp-1 (10.0.0.11)", login: "ssh root@10.0.0.11" };
const hour = 3600;

interface Changes {
  readonly snapshot?: number | "none";
  readonly machine?: number;
  readonly units?: Readonly<Record<string, string>>;
}

function examine({ snapshot = 5 * hour, machine = 1000 * hour, units = {} }: Changes = {}) {
  const healthy = {
    "mixcpt-etcd-snapshot.timer": "active",
    "mixcpt-etcd-snapshot.service": "success",
    "mixcpt-renew-certificates.timer": "active",
    "mixcpt-renew-certificates.service": "success",
  };
  const lines = [
    ...(snapshot === "none" ? [] : [`snapshot-seconds ${String(snapshot)}`]),
    `machine-seconds ${String(machine)}`,
    ...Object.entries({ ...healthy, ...units }).map(([name, value]) => `${name} ${value}`),
  ];
  return describeUpkeep(parseUpkeep(`${lines.join("\n")}\n`), host);
}

describe("doctor about a control plane", () => {
  it("has no complaint while snapshots and certificates are kept", () => {
    const finding = examine();
    expect(finding.remedy).toBeUndefined();
    expect(finding).toMatchObject({ subject: "control plane cp-1 (10.0.0.11) of cluster rack" });
    expect(finding.observation).toMatch(/^the newest snapshot of etcd is 5.* old/);
    expect(examine({ snapshot: 47 * hour }).remedy).toBeUndefined();
  });

  it("warns of a snapshot that is older than twice its interval", () => {
    const { observation, remedy } = examine({ snapshot: 49 * hour });
    expect(observation).toContain("the newest snapshot of etcd is");
    expect(remedy).toContain("ssh root@10.0.0.11 systemctl start mixcpt-etcd-snapshot");
  });

  it("gives a new control plane two days for its first snapshot", () => {
    expect(examine({ snapshot: "none", machine: 3 * hour })).toMatchObject({
      observation: expect.stringContaining("is due within a day") as string,
    });
    expect(examine({ snapshot: "none", machine: 50 * hour }).observation).toContain("no snapshot of etcd in");
  });

  it.each([
    ["mixcpt-etcd-snapshot", "the snapshot of etcd failed (exit-code)"],
    ["mixcpt-renew-certificates", "the renewal of certificates failed (exit-code)"],
  ])("names the command that shows why %s failed", (name, observation) => {
    expect(examine({ units: { [`${name}.service`]: "exit-code" } })).toMatchObject({
      observation,
      remedy: `ssh root@10.0.0.11 journalctl --unit ${name} --lines 50 says why`,
    });
  });

  it("warns of a timer that somebody has stopped", () => {
    const { observation, remedy } = examine({ units: { "mixcpt-renew-certificates.timer": "inactive" } });
    expect(observation).toBe("the timer of the renewal of certificates is inactive");
    expect(remedy).toContain("systemctl enable --now mixcpt-renew-certificates.timer");
  });
});
