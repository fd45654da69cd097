import assert from "node:assert/strict";
import { UserError } from "../../../src/error.ts";
import { askAll } from "../../../src/models/pacing/ask.ts";
import type { Asked, Fault, Reply } from "../../../src/models/types.ts";
import {
  apiError,
  type AskedOnce,
  brokenJson,
  deadBaseURL,
  emptyBody,
  halfBody,
  hang,
  htmlPage,
  limited,
  ok,
  reset,
  slow,
  startEndpoint,
  status,
} from "../../endpoint.ts";
import { callAt, gather, jumpingClock, key, requestFor } from "../asking.ts";

const reply: Reply = { text: "Hej", refusal: null, finishReason: "stop", model: "m", usage: null };

function fault(kind: Fault["kind"], fields: Partial<Fault> = {}): { fault: Fault; calls: number } {
  return {
    fault: { kind, reason: `a ${kind} fault`, status: 500, retryAfterMs: null, ...fields },
    calls: 1,
  };
}

const rowOf = ({ body }: AskedOnce) => body.seed ?? -1;
const rowsOf = (asked: Asked<number>[]) => asked.map(({ item }) => item).sort((a, b) => a - b);
const upTo = (count: number) => [...Array(count).keys()];

function assertStopped(error: unknown, pattern: RegExp): void {
  assert.ok(error instanceof UserError, `${error}`);
  assert.equal(error.exitCode, 3);
  assert.match(error.message, pattern);
}

Deno.test("every item gets its answer, with never more calls in flight than allowed", async () => {
  await using server = await startEndpoint({ latencyMs: 2 });
  const { call } = callAt(server.baseURL);
  const { asked, error } = await gather(200, { call, concurrency: 16 });
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked), upTo(200));
  for (const { item, reply, fault, attempts, calls } of asked) {
    assert.equal(reply?.text, `Text for seed ${item}`);
    assert.deepEqual([fault, attempts, calls], [null, 1, 1]);
  }
  assert.equal(server.maxInFlight, 16);
  assert.equal(server.requests, 200);
});

Deno.test("no items end at once", async () => {
  const { asked, error } = await gather(0, { call: () => Promise.resolve({ reply, calls: 1 }) });
  assert.deepEqual([asked, error], [[], null]);
});

Deno.test("an async source is pulled as lazily as an array", async () => {
  let pulled = 0;
  async function* source() {
    for (; pulled < 1000; pulled++) {
      await Promise.resolve();
      yield pulled;
    }
  }
  const asked = askAll(source(), {
    request: requestFor,
    call: () => Promise.resolve({ reply, calls: 1 }),
    address: "",
    concurrency: 4,
  });
  let taken = 0;
  for await (const _ of asked) if (++taken === 100) break;
  assert.ok(pulled >= 100 && pulled <= 100 + 2 * 4 + 1, `${pulled}`);
});

Deno.test("a consumer that is slow holds back new calls", async () => {
  let made = 0;
  const asked = askAll(Array(1000).keys(), {
    request: requestFor,
    call: () => Promise.resolve({ reply, calls: 1 }).finally(() => made++),
    address: "",
    concurrency: 4,
  });
  await asked.next();
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  assert.ok(made <= 1 + 2 * 4, `${made} calls for one answer taken`);
  await asked.return();
});

Deno.test("passing faults are tried again with growing waits and counted as attempts", async () => {
  await using server = await startEndpoint({
    script: (asked) => rowOf(asked) !== 1 || asked.attemptOfThisRow === 4 ? ok() : status(500),
  });
  const clock = jumpingClock();
  const { call } = callAt(server.baseURL);
  const { asked } = await gather(2, { call, ...clock, random: () => 0 });
  const [first, second] = asked;
  assert.deepEqual([first?.item, first?.attempts, first?.calls], [0, 1, 1]);
  assert.deepEqual([second?.item, second?.attempts, second?.calls], [1, 4, 4]);
  assert.equal(second?.reply?.text, "Text for seed 1");
  assert.deepEqual(clock.slept, [250, 500, 1000]);
});

