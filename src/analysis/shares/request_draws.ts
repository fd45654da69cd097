import type { Config, Sampling } from "../../config/types.ts";
import { choices, withAncestors } from "../../plan/choices.ts";
import { plan } from "../../plan/plan.ts";
import { hash32 } from "../../stats/random.ts";
import { multinomialDraw } from "../../stats/draws.ts";

/** How often each value might as well have been asked for in so many rows: shares of them, in order. */
export type RequestDraw = (random: () => number, rows: number) => Float64Array;

/** Rows that are planned at most, where only the plan can tell; what more do follows from them. */
const MOST_PLANNED = 250;

/** Plans that are drawn one by one at most. */
const MOST_PLANS = 16;

/** Seeds that they are planned with. */
const SEEDS = 200;

/**
 * How the requests of a number of rows vary from seed to seed, with nothing wrong: as shares of the
 * values of one attribute. Under independent sampling that is a multinomial draw, `when` or not.
 * Under even sampling it is drawn from the way in which the even spread is made, without its rows
 * (see `evenBelow`). Where an attribute has a `when`, the first 250 rows are planned with 200 other
 * seeds; what these are off by goes with 1/√rows, since a value's rows are a random part of the even
 * spread.
 *
 * @param options `values`: all that rows have, the config's among them; `shares`: what is expected of
 * each, with the sum 1; `sampling`: null where it isn't known, then draws are independent; `plans`: as
 * many plans of the same size have the rows, 1 if not given (more than 16 count as 16).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openRandom } from "../../stats/random_stream.ts";
 * import { requestDraws } from "./request_draws.ts";
 * const item = { score: 1, factor: 1, prompt: null, when: null };
 * const attributes = { tone: [{ ...item, value: "Calm" }, { ...item, value: "Angry" }] };
 * const config = {
 *   folder: "config", context: "", attributes, length: null, prompt: null, avoid: [],
 *   settings: { temperature: null, frequency_penalty: null, seed: 1, sampling: "even" as const, timeout: 60 },
 * };
 * const draw = requestDraws(config, {
 *   stem: "tone", values: ["Calm", "Angry"], shares: Float64Array.of(0.5, 0.5), sampling: "even",
 * });
 * assert.deepEqual([...draw(openRandom(1), 16)], [0.5, 0.5]);
 * ```
 */
export function requestDraws(
  config: Config,
  options: {
    stem: string;
    values: readonly string[];
    shares: Float64Array;
    sampling: Sampling | null;
    plans?: number;
  },
): RequestDraw {
  const { stem, shares, sampling } = options;
  const items = config.attributes[stem] ?? [];
  if (sampling !== "even" || items.length === 0) {
    return (random, rows) =>
      Float64Array.from(multinomialDraw(random, rows, shares), (n) => n / rows);
  }
  if (items.some(({ when }) => when !== null)) return plannedDraws(config, options);
  const points = new Float64Array(shares.length - 1);
  let sum = 0;
  for (let i = 0; i < points.length; i++) points[i] = sum += shares[i]!;
  const plans = Math.min(options.plans ?? 1, MOST_PLANS);
  return (random, rows) => {
    const each = Math.max(1, Math.round(rows / plans));
    const drawn = new Float64Array(shares.length);
    for (let one = 0; one < plans; one++) {
      const below = evenBelow(random, { rows: each, points });
      for (let i = 0; i < drawn.length; i++) {
        drawn[i]! += ((below[i] ?? each) - (below[i - 1] ?? 0)) / each / plans;
      }
    }
    return drawn;
  };
}

function plannedDraws(
  config: Config,
  options: { stem: string; values: readonly string[]; shares: Float64Array },
): RequestDraw {
  const { stem, values, shares } = options;
  const all = choices(config.attributes, "draw");
  const needed = withAncestors(all, [all.list.findIndex((choice) => choice.stem === stem)]);
  const attributes = Object.fromEntries(
    needed.map((place) => all.list[place]!.stem).map((each) => [each, config.attributes[each]!]),
  );
  const places = new Map(values.map((value, i) => [value, i]));
  // By seed, how far each share is from what is expected.
  let off: Float64Array[] | undefined;
  let planned = MOST_PLANNED;
  const plans = () =>
    Array.from({ length: SEEDS }, (_, i) => {
      const ask = plan({ ...config, attributes, length: null }, {
        seed: hash32("requests", i),
        sampling: "even",
      });
      const counts = new Float64Array(shares.length);
      for (let row = 0; row < planned; row++) {
        counts[places.get(ask(row).attributes[stem] ?? "")!]! += 1;
      }
      return counts.map((count, value) => count / planned - shares[value]!);
    });
  return (random, rows) => {
    if (off === undefined) {
      planned = Math.min(planned, rows);
      off = plans();
    }
    const one = off[Math.floor(random() * SEEDS)]!;
    const scale = Math.sqrt(planned / rows);
    return shares.map((share, i) => Math.max(0, share + scale * one[i]!));
  };
}

/**
 * How many of the first rows of an even spread (see `evenUniform`) lie below each of some points, for
 * a random key: the same distribution as over seeds, in time that depends on the points and not on the
 * rows. All full blocks fill all sixteenths alike; of the last block, which isn't full, as many
 * sixteenths as it has rows are random; and so on within each sixteenth that has a point in it.
 *
 * @param random Uniform in [0, 1).
 * @param options `points` in [0, 1], ascending.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openRandom } from "../../stats/random_stream.ts";
 * import { evenBelow } from "./request_draws.ts";
 * const points = Float64Array.of(0.25, 0.3);
 * const [first, second = 0] = evenBelow(openRandom(1), { rows: 160, points });
 * assert.ok(first === 40 && second >= 40 && second <= 50);
 * ```
 */
export function evenBelow(
  random: () => number,
  { rows, points }: { rows: number; points: Float64Array },
): Float64Array {
  const below = new Float64Array(points.length);
  /** Spreads the `inside` rows of [low, low + width), one of each `block` rows, over its sixteenths. */
  const spread = (
    cell: { inside: number; block: number; low: number; width: number; from: number; to: number },
  ): void => {
    const { inside, low, to } = cell;
    if (cell.from === to || inside === 0) return;
    if (inside === 1) {
      const u = low + cell.width * random();
      for (let i = cell.from; i < to; i++) if (u < points[i]!) below[i]! += 1;
      return;
    }
    const block = cell.block * 16;
    const width = cell.width / 16;
    const full = Math.floor(rows / block);
    let left = inside - 16 * full;
    let passed = 0;
    let from = cell.from;
    for (let digit = 0; digit < 16; digit++) {
      const extra = random() * (16 - digit) < left ? 1 : 0;
      left -= extra;
      let end = from;
      while (end < to && points[end]! < low + (digit + 1) * width) below[end++]! += passed;
      spread({ inside: full + extra, block, low: low + digit * width, width, from, to: end });
      passed += full + extra;
      from = end;
    }
    for (; from < to; from++) below[from]! += passed;
  };
  spread({ inside: rows, block: 1, low: 0, width: 1, from: 0, to: points.length });
  return below;
}
