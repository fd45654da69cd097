import type { Limit } from "../types.ts";
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
  /** It ended, however that was; gives when its row may be asked again, if it was a 429. */
  end(call: PacedCall, now: number, answer: PacedAnswer): number;
}

/** So many calls go out at once before the first answer, all others a little apart. */
const firstBurst = 64;
const apartMs = 0.5;

/**
 * Answers that come all at once don't make calls that go out all at once, or many would be out
 * already when the first 429 comes: calls go out at so many times the speed that fills the flight.
 */
const mostHurry = 2;

/** What is left of the number in flight, and of the speed, after a burst of 429s. */
const inFlightKept = 0.7;
const speedKept = 0.88;

/** The speed comes back in this share of the time that it took to find it, within these bounds. */
const returnShare = 2 / 3;
const shortestReturnMs = 4_000;
const longestReturnMs = 20_000;

/** Of about so many of the last calls, more 429s than this share have no other cause than the speed. */
const lastCalls = 40;
const tooMany = 0.25;

/** Fewer ones may have another one where slowing down so many times doesn't end them. */
const mostInVain = 3;

/** It was in vain, too, where so little of the speed before is left. */
const slower = 0.93;

/** It is found out with so many calls that go on as if nothing were, of which so many may be 429s. */
const trialCalls = 20;
const trialLimited = 2;

/** Until the speed is back at this share of what was too fast, a 429 comes early. */
const nearFound = 0.97;

/** Of what comes back during a pause that an endpoint names, so much is used at once. */
const savedRelied = 0.5;