Deno.test("resets, hangs and broken answers are tried again like any passing fault", async () => {
  const faults = [reset(), brokenJson(), halfBody(), hang(), emptyBody(), htmlPage()];
  await using server = await startEndpoint({
    script: (asked) => (asked.attemptOfThisRow === 1 && faults[rowOf(asked)]) || ok(),
  });
  const { call } = callAt(server.baseURL, { timeoutSeconds: 0.2 });
  const { asked, error } = await gather(8, { call, concurrency: 8 });
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked), upTo(8));
  assert.ok(asked.every(({ reply }) => reply !== null));
  assert.equal(server.requests, 8 + faults.length);
});

Deno.test("a row that fails four times while others succeed is yielded with its last fault", async () => {
  await using server = await startEndpoint({
    script: (asked) => rowOf(asked) === 0 ? status(500) : ok(),
  });
  const { call } = callAt(server.baseURL);
  const { asked, error } = await gather(40, { call, concurrency: 2 });
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked), upTo(40));
  const failed = asked.find(({ item }) => item === 0);
  assert.equal(failed?.reply, null);
  assert.equal(failed?.fault?.reason, "500 Scripted 500");
  assert.deepEqual([failed?.attempts, failed?.calls], [4, 4]);
  assert.equal(server.requests, 43);
});

Deno.test("Retry-After is waited for, in seconds, milliseconds and as a date", async () => {
  for (
    const [headers, least, most] of [
      [{ "retry-after": "90" }, 90_000, 90_000],
      [{ "retry-after-ms": "1234" }, 1234, 1234],
      [{ "retry-after": new Date(Date.now() + 100_000).toUTCString() }, 90_000, 100_000],
    ] as const
  ) {
    for (const code of [429, 503]) {
      await using server = await startEndpoint({
        script: ({ number }) => number === 1 ? status(code, undefined, headers) : ok(),
      });
      const clock = jumpingClock();
      const { asked } = await gather(1, { call: callAt(server.baseURL).call, ...clock });
      assert.equal(asked[0]?.attempts, 1);
      assert.equal(asked[0]?.calls, 2);
      const waited = clock.slept.reduce((sum, wait) => sum + wait, 0);
      assert.ok(waited >= least && waited <= most, `${waited} for ${JSON.stringify(headers)}`);
    }
  }
});

Deno.test("a 429 pauses all new calls until the time it names and costs no attempt", async () => {
  const clock = jumpingClock();
  const startedAt: number[] = [];
  const { asked } = await gather(9, {
    ...clock,
    concurrency: 3,
    call: ({ seed }) => {
      startedAt.push(clock.now());
      const first = startedAt.length <= 3;
      return Promise.resolve(
        first ? fault("limited", { retryAfterMs: 5000 + seed }) : { reply, calls: 1 },
      );
    },
  });
  assert.deepEqual(rowsOf(asked), upTo(9));
  for (const { item, attempts, calls } of asked) {
    assert.deepEqual([attempts, calls], [1, item < 3 ? 2 : 1]);
  }
  assert.deepEqual(startedAt.slice(0, 3), [1000, 1000, 1000]);
  assert.ok(startedAt.slice(3).every((at) => at >= 6002), `${startedAt}`);
});

Deno.test("a storm of 429s costs no row and doesn't spin, even where no wait is named", async () => {
  for (const retryAfterMs of [null, 0]) {
    const clock = jumpingClock();
    let calls = 0;
    const { asked, error } = await gather(4, {
      ...clock,
      // It lasts for hours.
      patienceMs: Infinity,
      call: () =>
        Promise.resolve(++calls <= 400 ? fault("limited", { retryAfterMs }) : { reply, calls: 1 }),
    });
    assert.equal(error, null);
    assert.deepEqual(rowsOf(asked), upTo(4));
    assert.ok(asked.every(({ attempts }) => attempts === 1));
    const waited = clock.slept.reduce((sum, wait) => sum + wait, 0);
    assert.ok(waited > 60_000, `100 rounds of 4 calls in ${waited} ms`);
  }
});

Deno.test("a row that waits holds no slot", async () => {
  await using server = await startEndpoint({
    script: (asked) =>
      rowOf(asked) < 3 && asked.attemptOfThisRow === 1
        ? status(500, undefined, { "retry-after-ms": "60" })
        : ok(),
  });
  const { call } = callAt(server.baseURL);
  const order: number[] = [];
  const asked = askAll(Array(30).keys(), {
    request: requestFor,
    call,
    address: "",
    concurrency: 2,
  });
  for await (const { item } of asked) order.push(item);
  assert.deepEqual(order.slice().sort((a, b) => a - b), upTo(30));
  assert.ok(order.indexOf(0) > 5, `others were answered meanwhile: ${order}`);
});

