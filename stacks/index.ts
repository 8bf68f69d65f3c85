import { program } from "./program.ts";

export const { cells, shared } = await program();
