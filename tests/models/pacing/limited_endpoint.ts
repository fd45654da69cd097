/**
 * Endpoints with limits in simulated time, and calls that are made of them by a pace: no sockets and
 * no timers, so that minutes pass in milliseconds.
 */
import type { Limit } from "../../../src/models/types.ts";
import { openPace, type PacedAnswer, type PacedCall } from "../../../src/models/pacing/pace.ts";
import { uniform } from "../../../src/stats/random.ts";

/** Decides on a call that comes in at a time in milliseconds. */
export type LimitedEndpoint = (now: number) => Pick<PacedAnswer, "retryAfterMs" | "limits"> & {
  taken: boolean;
};

/** What an endpoint tells beside its yes or no. */
export interface Told {
  headers?: boolean;
  retryAfter?: boolean;
  /** Resets are rounded up to whole seconds. */
  rounded?: boolean;
  of?: Limit["of"];
}

/** A bucket of `size`, filled by `perSecond`; each call takes `cost` of it. */
export function bucket(
  {
    size,
    perSecond,
    cost = 1,
    headers = true,
    retryAfter = true,
    rounded = false,
    of = "requests",
  }:
    & { size: number; perSecond: number | ((now: number) => number); cost?: number }
    & Told,
): LimitedEndpoint {
  let left = size;
  let last = 0;
  return (now) => {
    const speed = typeof perSecond === "number" ? perSecond : perSecond(now);
    left = Math.min(size, left + (now - last) / 1000 * speed);
    last = now;
    const taken = left >= cost;
    if (taken) left -= cost;
    const reset = (size - left) / speed * 1000;
    return {
      taken,
      retryAfterMs: !taken && retryAfter ? Math.ceil((cost - left) / speed) * 1000 : null,
      limits: headers
        ? [{
          of,
          most: size,
          left: Math.floor(left),
          resetMs: rounded ? Math.ceil(reset / 1000) * 1000 : Math.ceil(reset),
        }]
        : [],
    };
  };
}

/** `size` calls, all of them back at once every `everyMs`. */
export function window(
  { size, everyMs, cost = 1, headers = true, retryAfter = true, rounded = false, of = "requests" }:
    & { size: number; everyMs: number; cost?: number }
    & Told,
): LimitedEndpoint {
  let left = size;
  let opened = 0;
  return (now) => {
    if (now >= opened + everyMs) {
      opened += Math.floor((now - opened) / everyMs) * everyMs;
      left = size;
    }
    const taken = left >= cost;
    if (taken) left -= cost;
    const reset = opened + everyMs - now;
    const resetMs = rounded ? Math.ceil(reset / 1000) * 1000 : Math.ceil(reset);
    return {
      taken,
      retryAfterMs: !taken && retryAfter ? Math.ceil(reset / 1000) * 1000 : null,
      limits: headers ? [{ of, most: size, left, resetMs }] : [],
    };
  };
}

/** At most `size` calls within any `overMs`. */
export function slidingWindow(
  { size, overMs, headers = true }: { size: number; overMs: number } & Told,
): LimitedEndpoint {
  const times: number[] = [];
  return (now) => {
    while (times.length > 0 && times[0]! <= now - overMs) times.shift();
    const taken = times.length < size;
    if (taken) times.push(now);
    return {
      taken,
      retryAfterMs: null,
      limits: headers
        ? [{
          of: "requests",
          most: size,
          left: size - times.length,
          resetMs: Math.ceil(times[0]! + overMs - now),
        }]
        : [],
    };
  };
}

/** What a simulation came to. */
export interface Simulated {
  ms: number;
  /** Calls that were answered by a 429. */
  limited: number;
  /** All calls. */
  calls: number;
  /** When each call was taken. */
  takenAt: number[];
  mostInFlight: number;
}

/**
 * Makes calls until `rows` of them are taken, or the time is over. Answers take `latencyMs` (half to
 * one and a half times that), 429s 5 ms; on the way to the endpoint calls may overtake each other.
 */
export function simulate(
  endpoints: LimitedEndpoint | LimitedEndpoint[],
  options: {
    rows: number;
    ceiling?: number;
    latencyMs?: number;
    /** As many processes at once, each with its share of the limit and of the rows. */
    processes?: number;
    untilMs?: number;
    seed?: number;
    /** Whether answers are stamped when they go out and not when their call came in. */
    stampedLate?: boolean;
  },
): Simulated {
  const { rows, ceiling = 64, latencyMs = 200, processes = 1, untilMs = Infinity } = options;
  let drawn = 0;
  const random = () => uniform(options.seed ?? 1, drawn++);
  const all = [endpoints].flat();
  const events: { at: number; run: () => void }[] = [];
  let now = 0;
  const result: Simulated = { ms: 0, limited: 0, calls: 0, takenAt: [], mostInFlight: 0 };
  let inFlight = 0;

  function later(at: number, run: () => void): void {
    let index = events.length;
    while (index > 0 && events[index - 1]!.at > at) index--;
    events.splice(index, 0, { at, run });
  }

  function process(wanted: number): void {
    const pace = openPace({ ceiling, share: 1 / processes, random });
    let open = wanted;
    let alarm = Infinity;
    function fill(): void {
      while (open > 0) {
        const at = pace.freeAt(now);
        if (at > now) {
          if (at < alarm && at < Infinity) {
            alarm = at;
            // Timers come up to a millisecond late.
            later(at + random(), () => {
              // An earlier one was set in the meantime.
              if (alarm !== at) return;
              alarm = Infinity;
              fill();
            });
          }
          return;
        }
        open--;
        inFlight++;
        result.mostInFlight = Math.max(result.mostInFlight, inFlight);
        result.calls++;
        const call = pace.start(now);
        later(now + 1 + 3 * random(), () => arrive(call));
      }
    }
    function arrive(call: PacedCall): void {
      const answers = all.map((endpoint) => endpoint(now));
      const taken = answers.every(({ taken }) => taken);
      const named = answers.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
      if (taken) result.takenAt.push(now);
      later(now + (taken ? latencyMs * (0.5 + random()) : 5), () => {
        inFlight--;
        if (taken) result.ms = now;
        else result.limited++;
        const again = pace.end(call, now, {
          limited: !taken,
          sign: taken,
          retryAfterMs: named.length === 0 ? null : Math.max(...named),
          limits: answers.flatMap(({ limits = [] }) => limits),
        });
        if (!taken) {
          later(Math.max(now, again), () => {
            open++;
            fill();
          });
        }
        fill();
      });
    }
    fill();
  }

  for (let index = 0; index < processes; index++) process(Math.ceil(rows / processes));
  for (let event = events.shift(); event !== undefined; event = events.shift()) {
    if (event.at > untilMs) break;
    now = event.at;
    event.run();
  }
  return result;
}
