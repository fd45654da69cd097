import OpenAI from "openai";
import type { z } from "zod";
import { answerOf, shown } from "../endpoint/answer.ts";
import type { Endpoint } from "../endpoint/client.ts";
import { faultOf } from "../endpoint/faults.ts";
import type { Fault } from "../types.ts";
import type { Wire } from "../endpoint/wire.ts";
import { oneLine } from "../endpoint/words.ts";
import { readLines } from "./lines.ts";
import { batchShape, errorOf, fileShape, pageShape, resultOf, stateOf } from "./shapes.ts";
import type { Batches, BatchFailure, BatchState, Came, NewBatch } from "./types.ts";

/** Files of many megabytes take longer than a call for one row. */
const TRANSFER_MS = 15 * 60_000;

/** Milliseconds for which nothing of a file may come. */
const PATIENCE_MS = 60_000;

/** Characters of a result; a longer one can't be an answer of ours. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Pages of the list of batches that are looked through. */
const MOST_PAGES = 1_000;

/** The endpoint's clock may be off against ours by less than this. */
const DAY_MS = 24 * 3600_000;

/** Where a batch carries the key that it was made with. */
const KEY = "plumbline";

/** Words of an endpoint that has as much in its batches as it takes, or was given too much at once. */
const TOO_MUCH =
  /token_limit_exceeded|enqueued[ _-]?token|too_many_(tasks|requests_in_file)|(file|batch) (is too large|exceeds)/i;

/**
 * Opens the Batch API of an endpoint: `/files` and `/batches` beside its chat. Nothing is sent yet,
 * and no call is tried again here.
 *
 * @param options `wire`: that of the live calls, so that both learn together.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openClient } from "../endpoint/client.ts";
 * import { openWire } from "../endpoint/wire.ts";
 * import { openBatches } from "./endpoint.ts";
 * const choice = { provider: "openai" as const, name: "m", origin: "--model" };
 * const endpoint = openClient(choice, { env: { OPENAI_API_KEY: "k" }, timeoutSeconds: 60 });
 * const wire = openWire({ model: "m", parameters: {}, notes: { dropped: [], replaced: {} } });
 * const { lineOf } = openBatches(endpoint, { wire });
 * const { line } = lineOf("row-7", { messages: [], seed: 1, maxTokens: 9 });
 * assert(line.startsWith('{"custom_id":"row-7","method":"POST","url":"/v1/chat/completions"'));
 * ```
 */
export function openBatches(endpoint: Endpoint, options: { wire: Wire }): Batches {
  const { client, provider, address } = endpoint;
  const { wire } = options;
  const chat = provider === "azure" ? "/chat/completions" : "/v1/chat/completions";
  const meant = { endpoint, wire, mayLearn: true };
  return {
    address,
    answersLive: provider !== "azure",
    lineOf(id, request) {
      const { body, sent } = wire.put(request);
      const line = JSON.stringify({ custom_id: id, method: "POST", url: chat, body });
      return { line, sent };
    },
    knowsToWait: () => wire.knowsToWait(),
    answerOf: (came, sent) => answerOf(came, { ...meant, sent }),
    failureOf(errors, sent) {
      if (errors.some(isTooMuch)) return "full";
      const answer = answerOf({ error: asError(errors[0]) }, { ...meant, sent });
      if (answer === "again" || "fault" in answer) return answer;
      throw new TypeError("Cannot be answered by a failure");
    },
    async upload(parts, { name, signal }) {
      // Azure looks at the type, OpenAI at the name.
      const file = new File([...parts], name, { type: "application/json" });
      const uploading = client.files.create(
        { file, purpose: "batch" },
        { signal, timeout: TRANSFER_MS },
      );
      const came = await read(uploading, fileShape, { endpoint, signal });
      return "fault" in came ? came : { value: came.value.id };
    },
    async isReady(file, signal) {
      const retrieving = client.files.retrieve(file, { signal });
      const came = await read(retrieving, fileShape, { endpoint, signal });
      if ("fault" in came) return came;
      return { value: !/^(pending|running|notRunning)$/.test(came.value.status ?? "") };
    },
    create: (batch, signal) => createBatch(batch, { endpoint, chat, signal }),
    find: (batch, signal) => findBatch(batch, { endpoint, signal }),
    retrieve: (id, signal) =>
      readBatch(client.batches.retrieve(id, { signal }), { endpoint, signal }),
    cancel: (id, signal) => readBatch(client.batches.cancel(id, { signal }), { endpoint, signal }),
    async *results(file, signal) {
      const limits = { longest: LONGEST_LINE, patienceMs: PATIENCE_MS };
      try {
        const { body } = await client.files.content(file, { signal, timeout: TRANSFER_MS });
        for await (const line of readLines(body, limits)) {
          yield line === null ? null : resultOf(line);
        }
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        yield { fault: batchFaultOf(error, endpoint) };
      }
    },
  };
}

