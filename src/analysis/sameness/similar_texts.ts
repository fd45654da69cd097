import { absorb } from "../../stats/random.ts";
import { tableSize } from "./firsts.ts";
import type { Grams } from "./grams.ts";
import type { Groups } from "./groups.ts";
import { sketcher } from "./sketch.ts";

/** Texts at least so similar are linked: Jaccard similarity of their sets of character 5-grams. */
export const SIMILAR = 0.7;

/**
 * How candidates are found: texts are compared where their sketches agree in all `width` places of
 * one of the `bands`. At a similarity of .7 a pair is found with a probability of about
 * 1 - (1 - .7^width)^bands, above that sooner.
 */
export interface Banding {
  bands: number;
  width: number;
}

/**
 * The places of a sketch that make a band. Two bands share each place, since a sketch costs more than
 * bands do: half of the bands are the lines of a grid, the others its columns, so that no two have
 * more than one place in common.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { placesOf } from "./similar_texts.ts";
 * assert.deepEqual(placesOf(1, { bands: 6, width: 3 }), [3, 4, 5]);
 * assert.deepEqual(placesOf(4, { bands: 6, width: 3 }), [1, 4, 7]);
 * ```
 */
export function placesOf(band: number, { bands, width }: Banding): number[] {
  const lines = Math.ceil(bands / 2);
  return Array.from(
    { length: width },
    (_, i) => band < lines ? band * width + i : i * lines + band - lines,
  );
}

/**
 * The banding for so many different texts: up to 2,000 each is compared with each. Beyond that pairs
 * at a similarity of .7 are found with probability .9997 and, from 400,000 texts on, .997, to save
 * memory. Bands are as wide as it takes to tell texts apart that share much by chance.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bandingFor } from "./similar_texts.ts";
 * assert.deepEqual(bandingFor(2_000), { bands: 1, width: 0 });
 * assert.deepEqual(bandingFor(100_000), { bands: 64, width: 6 });
 * ```
 */
export function bandingFor(texts: number): Banding {
  if (texts <= 2_000) return { bands: 1, width: 0 };
  return { bands: texts <= 400_000 ? 64 : 48, width: 6 };
}

/** Places of a sketch of which a bit each is kept for all texts, to tell at once who is too different. */
const BITS = 128;
/** Bits that must agree: of pairs at a similarity of .7 fewer do once in 100,000. */
const BITS_AGREED = 90;
/** Comparisons of all texts, which the limits of each are made of: they bound the time. */
const COMPARISONS = 4_000_000;
/** The least of those limits. */
const MOST = 32;

/**
 * Joins the groups of texts whose similarity is at least .7, found by locality-sensitive hashing and
 * verified one by one: no two texts are linked that are less similar.
 *
 * The cost is linear in texts, whatever they are. In each band a text is compared with at most the 32
 * that came last in its bucket (more in small runs: 4,000,000 ÷ texts), and with no more at all after
 * as many that weren't similar. A bucket with more texts is divided further by bits of their
 * sketches. Thus pairs are found as {@linkcode bandingFor} says where texts have little in common by
 * chance. Where thousands are just below .7, as under a template that makes up most of each text,
 * some of the pairs just above it are missed.
 *
 * @param options Not given: by the number of texts. `most`: the limits that are 32 above.
 */