Deno.test("a retry that is due goes before new rows", async () => {
  const order: number[] = [];
  const { asked } = await gather(5, {
    concurrency: 1,
    call: ({ seed }) => {
      order.push(seed);
      return Promise.resolve(
        order.length === 1 ? fault("passing", { retryAfterMs: 0 }) : { reply, calls: 1 },
      );
    },
  });
  assert.equal(asked.length, 5);
  assert.deepEqual(order, [0, 0, 1, 2, 3, 4]);
});

Deno.test("no new rows are pulled while too many wait", async () => {
  const begun = new Set<number>();
  const controller = new AbortController();
  const { error } = await gather(1000, {
    concurrency: 4,
    signal: controller.signal,
    sleep: () => {
      setTimeout(() => controller.abort(), 5);
      return new Promise(() => {});
    },
    call: ({ seed }) => {
      begun.add(seed);
      return Promise.resolve(fault("passing"));
    },
  });
  assert.equal(error, null);
  assert.ok(begun.size >= 8 && begun.size <= 8 + 4 + 1, `${begun.size}`);
});

Deno.test("a refused key stops at once: replies in flight are yielded, the rest stays pending", async () => {
  await using server = await startEndpoint({
    script: (asked) =>
      rowOf(asked) === 3
        ? apiError(401, `Incorrect API key: ${key}`)
        : slow(rowOf(asked) < 3 ? 30 : 5),
  });
  const { call } = callAt(server.baseURL);
  const { asked, error } = await gather(100, { call, concurrency: 4, address: server.baseURL });
  assertStopped(error, /can't be asked: the key was refused: check OPENAI_API_KEY/);
  assert.ok(error instanceof Error && error.message.includes(server.baseURL));
  assert.ok(!`${error}`.includes(key));
  assert.deepEqual(rowsOf(asked), [0, 1, 2]);
  assert.equal(server.requests, 4);
});

Deno.test("a missing model stops at once", async () => {
  await using server = await startEndpoint({
    script: () => apiError(404, "no such model", { code: "model_not_found" }),
  });
  const { asked, error } = await gather(100, { call: callAt(server.baseURL).call, concurrency: 8 });
  assertStopped(error, /model "test-model" was not found/);
  assert.deepEqual(asked, []);
  assert.equal(server.requests, 8);
});

Deno.test("a dead port stops with the address; nothing is yielded", async () => {
  const baseURL = deadBaseURL();
  const { asked, error } = await gather(50, { call: callAt(baseURL).call, address: baseURL });
  assertStopped(error, /seems to be down.*no connection to .*refused/i);
  assert.ok(`${error}`.includes(baseURL));
  assert.deepEqual(asked, []);
});

Deno.test("an endpoint that answers nothing but 500 stops the run", async () => {
  await using server = await startEndpoint({ script: () => status(500) });
  const { asked, error } = await gather(50, { call: callAt(server.baseURL).call, concurrency: 4 });
  assertStopped(error, /seems to be down.*500 Scripted 500/);
  assert.deepEqual(asked, []);
  assert.ok(server.requests <= 4 * 4 * 4, `${server.requests}`);
});

Deno.test("an endpoint that goes down midway stops the run with what it had answered", async () => {
  await using server = await startEndpoint({
    script: ({ number }) => number <= 20 ? ok() : status(502),
  });
  const { asked, error } = await gather(50, { call: callAt(server.baseURL).call, concurrency: 4 });
  assertStopped(error, /seems to be down/);
  assert.equal(asked.length, 20);
  assert.ok(asked.every(({ reply }) => reply !== null));
});

Deno.test("a row that fails quickly doesn't condemn an endpoint whose other answers take long", async () => {
  await using server = await startEndpoint({
    script: (asked) =>
      rowOf(asked) === 1 ? status(500, undefined, { "retry-after-ms": "0" }) : slow(60),
  });
  const { call } = callAt(server.baseURL);
  const { asked, error } = await gather(6, { call, concurrency: 2 });
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked), upTo(6));
  assert.equal(asked.find(({ item }) => item === 1)?.fault?.kind, "passing");
  assert.equal(server.requests, 9);
});

