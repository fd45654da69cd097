import { UserError } from "../../error.ts";
import type { RowNumbers } from "../../plan/shard.ts";
import type { RowRecord } from "../types.ts";
import { recordSchema } from "./record_fields.ts";

/** The log's name in the folder of a run or of a part of it. */
export const RECORDS_FILE = "records.jsonl";

/** A record and the number of its line, from 1. */
export interface RecordLine {
  record: RowRecord;
  line: number;
}

/** How lines that are no records are met. */
export interface ReadRecordsOptions {
  /** Any other row is a bad line; default: any row number is good. */
  rows?: RowNumbers | undefined;
  /** Counts bad lines by `onBad` instead of throwing. */
  skipBadLines?: boolean | undefined;
  /** Told about a torn last line: one without its line end that isn't JSON. It is skipped. */
  onTorn?: ((torn: { line: number; bytes: number }) => void) | undefined;
  /** Told about each bad line that is skipped. */
  onBad?: ((bad: { line: number; why: string }) => void) | undefined;
}

/** Bytes asked from the file at once. */
const CHUNK = 256 * 1024;
/** A longer line can't be one of ours: what isn't a log isn't read into memory. */
const LONGEST_LINE = 64 * 1024 * 1024;
const LINE_FEED = 10;

/**
 * Streams a log of records in file order; a file that doesn't exist has none. Blank lines and CRLF
 * are fine. The last line needs no line end if it is JSON, else it is torn and skipped. Nothing is
 * changed and no more than a chunk (and the longest line) is held.
 *
 * @throws {UserError} Exit 2 for a line that is no record, with file and line number, unless
 * `skipBadLines`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readRecords } from "./records.ts";
 * for await (const { record } of readRecords("no/such/records.jsonl")) assert(record.row >= 0);
 * ```
 */
export async function* readRecords(
  path: string,
  options: ReadRecordsOptions = {},
): AsyncGenerator<RecordLine, void, undefined> {
  let line = 0;
  for await (const block of readLineBlocks(path)) {
    if (block.text === null) {
      line += 1;
      passOver(path, { line, why: `longer than ${LONGEST_LINE} bytes: no record` }, options);
      continue;
    }
    const lines = block.text.split("\n");
    // What follows the last line end of a whole block is no line.
    if (block.whole) lines.pop();
    for (const text of lines) {
      line += 1;
      if (text.trim() === "") continue;
      const parsed = parseRecord(text, options.rows);
      if ("record" in parsed) {
        yield { record: parsed.record, line };
      } else if (!block.whole && parsed.notJson) {
        options.onTorn?.({ line, bytes: block.bytes });
      } else {
        passOver(path, { line, why: parsed.why }, options);
      }
    }
  }
}

/** Counts a bad line, or throws where none is to be skipped. */
function passOver(
  path: string,
  bad: { line: number; why: string },
  { skipBadLines, onBad }: ReadRecordsOptions,
): void {
  if (!skipBadLines) {
    throw new UserError(
      `${path}, line ${bad.line}: ${bad.why}.\n` +
        "Mend or delete that line, or skip lines like it with --skip-bad-lines.",
    );
  }
  onBad?.(bad);
}

/** One record from the text of its line, or what is wrong with it. */
function parseRecord(
  text: string,
  rows: RowNumbers | undefined,
): { record: RowRecord } | { why: string; notJson: boolean } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { why: "not JSON", notJson: true };
  }
  const checked = recordSchema.safeParse(value);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const place = issue?.path.join(".") ?? "";
    const why = `not a record${place === "" ? "" : `: "${place}"`}: ${issue?.message ?? "?"}`;
    return { why, notJson: false };
  }
  const { row } = checked.data;
  if (rows !== undefined && rows.placeOf(row) === null) {
    return { why: `row ${row} is none of the ${rowsText(rows)}`, notJson: false };
  }
  return { record: checked.data };
}

/** `5 rows of this log (0 to 4)`. */
function rowsText({ size, rowAt }: RowNumbers): string {
  return `${size} rows of this log` + (size === 0 ? "" : ` (${rowAt(0)} to ${rowAt(size - 1)})`);
}

interface LineBlock {
  /** Null: one line that is longer than any of ours. */
  text: string | null;
  /** Whether the text ends with a line end; only the file's last block may not. */
  whole: boolean;
  bytes: number;
}

/** Cuts a file into blocks of whole lines; what stands after the last line end comes last. */
async function* readLineBlocks(path: string): AsyncGenerator<LineBlock, void, undefined> {
  using file = await openIfThere(path);
  if (file === null) return;
  const decoder = new TextDecoder();
  let buffer = new Uint8Array(CHUNK);
  let filled = 0;
  /** Bytes of a line that is too long, so far; 0: it isn't. */
  let passed = 0;
  for (;;) {
    if (filled === buffer.length) {
      if (filled >= LONGEST_LINE || passed > 0) {
        passed += filled;
        filled = 0;
      } else {
        const larger = new Uint8Array(buffer.length * 2);
        larger.set(buffer);
        buffer = larger;
      }
    }
    const read = await file.read(buffer.subarray(filled));
    if (read === null) break;
    let from = filled;
    filled += read;
    if (passed > 0) {
      const end = buffer.subarray(from, filled).indexOf(LINE_FEED);
      if (end < 0) continue;
      const bytes = passed + from + end + 1;
      yield { text: null, whole: true, bytes };
      passed = 0;
      buffer.copyWithin(0, from + end + 1, filled);
      filled -= from + end + 1;
      from = 0;
    }
    const end = buffer.subarray(from, filled).lastIndexOf(LINE_FEED);
    if (end < 0) continue;
    const whole = from + end + 1;
    yield { text: decoder.decode(buffer.subarray(0, whole)), whole: true, bytes: whole };
    buffer.copyWithin(0, whole, filled);
    filled -= whole;
  }
  if (passed > 0) {
    yield { text: null, whole: false, bytes: passed + filled };
  } else if (filled > 0) {
    yield { text: decoder.decode(buffer.subarray(0, filled)), whole: false, bytes: filled };
  }
}

async function openIfThere(path: string): Promise<Deno.FsFile | null> {
  try {
    return await Deno.open(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
