import { Argument, Command } from "commander";
import type { Scope } from "../setup/scope.ts";
import { setUp } from "../setup/setup.ts";
import { clock } from "../terminal/clock.ts";

const scope = new Argument("[scope]", "client: only what talks to a cluster that is there; neither root nor Debian is needed").choices(["all", "client"] satisfies Scope[]).default("all");

export const setupCommand = (): Command =>
  new Command("setup").addArgument(scope).action(async (chosen: Scope) => {
    const started = Date.now();
    await setUp(chosen);
    console.log(`set-up is complete after ${clock((Date.now() - started) / 1000)}`);
  });
