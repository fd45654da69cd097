import { quantileSorted } from "../../stats/quantile.ts";
import type { DriftPart } from "../findings.ts";
import type { Corpus } from "../reading/rows.ts";
import type { DistinctTexts } from "./distinct_texts.ts";
import { rarefiedDistinct } from "./rarefied.ts";
import type { Stars } from "./stars.ts";

/** Parts of a run, and rows that each has at least. */
const PARTS = { most: 10, rows: 50 };
/** Words of a sample: as many as the part with the fewest has, within these. */
const WORDS = { least: 200, most: 10_000 };
/** Samples of each part: fewer than for a whole run, since there are ten parts. */
const SAMPLES = 5;

/**
 * How a run changes on its way: its rows in the order in which they came, in ten equal parts, or in
 * fewer of at least 50 rows; none where there would be one. A row repeats an earlier one where a row
 * of its star came before in the same part: of a source that never changes more and more rows repeat
 * any that came before, but parts of one size have equally many repeats inside. `distinct2` is taken
 * at one size in all parts: the words of the part with the fewest, at most 10,000; null in all where
 * that is below 200.
 */
export function driftParts(
  corpus: Corpus,
  texts: DistinctTexts,
  stars: Stars,
  { random }: { random: () => number },
): DriftPart[] {
  const { size, starts, words } = corpus;
  const parts = Math.min(PARTS.most, Math.floor(size / PARTS.rows));
  if (parts < 2) return [];
  const bounds = Array.from({ length: parts }, (_, part) => ({
    from: Math.floor(part * size / parts),
    to: Math.floor((part + 1) * size / parts),
  }));
  const fewest = Math.min(...bounds.map(({ from, to }) => starts[to]! - starts[from]!));
  const per = Math.min(WORDS.most, fewest);
  return bounds.map(({ from, to }) => {
    const seen = new Set<number>();
    for (let row = from; row < to; row++) seen.add(stars.of(texts.textOf[row]!));
    const distinct2 = per < WORDS.least
      ? null
      : rarefiedDistinct(corpus, { per, random, from, to, samples: SAMPLES })[1];
    return {
      from,
      to,
      repeats: 1 - seen.size / (to - from),
      distinct2,
      medianWords: quantileSorted(words.slice(from, to).sort(), 0.5),
    };
  });
}
