import type { Limit } from "../types.ts";

/** One call on its way or answered, as far as limits care. */
export interface PacedCall {
  /** When it started. */
  readonly at: number;
  /** How many calls were started up to this one. */
  readonly number: number;
}

/** A limit that an endpoint states, followed from answer to answer. */
export interface StatedLimit {
  /** An answer that came at `now` said this. */
  told(limit: Limit, call: PacedCall & { now: number; inFlight: ReadonlySet<PacedCall> }): void;
  /** Tokens that an answered call took, where they are known. */
  took(tokens: number): void;
  /**
   * When the next call fits: a time up to `now` for at once, Infinity for not before the next answer;
   * that never where nothing is in flight.
   */
  freeAt(now: number, inFlight: ReadonlySet<PacedCall>): number;
}

/** Calls that start within so many milliseconds may be counted in any order. */
const disorderMs = 20;

/** Of the refill that is foreseen, so much is relied upon: the rest is told by the next answer. */
const relied = 0.9;

/** Where a bucket is shared, so much of it is left in it, so that its level can be told. */
const reserve = 0.03;

/** A reset may be counted from the answer or from the call: up to so much of its length is added. */
const resetSlack = 0.02;

/**
 * Follows a stated limit. What is left is taken from the newest answers, less the calls that they
 * can't have counted. How it comes back is found out from the resets: as a window that opens at one
 * moment (the reset stays at one time), or as a bucket that is filled all the time (the reset moves
 * as more is used). Until that is clear it is taken for a window: nothing comes back before its end.
 *
 * @param options `share`: the part of the limit that is ours, in (0, 1].
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { followLimit } from "./stated_limit.ts";
 * const limit = followLimit({ share: 1 });
 * const said = { of: "requests" as const, most: 5, left: 0, resetMs: 400 };
 * limit.told(said, { at: 0, number: 5, now: 0, inFlight: new Set() });
 * assert.equal(limit.freeAt(100, new Set()), 400);
 * ```
 */
export function followLimit(options: { share: number }): StatedLimit {
  const { share } = options;
  /** Answers to the newest calls, which may have been counted in any order. */
  let newest: { at: number; left: number }[] = [];
  let newestAt = -Infinity;
  let most: number | null = null;
  let resetAt: number | null = null;
  let longestReset = 0;
  /** Between which times the window ends. */
  let earliest = -Infinity;
  let latest = Infinity;
  /** Whether resets are told more closely than in whole seconds. */
  let isExact = false;
  /** Whether a window was seen to open all at once. */
  let opens = false;
  let cost = 1;
  let costIsKnown = true;
  /** What earlier answers said, to find out how it comes back and what a call takes. */
  let base: { at: number; number: number; left: number; used: number; resetMs: number } | null =
    null;
  /** Above 0: a bucket. */
  let votes = 0;
  let usedSum = 0;
  let resetSum = 0;

  const isBucket = () => votes > 0 && usedSum > 0;
  const perMs = () => usedSum / resetSum;

  function learn(limit: Limit, { at, number }: PacedCall): void {
    const { left, resetMs } = limit;
    if (most === null || resetMs === null || resetMs <= 0) return;
    const used = most - left;
    if (used > 0) {
      usedSum = usedSum * relied + used;
      resetSum = resetSum * relied + resetMs;
    }
    const seen = { at, number, left, used, resetMs };
    if (base === null || base.used <= 0 || at - base.at >= base.resetMs) {
      base = seen;
      return;
    }
    const asBucket = base.resetMs * used / base.used;
    const asWindow = base.resetMs - (at - base.at);
    const isRounded = resetMs % 1000 === 0 && base.resetMs % 1000 === 0;
    const least = isRounded ? 1500 : 5 + 0.05 * Math.max(resetMs, base.resetMs);
    const started = number - base.number;
    if (limit.of === "tokens" && started >= 16) {
      const refilled = isBucket() ? perMs() * (at - base.at) : 0;
      const each = (base.left - left + refilled) / started;
      if (each > 0) cost = costIsKnown ? 0.7 * cost + 0.3 * each : each;
      costIsKnown ||= each > 0;
      base = seen;
    }
    if (Math.abs(asBucket - asWindow) < least) return;
    const vote = Math.abs(resetMs - asBucket) < Math.abs(resetMs - asWindow) ? 1 : -1;
    votes = Math.max(-3, Math.min(3, votes + vote));
    if (limit.of === "requests") base = seen;
  }

  return {
    told(limit, call) {
      const { at, now, inFlight } = call;
      most = limit.most ?? Math.max(most ?? 0, limit.left);
      if (limit.of === "tokens" && newestAt === -Infinity) {
        cost = Math.max(cost, most / 1000);
        costIsKnown = false;
      }
      learn(limit, call);
      if (at <= newestAt - disorderMs) return;
      const { left, resetMs } = limit;
      const before = newest.length === 0 ? left : Math.min(...newest.map(({ left }) => left));
      const opened = left - before > most / 2 && at > newestAt + disorderMs;
      const isNew = resetAt !== null && (at >= resetAt || opened);
      if (isNew && resetAt !== null) {
        // Those that went out since then may have been counted before it.
        let used = 1;
        for (const other of inFlight) if (other.at >= resetAt) used++;
        opens = left + used * cost >= most * relied;
      }
      newestAt = Math.max(newestAt, at);
      newest = isNew ? [] : newest.filter((other) => other.at > newestAt - disorderMs);
      newest.push({ at, left });
      if (resetMs === null) return;
      longestReset = Math.max(longestReset, resetMs);
      isExact ||= resetMs % 1000 !== 0;
      if (isNew || isBucket() || resetAt === null) [earliest, latest] = [-Infinity, Infinity];
      const slack = Math.min(now - at, resetSlack * longestReset);
      // It was counted some time between call and answer; rounded up it tells nothing of the former.
      earliest = isExact ? Math.max(earliest, at + resetMs + slack) : Infinity;
      latest = Math.min(latest, (isExact ? now : at + slack) + resetMs);
      resetAt = Math.min(earliest, latest);
    },
    took(tokens) {
      // Until the endpoint's own count is known; it may count more, such as the cap of an answer.
      if (!costIsKnown) cost = Math.max(cost, tokens);
    },
    freeAt(now, inFlight) {
      if (most === null) return now;
      const speed = isBucket() ? relied * perMs() * share : 0;
      const isOver = speed === 0 && resetAt !== null && now >= resetAt && newestAt < resetAt;
      let there: number;
      if (isOver) there = (opens ? most : cost) * share;
      else there = Math.min(...newest.map(({ left }) => left)) * share;
      const from = isOver && resetAt !== null ? resetAt : newestAt - disorderMs;
      let last = newestAt;
      for (const { at } of inFlight) {
        if (at < from) continue;
        there = Math.min(most * share, there + speed * Math.max(0, at - last)) - cost;
        last = Math.max(last, at);
      }
      there = Math.min(most * share, there + speed * Math.max(0, now - last));
      // Others who draw on a bucket are seen late.
      if (speed > 0) there -= (1 - share) * reserve * most;
      if (there >= cost) return now;
      const idle = inFlight.size === 0;
      if (speed > 0) {
        const at = now + (cost - there) / speed;
        return idle && resetAt !== null ? Math.min(at, Math.max(now, resetAt)) : at;
      }
      if (resetAt !== null && now < resetAt) return resetAt;
      return idle ? now : Infinity;
    },
  };
}
