/**
 * A process that answers chat completions on loopback: always the same bytes, after a latency set
 * by timer. The path says which: a client of `/200/some-name/v1` waits 200 ms for each answer, and
 * `GET /200/some-name` gives what was asked under that name as {@linkcode Asked}. The first line of
 * its stdout is its address.
 */

/** What was asked under one name; times in milliseconds of the endpoint's own clock. */
export interface Asked {
  calls: number;
  /** From the first request to the last answer. */
  ms: number;
  /** Mean of what each call waited here: the latency, and what the timers and a busy process add. */
  heldMs: number;
}

interface Count {
  calls: number;
  firstAsked: number;
  lastAnswered: number;
  held: number;
}

const answer = new TextEncoder().encode(JSON.stringify({
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
}));
const headers = { "content-type": "application/json" };
const counts = new Map<string, Count>();

function countOf(name: string): Count {
  let count = counts.get(name);
  if (count === undefined) {
    const none = { calls: 0, lastAnswered: 0, held: 0 };
    counts.set(name, count = { ...none, firstAsked: performance.now() });
  }
  return count;
}

function askedOf(name: string): Asked {
  const { calls, firstAsked, lastAnswered, held } = countOf(name);
  return { calls, ms: lastAnswered - firstAsked, heldMs: held / calls };
}

const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
  const [latency = "", name = ""] = new URL(request.url).pathname.slice(1).split("/");
  if (request.method === "GET") return Response.json(askedOf(name));
  const count = countOf(name);
  const askedAt = performance.now();
  // The latency counts from here: reading the body is part of it.
  const waited = latency === "0"
    ? null
    : new Promise<void>((resolve) => setTimeout(resolve, Number(latency)));
  await request.arrayBuffer();
  if (waited !== null) await waited;
  count.lastAnswered = performance.now();
  count.held += count.lastAnswered - askedAt;
  count.calls++;
  return new Response(answer, { headers });
});
await Deno.stdout.write(new TextEncoder().encode(`http://127.0.0.1:${server.addr.port}\n`));
