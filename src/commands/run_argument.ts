import type { Invocation } from "./command.ts";
import { pathOf } from "./flags.ts";

/** The run, or the file, that a command's first argument names. */
export function runOf({ parsed }: Invocation): string {
  return parsed.args[0] ?? "";
}

/** The folder of runs: what `--output` names, else the project's own. */
export function outputOf(invocation: Invocation): string {
  return pathOf(invocation.parsed.opts<{ output?: string }>().output, "output", invocation);
}

/** Where a run is looked for: by name in the folder of runs, by path from where it was typed. */
export function placeOf(invocation: Invocation): { output: string; from: string } {
  return { output: outputOf(invocation), from: invocation.typedIn };
}
