import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../error.ts";
import type { Sent } from "../../models/endpoint/wire.ts";
import type { RowNumbers } from "../../plan/shard.ts";
import { mendTail } from "./log.ts";
import { type RowRanges, rowRangesSchema, rowsIn } from "./row_ranges.ts";

/** The ledger's name in the folder of a run or of a part of it; there once a batch was planned. */
export const BATCHES_FILE = "batches.jsonl";

const at = z.string();
const key = z.string().min(1);

/** The steps of a batch, each a line of the ledger, written through before the next is taken. */
const lineSchema = z.discriminatedUnion("step", [
  z.looseObject({
    step: z.literal("planned"),
    key,
    rows: rowRangesSchema,
    /** The names of the parameters that its requests are sent with, and what is added to caps. */
    parameters: z.array(z.string()),
    allowance: z.number().min(0),
    address: z.string(),
    at,
  }),
  z.looseObject({
    step: z.literal("uploaded"),
    key,
    file: z.string().min(1),
    /** The endpoint put the making off: no batch is made of the file until a line says else. */
    putOff: z.boolean().optional(),
    at,
  }),
  z.looseObject({ step: z.literal("submitted"), key, batch: z.string().min(1), at }),
  z.looseObject({
    step: z.literal("ended"),
    key,
    /** `dropped`: it was never made. `lost`: the endpoint knows it no more. */
    status: z.enum(["completed", "expired", "failed", "cancelled", "dropped", "lost"]),
    /** Rows that were tried in vain. */
    tried: rowRangesSchema,
    /** How many of its rows got an answer, or were filtered. */
    answered: z.int().min(0).optional(),
    at,
  }),
]);

type Line = z.infer<typeof lineSchema>;

/** How a batch ended. */
export type BatchEnd = Extract<Line, { step: "ended" }>["status"];

/** A batch as the ledger has it. */
export interface LedgerBatch {
  /** Unique: the endpoint is given it too, so that a batch whose id isn't noted is found by it. */
  key: string;
  rows: RowRanges;
  sent: Sent;
  /** Where it was submitted. */
  address: string;
  /** Milliseconds since 1970. */
  plannedAt: number;
  /** The file of its requests; null until it is uploaded. */
  file: string | null;
  /** The endpoint's id; null until that is known. */
  batch: string | null;
  /** Whether it is known that no batch was made of the file yet. */
  putOff?: boolean;
}

/** What a ledger says. */
export interface LedgerContent {
  /** Whether any batch was ever planned. */
  isEmpty: boolean;
  /** Batches that were or may have been made and haven't ended, in the order of their planning. */
  open: LedgerBatch[];
  /** Batches of which the endpoint never heard: an end cut their making short. */
  unmade: LedgerBatch[];
  /** By row: how often it came back from batches without an answer since it last had one. */
  tries: Map<number, number>;
  /** Rows that came back so from a batch that answered others. */
  passedOver: Set<number>;
  /** Whether caps were ever widened for hidden thoughts. */
  widened: boolean;
}

/** The one writer's side of a ledger. Each step is on the disk when its promise is kept. */
export interface Ledger extends LedgerContent {
  planned(batch: Omit<LedgerBatch, "file" | "batch" | "putOff">): Promise<LedgerBatch>;
  /** Also before the making is tried again that was put off. */
  uploaded(batch: LedgerBatch, file: string): Promise<void>;
  /** The endpoint has a file and said that no batch is made of it now. */
  putOff(batch: LedgerBatch): Promise<void>;
  submitted(batch: LedgerBatch, id: string): Promise<void>;
  /** `tried`: rows that came back without an answer for no fault of ours. */
  ended(
    batch: LedgerBatch,
    status: BatchEnd,
    tried: RowRanges,
    answered?: number,
  ): Promise<void>;
  close(): void;
}

/**
 * Reads the ledger of a folder; one that doesn't exist is empty. A torn last line is left out: the
 * step that it would tell of wasn't taken.
 *
 * @throws {UserError} Exit 2 at a line that can't be understood.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shardRows } from "../../plan/shard.ts";
 * import { readLedger } from "./ledger.ts";
 * const { isEmpty, open } = await readLedger("no/such/folder", shardRows(9, null));
 * assert(isEmpty && open.length === 0);
 * ```
 */
export async function readLedger(folder: string, rows: RowNumbers): Promise<LedgerContent> {
  const path = join(folder, BATCHES_FILE);
  const known = new Map<string, LedgerBatch>();
  const content: LedgerContent = {
    isEmpty: true,
    open: [],
    unmade: [],
    tries: new Map(),
    passedOver: new Set(),
    widened: false,
  };
  const lines = (await textOf(path)).split("\n");
  for (const [index, text] of lines.entries()) {
    if (text.trim() === "") continue;
    const parsed = parse(text);
    if (parsed === "not JSON" && index === lines.length - 1) break;
    const why = typeof parsed === "string" ? parsed : take(content, known, { line: parsed, rows });
    if (why === null) continue;
    throw new UserError(
      `${path}, line ${index + 1}: ${why}.\nIt tells which batches were submitted and have to be ` +
        "paid: put it back as it was.",
    );
  }
  for (const batch of known.values()) {
    (batch.file === null || batch.putOff ? content.unmade : content.open).push(batch);
  }
  return content;
}

