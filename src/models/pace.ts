import type { Limit } from "./limits.ts";
import { followLimit, type PacedCall, type StatedLimit } from "./stated_limit.ts";
import { backOff } from "./waiting.ts";

export type { PacedCall } from "./stated_limit.ts";

/** What came of a call, as far as the pace cares. */
export interface PacedAnswer {
  /** It was a 429. */
  limited: boolean;
  /** What a 429 said about when to come back, in milliseconds. */
  retryAfterMs?: number | null;
  /** It shows that the endpoint does its work. */
  sign?: boolean;
  /** What its headers say about limits. */
  limits?: readonly Limit[];
  /** Tokens that it took, as far as they were counted. */
  tokens?: number | null;
}

/** When calls may be made. All times are milliseconds of one clock that never goes back. */
export interface Pace {
  /** When the next call may start: up to `now` for at once, Infinity for not before an answer. */
  freeAt(now: number): number;
  /** A call starts. */
  start(now: number): PacedCall;
  /** It ended, however that was. */
  end(call: PacedCall, now: number, answer: PacedAnswer): void;
}

/** So many calls go out at once before the first answer, all others a little apart. */
const firstBurst = 64;
const apartMs = 0.5;

/** What is left of the number in flight, and of the speed, after a burst of 429s. */
const inFlightKept = 0.7;
const speedKept = 0.88;

/** The speed comes back in as long as it took to find it, within these bounds. */
const shortestReturnMs = 2_000;
const longestReturnMs = 20_000;

/** A timer that comes late is made up for, up to so many milliseconds. */
const catchUpMs = 25;

/**
 * Starts to pace calls, so that an endpoint's limit is used up but not passed. It holds no timers:
 * what may happen when follows from the times that it is told.
 *
 * - At most `ceiling` calls are in flight.
 * - A limit that the endpoint states is kept before it answers with a 429: see `followLimit`.
 * - A 429 pauses all calls until the time that it names, or else for a time that doubles with each
 *   burst of 429s that has no answer between it and the one before; from the second such burst on
 *   one call goes ahead of all others.
 * - A burst of 429s that no stated limit explains takes back the number in flight and the speed,
 *   once. The number comes back step by step. The speed comes back as in CUBIC (RFC 9438): fast up
 *   to what the endpoint took before, slowly around that, and ever faster beyond.
 *
 * @param options `ceiling`: calls in flight at most. `share`: the part of a stated limit that is
 * ours, in (0, 1], default 1. `random` gives numbers in [0, 1).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openPace } from "./pace.ts";
 * const pace = openPace({ ceiling: 8, random: () => 0 });
 * const call = pace.start(0);
 * pace.end(call, 100, { limited: true, retryAfterMs: 300 });
 * assert.equal(pace.freeAt(150), 400);
 * ```
 */
export function openPace(
  options: { ceiling: number; share?: number; random: () => number },
): Pace {
  const { ceiling, share = 1, random } = options;
  const inFlight = new Set<PacedCall>();
  const stated = new Map<Limit["of"], StatedLimit>();
  let started = 0;
  let firstAt = 0;
  let answered = false;
  let pausedUntil = -Infinity;
  /** When the last burst of 429s began: one to a call from before that belongs to it. */
  let burstAt = -Infinity;
  /** Bursts since the last sign that the endpoint takes calls again. */
  let bursts = 0;
  /** Since when, and how many, calls were taken. */
  let countedFrom = 0;
  let taken = 0;
  /** When calls went out again after the last burst, and how many had been started before. */
  let resumedAt = 0;
  let startedBefore = 0;
  /** How many may be in flight, at `widthAt`; from there on it grows. */
  let width = ceiling;
  let widthAt = 0;
  let growth = 0;
  /** The speed in calls a millisecond that was found, since when it is held, and how long it takes to come back. */
  let found: { speed: number; at: number; returnMs: number } | null = null;
  /** When the next call is due at that speed. */
  let dueAt = -Infinity;

  function widthNow(now: number): number {
    if (bursts >= 2) return 1;
    if (width < ceiling) {
      width = Math.min(ceiling, width + growth * Math.max(0, now - widthAt));
      widthAt = Math.max(widthAt, now);
    }
    return Math.max(1, Math.floor(width));
  }

  function speedNow(now: number): number {
    if (found === null) return Infinity;
    const { speed, at, returnMs } = found;
    return speed * (1 + (1 - speedKept) * (Math.max(0, now - at) / returnMs - 1) ** 3);
  }

  function slowDown(now: number): void {
    const peak = inFlight.size + 1;
    width = Math.max(1, Math.min(width, peak) * inFlightKept);
    growth = Math.max(1, peak * 0.06) / 1000;
    widthAt = pausedUntil;
    const took = now - countedFrom;
    if (taken > 0 && took > 0) {
      // Between what was taken in all, pauses included, and what proved too fast just now.
      const tooFast = found === null
        ? (started - startedBefore) / Math.max(1, now - resumedAt)
        : speedNow(now);
      const speed = Math.sqrt(taken / took * tooFast);
      const returnMs = Math.min(longestReturnMs, Math.max(shortestReturnMs, took));
      found = { speed, at: pausedUntil, returnMs };
    }
    countedFrom = now;
    taken = 0;
    startedBefore = started;
  }

  function limited(call: PacedCall, now: number, answer: PacedAnswer): void {
    const { retryAfterMs: named = null, limits = [] } = answer;
    const isNew = call.at >= burstAt;
    if (named !== null) pausedUntil = Math.max(pausedUntil, now + named);
    const explained = limits.some(({ left, resetMs }) => left < 1 && resetMs !== null);
    if (isNew) {
      burstAt = now;
      bursts++;
      // A named time that turns out too short again and again is drawn out, so that nothing spins.
      const least = named === null && !explained ? bursts : bursts - 2;
      if (least > 0) pausedUntil = Math.max(pausedUntil, now + backOff(least, random));
      if (bursts === 1 && !explained) slowDown(now);
    }
    resumedAt = Math.max(now, pausedUntil);
    if (found !== null) found.at = resumedAt;
  }

  return {
    freeAt(now) {
      if (inFlight.size >= widthNow(now)) return Infinity;
      let at = Math.max(pausedUntil, dueAt);
      if (!answered && started >= firstBurst * share) {
        at = Math.max(at, firstAt + (started + 1 - firstBurst * share) * apartMs / share);
      }
      for (const limit of stated.values()) at = Math.max(at, limit.freeAt(now, inFlight));
      return at;
    },
    start(now) {
      if (started === 0) firstAt = countedFrom = resumedAt = now;
      const call = { at: now, number: ++started };
      inFlight.add(call);
      if (found !== null) dueAt = Math.max(dueAt, now - catchUpMs) + 1 / speedNow(now);
      return call;
    },
    end(call, now, answer) {
      inFlight.delete(call);
      answered = true;
      for (const limit of answer.limits ?? []) {
        let followed = stated.get(limit.of);
        if (followed === undefined) stated.set(limit.of, followed = followLimit({ share }));
        followed.told(limit, { ...call, now, inFlight });
      }
      if (answer.limited) return limited(call, now, answer);
      taken++;
      if (answer.sign) bursts = 0;
      if (answer.tokens) stated.get("tokens")?.took(answer.tokens);
    },
  };
}
