/** What an asking makes of endpoints that are busy, that reject everything, or that keep silent. */
import assert from "node:assert/strict";
import { UserError } from "../../../src/error.ts";
import type { Asked, Call, Fault, Reply } from "../../../src/models/types.ts";
import { apiError, ok, startEndpoint } from "../../endpoint.ts";
import { callAt, gather } from "../asking.ts";
import { orderedClock } from "./ordered_clock.ts";

const reply: Reply = { text: "Hej", refusal: null, finishReason: "stop", model: "m", usage: null };
const answer = { reply, calls: 1 };

function fault(kind: Fault["kind"], fields: Partial<Fault> = {}): { fault: Fault; calls: number } {
  return {
    fault: { kind, reason: `a ${kind} fault`, status: 400, retryAfterMs: null, ...fields },
    calls: 1,
  };
}

const rowsOf = (asked: Asked<number>[]) => asked.map(({ item }) => item).sort((a, b) => a - b);
const upTo = (count: number) => [...Array(count).keys()];
const answeredIn = (asked: Asked<number>[]) => asked.filter(({ reply }) => reply !== null).length;

function assertStopped(error: unknown, pattern: RegExp): void {
  assert.ok(error instanceof UserError, `${error}`);
  assert.equal(error.exitCode, 3);
  assert.match(error.message, pattern);
}

/** A server that works on 8 calls at once, each for so long, and refuses others at once. */
function takesEight(clock: ReturnType<typeof orderedClock>, workMs: number, refusal: Fault): Call {
  const { signal } = new AbortController();
  let working = 0;
  return async () => {
    if (working >= 8) {
      await clock.sleep(2, { signal });
      return { fault: refusal, calls: 1 };
    }
    working++;
    await clock.sleep(workMs, { signal });
    working--;
    return answer;
  };
}

for (
  const [code, message] of [
    [503, "server busy, please try again.  maximum pending requests exceeded"],
    [503, "Service Unavailable"],
    [529, "Overloaded"],
  ] as const
) {
  Deno.test(`a server that takes 8 at once and else says ${code} ${message} loses no row`, async () => {
    let working = 0;
    let refused = 0;
    await using server = await startEndpoint({
      latencyMs: 0,
      script: () => {
        if (working >= 8) {
          refused++;
          return apiError(code, message);
        }
        working++;
        return async (exchange) => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          working--;
          await ok()(exchange);
        };
      },
    });
    const { call } = callAt(server.baseURL);
    const { asked, error } = await gather(300, { call, concurrency: 64 });
    assert.equal(error, null);
    assert.deepEqual(rowsOf(asked), upTo(300));
    assert.equal(answeredIn(asked), 300);
    // How many depends on how soon the flight gets narrower.
    assert.ok(refused > 8, `${refused}`);
  });
}

for (const kind of ["busy", "passing"] as const) {
  for (const workMs of [100, 8_000, 45_000]) {
    Deno.test(`so it does where an answer takes ${workMs} ms and the refusal is ${kind}`, async () => {
      const clock = orderedClock();
      const { fault: refusal } = fault(kind, { status: 503 });
      const { asked, error } = await gather(200, {
        ...clock,
        concurrency: 64,
        random: Math.random,
        call: takesEight(clock, workMs, refusal),
      });
      assert.equal(error, null);
      assert.deepEqual(rowsOf(asked), upTo(200));
      assert.equal(answeredIn(asked), 200);
      // All that can be done at once is done most of the time.
      assert.ok(clock.time < 200 / 8 * workMs * 2 + 20_000, `${clock.time}`);
    });
  }
}

Deno.test("a busy fault costs no attempt, and its Retry-After is waited for", async () => {
  const clock = orderedClock();
  let calls = 0;
  const { asked } = await gather(1, {
    ...clock,
    call: () => Promise.resolve(++calls <= 6 ? fault("busy", { retryAfterMs: 20_000 }) : answer),
  });
  assert.deepEqual([asked[0]?.attempts, asked[0]?.calls], [1, 7]);
  assert.ok(clock.time >= 120_000, `${clock.time}`);
});