async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** A line, or what is wrong with it. */
function parse(text: string): Line | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "not JSON";
  }
  const checked = lineSchema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  return `no step of a batch: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "?"}`;
}

/** Takes one line in; gives what is wrong with it, null where nothing is. */
function take(
  content: LedgerContent,
  known: Map<string, LedgerBatch>,
  { line, rows }: { line: Line; rows: RowNumbers },
): string | null {
  if (line.step === "planned") {
    const other = line.rows.flat().find((row) => rows.placeOf(row) === null);
    if (other !== undefined) return `row ${other} is none of the ${rows.size} rows of this run`;
    content.isEmpty = false;
    content.widened ||= line.allowance > 0;
    known.set(line.key, batchOf(line));
    return null;
  }
  const batch = known.get(line.key);
  if (batch === undefined) return `no batch ${line.key} was planned or it has ended`;
  if (line.step === "uploaded") {
    batch.file = line.file;
    if (line.putOff) batch.putOff = true;
    else delete batch.putOff;
  } else if (line.step === "submitted") batch.batch = line.batch;
  else {
    known.delete(line.key);
    count(content, batch.rows, line);
  }
  return null;
}

function batchOf(line: Extract<Line, { step: "planned" }>): LedgerBatch {
  const { key, rows, parameters, allowance, address } = line;
  const plannedAt = Date.parse(line.at);
  const sent = { parameters, allowance };
  return { key, rows, sent, address, plannedAt, file: null, batch: null };
}

/** Where a batch came to its end, each of its rows was answered or tried in vain. */
function count(
  { tries, passedOver }: Pick<LedgerContent, "tries" | "passedOver">,
  rows: RowRanges,
  { status, tried, answered = 0 }: {
    status: BatchEnd;
    tried: RowRanges;
    answered?: number | undefined;
  },
): void {
  if (status !== "completed" && status !== "expired") return;
  const vain = new Set(rowsIn(tried));
  for (const row of rowsIn(rows)) {
    if (vain.has(row)) {
      tries.set(row, (tries.get(row) ?? 0) + 1);
      if (answered > 0) passedOver.add(row);
    } else {
      tries.delete(row);
      passedOver.delete(row);
    }
  }
}

/**
 * Opens the ledger of a folder for its one writer, who holds the folder's lock; a torn last line is
 * cut off.
 *
 * @throws {UserError} As `readLedger`; its steps throw with exit 3 where they can't be written.
 */
export async function openLedger(
  folder: string,
  options: { rows: RowNumbers; now: () => number },
): Promise<Ledger> {
  const path = join(folder, BATCHES_FILE);
  await mendTail(path);
  const content = await readLedger(folder, options.rows);
  let file: Deno.FsFile | null = null;

  async function write(line: Line): Promise<void> {
    try {
      file ??= await Deno.open(path, { append: true, create: true });
      let bytes = new TextEncoder().encode(JSON.stringify(line) + "\n");
      while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
      await file.syncData();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new UserError(
        `${path} can't be written: ${why}.\nNo batch is lost. Make room, then give the same ` +
          "command again.",
        { exitCode: 3, cause },
      );
    }
  }

  const at = () => new Date(options.now()).toISOString();
  return {
    ...content,
    async planned({ key, rows, sent, address }) {
      const { parameters, allowance } = sent;
      const line = {
        step: "planned" as const,
        key,
        rows,
        parameters: [...parameters],
        allowance,
        address,
        at: at(),
      };
      await write(line);
      return batchOf(line);
    },
    async uploaded(batch, file) {
      await write({ step: "uploaded", key: batch.key, file, at: at() });
      batch.file = file;
      delete batch.putOff;
    },
    async putOff(batch) {
      if (batch.file === null) throw new TypeError("Cannot put off a batch without a file");
      await write({ step: "uploaded", key: batch.key, file: batch.file, putOff: true, at: at() });
      batch.putOff = true;
    },
    async submitted(batch, id) {
      await write({ step: "submitted", key: batch.key, batch: id, at: at() });
      batch.batch = id;
    },
    async ended(batch, status, tried, answered = 0) {
      await write({ step: "ended", key: batch.key, status, tried, answered, at: at() });
      count(content, batch.rows, { status, tried, answered });
    },
    close() {
      file?.close();
      file = null;
    },
  };
}