/** After so many calls without a 429 at less than that it is over. */
const quietCalls = 200;

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
 * - Where single 429s come at any speed, one that names no time holds back its row only.
 * - A burst of 429s that no stated limit explains takes back the number in flight and the speed,
 *   once. The number comes back step by step. The speed comes back as in CUBIC (RFC 9438): fast up
 *   to what the endpoint took before, slowly around that, and ever faster beyond.
 * - After a pause that was named, half of what came back meanwhile goes out at once.
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
  let ended = 0;
  /** What calls take, in milliseconds: a mean that forgets; null before the first answer. */
  let latency: number | null = null;
  /** The share of 429s in the last calls, from 0 on. */
  let limitedShare = 0;
  /** Times that it was slowed down and 429s came before the speed was back. */
  let inVain = 0;
  let trial: { at: number; ended: number; limited: number } | null = null;
  /** Whether 429s come at any speed. */
  let random429s = false;
  /** Calls since the last 429 that were taken at less than the found speed. */
  let quiet = 0;
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
  /** Calls that came back during a named pause: they may go out faster than that. */
  let saved = 0;

  function widthNow(now: number): number {
    if (bursts >= 2) return 1;
    if (width < ceiling) {
      width = Math.min(ceiling, width + growth * Math.max(0, now - widthAt));
      widthAt = Math.max(widthAt, now);
    }
    return Math.max(1, Math.floor(width));
  }

  function speedNow(now: number): number {
    if (found === null) {
      if (latency === null || random429s || stated.size > 0) return Infinity;
      return mostHurry * ceiling / latency;
    }
    const { speed, at, returnMs } = found;
    return speed * (1 + (1 - speedKept) * (Math.max(0, now - at) / returnMs - 1) ** 3);
  }

  /**
   * Between what was taken in all, pauses included, and what proved too fast just now. From one named
   * time to the next as much was taken as came back, unless the endpoint was at rest in between: that
   * is known where the speed wasn't tried out again.
   */
  function foundSpeed(now: number, isNamed: boolean): number {
    const mean = taken / Math.max(1, now - countedFrom);
    const tooFast = found === null
      ? (started - startedBefore) / Math.max(1, now - resumedAt)
      : speedNow(now);
    if (isNamed && found !== null && tooFast < found.speed) return mean;
    return Math.sqrt(mean * tooFast);
  }

  function slowDown(now: number, isNamed: boolean): void {
    const peak = inFlight.size + 1;
    // Once a speed was found for an endpoint that counts calls by time, it needs no more.
    if (!isNamed || found === null) {
      width = Math.max(1, Math.min(width, peak) * inFlightKept);
      growth = Math.max(2, peak * 0.1) / 1000;
    }
    widthAt = pausedUntil;
    const took = now - countedFrom;
    if (taken > 0 && took > 0) {
      const speed = foundSpeed(now, isNamed);
      const returnMs = Math.min(longestReturnMs, Math.max(shortestReturnMs, took * returnShare));
      found = { speed, at: pausedUntil, returnMs };
      saved = isNamed ? savedRelied * speed * (pausedUntil - now) : 0;
    }
    countedFrom = now;
    taken = 0;
    startedBefore = started;
  }

  function isSlow(now: number): boolean {
    return found !== null && speedNow(now) < nearFound * found.speed;
  }

  /** Whether 429s come because of the speed, and not now and then at any. */
  function isTooFast(now: number, isNamed: boolean): boolean {
    if (limitedShare / (1 - (1 - 1 / lastCalls) ** ended) > tooMany) return true;
    if (random429s || trial !== null) return false;
    // Without an answer in between it is still the same.
    if (bursts > 0) return true;
    if (found !== null) {
      const isInVain = isSlow(now) || foundSpeed(now, isNamed) < slower * found.speed;
      inVain = Math.max(0, inVain + (isInVain ? 1 : -1));
    }
    if (inVain < mostInVain) return true;
    trial ??= { at: now, ended: 0, limited: 0 };
    return false;
  }

  /** Counts a call to a trial of whether most calls are taken although one wasn't. */
  function tryOut(call: PacedCall, now: number, isLimited: boolean): void {
    if (trial === null || call.at < trial.at) return;
    if (isLimited) trial.limited++;
    if (++trial.ended < trialCalls) return;
    inVain = 0;
    random429s = trial.limited <= trialLimited;
    trial = null;
    if (random429s) {
      found = null;
      dueAt = -Infinity;
      width = ceiling;
    } else slowDown(now, false);
  }

  function limited(call: PacedCall, now: number, answer: PacedAnswer): number {
    const { retryAfterMs: named = null, limits = [] } = answer;
    const explained = limits.some(({ left, resetMs }) => left < 1 && resetMs !== null);
    const isNew = call.at >= burstAt;
    const tooFast = !explained && isNew && isTooFast(now, named !== null);
    quiet = 0;
    if (isNew && named === null && !explained && !tooFast) return now + backOff(1, random);
    if (named !== null) pausedUntil = Math.max(pausedUntil, now + named);
    if (isNew) {
      burstAt = now;
      bursts++;
      // A named time that turns out too short again and again is drawn out, so that nothing spins.
      const least = named === null && !explained ? bursts : bursts - 2;
      if (least > 0) pausedUntil = Math.max(pausedUntil, now + backOff(least, random));
      if (bursts === 1 && tooFast) slowDown(now, named !== null);
    }
    resumedAt = Math.max(now, pausedUntil);
    if (found !== null) found.at = resumedAt;
    return now;
  }

  return {
    freeAt(now) {
      if (inFlight.size >= widthNow(now)) return Infinity;
      let at = saved >= 1 ? pausedUntil : Math.max(pausedUntil, dueAt);
      if (ended === 0 && started >= firstBurst * share) {
        at = Math.max(at, firstAt + (started + 1 - firstBurst * share) * apartMs / share);
      }
      for (const limit of stated.values()) at = Math.max(at, limit.freeAt(now, inFlight));
      return at;
    },
    start(now) {
      if (started === 0) firstAt = countedFrom = resumedAt = now;
      const call = { at: now, number: ++started };
      inFlight.add(call);
      if (saved >= 1) saved--;
      else dueAt = Math.max(dueAt, now - catchUpMs) + 1 / speedNow(now);
      return call;
    },
    end(call, now, answer) {
      inFlight.delete(call);
      for (const limit of answer.limits ?? []) {
        let followed = stated.get(limit.of);
        if (followed === undefined) stated.set(limit.of, followed = followLimit({ share }));
        followed.told(limit, { ...call, now, inFlight });
      }
      ended++;
      tryOut(call, now, answer.limited);
      limitedShare += ((answer.limited ? 1 : 0) - limitedShare) / lastCalls;
      if (answer.limited) return limited(call, now, answer);
      taken++;
      const took = now - call.at;
      latency = latency === null ? took : latency + (took - latency) / lastCalls;
      if (random429s && isSlow(now) && ++quiet >= quietCalls) random429s = false;
      // Calls from before a burst say nothing about what comes after it.
      if (answer.sign && call.at >= burstAt) bursts = 0;
      if (answer.tokens) stated.get("tokens")?.took(answer.tokens);
      return now;
    },
  };
}