Deno.test("a suspected endpoint is asked nothing new until it answers", async () => {
  await using server = await startEndpoint({
    script: (asked) =>
      rowOf(asked) === 1
        ? status(500, undefined, { "retry-after-ms": "0" })
        : slow(60, status(502, undefined, { "retry-after": "60" })),
  });
  const { call } = callAt(server.baseURL);
  const { asked, error } = await gather(6, { call, concurrency: 2 });
  assertStopped(error, /seems to be down.*500/);
  assert.deepEqual(asked, []);
  assert.equal(server.requests, 5);
});

Deno.test("the last row of a run fails alone: others were answered since it was first asked", async () => {
  await using server = await startEndpoint({
    script: (asked) => rowOf(asked) === 0 ? status(500) : ok(),
  });
  const { asked, error } = await gather(3, { call: callAt(server.baseURL).call });
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked), [0, 1, 2]);
});

for (const { rows, answered } of [{ rows: 20, answered: 5 }, { rows: 60, answered: 20 }]) {
  Deno.test(`an endpoint that dies after ${answered} of ${rows} rows leaves the rest pending`, async () => {
    let calls = 0;
    const { asked, error } = await gather(rows, {
      call: () => Promise.resolve(++calls <= answered ? { reply, calls: 1 } : fault("passing")),
      concurrency: 64,
    });
    assertStopped(error, /seems to be down/);
    assert.equal(asked.length, answered);
  });
}

for (
  const { rows, concurrency } of [{ rows: 60, concurrency: 64 }, { rows: 600, concurrency: 4 }]
) {
  Deno.test(`each fourth of ${rows} rows always fails: they fail, ${concurrency} in flight`, async () => {
    const clock = jumpingClock();
    const { asked, error } = await gather(rows, {
      ...clock,
      concurrency,
      call: async ({ seed }) => {
        if (seed % 4 === 0) return fault("passing");
        await new Promise((resolve) => setTimeout(resolve, 0));
        return { reply, calls: 1 };
      },
    });
    assert.equal(error, null);
    assert.deepEqual(rowsOf(asked), upTo(rows));
    const failed = asked.filter(({ reply }) => reply === null);
    assert.equal(failed.length, rows / 4);
    assert.ok(failed.every(({ item, attempts }) => item % 4 === 0 && attempts < 8));
  });
}

Deno.test("where rows fail after others were answered, the message tells how many of each", async () => {
  let calls = 0;
  const { error } = await gather(60, {
    call: () => Promise.resolve(++calls <= 44 ? { reply, calls: 1 } : fault("passing")),
    concurrency: 64,
  });
  assertStopped(error, /: 44 rows were answered, then 16 got nothing but faults.*a passing fault/);
});

Deno.test("what is left of a run and gets nothing but 500 fails where more was answered before", async () => {
  const left = (answeredBefore: number, status: number | null, rows = 16) =>
    gather(rows, {
      answeredBefore,
      concurrency: 64,
      call: () => Promise.resolve(fault("passing", { status })),
    });
  const { asked, error } = await left(44, 500);
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked), upTo(16));
  assert.ok(asked.every(({ fault, attempts }) => fault?.status === 500 && attempts === 4));
  // Another fault may be the endpoint's; so may any where the rows are many, or aren't the last.
  for (
    const [answered, status, rows] of [[44, 502, 16], [44, null, 16], [15, 500, 16], [
      900,
      500,
      800,
    ]] as const
  ) {
    const { asked, error } = await left(answered, status, rows);
    assertStopped(error, /seems to be down: no call comes through/);
    assert.deepEqual(asked, []);
  }
});

Deno.test("where twenty rows and nothing else were rejected, the run stops", async () => {
  await using server = await startEndpoint({ script: () => apiError(400, "No system messages") });
  const { asked, error } = await gather(100, { call: callAt(server.baseURL).call, concurrency: 4 });
  assertStopped(error, /rejected 2\d of the last 2\d rows.*400 No system messages/);
  assert.deepEqual(asked, [], "rows that the set-up failed stay pending");
  assert.ok(server.requests < 30);
});

Deno.test("rejected rows among answered ones are yielded, however many they are", async () => {
  await using server = await startEndpoint({
    script: (asked) => rowOf(asked) % 3 === 0 ? ok() : apiError(400, "Too long"),
  });
  const { asked, error } = await gather(100, { call: callAt(server.baseURL).call });
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked), upTo(100));
  assert.equal(asked.filter(({ fault }) => fault?.kind === "rejected").length, 66);
  // Before any answer it could be about parameters: the first one is tried once without them.
  assert.ok(server.requests <= 101, "a rejected row is asked once");
});

