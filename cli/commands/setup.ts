import { Command } from "commander";
import { setUp } from "../setup/setup.ts";
import { clock } from "../terminal/clock.ts";

export const setupCommand = (): Command =>
  new Command("setup")
    .action(async () => {
      const started = Date.now();
      await setUp();
      console.log(`set-up is complete after ${clock((Date.now() - started) / 1000)}`);
    });
