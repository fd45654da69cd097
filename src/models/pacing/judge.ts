import type { Fault } from "../types.ts";

/**
 * What a fault means for its row:
 *
 * - `wait`: it is asked again later.
 * - `settle`: the fault is what became of it, and it is the row's own.
 * - `hold`: it ends, but whether that is its own fault is known once another one is answered.
 * - `suspect`: so it does, and the endpoint is asked nothing new until then.
 */
export type Verdict = "wait" | "settle" | "hold" | "suspect";

/** What a row and its endpoint have come to when a fault is judged. */
export interface Standing {
  /** Passing faults of the row, this one included. */
  passing: number;
  /** After so many of them it is given up. */
  maxAttempts: number;
  /** Signs of life that the endpoint has given: answers, and prompts it filtered. */
  signs: number;
  /** Those when the row was last put to wait, or first asked. */
  signsAtLast: number;
  /** Those at its first passing fault. */
  signsAtFirst: number;
  /** Rows on their way that have had a passing fault, this one included. */
  faulty: number;
  /** Milliseconds since the last sign; Infinity where there was none. */
  sinceSignMs: number;
}

/** An endpoint that has answered before is waited for so long before it counts as down. */
const awayMs = 30_000;

/** Rows that fail at the end of a run are few up to this part of those that were answered. */
const FEW = 0.1;

/** A server that is busy may say so by these alone. */
const busyStatuses: readonly (number | null)[] = [503, 529, 498];

/** Whether a fault may as well mean that the endpoint is busy. */
export function mayBeBusy({ kind, status }: Fault): boolean {
  return kind === "passing" && busyStatuses.includes(status);
}

/**
 * Whether a fault says nothing of its row: a limit or a busy server, also one that only its status
 * tells of while others are answered. It costs no attempt.
 *
 * @param standing Signs of life that the endpoint has given, and those at the row's last attempt.
 */
export function isRefusal(
  fault: Fault,
  { signs, signsAtLast }: Pick<Standing, "signs" | "signsAtLast">,
): boolean {
  return fault.kind === "limited" || fault.kind === "busy" ||
    (mayBeBusy(fault) && signs > signsAtLast);
}

/**
 * Judges a fault that doesn't end the whole asking. A passing one is its row's where others were
 * answered meanwhile: one since its last attempt, or since its first fault as many as have faults now.
 * It isn't where it may mean that the endpoint is busy: the row waits for as long as calls are taken.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { judge } from "./judge.ts";
 * const standing = {
 *   passing: 4,
 *   maxAttempts: 4,
 *   signs: 8,
 *   signsAtLast: 7,
 *   signsAtFirst: 7,
 *   faulty: 3,
 *   sinceSignMs: 20,
 * };
 * const fault = { kind: "passing" as const, reason: "500", status: 500, retryAfterMs: null };
 * assert.equal(judge(fault, standing), "settle");
 * assert.equal(judge(fault, { ...standing, signsAtLast: 8 }), "wait");
 * assert.equal(judge(fault, { ...standing, signsAtLast: 8, sinceSignMs: 30_000 }), "suspect");
 * ```
 */
export function judge(fault: Fault, standing: Standing): Verdict {
  if (fault.kind === "filtered") return "settle";
  if (fault.kind === "rejected") return "hold";
  if (isRefusal(fault, standing)) return "wait";
  const { passing, maxAttempts, signs, signsAtLast, signsAtFirst, faulty, sinceSignMs } = standing;
  if (passing < maxAttempts) return "wait";
  if (!mayBeBusy(fault)) {
    // Where an endpoint goes down, answers may still have come since the row was first asked.
    if (signs > signsAtLast) return "settle";
    // Unless they were many: then it is a part of the rows that it fails at.
    if (signs - signsAtFirst >= faulty) return "settle";
  }
  // An endpoint that did its work before may be away for a moment only.
  if (signs > 0 && sinceSignMs < awayMs) return "wait";
  return "suspect";
}

/**
 * Whether the last rows of a run, none of which is answered, are taken to be at fault themselves.
 * They have no others beside them that could be answered, so they are where they are few against
 * those that were. So they are, too, where an earlier start left them and each of them gets nothing
 * but 500, if as many were answered before.
 *
 * @param options `rows`: how many are left; `signs`: signs of life that the endpoint has given;
 * `only500`: whether each fault was a 500; `answeredBefore`: rows that earlier starts had answers for.
 */
export function areAtFault(
  options: { rows: number; signs: number; only500: boolean; answeredBefore: number },
): boolean {
  const { rows, signs, only500, answeredBefore } = options;
  return signs > 0 ? rows <= Math.max(1, FEW * signs) : only500 && rows <= answeredBefore;
}
