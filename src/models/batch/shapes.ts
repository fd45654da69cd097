import OpenAI from "openai";
import { z } from "zod";
import { soundFault } from "../endpoint/fault_body.ts";
import type { BatchState, ResultLine } from "./types.ts";

// Loose on purpose, as with replies: what is needed has to be there, all else may be missing or odd.
const word = z.string().nullish().catch(null);
const number = z.number().nullish().catch(null);
const count = z.int().min(0);
/** Ids stand in messages and paths: nothing but visible ASCII. */
const id = z.string().regex(/^[!-~]{1,512}$/);

/** A file as the endpoint tells of it. */
export const fileShape = z.object({ id, status: word });

/** A batch as the endpoint tells of it. */
export const batchShape = z.object({
  id,
  status: z.string(),
  input_file_id: word,
  output_file_id: word,
  error_file_id: word,
  created_at: number,
  completed_at: number,
  expired_at: number,
  cancelled_at: number,
  metadata: z.record(z.string(), z.unknown()).nullish().catch(null),
  request_counts: z.object({ total: count, completed: count, failed: count }).nullish().catch(null),
  errors: z.object({
    data: z.array(z.object({ code: word, message: word, param: word, line: number })),
  }).nullish().catch(null),
});

/** A page of the endpoint's list of batches. */
export const pageShape = z.object({ data: z.array(z.unknown()), has_more: z.boolean().nullish() });

/** How batches end; while they have another status the endpoint works on them. */
const ENDS = ["completed", "expired", "failed", "cancelled"] as const;

/** What is read from a batch. */
export function stateOf(batch: z.infer<typeof batchShape>): BatchState {
  const end = batch.completed_at ?? batch.expired_at ?? batch.cancelled_at ?? null;
  const seconds = end === null ? 0 : end - (batch.created_at ?? end);
  return {
    id: batch.id,
    status: ENDS.find((each) => each === batch.status) ?? "open",
    outputFile: batch.output_file_id || null,
    errorFile: batch.error_file_id || null,
    counts: batch.request_counts ?? null,
    errors: (batch.errors?.data ?? []).map(({ code, message, param, line }) => ({
      code: code ?? null,
      message: message ?? null,
      param: param ?? null,
      line: line ?? null,
    })),
    ms: Math.max(0, seconds * 1000),
  };
}

const lineShape = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.int(), body: z.unknown().optional() }).nullish(),
  error: z.object({ code: z.union([z.string(), z.number()]).nullish(), message: word }).nullish(),
});

/**
 * One line of a result file; null where it is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { resultOf } from "./shapes.ts";
 * const error = { code: "batch_expired", message: "…" };
 * const line = JSON.stringify({ custom_id: "row-7", response: null, error });
 * assert.deepEqual(resultOf(line), { id: "row-7", came: { undone: "expired" } });
 * assert(resultOf('{"custom_id": "row-7"') === null);
 * ```
 */
export function resultOf(text: string): ResultLine | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const line = lineShape.safeParse(value);
  if (!line.success) return null;
  const { custom_id: id, response, error } = line.data;
  if (response) {
    const { status_code: status, body } = response;
    if (status >= 200 && status < 300) return { id, came: { body } };
    return { id, came: { error: errorOf(status, body) } };
  }
  if (!error) return null;
  const { code } = error;
  if (code === "batch_expired") return { id, came: { undone: "expired" } };
  if (code === "batch_cancelled") return { id, came: { undone: "cancelled" } };
  // It has no status of its own: a number may be one, else it is the endpoint's own fault.
  const status = typeof code === "number" && code >= 400 && code <= 599 ? code : 500;
  return { id, came: { error: errorOf(status, { error }) } };
}

/** Characters of an error that is a mere text. */
const LONGEST_WORDS = 16_384;

/** The error that the client throws for such an answer, its body made sound. */
export function errorOf(status: number, body: unknown): unknown {
  const sound = soundFault(body);
  const headers = new Headers();
  if (typeof sound !== "object" || sound === null) {
    const words = typeof sound === "string" ? sound.slice(0, LONGEST_WORDS) : undefined;
    return OpenAI.APIError.generate(status, undefined, words, headers);
  }
  // As the client does: where an error isn't under a body's "error", it is the body itself.
  const isInside = "error" in sound && sound.error !== null && sound.error !== undefined;
  return OpenAI.APIError.generate(status, isInside ? sound : { error: sound }, undefined, headers);
}