Deno.test("a row that alone gets 503 waits while others are answered, and fails in the end", async () => {
  const clock = orderedClock();
  const { signal } = new AbortController();
  const { asked, error } = await gather(2000, {
    ...clock,
    call: async ({ seed }) => {
      await clock.sleep(50, { signal });
      return seed === 3 ? fault("passing", { status: 503 }) : answer;
    },
  });
  assert.equal(error, null);
  assert.equal(answeredIn(asked), 1999);
  const last = asked.at(-1);
  assert.deepEqual([last?.item, last?.fault?.status], [3, 503]);
  assert.ok((last?.calls ?? 0) < 30, `${last?.calls}`);
});

for (const status of [400, 401, 403, 422]) {
  Deno.test(`a run of 8 rows that all get the same ${status} stops, and they stay pending`, async () => {
    const { asked, error } = await gather(8, {
      call: ({ seed }) =>
        Promise.resolve(
          fault("rejected", { status, reason: `${status} No "r${seed}" (id ${seed})` }),
        ),
    });
    assertStopped(
      error,
      /http:\/\/test rejected each of the 8 rows alike: .*No.*\n.*(settings|the key)/,
    );
    assert.deepEqual(asked, []);
  });
}

Deno.test("rows that are rejected in words of their own are rejected", async () => {
  const words = ["long", "short", "odd"];
  const { asked, error } = await gather(8, {
    call: ({ seed }) => Promise.resolve(fault("rejected", { reason: `Too ${words[seed % 3]}` })),
  });
  assert.deepEqual([asked.length, error], [8, null]);
});

Deno.test("a run of one row that is rejected stops, and it stays pending", async () => {
  const { asked, error } = await gather(1, { call: () => Promise.resolve(fault("rejected")) });
  assertStopped(error, /rejected the only row/);
  assert.deepEqual(asked, []);
});

Deno.test("rows that are rejected alike are rejected where another one is answered, if late", async () => {
  const { asked, error } = await gather(8, {
    call: ({ seed }) => Promise.resolve(seed === 7 ? answer : fault("rejected")),
  });
  assert.equal(error, null);
  assert.deepEqual(rowsOf(asked), upTo(8));
  assert.equal(answeredIn(asked), 1);
});

Deno.test("a few rows that are left of a run may be rejected alike, if more was answered before", async () => {
  const rejected = (rows: number, answeredBefore: number) =>
    gather(rows, { answeredBefore, call: () => Promise.resolve(fault("rejected")) });
  assert.equal((await rejected(4, 4)).error, null);
  assert.equal((await rejected(4, 900)).asked.length, 4);
  assertStopped((await rejected(5, 900)).error, /alike/);
  assertStopped((await rejected(4, 3)).error, /alike/);
});

Deno.test("rejected rows stay pending where the stop comes before anything is answered", async () => {
  const controller = new AbortController();
  const { asked, error } = await gather(100, {
    signal: controller.signal,
    call: ({ seed }) => {
      if (seed === 5) controller.abort();
      return Promise.resolve(fault("rejected"));
    },
  });
  assert.deepEqual([asked, error], [[], null]);
});

for (const kind of ["limited", "busy"] as const) {
  Deno.test(`an endpoint that says nothing but ${kind} ends the asking after five minutes`, async () => {
    const clock = orderedClock();
    const said: string[] = [];
    const { asked, error } = await gather(50, {
      ...clock,
      note: (message) => said.push(message),
      call: () => Promise.resolve(fault(kind, { reason: "503 come back later" })),
    });
    assertStopped(
      error,
      /http:\/\/test has answered nothing for .*503 come back later\n.*--patience/,
    );
    assert.deepEqual(asked, []);
    assert.ok(clock.time > 250_000 && clock.time <= 300_000, `${clock.time}`);
    assert.equal(said.length, 1, `${said}`);
    assert.match(said[0] ?? "", /503 come back later/);
  });
}

Deno.test("what was answered before the silence is yielded, and patience is what was asked for", async () => {
  const clock = orderedClock();
  let calls = 0;
  const { asked, error } = await gather(50, {
    ...clock,
    patienceMs: 60_000,
    call: () => Promise.resolve(++calls <= 10 ? answer : fault("busy")),
  });
  assertStopped(error, /--patience \(60 s\)/);
  assert.equal(answeredIn(asked), asked.length);
  assert.equal(asked.length, 10);
  assert.ok(clock.time <= 60_000, `${clock.time}`);
});