Deno.test("a few rejected rows and nothing else are yielded at the end", async () => {
  const { asked, error } = await gather(3, { call: () => Promise.resolve(fault("rejected")) });
  assert.equal(error, null);
  assert.equal(asked.length, 3);
});

Deno.test("a filtered row is yielded and not asked again", async () => {
  await using server = await startEndpoint({
    script: (asked) =>
      rowOf(asked) % 2 === 0 ? ok() : apiError(400, "Filtered", { code: "content_filter" }),
  });
  const { asked, error } = await gather(50, { call: callAt(server.baseURL).call });
  assert.equal(error, null);
  assert.equal(asked.filter(({ fault }) => fault?.kind === "filtered").length, 25);
  assert.equal(server.requests, 50);
});

Deno.test("where nearly all rows are filtered the run stops, and those that were stay so", async () => {
  await using server = await startEndpoint({
    script: (asked) =>
      rowOf(asked) % 20 === 0 ? ok() : apiError(400, "Filtered", { code: "content_filter" }),
  });
  const { call } = callAt(server.baseURL);
  const { asked, error } = await gather(1000, { call, address: server.baseURL });
  assertStopped(error, /filtered \d+ of the last \d+ rows. The last time: 400 Filtered/);
  assert.ok(error instanceof Error && error.message.includes(server.baseURL));
  assert.ok(server.requests >= 20 && server.requests <= 25, `${server.requests}`);
  assert.equal(asked.length, server.requests, "each was paid or filtered for good");
});

Deno.test("a few filtered rows and nothing else are no reason to stop", async () => {
  const { asked, error } = await gather(20, { call: () => Promise.resolve(fault("filtered")) });
  assert.equal(error, null);
  assert.equal(asked.length, 20);
});

Deno.test("where nearly all of the last rows are rejected the run stops, though some were answered", async () => {
  let calls = 0;
  const { asked, error } = await gather(1000, {
    call: () =>
      Promise.resolve(
        ++calls <= 200 || calls % 20 === 0 ? { reply, calls: 1 } : fault("rejected"),
      ),
  });
  assertStopped(error, /rejected 3\d of the last 40 rows/);
  assert.ok(calls < 260, `${calls} calls`);
  assert.ok(asked.length >= 200);
});

Deno.test("a short outage of an endpoint that had answered is waited out", async () => {
  const clock = jumpingClock();
  let calls = 0;
  let awayUntil = 0;
  const { asked, error } = await gather(100, {
    ...clock,
    call: () => {
      if (++calls === 20) awayUntil = clock.now() + 15_000;
      return Promise.resolve(clock.now() < awayUntil ? fault("passing") : { reply, calls: 1 });
    },
  });
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked), upTo(100));
  assert.ok(asked.every(({ reply }) => reply !== null));
});

Deno.test("what the headers say is left is kept: no call gets a 429", async () => {
  let left = 40;
  let resetAt = performance.now() + 250;
  await using server = await startEndpoint({
    script() {
      const now = performance.now();
      if (now >= resetAt) [left, resetAt] = [40, now + 250];
      const headers = {
        "x-ratelimit-limit-requests": "40",
        "x-ratelimit-remaining-requests": String(Math.max(0, --left)),
        "x-ratelimit-reset-requests": `${Math.ceil(resetAt - now)}ms`,
      };
      return left < 0 ? limited(headers) : ok(undefined, { headers });
    },
  });
  const asked = askAll(Array(100).keys(), {
    request: requestFor,
    call: callAt(server.baseURL).call,
    address: "",
    concurrency: 8,
  });
  const calls: number[] = [];
  for await (const one of asked) calls.push(one.calls);
  assert.equal(calls.length, 100);
  assert.ok(server.requests <= 104, `${server.requests} requests for 100 rows`);
});

