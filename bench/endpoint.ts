/**
 * A process that answers chat completions on loopback: always the same bytes, after a latency set
 * by timer. The path says which: a client of `/200/some-name/v1` waits 200 ms for each answer, and
 * `GET /200/some-name` gives what was asked under that name as {@linkcode Asked}. A client of
 * `/200,100/some-name/v1` is answered by a 429 with `Retry-After` beyond 100 calls a second (a bucket
 * of as many, filled all the time), one of `/200,100,stated/some-name/v1` is told of the limit by
 * each answer's headers too. Where a JSON schema is asked for, each answer is the first that the schema
 * allows. The first line of its stdout is its address.
 */
import { Buffer } from "node:buffer";

/** What was asked under one name; times in milliseconds of the endpoint's own clock. */
export interface Asked {
  calls: number;
  /** Those of them that were answered by a 429. */
  limited: number;
  /** From the first request to the last answer. */
  ms: number;
  /** Mean of what each call waited here: the latency, and what the timers and a busy process add. */
  heldMs: number;
  /** The longest time without an answer that was no 429. */
  longestPauseMs: number;
}

interface Count {
  calls: number;
  limited: number;
  longestPause: number;
  /** Calls that the bucket still held at the time `filledAt`. */
  left: number | null;
  filledAt: number;
  firstAsked: number;
  lastAnswered: number;
  held: number;
}

const completion = {
  id: "chatcmpl-b7Hq2mXc0Zt5vKpL9wRsYdEa",
  object: "chat.completion",
  created: 1767225600,
  model: "bench",
  choices: [{
    index: 0,
    message: {
      role: "assistant",
      content:
        "Hi, I wonder what a car loan of 120 000 would cost me each month if I pay it back " +
        "over five years?",
      refusal: null,
      annotations: [],
    },
    logprobs: null,
    finish_reason: "stop",
  }],
  usage: {
    prompt_tokens: 412,
    completion_tokens: 26,
    total_tokens: 438,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  },
  service_tier: "default",
  system_fingerprint: "fp_bench",
};
const encoder = new TextEncoder();
const answer = encoder.encode(JSON.stringify(completion));

/** What marks the body of a request whose answer has to be by a schema. */
const BY_SCHEMA = encoder.encode('"json_schema"');

/** The answer to a request: always the same bytes, but where a schema says what it has to be. */
function answerTo(body: Uint8Array): Uint8Array<ArrayBuffer> {
  if (Buffer.from(body).indexOf(BY_SCHEMA) < 0) return answer;
  const { response_format } = JSON.parse(new TextDecoder().decode(body));
  const { properties } = response_format.json_schema.schema;
  const content = JSON.stringify(
    Object.fromEntries(Object.keys(properties).map((name) => [name, properties[name].enum[0]])),
  );
  const [choice] = completion.choices;
  const choices = [{ ...choice, message: { ...choice?.message, content } }];
  return encoder.encode(JSON.stringify({ ...completion, choices }));
}
const headers = { "content-type": "application/json" };
const counts = new Map<string, Count>();

function countOf(name: string): Count {
  let count = counts.get(name);
  if (count === undefined) {
    const now = performance.now();
    const none = { calls: 0, limited: 0, longestPause: 0, held: 0, left: null };
    counts.set(name, count = { ...none, firstAsked: now, lastAnswered: now, filledAt: now });
  }
  return count;
}

function askedOf(name: string): Asked {
  const { calls, limited, firstAsked, lastAnswered, held, longestPause } = countOf(name);
  return {
    calls,
    limited,
    ms: lastAnswered - firstAsked,
    heldMs: held / (calls - limited),
    longestPauseMs: longestPause,
  };
}

/** Takes a call out of a bucket of `perSecond` that is filled at that speed; false: it is empty. */
function takes(count: Count, perSecond: number, now: number): boolean {
  const filled = (now - count.filledAt) / 1000 * perSecond;
  count.left = Math.min(perSecond, (count.left ?? perSecond) + filled);
  count.filledAt = now;
  if (count.left < 1) return false;
  count.left -= 1;
  return true;
}

/** What the answer to a call that has just been counted says about the limit. */
function limitHeaders(left: number, perSecond: number): Record<string, string> {
  return {
    "x-ratelimit-limit-requests": `${perSecond}`,
    "x-ratelimit-remaining-requests": `${Math.floor(left)}`,
    "x-ratelimit-reset-requests": `${Math.ceil((perSecond - left) / perSecond * 1000)}ms`,
  };
}

const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
  const [behaviour = "", name = ""] = new URL(request.url).pathname.slice(1).split("/");
  if (request.method === "GET") return Response.json(askedOf(name));
  const [latency = "0", limit, stated] = behaviour.split(",");
  const count = countOf(name);
  const askedAt = performance.now();
  let told: Record<string, string> = {};
  if (limit !== undefined) {
    const isTaken = takes(count, Number(limit), askedAt);
    if (stated !== undefined) told = limitHeaders(count.left ?? 0, Number(limit));
    if (!isTaken) {
      await request.arrayBuffer();
      count.calls++;
      count.limited++;
      return Response.json(
        { error: { message: "Rate limit reached", code: "rate_limit_exceeded" } },
        { status: 429, headers: { ...told, "retry-after": "1" } },
      );
    }
  }
  // The latency counts from here: reading the body is part of it.
  const waited = latency === "0"
    ? null
    : new Promise<void>((resolve) => setTimeout(resolve, Number(latency)));
  const body = new Uint8Array(await request.arrayBuffer());
  if (waited !== null) await waited;
  const now = performance.now();
  count.longestPause = Math.max(count.longestPause, now - count.lastAnswered);
  count.lastAnswered = now;
  count.held += now - askedAt;
  count.calls++;
  return new Response(answerTo(body), {
    headers: limit === undefined ? headers : { ...headers, ...told },
  });
});
await Deno.stdout.write(new TextEncoder().encode(`http://127.0.0.1:${server.addr.port}\n`));
