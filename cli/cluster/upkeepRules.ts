import type { DoctorFinding } from "../commands/doctorDocument.ts";
import { formatDuration } from "../terminal/durationAndBar.ts";

/** A control plane, for messages. */
interface ExaminedHost {
  readonly cluster: string;
  /** Its name and address. */
  readonly label: string;
  /** The ssh command that a command for root follows. */
  readonly login: string;
}

interface Upkeep {
  /** Age of the newest snapshot of etcd; absent if there is none. */
  readonly snapshotSeconds: number | undefined;
  /** Time since the machine became a control plane. */
  readonly machineSeconds: number;
  /** What systemd says about each unit: the state of a timer, the result of a service's last run. */
  readonly units: ReadonlyMap<string, string>;
}

/** The interval of files/control-plane/etc/systemd/system/mixcpt-etcd-snapshot.timer. */
const snapshotIntervalSeconds = 86_400;

const jobs = {
  "mixcpt-etcd-snapshot": "the snapshot of etcd",
  "mixcpt-renew-certificates": "the renewal of certificates",
} as const;

/** Reads the output of infra/cluster/scripts/find-upkeep.sh. */
export function parseUpkeep(output: string): Upkeep {
  const units = new Map(
    output
      .trim()
      .split("\n")
      .map((line): [string, string] => {
        const [word = "", ...value] = line.split(" ");
        return [word, value.join(" ")];
      }),
  );
  const snapshot = units.get("snapshot-seconds");
  return {
    snapshotSeconds: snapshot === undefined ? undefined : Number(snapshot),
    machineSeconds: Number(units.get("machine-seconds")),
    units,
  };
}

function listUnitProblems({ units }: Upkeep, { login }: ExaminedHost): [observation: string, remedy: string][] {
  return Object.entries(jobs).flatMap(([name, what]): [string, string][] => {
    const [timer = "", service = ""] = [units.get(`${name}.timer`), units.get(`${name}.service`)];
    if (service !== "success")
      return [[`${what} failed (${service || "no unit"})`, `${login} journalctl --unit ${name} --lines 50 says why`]];
    if (timer === "active") return [];
    return [
      [`the timer of ${what} is ${timer || "missing"}`, `${login} systemctl enable --now ${name}.timer starts it`],
    ];
  });
}

function findSnapshotProblem(
  { snapshotSeconds, machineSeconds }: Upkeep,
  { login }: ExaminedHost,
): [observation: string, remedy: string] | undefined {
  if ((snapshotSeconds ?? machineSeconds) <= 2 * snapshotIntervalSeconds) return undefined;
  const observation =
    snapshotSeconds === undefined
      ? `no snapshot of etcd in ${formatDuration(machineSeconds)}`
      : `the newest snapshot of etcd is ${formatDuration(snapshotSeconds)} old`;
  return [
    observation,
    `${login} systemctl start mixcpt-etcd-snapshot saves one, and systemctl status mixcpt-etcd-snapshot.timer there ` +
      "says when the last one was due",
  ];
}

/** Tells whether a control plane saves snapshots of etcd and renews certificates, as its timers should. */
export function describeUpkeep(upkeep: Upkeep, host: ExaminedHost): DoctorFinding {
  const subject = `control plane ${host.label} of cluster ${host.cluster}`;
  const snapshotProblem = findSnapshotProblem(upkeep, host);
  const problems = [...listUnitProblems(upkeep, host), ...(snapshotProblem === undefined ? [] : [snapshotProblem])];
  if (problems.length > 0) {
    const observation = problems.map(([text]) => text).join(", ");
    return { subject, observation, remedy: problems.map(([, text]) => text).join("\n        ") };
  }
  const { snapshotSeconds } = upkeep;
  const newest = snapshotSeconds === undefined ? "is due within a day" : `is ${formatDuration(snapshotSeconds)} old`;
  return { subject, observation: `the newest snapshot of etcd ${newest}, and certificates are looked at daily` };
}
