import { program } from "./program.ts";

export const { cells } = await program();
