import assert from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { openPace, type PacedCall } from "../../../src/models/pacing/pace.ts";
import { uniform } from "../../../src/stats/random.ts";
import {
  bucket,
  type LimitedEndpoint,
  simulate,
  type Simulated,
  slidingWindow,
  window,
} from "./limited_endpoint.ts";

type Options = Parameters<typeof simulate>[1];

/** Simulates, and checks the time against what the limit allows and the share of 429s. */
function check(
  endpoint: LimitedEndpoint | LimitedEndpoint[],
  options: Options,
  bounds: { idealMs: number; times: number; limited: number },
): Simulated {
  const result = simulate(endpoint, options);
  const { ms, limited, calls, takenAt } = result;
  assert.equal(takenAt.length, options.rows, "a row was lost");
  const { idealMs, times } = bounds;
  assert.ok(ms <= times * idealMs, `${ms} ms, ${(ms / idealMs).toFixed(3)} times what it allows`);
  assert.ok(limited <= bounds.limited * calls, `${limited} of ${calls} calls got a 429`);
  return result;
}

const stated = { times: 1.05, limited: 0.01 };

for (const retryAfter of [true, false]) {
  const name = retryAfter ? "with Retry-After" : "without Retry-After";

  for (const rounded of [false, true]) {
    const told = { retryAfter, rounded };
    const resets = rounded ? "resets in whole seconds" : "exact resets";
    Deno.test(`a stated limit of 100 calls a second is used up and not passed, ${name}, ${resets}`, () => {
      for (const seed of [1, 2, 3]) {
        const options = { rows: 2000, seed };
        check(bucket({ size: 100, perSecond: 100, ...told }), options, {
          ...stated,
          idealMs: 19_000,
        });
        check(window({ size: 100, everyMs: 1000, ...told }), options, {
          ...stated,
          idealMs: 19_200,
        });
      }
    });

    Deno.test(`a stated limit of 500 calls a minute is used up and not passed, ${name}, ${resets}`, () => {
      const options = { rows: 2900, latencyMs: 800 };
      check(bucket({ size: 500, perSecond: 500 / 60, ...told }), options, {
        ...stated,
        idealMs: 288_000,
      });
      check(window({ size: 500, everyMs: 60_000, ...told }), options, {
        ...stated,
        idealMs: 305_000,
      });
    });
  }

  Deno.test(`a stated limit of tokens is kept though nobody says what a call takes, ${name}`, () => {
    const tokens = { cost: 400, of: "tokens" as const, retryAfter };
    const options = { rows: 2900, latencyMs: 800 };
    check(bucket({ size: 200_000, perSecond: 200_000 / 60, ...tokens }), options, {
      ...stated,
      idealMs: 288_000,
    });
    check(window({ size: 200_000, everyMs: 60_000, ...tokens }), options, {
      ...stated,
      idealMs: 305_000,
    });
  });

  Deno.test(`without headers the speed of a bucket is found quickly, ${name}`, () => {
    for (const seed of [1, 2, 3]) {
      for (const latencyMs of [200, 600]) {
        const endpoint = bucket({ size: 100, perSecond: 100, headers: false, retryAfter });
        const bounds = { idealMs: 19_000, times: 1 / 0.85, limited: 0.035 };
        check(endpoint, { rows: 2000, latencyMs, seed }, bounds);
      }
    }
  });

  Deno.test(`without headers a limit by the minute is kept at better than .85, ${name}`, () => {
    const none = { headers: false, retryAfter };
    const options = { rows: 2900, latencyMs: 800 };
    const bounds = { times: 1 / 0.85, limited: 0.1 };
    check(bucket({ size: 500, perSecond: 500 / 60, ...none }), options, {
      ...bounds,
      idealMs: 288_000,
    });
    check(window({ size: 500, everyMs: 60_000, ...none }), options, {
      ...bounds,
      idealMs: 305_000,
    });
  });
}