/** Whom a call goes to, and what ends it. */
interface Calling {
  endpoint: Endpoint;
  signal: AbortSignal;
}

/** Awaits one call and reads its answer as `shape`. */
async function read<T>(
  calling: Promise<unknown>,
  shape: z.ZodType<T>,
  { endpoint, signal }: Calling,
): Promise<Came<T>> {
  let body: unknown;
  try {
    body = await calling;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return { fault: batchFaultOf(error, endpoint) };
  }
  const checked = shape.safeParse(body);
  if (checked.success) return { value: checked.data };
  const words = oneLine(shown(body), { secrets: endpoint.secrets, length: 80 }) || "an empty body";
  const reason = `the answer tells of no file or batch: ${words}`;
  return { fault: { kind: "passing", reason, status: 200, retryAfterMs: null } };
}

async function readBatch(calling: Promise<unknown>, to: Calling): Promise<Came<BatchState>> {
  const came = await read(calling, batchShape, to);
  return "fault" in came ? came : { value: stateOf(came.value) };
}

/** A path that isn't there means another thing here than where rows are asked live. */
function batchFaultOf(error: unknown, endpoint: Endpoint): Fault {
  const fault = faultOf(error, endpoint);
  const absent = fault.status === 404 || fault.status === 405 || fault.status === 501;
  if (!absent || !(error instanceof OpenAI.APIError)) return fault;
  const said = oneLine(error.message, { secrets: endpoint.secrets });
  return { ...fault, kind: "stop", reason: said };
}

async function createBatch(
  { file, key, run }: NewBatch,
  { endpoint, chat, signal }: Calling & { chat: string },
): Promise<Came<BatchState> | { full: string }> {
  // Not by the client's own method, whose type knows OpenAI's name of the path only.
  const body = {
    input_file_id: file,
    endpoint: chat,
    completion_window: "24h",
    metadata: { [KEY]: key, run: run.slice(0, 512) },
  };
  // Where a connection that was used before breaks, fetch sends the request once more by itself,
  // which would make the batch twice: this one gets a connection of its own.
  using fresh = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const posting = endpoint.client.post("/batches", {
    body,
    signal,
    fetchOptions: { client: fresh },
  });
  const came = await readBatch(posting, { endpoint, signal });
  const full = "fault" in came && came.fault.status !== null &&
    isTooMuch({ code: null, message: came.fault.reason });
  return full ? { full: came.fault.reason } : came;
}

/** Looks through the endpoint's list, newest batches first, for the one of a key or a file. */
async function findBatch(
  { file, key, since }: Parameters<Batches["find"]>[0],
  { endpoint, signal }: Calling,
): Promise<Came<BatchState | null>> {
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { limit: 100, ...(after === undefined ? {} : { after }) };
    const listing = endpoint.client.get("/batches", { query, signal });
    const came = await read(listing, pageShape, { endpoint, signal });
    if ("fault" in came) return came;
    const made: number[] = [];
    after = undefined;
    for (const each of came.value.data) {
      const { data: batch } = batchShape.safeParse(each);
      if (batch === undefined) continue;
      if (batch.metadata?.[KEY] === key || batch.input_file_id === file) {
        return { value: stateOf(batch) };
      }
      after = batch.id;
      if (typeof batch.created_at === "number") made.push(batch.created_at * 1000);
    }
    // Where the newest come first, what follows is older still.
    const [first = 0, last = 0] = [made[0], made.at(-1)];
    const isPast = first > last && last < since - DAY_MS;
    if (isPast || !came.value.has_more || after === undefined) return { value: null };
  }
  const reason = `its list of batches has no end after ${MOST_PAGES} pages`;
  return { fault: { kind: "stop", reason, status: null, retryAfterMs: null } };
}

/** Why a whole batch failed, as the error of a call would tell it. */
function asError(failure: BatchFailure | undefined): unknown {
  const { code = null, message, param = null, line = null } = failure ?? {};
  const reason = (message ?? code ?? "no reason was given") +
    (line === null ? "" : ` (line ${line} of its file)`);
  return errorOf(400, { error: { message: reason, code, param } });
}

function isTooMuch({ code, message }: Pick<BatchFailure, "code" | "message">): boolean {
  return TOO_MUCH.test(`${code ?? ""} ${message ?? ""}`);
}
