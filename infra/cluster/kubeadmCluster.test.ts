import type { ClusterVariant } from "./registeredCluster.fixture.ts";
import {
  buildHost,
  registerCluster,
  registerCommands,
  readExport,
  readEnvironment,
} from "./registeredCluster.fixture.ts";

describe("a kubeadm cluster", () => {
  it("changes nothing but the routes of the other nodes when a node is removed", async () => {
    const [before, after] = [
      await registerCommands([buildHost(1), buildHost(7), buildHost(3)]),
      await registerCommands([buildHost(1), buildHost(3)]),
    ];
    const removed = [...before.keys()].filter((name) => !after.has(name));
    expect(removed.every((name) => name.startsWith("node-gpu-7-"))).toBe(true);
    const changed = [...after]
      .filter(([name, inputs]) => JSON.stringify(inputs) !== JSON.stringify(before.get(name)))
      .map(([name]) => name);
    expect(changed.sort()).toEqual(["node-gpu-1-routes", "node-gpu-3-routes", "node-identities", "node-route-table"]);
    expect(readExport(before.get("node-route-table")?.create, "ROUTES")).toBe(
      "10.244.1.0/24 via 10.0.0.1\n10.244.7.0/24 via 10.0.0.7\n10.244.3.0/24 via 10.0.0.3",
    );
    expect(readEnvironment(after.get("node-gpu-1-routes"))["SET_ROUTES"]).toContain(
      "10.244.1.0/24 via 10.0.0.1\n10.244.3.0/24 via 10.0.0.3'",
    );
    expect(readExport(after.get("node-gpu-3-prepare")?.create, "POD_RANGE")).toBe("10.244.3.0/24");
  });

  it("installs Cilium once, without routes, and changes nothing else when a node is added", async () => {
    const hosts = [buildHost(1), buildHost(7), buildHost(3)];
    const { commands, dependencies } = await registerCluster(hosts.slice(0, 2), { kind: "cilium" });
    expect([...commands.keys()].filter((name) => /route/.test(name))).toEqual([]);
    expect(readEnvironment(commands.get("node-pod-network"))["TREES"]).toBe("/manifests/cilium/hosts");
    expect([...(dependencies.get("node-pod-network") ?? [])].filter((name) => name.endsWith("-join"))).toEqual([]);
    for (const name of ["node-gpu-7-inspection", "node-gpu-7-prepare"]) {
      expect(readExport(commands.get(name)?.create, "POD_NETWORK")).toBe("cilium 10.244.0.0/16 10.96.0.0/16");
      expect(readExport(commands.get(name)?.create, "POD_RANGE")).toBe("10.244.0.0/16");
    }
    expect(readExport(commands.get("node-gpu-7-inspection")?.create, "PORTS")).toMatch(
      /^10248 10249 10250 10256 4240 .*8472\/udp/,
    );
    const more = await registerCommands(hosts, { kind: "cilium" });
    for (const [name, inputs] of commands)
      if (name !== "node-identities") expect([name, more.get(name)]).toEqual([name, inputs]);
  });

  it("changes no host before every host was inspected", async () => {
    const { commands, dependencies } = await registerCluster([buildHost(1), buildHost(2), buildHost(3)], {
      workImages: "/images",
    });
    const inspections = [...commands.keys()].filter((name) => name.endsWith("-inspection"));
    expect(inspections).toHaveLength(3);
    inspections.push("node-identities");
    const others = [...commands.keys()].filter((name) => name !== "node-owner" && !inspections.includes(name));
    for (const name of others)
      expect([name, ...inspections.filter((inspection) => !dependencies.get(name)?.has(inspection))]).toEqual([name]);
  });

  it("claims a host before it changes it, and keeps the control plane until the others are removed", async () => {
    const { commands, dependencies } = await registerCluster([buildHost(1), buildHost(2)], { workImages: "/images" });
    for (const name of commands.keys()) {
      const [, id] = /^node-(gpu-\d)-(?!inspection|claim)/.exec(name) ?? [];
      if (id !== undefined) expect(dependencies.get(name)).toContain(`node-${id}-claim`);
    }
    expect(dependencies.get("node-gpu-2-claim")).toContain("node-gpu-1-claim");
  });

  it("records the kubeconfig without waiting for any other node", async () => {
    const { commands, dependencies } = await registerCluster([buildHost(1), buildHost(2)], { workImages: "/images" });
    const awaited = [...(dependencies.get("node-gpu-1-kubeconfig") ?? [])];
    expect(awaited).toContain("node-gpu-1-init");
    expect(awaited.filter((name) => /^node-gpu-2-(?!inspection)/.test(name))).toEqual([]);
    expect(commands.get("node-gpu-1-init")?.create).toMatch(/\ncat \/etc\/kubernetes\/admin\.conf\n$/);
  });

  it("resets a host only in its claim, and drains every node but the control plane", async () => {
    const commands = await registerCommands([buildHost(1), buildHost(2)]);
    const undone = [...commands].filter(([, inputs]) => inputs.delete !== undefined).map(([name]) => name);
    expect(undone).toEqual(["node-gpu-1-claim", "node-gpu-2-claim"]);
    const [first, second] = undone.map((name) => readEnvironment(commands.get(name)));
    expect(first).not.toHaveProperty("DRAIN");
    expect(second).toMatchObject({ CONTROL_ADDRESS: "10.0.0.1", ADDRESS: "10.0.0.2", NODE_NAME: "gpu-2" });
    expect(readExport(second?.["DRAIN"], "HOST")).toBe("gpu-1 (10.0.0.1)");
    expect(readExport(second?.["DRAIN"], "NODE_NAME")).toBe("gpu-2");
  });

  it("tells every host the owner, and allows only updates to adopt one", async () => {
    const commands = await registerCommands([buildHost(1), buildHost(2)]);
    const texts = [...commands].map(([name, inputs]) => [name, JSON.stringify(inputs)] as const);
    for (const [name, text] of texts.filter(([name]) => !/-owner$|-kubeconfig$|-identities$/.test(name)))
      expect([name, text.includes("mixcpt-infra/rack printed by node-owner")]).toEqual([name, true]);
    for (const inputs of commands.values()) expect(inputs.create).not.toContain("export ADOPT=yes");
    expect(commands.get("node-gpu-2-software")?.update).toContain("export ADOPT=yes");
  });

  it("creates a separate token for each node, and another one if the node was reinstalled", async () => {
    const commands = await registerCommands([buildHost(1), buildHost(2), buildHost(3, "ssh-ed25519 NEW")]);
    const admissions = [...commands].filter(([name]) => name.endsWith("-admission"));
    expect(admissions.map(([name]) => name)).toEqual(["node-gpu-2-admission", "node-gpu-3-admission"]);
    expect(admissions.map(([, command]) => readEnvironment(command)["ADDRESS"])).toEqual(["10.0.0.1", "10.0.0.1"]);
    expect(admissions.map(([, { triggers }]) => triggers)).toEqual([["ssh-ed25519 KEY2"], ["ssh-ed25519 NEW"]]);
    expect(readExport(commands.get("node-gpu-3-join")?.create, "JOIN")).toBe("printed by node-gpu-3-admission");
  });

  it("deletes the token of each node from the control plane as soon as that node has joined", async () => {
    const { commands, dependencies } = await registerCluster([buildHost(1), buildHost(2), buildHost(3)]);
    const deletions = [...commands].filter(([name]) => name.endsWith("-used-token"));
    expect(deletions.map(([name]) => name)).toEqual(["node-gpu-2-used-token", "node-gpu-3-used-token"]);
    expect(deletions.map(([, command]) => readExport(command.create, "JOIN"))).toEqual([
      "printed by node-gpu-2-admission",
      "printed by node-gpu-3-admission",
    ]);
    for (const [name, command] of deletions) {
      expect(readEnvironment(command)["ADDRESS"]).toBe("10.0.0.1");
      expect(dependencies.get(name)).toContain(name.replace("used-token", "join"));
    }
  });

  it("claims and prepares nodes without triggers, because a replacement would undo the claim", async () => {
    const commands = await registerCommands([buildHost(1), buildHost(2)]);
    const selected = [...commands].filter(([name]) => /-(claim|software|prepare)$/.test(name));
    expect(selected.map(([, { triggers }]) => triggers)).toEqual(Array.from({ length: 6 }));
  });

  it("checks the host key on every connection", async () => {
    const logins = [...(await registerCommands([buildHost(1), buildHost(2)])).values()]
      .map(readEnvironment)
      .filter(({ ADDRESS }) => ADDRESS !== undefined);
    expect(logins.length).toBeGreaterThan(10);
    expect(logins.filter(({ ADDRESS, HOST_KEY }) => HOST_KEY !== `ssh-ed25519 KEY${ADDRESS?.at(-1) ?? ""}`)).toEqual(
      [],
    );
  });

  it("reaches every host through the bastion and names both, and sudo, in its advice", async () => {
    const bastion = { address: "gate.example", user: "ana", port: 2222, hostKey: "ssh-rsa GATE" };
    const commands = (await registerCluster([{ ...buildHost(1), user: "ubuntu" }], { bastion })).commands;
    const logins = [...commands.values()].map(readEnvironment).filter(({ ADDRESS }) => ADDRESS !== undefined);
    const [first] = logins;
    expect(first).toMatchObject({ BASTION_ADDRESS: "gate.example", BASTION_PORT: "2222", BASTION_USER: "ana" });
    expect(logins.map(({ BASTION_HOST_KEY }) => BASTION_HOST_KEY)).toEqual(logins.map(() => "ssh-rsa GATE"));
    expect(readExport(commands.get("node-gpu-1-prepare")?.create, "LOGIN")).toBe(
      "ssh -J ana@gate.example:2222 ubuntu@10.0.0.1 sudo",
    );
  });

  it("sets labels and taints of every machine of an inventory, from the control plane", async () => {
    const taints = [
      { key: "team", value: "a", effect: "NoSchedule" },
      { key: "spare", effect: "NoExecute" },
    ] as const;
    const commands = await registerCommands([buildHost(1), { ...buildHost(2), labels: { rack: "r1" }, taints }]);
    const command = commands.get("node-gpu-2-labels");
    expect(readEnvironment(command)["ADDRESS"]).toBe("10.0.0.1");
    expect(readExport(command?.create, "LABELS")).toBe('{"rack":"r1"}');
    expect(readExport(command?.create, "TAINTS")).toBe("team=a:NoSchedule\nspare=:NoExecute");
    expect(commands.has("node-gpu-1-labels")).toBe(false);
  });

  it("sets the labels of a reinstalled machine again, because its node is a new one", async () => {
    const labels = { rack: "r1" };
    const listTriggers = async (hostKey: string) => {
      const host = { ...buildHost(2, hostKey), labels, taints: [] };
      return (await registerCommands([buildHost(1), host])).get("node-gpu-2-labels")?.triggers;
    };
    expect(await listTriggers("ssh-ed25519 OLD")).not.toEqual(await listTriggers("ssh-ed25519 NEW"));
  });

  it("sends a worker no program or image of a control plane, and kubectl only with routes", async () => {
    const listSent = async (id: string, kind: "cilium" | "routes") =>
      [...(await registerCommands([buildHost(1), buildHost(2)], { kind }))]
        .filter(([name]) => name.startsWith(`node-${id}-`))
        .flatMap(([, inputs]) => readEnvironment(inputs)["TREES"] ?? []);
    const plane = ["/node:/kubectl:/control-plane", "/images/cluster", "/images/control-plane"];
    expect(await listSent("gpu-1", "cilium")).toEqual(plane);
    expect(await listSent("gpu-1", "routes")).toEqual(plane);
    expect(await listSent("gpu-2", "cilium")).toEqual(["/node", "/images/cluster"]);
    expect(await listSent("gpu-2", "routes")).toEqual(["/node:/kubectl", "/images/cluster"]);
  });

  it("asks a machine what it has before it sends it files or images again", async () => {
    const commands = await registerCommands([buildHost(1)]);
    const check = (name: string) => readEnvironment(commands.get(`node-gpu-1-${name}`))["CHECK"];
    expect(check("software")).toContain("/var/lib/mixcpt/laid");
    for (const set of ["cluster", "control-plane"]) expect(check(`${set}-images`)).toContain("images check");
  });

  it("waits with a control plane for its images, and with a worker for those that it gets", async () => {
    const { dependencies } = await registerCluster([buildHost(1), buildHost(2)]);
    for (const set of ["cluster", "control-plane"])
      expect(dependencies.get("node-gpu-1-init")).toContain(`node-gpu-1-${set}-images`);
    expect(dependencies.get("node-gpu-2-join")).toContain("node-gpu-2-cluster-images");
  });

  it("sends the images of the work only if nodes do not fetch them", async () => {
    const listTrees = async (variant?: ClusterVariant) =>
      [...(await registerCommands([buildHost(1)], variant)).values()].flatMap(
        (inputs) => readEnvironment(inputs)["TREES"] ?? [],
      );
    expect(await listTrees()).not.toContain("/images/work");
    expect(await listTrees({ workImages: "/images/work" })).toContain("/images/work");
  });
});
