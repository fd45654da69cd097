import { resolve } from "node:path";

/** The project's folder: default paths, and all paths in notebooks, count from it. */
export const PROJECT: string = resolve(import.meta.dirname ?? ".", "..");
