import { dirname, resolve } from "node:path";
import { z } from "zod";
import { isAbsent } from "../error.ts";
import type { RowCounts } from "../run/types.ts";
import { VERSION } from "../version.ts";
import type { Interval } from "../stats/intervals.ts";
import type { AttributeFindings, Findings, ValueFindings } from "./findings.ts";

/** The name of what `analyze` writes. */
export const FINDINGS_FILE = "analysis.json";

/** What is read of `analysis.json`. */
export type StoredFindings = Pick<Findings, "made" | "rows"> & {
  attributes: Record<string, StoredAttribute>;
};

/** What shares of one attribute are held against its target with. */
export type StoredAttribute =
  & Pick<
    AttributeFindings,
    "other" | "distance" | "measuredBy" | "measuredRows" | "corrected"
  >
  & {
    values: (ValueFindings & { acceptedInterval: Interval | null })[];
    error95: number | null;
  };

const share = z.number().min(0).max(1);
const interval = { low: share, high: share };
const byStage = z.looseObject({
  requested: share.nullable(),
  accepted: share.nullable(),
  realised: share.nullable(),
});
const rows = z.int().min(0);

const schema = z.looseObject({
  made: z.looseObject({
    at: z.string(),
    plumbline: z.string(),
    from: z.array(z.string()),
    files: z.array(z.looseObject({ path: z.string(), bytes: z.int().min(0) })),
  }),
  rows: z.looseObject({
    planned: rows,
    ok: rows,
    refused: rows,
    filtered: rows,
    truncated: rows,
    empty: rows,
    failed: rows,
    pending: rows,
  }),
  attributes: z.record(
    z.string(),
    z.looseObject({
      values: z.array(z.looseObject({
        value: z.string(),
        target: share.nullable(),
        requested: share,
        accepted: share,
        acceptedInterval: z.looseObject(interval).nullable(),
        realised: z.looseObject({ share, ...interval, target: share.nullable() }).nullable(),
        followed: z.looseObject({
          share,
          ...interval,
          unasked: z.looseObject({ share, ...interval }).nullable(),
        }).exactOptional(),
      })),
      other: share.nullable(),
      distance: byStage,
      error95: share.nullable(),
      measuredBy: z.string().nullable(),
      measuredRows: z.number().min(0),
      corrected: z.number().min(0).exactOptional(),
    }),
  ),
});

/**
 * What `analysis.json` at a path says; null where there is none, or none in today's form. Paths of the
 * files that it was made from are absolute then.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readFindings } from "./stored_findings.ts";
 * assert.equal(await readFindings("no/such/analysis.json"), null);
 * ```
 */
export async function readFindings(path: string): Promise<StoredFindings | null> {
  let value: unknown;
  try {
    value = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (isAbsent(error) || error instanceof SyntaxError) return null;
    throw error;
  }
  const checked = schema.safeParse(value);
  if (!checked.success) return null;
  const { made, rows, attributes } = checked.data;
  const files = made.files.map((file) => ({ ...file, path: resolve(dirname(path), file.path) }));
  return { made: { ...made, files }, rows, attributes };
}

/**
 * Whether findings say what would be found now: this version made them, of this run alone, and neither
 * its records nor its labels nor the number of its rows have changed since.
 *
 * @param run `files`: its records and labels with their lengths in bytes now.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { VERSION } from "../version.ts";
 * import { isCurrent } from "./stored_findings.ts";
 * const files = [{ path: "/runs/metro-1/records.jsonl", bytes: 100 }];
 * const counts = { refused: 0, filtered: 0, truncated: 0, empty: 0, failed: 0, pending: 0 };
 * const run = { name: "metro-1", files, counts: { planned: 1, ok: 1, ...counts } };
 * const made = { at: "", plumbline: VERSION, from: ["metro-1"], files };
 * assert(isCurrent({ made, rows: run.counts }, run));
 * assert(!isCurrent({ made, rows: run.counts }, { ...run, files: [{ ...files[0]!, bytes: 150 }] }));
 * ```
 */
export function isCurrent(
  { made, rows }: Pick<Findings, "made" | "rows">,
  run: { name: string; files: Findings["made"]["files"]; counts: RowCounts },
): boolean {
  const listed = (files: Findings["made"]["files"]) =>
    JSON.stringify(files.map(({ path, bytes }) => [path, bytes]).sort());
  return made.plumbline === VERSION && made.from.join("\n") === run.name &&
    rows.planned === run.counts.planned && listed(made.files) === listed(run.files);
}