Deno.test("a limit that only Retry-After tells of is used up, and hardly passed", () => {
  const told = { headers: false, retryAfter: true };
  for (const seed of [1, 2, 3]) {
    for (const rows of [2000, 10_000]) {
      const endpoint = bucket({ size: 100, perSecond: 100, ...told });
      check(endpoint, { rows, seed }, { ...stated, idealMs: 10 * (rows - 100) });
    }
    const minutes = bucket({ size: 500, perSecond: 500 / 60, ...told });
    const bounds = { idealMs: 288_000, times: 1.05, limited: 0.03 };
    check(minutes, { rows: 2900, latencyMs: 800, seed }, bounds);
  }
});

Deno.test("of two limits the tighter one is kept", () => {
  const calls = bucket({ size: 500, perSecond: 500 / 60 });
  const tokens = bucket({ size: 100_000, perSecond: 100_000 / 60, cost: 400, of: "tokens" });
  check([calls, tokens], { rows: 1500, latencyMs: 800 }, { ...stated, idealMs: 300_000 });
});

Deno.test("a window that slides is told from one that opens at once", () => {
  const endpoint = slidingWindow({ size: 500, overMs: 60_000 });
  check(endpoint, { rows: 2900, latencyMs: 800 }, { ...stated, idealMs: 305_000 });
});

Deno.test("processes that share a limit use it up together", () => {
  for (const processes of [2, 4]) {
    const options = { rows: 4000, processes };
    check(bucket({ size: 100, perSecond: 100 }), options, { ...stated, idealMs: 39_000 });
    check(bucket({ size: 500, perSecond: 500 / 60 }), { ...options, rows: 2900, latencyMs: 800 }, {
      ...stated,
      idealMs: 288_000,
    });
  }
});

Deno.test("a stated limit that changes is followed", () => {
  const drop = bucket({ size: 100, perSecond: (now) => now < 10_000 ? 100 : 30 });
  check(drop, { rows: 2000 }, { idealMs: 40_000, times: 1.05, limited: 0.02 });
  const rise = bucket({ size: 100, perSecond: (now) => now < 20_000 ? 30 : 200 });
  check(rise, { rows: 8000 }, { idealMs: 56_500, times: 1.05, limited: 0.01 });
});

Deno.test("a limit that nobody states is followed when it changes", () => {
  const none = { headers: false, retryAfter: false, size: 100 };
  const drop = bucket({ ...none, perSecond: (now) => now < 10_000 ? 100 : 30 });
  check(drop, { rows: 2000 }, { idealMs: 40_000, times: 1 / 0.85, limited: 0.1 });
  const rise = bucket({ ...none, perSecond: (now) => now < 20_000 ? 30 : 200 });
  check(rise, { rows: 20_000 }, { idealMs: 116_500, times: 1.3, limited: 0.02 });
});

Deno.test("where no limit is, nothing is held back", () => {
  for (const ceiling of [1, 16, 64, 256]) {
    const endpoint: LimitedEndpoint = () => ({ taken: true });
    const { ms, mostInFlight } = simulate(endpoint, { rows: 40 * ceiling, ceiling });
    assert.equal(mostInFlight, ceiling);
    const ideal = 40 * 202.5;
    assert.ok(ms < 1.15 * ideal, `${ms} ms at ${ceiling} in flight`);
  }
});

Deno.test("an endpoint that takes few calls at once gets as many", () => {
  let inFlight = 0;
  const ends: number[] = [];
  const endpoint: LimitedEndpoint = (now) => {
    while (ends.length > 0 && ends[0]! <= now) {
      ends.shift();
      inFlight--;
    }
    const taken = inFlight < 8;
    if (taken) {
      inFlight++;
      ends.push(now + 150);
      ends.sort((a, b) => a - b);
    }
    return { taken };
  };
  check(endpoint, { rows: 2000 }, { idealMs: 2000 / 8 * 150, times: 1.7, limited: 0.08 });
});

Deno.test("single 429s that come at any speed don't slow a run down for long", () => {
  for (const share of [0.01, 0.05]) {
    let asked = 0;
    const endpoint: LimitedEndpoint = () => ({ taken: uniform(asked++) >= share });
    const rows = 20_000;
    const idealMs = rows / 64 * 202.5;
    check(endpoint, { rows }, { idealMs, times: 1.4, limited: 1.2 * share + 0.001 });
  }
});

