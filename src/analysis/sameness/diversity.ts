import { openRandom } from "../../stats/random_stream.ts";
import type { DiversityFindings } from "../findings.ts";
import type { Corpus } from "../reading/rows.ts";
import { clusterFindings } from "./clusters.ts";
import { compressionFindings } from "./compression.ts";
import { distinctTexts } from "./distinct_texts.ts";
import { driftParts } from "./drift.ts";
import { entropyFindings } from "./entropy.ts";
import { gramsOf } from "./grams.ts";
import { groupsOf } from "./groups.ts";
import { rarefiedDistinct } from "./rarefied.ts";
import { selfRepetition } from "./self_repetition.ts";
import { linkSimilarTexts, SIMILAR } from "./similar_texts.ts";
import { smallEdits } from "./small_edits.ts";
import { starsOf } from "./stars.ts";

/** Words of the samples for distinct-n: the first number that a run has words for. */
const SAMPLE_WORDS = [10_000, 1_000];

/**
 * How alike the texts of a corpus are: copies, near copies, how many different words, phrases and
 * openings there are, and whether that changes along the run. The cost is linear in rows.
 *
 * `distinct` is taken in samples of 10,000 words, or of 1,000 where there are fewer than 10,000;
 * where there are fewer than 1,000 it is null.
 *
 * @param options `seed` of all samples; 1 if not given. The same corpus and seed give the same.
 */
export function diversityFindings(
  corpus: Corpus,
  options: { seed?: number } = {},
): DiversityFindings {
  const { seed = 1 } = options;
  const texts = distinctTexts(corpus.texts);
  const groups = groupsOf(texts.size);
  const grams = gramsOf(texts);
  const edits = smallEdits(corpus, texts);
  linkSimilarTexts(grams, groups);
  edits.link(groups);
  const stars = starsOf(groups, {
    size: texts.size,
    areNear: (a, b) => edits.areNear(a, b) || grams.similar(a, b, SIMILAR),
  });

  const random = (what: string) => openRandom(seed, "diversity", what);
  const words = corpus.starts[corpus.size] ?? 0;
  const per = SAMPLE_WORDS.find((size) => size <= words) ?? Math.min(...SAMPLE_WORDS);
  const [one, two, three] = rarefiedDistinct(corpus, { per, random: random("distinct") });
  const entropy = entropyFindings(corpus, { random: random("entropy") });
  return {
    exactDuplicates: corpus.size - texts.size,
    nearDuplicates: clusterFindings(corpus, texts, stars),
    distinct: { 1: one, 2: two, 3: three, per },
    effectiveOpenings: entropy.openings === null ? null : 2 ** entropy.openings,
    entropy,
    ...compressionFindings(corpus.texts, { random: random("compression") }),
    selfRepetition: selfRepetition(corpus),
    drift: driftParts(corpus, texts, stars, { random: random("drift") }),
  };
}
