/** What the steps of an asking by batch work on, in memory: each step is tested by itself. */
import type { Batches, BatchState } from "../../../src/models/batch/types.ts";
import type { Fault } from "../../../src/models/types.ts";
import type { MakeWork } from "../../../src/run/batch/making.ts";
import type { PollWork } from "../../../src/run/batch/polling.ts";
import { openOpenBatches } from "../../../src/run/batch/open_batches.ts";
import { openPatience } from "../../../src/run/batch/patience.ts";
import type { Ledger, LedgerBatch } from "../../../src/run/log/ledger.ts";
import { rangesOf } from "../../../src/run/log/row_ranges.ts";

export const ADDRESS = "http://127.0.0.1:1/v1";

/** A fault that passes, unless `fields` say else. */
export function fault(fields: Partial<Fault> = {}): Fault {
  return { kind: "passing", reason: "500 Scripted", status: 500, retryAfterMs: null, ...fields };
}

/** A batch of so many rows as the ledger has it, uploaded unless `fields` say else. */
export function entry(rows: number, fields: Partial<LedgerBatch> = {}): LedgerBatch {
  return {
    key: "k",
    rows: rangesOf(Array.from({ length: rows }, (_, row) => row)),
    sent: { parameters: [], allowance: 0 },
    address: ADDRESS,
    plannedAt: 0,
    file: "file-1",
    batch: null,
    ...fields,
  };
}

/** A batch as the endpoint tells of it: completed, with a file of answers. */
export function state(fields: Partial<BatchState> = {}): BatchState {
  return {
    id: "batch_1",
    status: "completed",
    outputFile: "out",
    errorFile: null,
    counts: null,
    errors: [],
    ms: 0,
    ...fields,
  };
}

/** An endpoint whose calls are scripted; one that isn't fails the test. */
export function scripted(calls: Partial<Batches>): Batches {
  const never = () => {
    throw new Error("This call wasn't expected");
  };
  return {
    address: ADDRESS,
    answersLive: true,
    lineOf: (id) => ({ line: id, sent: { parameters: [], allowance: 0 } }),
    knowsToWait: never,
    answerOf: never,
    failureOf: never,
    upload: never,
    isReady: never,
    create: never,
    find: never,
    retrieve: never,
    cancel: never,
    results: never,
    ...calls,
  };
}

/** What a step works on, and what it did. */
export interface ScriptedWork extends MakeWork, PollWork {
  notes: string[];
  /** What was written into the ledger, by its step or end, and when answers were settled. */
  steps: string[];
}

/** Work on batches whose waits take no time; what was done is kept. */
export function work(calls: Partial<Batches>, { cancel = false } = {}): ScriptedWork {
  const batches = scripted(calls);
  const notes: string[] = [];
  const steps: string[] = [];
  const { signal } = new AbortController();
  const note = (message: string) => void notes.push(message);
  const step = (name: string) => {
    steps.push(name);
    return Promise.resolve();
  };
  const ledger: Ledger = {
    isEmpty: true,
    open: [],
    unmade: [],
    tries: new Map(),
    passedOver: new Set(),
    widened: false,
    planned: (batch) => step("planned").then(() => ({ ...batch, file: null, batch: null })),
    uploaded: (batch, file) => step("uploaded").then(() => void Object.assign(batch, { file })),
    putOff: () => step("put off"),
    submitted: () => step("submitted"),
    ended: (_, status) => step(status),
    close: () => {},
  };
  return {
    batches,
    ledger,
    open: openOpenBatches(ledger, { settle: () => step("settled") }),
    patience: openPatience({
      address: ADDRESS,
      waits: { shortest: 1, longest: 8 },
      signal,
      note,
      sleep: () => Promise.resolve(),
    }),
    signal,
    cut: signal,
    cancel,
    run: "mine",
    waits: { shortest: 1, longest: 8, listedAfter: 1 },
    address: ADDRESS,
    note,
    notes,
    steps,
  };
}