Deno.test("answers that come at once make no calls that go out at once, unless a limit is stated", () => {
  for (const isStated of [false, true]) {
    const pace = openPace({ ceiling: 64, random: () => 0 });
    const limits = isStated
      ? [{ of: "requests" as const, most: 1000, left: 900, resetMs: 60_000 }]
      : [];
    const calls = Array.from({ length: 64 }, () => pace.start(0));
    for (const call of calls) pace.end(call, 200, { limited: false, sign: true, limits });
    let now = 200;
    let atOnce = 0;
    for (let started = 0; started < 64; started++) {
      if (pace.freeAt(now) > now) now = pace.freeAt(now);
      else if (now === 200) atOnce++;
      pace.start(now);
    }
    if (isStated) assert.deepEqual([atOnce, now], [64, 200]);
    else assert.ok(atOnce < 32 && now > 250 && now < 300, `${atOnce} at once, ${now}`);
  }
});

Deno.test("a burst of 429s takes the number in flight back once", () => {
  const pace = openPace({ ceiling: 20, random: () => 0 });
  const calls = Array.from({ length: 20 }, () => pace.start(0));
  for (const call of calls.slice(0, 10)) pace.end(call, 100, { limited: false, sign: true });
  for (const call of calls.slice(10)) pace.end(call, 101, { limited: true, retryAfterMs: 1000 });
  assert.equal(pace.freeAt(500), 1101);
  const allowed = (now: number) => {
    const started: PacedCall[] = [];
    while (pace.freeAt(now) < Infinity && started.length < 30) {
      started.push(pace.start(now));
    }
    for (const call of started) pace.end(call, now, { limited: false, sign: true });
    return started.length;
  };
  // Eight or nine were out when it was clear: .7 of them are left, and that once.
  const width = allowed(1101);
  assert.ok(width >= 5 && width <= 8, `${width}`);
  assert.equal(allowed(60_000), 20);
});

Deno.test("a pause is as long as it was named, be it days", () => {
  const pace = openPace({ ceiling: 1, random: () => 0 });
  pace.end(pace.start(0), 10, { limited: true, retryAfterMs: 3 * 86_400_000 });
  assert.equal(pace.freeAt(11), 10 + 3 * 86_400_000);
});

Deno.test("after 429s without an answer between them one call goes ahead", () => {
  const pace = openPace({ ceiling: 8, random: () => 0 });
  for (const [start, end] of [[0, 10], [1000, 1010]] as const) {
    const calls = [pace.start(start), pace.start(start)];
    for (const call of calls) pace.end(call, end, { limited: true });
  }
  const scout = pace.start(5000);
  assert.equal(pace.freeAt(5000), Infinity);
  pace.end(scout, 5100, { limited: false, sign: true });
  assert.ok(pace.freeAt(5200) <= 5200);
});

Deno.test("a call may always start some time, whatever an endpoint says", () => {
  const limit = fc.record({
    of: fc.constantFrom("requests" as const, "tokens" as const),
    most: fc.option(fc.nat(1000)),
    left: fc.nat(1000),
    resetMs: fc.option(fc.nat(100_000)),
  });
  const answer = fc.record({
    limited: fc.boolean(),
    sign: fc.boolean(),
    retryAfterMs: fc.option(fc.nat(100_000)),
    limits: fc.array(limit, { maxLength: 2 }),
    tokens: fc.option(fc.nat(5000)),
  });
  const share = fc.constantFrom(1, 0.5, 0.1);
  fc.assert(fc.property(share, fc.array(answer, { maxLength: 60 }), (share, answers) => {
    const pace = openPace({ ceiling: 3, share, random: () => 0.5 });
    const out: PacedCall[] = [];
    let now = 0;
    for (const answer of answers) {
      let freeAt = pace.freeAt(now);
      // As whoever asks does: wait for that time, or for an answer.
      for (let turns = 0; freeAt > now; turns++) {
        assert.ok(turns < 50, "it stalls");
        if (freeAt === Infinity || freeAt > now + 500 && out.length > 0) {
          const call = out.shift();
          assert.ok(call !== undefined, "nothing is in flight that could answer");
          pace.end(call, now += 50, answer);
        } else now = freeAt;
        freeAt = pace.freeAt(now);
      }
      out.push(pace.start(now));
      assert.ok(out.length <= 3);
    }
  }));
});