Deno.test("calls that learn a parameter count as calls of their row", async () => {
  await using server = await startEndpoint({
    script: ({ body }) =>
      "seed" in body ? apiError(400, "Unsupported parameter: 'seed'", { param: "seed" }) : ok(),
  });
  const { asked } = await gather(20, { call: callAt(server.baseURL).call, concurrency: 1 });
  const first = asked.find(({ item }) => item === 0);
  assert.deepEqual([first?.calls, first?.attempts], [2, 2]);
  assert.equal(server.requests, 21);
  assert.equal(asked.reduce((sum, { calls }) => sum + calls, 0), 21);
});

Deno.test("the stop signal lets calls in flight end and yields them; waiting rows stay pending", async () => {
  const controller = new AbortController();
  await using server = await startEndpoint({
    script: (asked) => {
      if (rowOf(asked) === 0) return status(500, undefined, { "retry-after": "100" });
      if (asked.number === 6) controller.abort();
      return slow(20);
    },
  });
  const { call } = callAt(server.baseURL);
  const { asked, error } = await gather(1000, {
    call,
    concurrency: 5,
    signal: controller.signal,
    sleep: () => new Promise(() => {}),
  });
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked), [1, 2, 3, 4, 5]);
  assert.equal(server.requests, 6);
});

Deno.test("after the stop signal nothing is tried again: what fails then stays pending", async () => {
  const controller = new AbortController();
  const behaviours = [slow(10), slow(10, status(500)), slow(10, limited()), slow(10, reset())];
  await using server = await startEndpoint({
    script: (asked) => {
      if (asked.number === 4) controller.abort();
      return behaviours[rowOf(asked)] ?? ok();
    },
  });
  const { call } = callAt(server.baseURL);
  const { asked, error } = await gather(100, { call, signal: controller.signal });
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked), [0]);
  assert.equal(server.requests, 4);
});

Deno.test("the second signal leaves calls in flight: their rows are not yielded", async () => {
  const stop = new AbortController();
  const cut = new AbortController();
  await using server = await startEndpoint({
    script: (asked) => {
      if (asked.number === 4) {
        stop.abort();
        setTimeout(() => cut.abort(), 5);
      }
      return rowOf(asked) === 0 ? ok() : hang();
    },
  });
  const { call } = callAt(server.baseURL);
  const { asked, error } = await gather(100, {
    call,
    concurrency: 4,
    signal: stop.signal,
    cut: cut.signal,
  });
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked).filter((row) => row > 0), []);
  assert.ok(server.requests <= 5);
});

Deno.test("signals that are aborted before anything is asked ask nothing", async () => {
  for (const name of ["signal", "cut"] as const) {
    let calls = 0;
    const call = () => Promise.resolve({ reply, calls: 1 }).finally(() => calls++);
    const { asked, error } = await gather(9, { call, [name]: AbortSignal.abort() });
    assert.deepEqual([asked, error, calls], [[], null, 0]);
  }
});

Deno.test("a consumer that leaves ends the calls in flight and closes the source", async () => {
  await using server = await startEndpoint({
    script: (asked) => rowOf(asked) === 0 ? ok() : hang(),
  });
  let closed = false;
  function* source() {
    try {
      yield* upTo(50);
    } finally {
      closed = true;
    }
  }
  const { call } = callAt(server.baseURL);
  const asked = askAll(source(), { request: requestFor, call, address: "", concurrency: 3 });
  for await (const _ of asked) break;
  assert.equal(closed, true);
});

Deno.test("what the source or a request throws is thrown after calls in flight are yielded", async () => {
  function* source() {
    yield 0;
    yield 1;
    throw new RangeError("no more rows");
  }
  const asked: number[] = [];
  await assert.rejects(async () => {
    const all = askAll(source(), {
      request: requestFor,
      call: () => Promise.resolve({ reply, calls: 1 }),
      address: "",
      concurrency: 5,
    });
    for await (const { item } of all) asked.push(item);
  }, RangeError);
  assert.deepEqual(asked, [0, 1]);
});

Deno.test("how long a limit holds all calls is told, and when it is over", async () => {
  const held: number[] = [];
  let calls = 0;
  const { asked } = await gather(3, {
    call: () =>
      Promise.resolve(
        ++calls === 1 ? fault("limited", { retryAfterMs: 5000 }) : { reply, calls: 1 },
      ),
    concurrency: 1,
    onHeld: (milliseconds) => held.push(milliseconds),
  });
  assert.equal(asked.length, 3);
  assert.deepEqual(held.filter((ms, place) => ms !== held[place - 1]), [0, 5000, 0]);
});
