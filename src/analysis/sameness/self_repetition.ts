import { hash32, mix32 } from "../../stats/random.ts";
import type { Corpus } from "../reading/rows.ts";
import { tableSize } from "./firsts.ts";

/** Words of a gram. */
const GRAM = 4;

/**
 * How much rows repeat each other's phrases: the mean over all rows of ln(1 + how often the row's
 * different 4-grams occur in other rows, all told). A row of fewer than four words adds 0. It grows
 * with the number of rows: compare runs of the same size only. Salkar et al. (2022),
 * "Self-repetition in abstractive neural summarizers". Grams are told apart by 64 bits of hash.
 *
 * @returns At least 0; null where no row has four words.
 */
export function selfRepetition({ size, tokens, starts }: Corpus): number | null {
  let grams = 0;
  for (let row = 0; row < size; row++) {
    grams += Math.max(0, starts[row + 1]! - starts[row]! - GRAM + 1);
  }
  if (grams === 0) return null;

  // Most grams come once and matter to nobody. One pass marks the hashes that come again; only their
  // grams are counted. A gram that comes once but shares its mark is counted in vain: no harm.
  const marks = marked(grams);
  for (let row = 0; row < size; row++) {
    const end = starts[row + 1]! - GRAM;
    for (let at = starts[row]!; at <= end; at++) marks.add(lowHash(tokens, at));
  }
  const counts = gramCounts();
  for (let row = 0; row < size; row++) {
    const end = starts[row + 1]! - GRAM;
    for (let at = starts[row]!; at <= end; at++) {
      const low = lowHash(tokens, at);
      if (marks.cameAgain(low)) counts.add(low, highHash(tokens, at));
    }
  }
  let sum = 0;
  for (let row = 0; row < size; row++) {
    const end = starts[row + 1]! - GRAM;
    let elsewhere = 0;
    for (let at = starts[row]!; at <= end; at++) {
      const low = lowHash(tokens, at);
      // All occurrences of each different gram, less those in this row: one for each place here.
      if (marks.cameAgain(low)) elsewhere += counts.once(low, highHash(tokens, at), row) - 1;
    }
    sum += Math.log1p(elsewhere);
  }
  return sum / size;
}

/** Remembers of 32-bit hashes whether they came, and whether they came again: two bits each. */
function marked(most: number): { add(hash: number): void; cameAgain(hash: number): boolean } {
  const mask = Math.min(2 ** 31, 8 * tableSize(most)) - 1;
  const pairs = new Uint32Array((mask + 1) / 16);
  return {
    add(hash) {
      const pair = hash & mask;
      const shift = (pair & 15) << 1;
      const word = pairs[pair >>> 4]!;
      pairs[pair >>> 4] = word | ((word >>> shift & 1) === 0 ? 1 : 2) << shift;
    },
    cameAgain(hash) {
      const pair = hash & mask;
      return (pairs[pair >>> 4]! >>> ((pair & 15) << 1) & 2) !== 0;
    },
  };
}

interface GramCounts {
  /** Counts a gram. */
  add(low: number, high: number): void;
  /** The gram's count where the row asks for it the first time in a row of calls, else 0. */
  once(low: number, high: number, row: number): number;
}

/** Counts of grams by 64-bit hash, in a table that grows. */
function gramCounts(): GramCounts {
  let size = 0;
  let mask = 2 ** 12 - 1;
  let lows = new Int32Array(mask + 1);
  let highs = new Int32Array(mask + 1);
  // 0: the slot is free.
  let counts = new Uint32Array(mask + 1);
  let askedBy = new Uint32Array(0);

  const slotOf = (low: number, high: number): number => {
    let slot = high & mask;
    while (counts[slot] !== 0 && (lows[slot] !== low || highs[slot] !== high)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  };
  const grow = () => {
    const old = { lows, highs, counts };
    mask = 2 * mask + 1;
    lows = new Int32Array(mask + 1);
    highs = new Int32Array(mask + 1);
    counts = new Uint32Array(mask + 1);
    for (let i = 0; i < old.counts.length; i++) {
      if (old.counts[i] === 0) continue;
      const slot = slotOf(old.lows[i]!, old.highs[i]!);
      lows[slot] = old.lows[i]!;
      highs[slot] = old.highs[i]!;
      counts[slot] = old.counts[i]!;
    }
  };
  return {
    add(low, high) {
      const slot = slotOf(low, high);
      counts[slot]! += 1;
      if (counts[slot] !== 1) return;
      lows[slot] = low;
      highs[slot] = high;
      if (++size > mask / 2) grow();
    },
    once(low, high, row) {
      if (askedBy.length !== counts.length) askedBy = new Uint32Array(counts.length);
      const slot = slotOf(low, high);
      if (askedBy[slot] === row + 1) return 0;
      askedBy[slot] = row + 1;
      return counts[slot]!;
    },
  };
}

const FACTORS = Int32Array.from({ length: 2 * GRAM }, (_, i) => hash32("4-gram", i) | 1);
const [L0 = 1, L1 = 1, L2 = 1, L3 = 1, H0 = 1, H1 = 1, H2 = 1, H3 = 1] = FACTORS;

function lowHash(tokens: Uint32Array, at: number): number {
  return mix32(
    Math.imul(tokens[at]!, L0) + Math.imul(tokens[at + 1]!, L1) +
      Math.imul(tokens[at + 2]!, L2) + Math.imul(tokens[at + 3]!, L3),
  );
}

function highHash(tokens: Uint32Array, at: number): number {
  return mix32(
    Math.imul(tokens[at]!, H0) + Math.imul(tokens[at + 1]!, H1) +
      Math.imul(tokens[at + 2]!, H2) + Math.imul(tokens[at + 3]!, H3),
  );
}
