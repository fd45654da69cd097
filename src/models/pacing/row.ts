import type { Asked, ChatRequest, Fault, Reply } from "../types.ts";

/** A row on its way: what was asked, and what it took so far. */
export interface Row<T> {
  item: T;
  request: ChatRequest;
  calls: number;
  attempts: number;
  passing: number;
  /** Faults that said that the endpoint was busy; they cost no attempt. */
  busy: number;
  ms: number;
  /** Signs of life that the endpoint had given when the row was first asked, or last put to wait. */
  signsAtLast: number;
  /** Those that it had given at the row's first passing fault. */
  signsAtFirst: number;
  /** When it may be asked again, by the asking's clock. */
  due: number;
}

/** A row that wasn't asked yet; `signs`: those that the endpoint has given by now. */
export function newRow<T>(item: T, request: ChatRequest, signs: number): Row<T> {
  return {
    item,
    request,
    calls: 0,
    attempts: 0,
    passing: 0,
    busy: 0,
    ms: 0,
    signsAtLast: signs,
    signsAtFirst: signs,
    due: 0,
  };
}

/** What became of a row. */
export function ended<T>(row: Row<T>, reply: Reply | null, fault: Fault | null): Asked<T> {
  const { item, attempts, calls, ms } = row;
  return { item, reply, fault, attempts, calls, ms };
}
