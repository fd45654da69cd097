import { basename, dirname, isAbsolute, join, normalize, resolve } from "node:path";
import { isAbsent, UserError } from "../../error.ts";
import { MANIFEST_FILE } from "./manifest.ts";
import { holdsRun, shardNamed } from "./parts.ts";

/**
 * The name of a run that wasn't named: the config folder's own name, the seed and the start of the
 * hash, so that the same command finishes the same run.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { runName } from "./name.ts";
 * assert(runName({ folder: "my/metro", seed: 1, configHash: "91bc04ff" }) === "metro-1-91bc04");
 * ```
 */
export function runName(
  of: { folder: string; seed: number; configHash: string },
): string {
  const stem = basename(of.folder).normalize("NFC").replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+/, "").replace(/[.-]+$/, "");
  return `${stem === "" ? "run" : stem}-${of.seed}-${of.configHash.slice(0, 6)}`;
}

/**
 * Checks a name that a person gave to a new run: it becomes a folder's name.
 *
 * @throws {UserError} Exit 2 where it can't be one.
 */
export function checkRunName(name: string): string {
  if (/^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}._ -]*$/u.test(name) && !/[. ]$/.test(name)) return name;
  throw new UserError(
    `--run ${JSON.stringify(name)}: a run's name is a folder's name: letters, digits, "-", "_" ` +
      `and "."; it starts with a letter or a digit. The folder of runs is set by --output.`,
  );
}

/** A run that was found. */
export interface FoundRun {
  name: string;
  folder: string;
}

/** Where runs are looked for. */
export interface ResolveRunOptions {
  /** The folder of runs. */
  output: string;
  /** The folder that relative paths count from; default: the process's own. */
  from?: string | undefined;
}

/**
 * Finds a run by its name in the output folder or by a path to its folder. A name in the output
 * folder comes first. A part of a run is found by either too: `metro-1-91bc04/shard-1-of-4`.
 *
 * @throws {UserError} Exit 2 where there is none; it lists those that exist.
 */
export async function resolveRun(run: string, options: ResolveRunOptions): Promise<FoundRun> {
  const byName = join(options.output, run);
  if (!isAbsolute(run) && await holdsRun(byName)) {
    return { name: nameOf(byName), folder: byName };
  }
  const byPath = isAbsolute(run) || options.from === undefined
    ? normalize(run)
    : join(options.from, run);
  if (await holdsRun(byPath)) return { name: nameOf(byPath), folder: byPath };
  const known = await listRuns(options.output);
  throw new UserError(
    `No run ${JSON.stringify(run)} in ${options.output}, and no folder of that path holds a ` +
      `${MANIFEST_FILE}.\n` +
      (known.length === 0
        ? `${options.output} holds no runs yet: generate makes one.`
        : `Runs that exist: ${shortList(known)}`),
  );
}

/** The folder's own name; a part's stands after that of its run. */
function nameOf(folder: string): string {
  const path = resolve(folder);
  const own = basename(path);
  return shardNamed(own) === null ? own : `${basename(dirname(path))}/${own}`;
}

/** The names of the runs in a folder of runs, sorted; none where the folder doesn't exist. */
export async function listRuns(output: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(output)) {
      if (!entry.isFile && await holdsRun(join(output, entry.name))) names.push(entry.name);
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  return names.sort();
}

/** Names listed in an error at most. */
const LISTED = 12;

function shortList(names: string[]): string {
  const rest = names.length - LISTED;
  return names.slice(0, LISTED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
