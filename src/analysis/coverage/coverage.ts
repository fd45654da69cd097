import type { Config } from "../../config/types.ts";
import { marginals } from "../../plan/marginals.ts";
import { lengths } from "../../plan/length.ts";
import type { CoverageFindings } from "../findings.ts";
import { pairCoverage } from "./pair_coverage.ts";
import type { Corpus, OutcomeTally, Reading } from "../reading/rows.ts";

/** Ok rows that a value should have for anything to be said about it. */
const WANTED_ROWS = 10;

/**
 * What of the wanted distribution's tails the ok rows reach.
 *
 * - Pairs of values of two attributes that the scores make possible (`when` makes some impossible),
 *   seen and never seen among the ok rows: see `pairCoverage`, which also says how many rows would show
 *   95 % of them. Without a config the values that were asked for make all pairs, each as wanted as its
 *   two values were asked for.
 * - Rows at and beyond the length that 5 % and 1 % of rows are wanted to have: how many of as many ok
 *   rows would, how many were asked to, how many have; nothing without a length target.
 * - The wanted values with the fewest ok rows.
 * - `needed.values`: as many rows in all as let 10 ok rows be expected of every wanted value: the
 *   largest of 10 / (its share of what is drawn · its survival), the survival drawn towards that of all
 *   by two rows. Null where a wanted value is never drawn, or no row came out ok.
 *
 * @param options `config`: where targets come from; null: there are none.
 * @throws {UserError} if the config leaves nothing to draw.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { corpusOf } from "../reading/corpus.ts";
 * import { coverageFindings } from "./coverage.ts";
 * const item = { score: 1, factor: 1, prompt: null, when: null };
 * const config = {
 *   attributes: {
 *     tone: [{ ...item, value: "Calm" }, { ...item, value: "Angry" }],
 *     topic: [{ ...item, value: "Loan" }, { ...item, value: "Card" }],
 *   },
 *   length: null,
 * };
 * const rows = [{ text: "A loan", attributes: { tone: "Calm", topic: "Loan" } }];
 * const coverage = coverageFindings(corpusOf(rows, { config }), { config });
 * assert.deepEqual(coverage.pairs, { possible: 4, seen: 1 });
 * assert.equal(coverage.needed.values, 20);
 * ```
 */
export function coverageFindings(
  reading: Reading,
  { config }: { config: Pick<Config, "attributes" | "length"> | null },
): CoverageFindings {
  const { corpus, tallies } = reading;
  const pairs = pairCoverage(reading, { config });
  const wanted = wantedValues(tallies, config);
  const smallest = wanted.filter(({ target }) => target > 0)
    .map(({ attribute, value, target, ok }) => ({
      attribute,
      value,
      rows: ok,
      expected: target * corpus.size,
    }))
    .sort((a, b) => a.rows - b.rows || b.expected - a.expected)
    .slice(0, 10);
  return {
    pairs: pairs.pairs,
    byAttributes: pairs.byAttributes,
    lengthTail: config?.length ? lengthTail(corpus, config.length) : [],
    smallest,
    needed: { values: neededForValues(wanted), pairs: pairs.needed },
  };
}

/** One value of one attribute, with what is wanted of it and what became of it. */
interface WantedValue {
  attribute: string;
  value: string;
  /** Wanted share of rows, and the share that is drawn for. */
  target: number;
  drawn: number;
  /** Rows asked with it that are neither pending nor failed; the ok ones of them. */
  asked: number;
  ok: number;
}

function wantedValues(
  tallies: readonly OutcomeTally[],
  config: Pick<Config, "attributes"> | null,
): WantedValue[] {
  const targets = config && marginals(config, { weights: "target" });
  const draws = config && marginals(config, { weights: "draw" });
  return tallies.flatMap(({ stem, values, planned, rows }) => {
    const all = planned.reduce((sum, n) => sum + n, 0);
    const target = new Map(targets?.[stem]?.map(({ value, share }) => [value, share]));
    const drawn = new Map(draws?.[stem]?.map(({ value, share }) => [value, share]));
    return values.map((value, i) => {
      const requested = all === 0 ? 0 : planned[i]! / all;
      return {
        attribute: stem,
        value,
        target: targets?.[stem] ? target.get(value) ?? 0 : requested,
        drawn: draws?.[stem] ? drawn.get(value) ?? 0 : requested,
        asked: planned[i]! - rows.pending[i]! - rows.failed[i]!,
        ok: rows.ok[i]!,
      };
    });
  });
}

function neededForValues(wanted: readonly WantedValue[]): number | null {
  let needed = 0;
  for (const attribute of new Set(wanted.map((each) => each.attribute))) {
    const values = wanted.filter((each) => each.attribute === attribute);
    const asked = values.reduce((sum, each) => sum + each.asked, 0);
    const ok = values.reduce((sum, each) => sum + each.ok, 0);
    const all = asked > 0 ? ok / asked : 1;
    for (const { target, drawn, ...rows } of values) {
      if (target === 0) continue;
      const survival = (rows.ok + 2 * all) / (rows.asked + 2);
      needed = Math.max(needed, WANTED_ROWS / (drawn * survival));
    }
  }
  // Without values nothing says how many rows they need.
  return needed > 0 && needed < Infinity ? Math.ceil(needed - 1e-9) : null;
}

function lengthTail(
  { size, requestedWords, words }: Corpus,
  length: NonNullable<Config["length"]>,
): CoverageFindings["lengthTail"] {
  const target = lengths(length, "target");
  return [0.95, 0.99].map((p) => {
    const least = target.quantile(p);
    const reaching = (of: Uint32Array) => of.reduce((n, each) => each >= least ? n + 1 : n, 0);
    return {
      p,
      words: least,
      expected: size * (1 - target.cdf(least - 1)),
      asked: reaching(requestedWords),
      got: reaching(words),
    };
  });
}
