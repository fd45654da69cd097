import { join } from "node:path";
import { isAbsent, UserError } from "../../error.ts";
import { parseShard, type RowNumbers, type Shard, shardRows, shardText } from "../../plan/shard.ts";
import { MANIFEST_FILE, readManifest } from "./manifest.ts";
import { RECORDS_FILE } from "./records.ts";
import type { RunManifest } from "../types.ts";

/** A folder with a manifest and a log: a run that was made in one, or a part of one. */
export interface Part {
  /** The folder's name inside the run's; null where it is the run's own. */
  name: string | null;
  folder: string;
  manifest: RunManifest;
  /** Null: all rows. */
  shard: Shard | null;
  rows: RowNumbers;
}

/** The folder of a shard inside the run's: `shard-2-of-4`. */
export function shardFolder({ index, of }: Shard): string {
  return `shard-${index}-of-${of}`;
}

/** The shard that a folder is named for; null where it is none. */
export function shardNamed(folder: string): Shard | null {
  const match = /^shard-(\d+)-of-(\d+)$/.exec(folder);
  return match === null ? null : parseShard(`${match[1]}/${match[2]}`);
}

/** Whether a folder is a run: it, or a part in it, has a manifest. */
export async function holdsRun(folder: string): Promise<boolean> {
  if (await isFile(join(folder, MANIFEST_FILE))) return true;
  for (const shard of await shardsIn(folder)) {
    if (await isFile(join(folder, shardFolder(shard), MANIFEST_FILE))) return true;
  }
  return false;
}

/**
 * The parts that a folder holds, the run's own first, then shards by number; none where it is no
 * run. Whether they agree isn't looked at.
 *
 * @throws {UserError} Exit 2 where a manifest can't be understood, or isn't of the shard that its
 * folder is named for.
 */
export async function readParts(folder: string): Promise<Part[]> {
  const parts: Part[] = [];
  const own = await readManifest(folder);
  if (own !== null) parts.push(partOf(null, folder, own));
  for (const shard of await shardsIn(folder)) {
    const name = shardFolder(shard);
    const inside = join(folder, name);
    const manifest = await readManifest(inside);
    if (manifest === null) {
      await checkNoRecords(inside);
      continue;
    }
    if (manifest.shard !== shardText(shard)) {
      throw new UserError(
        `${join(inside, MANIFEST_FILE)} is of ${shardWords(manifest.shard)}, its folder is named ` +
          `for shard ${
            shardText(shard)
          }.\nGive the folder its own name, or move it out of the run.`,
      );
    }
    parts.push(partOf(name, inside, manifest));
  }
  return parts;
}

function partOf(name: string | null, folder: string, manifest: RunManifest): Part {
  const shard = manifest.shard === null ? null : parseShard(manifest.shard);
  return { name, folder, manifest, shard, rows: shardRows(manifest.count, shard) };
}

function shardWords(shard: string | null): string {
  return shard === null ? "a run without shards" : `shard ${shard}`;
}

/**
 * Checks that a folder holds no records that no manifest explains: what they asked for is unknown.
 *
 * @throws {UserError} Exit 2 where it does.
 */
export async function checkNoRecords(folder: string): Promise<void> {
  if (!await isFile(join(folder, RECORDS_FILE), 1)) return;
  throw new UserError(
    `${folder} holds ${RECORDS_FILE} but no ${MANIFEST_FILE}, so what its rows asked for is not ` +
      `known.\nPut its ${MANIFEST_FILE} back, move the folder away, or give the run another name ` +
      "with --run.",
  );
}

/**
 * Checks that a run may be asked for in one, or in so many shards.
 *
 * @param parts Those of the run that are there.
 * @param asked `run`: its name; `shard`: null where all rows are asked for in one.
 * @throws {UserError} Exit 2 where it is divided otherwise; it tells the ways out.
 */
export function checkDivision(parts: Part[], asked: { run: string; shard: Shard | null }): void {
  const { run, shard } = asked;
  for (const part of parts) {
    const isOther = part.name === null
      ? part.shard !== null || shard !== null
      : part.shard?.of !== shard?.of;
    if (!isOther) continue;
    const of = part.shard?.of ?? 1;
    throw new UserError(
      part.shard === null
        ? `The run ${run} was made without shards. To go on with it leave --shard out, ${ELSE}`
        : part.name === null
        ? `The folder ${part.folder} is shard ${
          shardText(part.shard)
        } alone, not a run. To go on ` +
          `with it put it into its run as ${shardFolder(part.shard)}, ${ELSE}`
        : `The run ${run} was made in ${of} shards. To go on with it ask for one of these, ` +
          `--shard 1/${of} to --shard ${of}/${of}, ${ELSE}`,
    );
  }
}

const ELSE = "or give a run of its own another name with --run.";

/** The numbers of the shards that a folder has folders for, ascending; none where it is no folder. */
async function shardsIn(folder: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  try {
    for await (const { name, isFile: file } of Deno.readDir(folder)) {
      const shard = file ? null : shardNamed(name);
      if (shard !== null) shards.push(shard);
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  return shards.sort((a, b) => a.of - b.of || a.index - b.index);
}

/** Whether there is a file of at least so many bytes. */
async function isFile(path: string, bytes = 0): Promise<boolean> {
  try {
    const stat = await Deno.stat(path);
    return stat.isFile && stat.size >= bytes;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