Deno.test("calls in flight are awaited when patience ends: an answer makes all well", async () => {
  const clock = orderedClock();
  const { signal } = new AbortController();
  const { asked, error } = await gather(8, {
    ...clock,
    call: async ({ seed }) => {
      if (seed === 0) await clock.sleep(400_000, { signal });
      return seed === 0 || clock.now() >= 400_000 ? answer : fault("busy");
    },
  });
  assert.equal(error, null);
  assert.equal(answeredIn(asked), 8);
});

Deno.test("nothing new is asked while calls in flight are awaited at the end of patience", async () => {
  const clock = orderedClock();
  const { signal } = new AbortController();
  let calls = 0;
  const { asked, error } = await gather(8, {
    ...clock,
    concurrency: 2,
    call: async ({ seed }) => {
      calls++;
      await clock.sleep(seed === 0 ? 310_000 : 600_000, { signal });
      return fault("passing", { status: 502 });
    },
  });
  assertStopped(error, /has answered nothing for 5 minutes/);
  assert.deepEqual([asked, calls, clock.time], [[], 2, 600_000]);
});

Deno.test("calls that all time out end it, before the attempts of their rows are used up", async () => {
  const clock = orderedClock();
  const { signal } = new AbortController();
  let calls = 0;
  const { error } = await gather(1, {
    ...clock,
    call: async () => {
      calls++;
      await clock.sleep(120_000, { signal });
      return fault("passing", { status: null, reason: "no answer in time" });
    },
  });
  assertStopped(error, /has answered nothing for 6 minutes. The last time: no answer in time/);
  assert.equal(calls, 3);
});

Deno.test("a wait that is longer than patience ends the asking at once", async () => {
  for (const kind of ["limited", "busy", "passing"] as const) {
    for (const retryAfterMs of [3_600_000, 2.3e12, 1e308, Infinity]) {
      const clock = orderedClock();
      const { asked, error } = await gather(3, {
        ...clock,
        concurrency: 1,
        call: () => Promise.resolve(fault(kind, { retryAfterMs, reason: "tomorrow" })),
      });
      assertStopped(
        error,
        /takes no call for another (1 hours|60 minutes|more than a year).*tomorrow/,
      );
      assert.deepEqual([asked, clock.time], [[], 0]);
    }
  }
});

Deno.test("a Retry-After that is no number is none", async () => {
  for (const kind of ["limited", "busy", "passing"] as const) {
    const clock = orderedClock();
    let calls = 0;
    const { asked, error } = await gather(1, {
      ...clock,
      call: () => Promise.resolve(++calls <= 2 ? fault(kind, { retryAfterMs: NaN }) : answer),
    });
    assert.equal(error, null);
    assert.equal(answeredIn(asked), 1);
    assert.ok(clock.time >= 250 && clock.time < 10_000, `${clock.time}`);
  }
});

Deno.test("a limit of a minute is waited for and told once in its words", async () => {
  const clock = orderedClock();
  const said: string[] = [];
  const held: number[] = [];
  let left = 5;
  let opensAt = 0;
  const { asked, error } = await gather(40, {
    ...clock,
    note: (message) => said.push(message),
    onHeld: (milliseconds) => held.push(milliseconds),
    call: () => {
      if (clock.now() >= opensAt) [left, opensAt] = [5, clock.now() + 60_000];
      const retryAfterMs = opensAt - clock.now();
      const reason = `429 Try again in ${retryAfterMs} ms`;
      return Promise.resolve(left-- > 0 ? answer : fault("limited", { retryAfterMs, reason }));
    },
  });
  assert.equal(error, null);
  assert.equal(answeredIn(asked), 40);
  assert.match(
    said.join("\n"),
    /^http:\/\/test takes no call for another 60 s: 429 Try again in \d+ ms$/,
  );
  assert.ok(held.includes(60_000));
});

Deno.test("the last row of a run has its attempts, however long each of them takes", async () => {
  const clock = orderedClock();
  const { signal } = new AbortController();
  const { asked, error } = await gather(30, {
    ...clock,
    call: async ({ seed }) => {
      if (seed !== 0) return answer;
      await clock.sleep(120_000, { signal });
      return fault("passing", { status: null, reason: "no answer in time" });
    },
  });
  assert.equal(error, null);
  assert.equal(asked.length, 30);
  const last = asked.at(-1);
  assert.deepEqual([last?.item, last?.attempts], [0, 4]);
});
