/** What stands for one row in a file, or why nothing does. `at` tells where: see `readItems`. */
export type Item = { at: number } & ({ value: unknown } | { fault: string });

/** A longer line or item can't be a message: what isn't a table isn't read into memory. */
export const LONGEST = 64 * 1024 * 1024;
