import { gammaDraw } from "../src/stats/gamma_draws.ts";
import { openRandom } from "../src/stats/random_stream.ts";

/** A message and what it really is. */
export interface Message {
  text: string;
  label: string;
}

/** A run of which all is known: by row what was asked for, what it is and what a judge says. */
export interface BlurredRun {
  /** Values that are asked for; they are the first of the classes. */
  values: number;
  /** The values, none and other. */
  classes: number;
  requested: Uint16Array;
  real: Uint16Array;
  judged: Uint16Array;
}

/** How a run is blurred. */
export interface BlurOptions {
  /** How many labels are drawn as the run's values. */
  values: number;
  rows: number;
  /** Share of rows that were asked for as something else, on the mean over values. */
  leak: number;
  /** Share of texts that the judge tells rightly, likewise. */
  right: number;
  seed: number;
}

/** By how much the means differ from value to value: the sums of the parameters of beta distributions. */
const LEAKS_ALIKE = 4;
const RIGHTS_ALIKE = 6;

/** Added to likeness: any label may be taken for any other. */
const ANY = 0.01;

/**
 * Draws a run from labelled messages: values with Dirichlet(1) shares, rows of them, requests that were
 * some other value now and then, and a judge that errs. Both mistake labels for those whose messages
 * use the same words, so their errors come together as they do in real runs.
 *
 * @throws {RangeError} if there are fewer labels than values.
 */
export function blurredRun(messages: readonly Message[], options: BlurOptions): BlurredRun {
  const { values, rows, leak, right, seed } = options;
  const random = openRandom("blurred run", seed, values, `${leak} ${right}`);
  const byLabel = Map.groupBy(messages, ({ label }) => label);
  if (byLabel.size < values) {
    throw new RangeError(`${byLabel.size} labels are fewer than ${values}`);
  }
  const picked = shuffled([...byLabel], random).slice(0, values);
  const alike = likenesses(picked.map(([, own]) => own.map(({ text }) => text)));
  const beta = (mean: number, strength: number) => {
    const yes = gammaDraw(random, strength * mean);
    return yes / (yes + gammaDraw(random, strength * (1 - mean)));
  };
  const leaks = picked.map(() => beta(leak, LEAKS_ALIKE));
  const rights = picked.map(() => beta(right, RIGHTS_ALIKE));
  const shares = picked.map(() => gammaDraw(random, 1));
  const run = {
    values,
    classes: values + 2,
    requested: new Uint16Array(rows),
    real: new Uint16Array(rows),
    judged: new Uint16Array(rows),
  };
  for (let row = 0; row < rows; row++) {
    const real = pick(shares, random);
    const others = alike[real]!;
    run.real[row] = real;
    run.requested[row] = random() < leaks[real]! ? pick(others, random) : real;
    run.judged[row] = random() < rights[real]! ? real : pick(others, random);
  }
  return run;
}

function pick(weights: readonly number[], random: () => number): number {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  let place = 0;
  while (place < weights.length - 1 && (left -= weights[place]!) >= 0) place++;
  return place;
}

function shuffled<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [items[i], items[other]] = [items[other]!, items[i]!];
  }
  return items;
}

/**
 * How alike groups of texts are, group by group, as weights for taking one for another: the cosine of
 * their words, rare words counting more (TF-IDF); 0 for a group and itself.
 */
function likenesses(groups: readonly string[][]): number[][] {
  const counts = groups.map((texts) => {
    const own = new Map<string, number>();
    for (const text of texts) {
      for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
        own.set(word, (own.get(word) ?? 0) + 1);
      }
    }
    return own;
  });
  const spread = new Map<string, number>();
  for (const own of counts) {
    for (const word of own.keys()) spread.set(word, (spread.get(word) ?? 0) + 1);
  }
  const vectors = counts.map((own) => {
    const vector = new Map(
      Array.from(
        own,
        ([word, count]) => [word, count * Math.log(groups.length / spread.get(word)!)] as const,
      ),
    );
    const length = Math.hypot(...vector.values()) || 1;
    return new Map(Array.from(vector, ([word, weight]) => [word, weight / length] as const));
  });
  return vectors.map((one, i) =>
    vectors.map((other, j) => {
      if (i === j) return 0;
      let cosine = 0;
      for (const [word, weight] of one) cosine += weight * (other.get(word) ?? 0);
      return cosine + ANY;
    })
  );
}