export function linkSimilarTexts(
  grams: Grams,
  groups: Groups,
  options: { banding?: Banding; most?: number } = {},
): void {
  const { counts } = grams;
  const { banding = bandingFor(counts.length) } = options;
  const { bands, width } = banding;
  const members = Uint32Array.from(
    (function* () {
      for (let text = 0; text < counts.length; text++) if (counts[text]! > 0) yield text;
    })(),
  );
  const size = members.length;
  const { most = Math.max(MOST, Math.floor(COMPARISONS / Math.max(1, size))) } = options;

  // By band, then member: the hash of the band's places.
  const keys = new Uint32Array(bands * size);
  const bits = new Int32Array(size * BITS / 32);
  const places = Array.from({ length: bands }, (_, band) => placesOf(band, banding));
  const sketch = new Int32Array(Math.max(BITS, Math.ceil(bands / 2) * width));
  const sketchInto = sketcher(sketch.length);
  const hashes = new Int32Array(Math.max(1, grams.most));
  for (let i = 0; i < size; i++) {
    sketchInto(hashes, grams.hashes(members[i]!, hashes), sketch);
    for (let band = 0; band < bands; band++) {
      let key = band;
      for (const place of places[band]!) key = absorb(key, sketch[place]!);
      keys[band * size + i] = key;
    }
    for (let place = 0; place < BITS; place++) {
      const bit = Math.imul(sketch[place]!, 0x9e3779b1) >>> 31;
      bits[(i * BITS + place) >>> 5]! |= bit << (place & 31);
    }
  }

  const mask = tableSize(1.04 * size) - 1;
  // By bucket: its key and how many members have it, side by side, and the last one in it, plus 1.
  const keysAndCrowds = new Uint32Array(2 * (mask + 1));
  const last = new Uint32Array(mask + 1);
  // By member: its bucket, the one before it there, plus 1, and comparisons with others in vain.
  const buckets = new Uint32Array(size);
  const before = new Uint32Array(size);
  const failures = new Uint32Array(size);
  for (let band = 0; band < bands; band++) {
    keysAndCrowds.fill(0);
    last.fill(0);
    for (let i = 0; i < size; i++) {
      const bucket = bucketOf(keys[band * size + i]!);
      buckets[i] = bucket;
      keysAndCrowds[2 * bucket + 1]! += 1;
    }
    for (let i = 0; i < size; i++) {
      let bucket = buckets[i]!;
      const crowd = keysAndCrowds[2 * bucket + 1]!;
      // Most are alone.
      if (crowd === 1) continue;
      if (crowd > most) {
        bucket = bucketOf(absorb(keys[band * size + i]!, divisionOf(i, band, crowd / most)) >>> 0);
        keysAndCrowds[2 * bucket + 1] ||= 1;
      }
      lookInto(bucket, i);
      before[i] = last[bucket]!;
      last[bucket] = i + 1;
    }
  }

  /** The bucket with a key, or the free one that it will have. */
  function bucketOf(key: number): number {
    let bucket = key & mask;
    while (keysAndCrowds[2 * bucket + 1] !== 0 && keysAndCrowds[2 * bucket] !== key) {
      bucket = (bucket + 1) & mask;
    }
    keysAndCrowds[2 * bucket] = key;
    return bucket;
  }

  /** Links a member to those that a bucket holds. */
  function lookInto(bucket: number, i: number): void {
    const text = members[i]!;
    let own = groups.of(text);
    let other = last[bucket]!;
    for (let looks = 0; other !== 0 && looks < most; looks++, other = before[other - 1]!) {
      if (failures[i]! >= most) return;
      const candidate = members[other - 1]!;
      if (groups.of(candidate) === own || !maybeSimilar(i, other - 1)) continue;
      if (grams.similar(text, candidate, SIMILAR)) {
        groups.join(text, candidate);
        own = groups.of(text);
      } else {
        failures[i]! += 1;
      }
    }
  }

  /** Bits of a member's sketch next to those of the band, enough to divide a bucket into `parts`. */
  function divisionOf(i: number, band: number, parts: number): number {
    // Of texts with little in common a bit more agrees with a chance of two in three.
    const count = Math.min(30, Math.ceil(Math.log(parts) / Math.log(1.5)));
    const from = (band + 1) * width;
    let division = 0;
    for (let bit = from; bit < from + count; bit++) {
      const place = bit % BITS;
      division = division << 1 | (bits[(i * BITS + place) >>> 5]! >>> (place & 31) & 1);
    }
    return division;
  }

  function maybeSimilar(a: number, b: number): boolean {
    const [one, other] = [counts[members[a]!]!, counts[members[b]!]!];
    if (Math.min(one, other) < SIMILAR * Math.max(one, other)) return false;
    let agreed = BITS;
    for (let word = 0; word < BITS / 32; word++) {
      agreed -= ones(bits[a * BITS / 32 + word]! ^ bits[b * BITS / 32 + word]!);
    }
    return agreed >= BITS_AGREED;
  }
}

/** How many bits of a 32-bit number are 1. */
function ones(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
