import { UserError } from "../../error.ts";
import { type Shard, shardRows } from "../../plan/shard.ts";
import { differences } from "./differences.ts";
import { MANIFEST_FILE } from "./manifest.ts";
import type { Part } from "./parts.ts";
import type { RunManifest } from "../types.ts";

/** A run as its parts say together. */
export interface JoinedParts {
  /** That of the whole run: its `shard` is null unless a shard is read alone. */
  manifest: RunManifest;
  /** Shards that have rows but no manifest yet. */
  missing: Shard[];
  /** Rows of those. */
  missingRows: number;
}

/**
 * Joins the parts of one run.
 *
 * @param folder The run's, for messages.
 * @param parts At least one.
 * @throws {UserError} Exit 2 where two parts can't be of one run: it names both.
 */
export function joinParts(folder: string, parts: Part[]): JoinedParts {
  const [first, ...others] = parts;
  if (first === undefined) throw new RangeError("Cannot join no parts");
  for (const other of others) checkAgree(folder, first, other);
  if (first.name === null) return { manifest: first.manifest, missing: [], missingRows: 0 };
  const { count, parameters } = first.manifest;
  const manifests = parts.map(({ manifest }) => manifest);
  const manifest = {
    ...first.manifest,
    shard: null,
    parameters: {
      ...parameters,
      dropped: [...new Set(manifests.flatMap((each) => each.parameters.dropped))],
      replaced: Object.assign({}, ...manifests.map((each) => each.parameters.replaced)),
    },
    createdAt: manifests.map(({ createdAt }) => createdAt).sort()[0] ?? "",
  };
  const { of } = first.shard ?? { of: 1 };
  const there = new Set(parts.map(({ shard }) => shard?.index));
  const missing: Shard[] = [];
  const missingRows = count - parts.reduce((sum, { rows }) => sum + rows.size, 0);
  let left = missingRows;
  for (let index = 1; left > 0; index++) {
    if (there.has(index)) continue;
    missing.push({ index, of });
    left -= shardRows(count, { index, of }).size;
  }
  return { manifest, missing, missingRows };
}

/** What parts of one run have in common, beside the count. */
const COMMON = ["configHash", "seed", "sampling", "model"] as const;

function checkAgree(folder: string, one: Part, other: Part): void {
  const [a, b] = [one.name ?? MANIFEST_FILE, other.name ?? MANIFEST_FILE];
  if (one.name === null || one.shard?.of !== other.shard?.of) {
    throw new UserError(
      `${folder} holds both ${a} and ${b}: a run is made in one, or in one number of shards.\n` +
        "Move one kind out, into a folder of its own.",
    );
  }
  const differs = COMMON.find((key) => one.manifest[key] !== other.manifest[key]);
  if (differs !== undefined) {
    const lines = differences(one.manifest, other.manifest);
    if (lines.length === 0) {
      lines.push(`${differs}: ${one.manifest[differs]}, now ${other.manifest[differs]}`);
    }
    throw new UserError(
      `${b} in ${folder} was asked for otherwise than ${a}:\n` +
        lines.map((line) => `  ${line}\n`).join("") +
        "One run can't hold both. Move one of them out, into a folder of its own.",
    );
  }
  const [x, y] = [one.manifest.count, other.manifest.count];
  if (x !== y) {
    const { name: fewer, manifest: { shard } } = x < y ? one : other;
    throw new UserError(
      `${a} and ${b} in ${folder} are of different counts: ${x} and ${y} rows in all.\n` +
        `Extend ${fewer}: its generate command with --shard ${shard} --count ${Math.max(x, y)}.`,
    );
  }
}
