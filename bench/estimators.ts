import { sharesByHand, sharesByPair } from "../src/analysis/shares/by_pair.ts";
import type { LabelledPair } from "../src/analysis/shares/pair_model.ts";
import { realisedShares } from "../src/analysis/shares/realised.ts";
import { type Interval, wilson } from "../src/stats/intervals.ts";
import type { BlurredRun } from "./blurred.ts";

/** What a way of estimating says: the share of each class, with its 95 % interval. */
export interface Estimate {
  shares: ArrayLike<number>;
  intervals: readonly Interval[];
}

/** A way to say what a run's texts are, of which the first rows are labelled by hand. */
export interface Estimator {
  name: string;
  /** Null where it can't be said without labels by hand, or without a judge. */
  estimate(run: BlurredRun, options: { labels: number; seed: number }): Estimate | null;
}

/** The ways that are compared, the product's own last: without a judge, and with one. */
export const ESTIMATORS: readonly Estimator[] = [
  {
    name: "labels alone",
    estimate: (run, { labels }) => labels === 0 ? null : counted(run, run.real.subarray(0, labels)),
  },
  { name: "counting", estimate: (run) => counted(run, run.judged) },
  {
    name: "PPI++",
    estimate: (run, { labels }) => labels === 0 ? null : predictionPowered(run, labels),
  },
  {
    name: "by request",
    estimate(run, { labels, seed }) {
      const counts = new Float64Array(run.values * run.classes);
      for (let row = 0; row < labels; row++) counts[cellOf(run, row, run.real)]! += 1;
      return sharesByHand(counts, { weights: requestedShares(run), seed });
    },
  },
  {
    name: "by pair",
    estimate(run, { labels, seed }) {
      const { values, classes } = run;
      const judged = new Float64Array(values * classes);
      for (const row of run.judged.keys()) judged[cellOf(run, row, run.judged)]! += 1;
      const weights = requestedShares(run);
      if (labels === 0) return realisedShares(judged, { weights });
      const labelled = Array.from({ length: labels }, (_, row): LabelledPair => ({
        requested: run.requested[row]!,
        judged: run.judged[row]!,
        real: run.real[row]!,
      }));
      return sharesByPair({ values, classes, judged, labelled }, { weights, seed });
    },
  },
];

/** The share of each class among rows, by what they are or are said to be. */
export function sharesOf(classes: number, found: Uint16Array): Float64Array {
  const shares = new Float64Array(classes);
  for (const place of found) shares[place]! += 1 / found.length;
  return shares;
}

function requestedShares(run: BlurredRun): Float64Array {
  return sharesOf(run.values, run.requested);
}

function cellOf({ requested, classes }: BlurredRun, row: number, found: Uint16Array): number {
  return requested[row]! * classes + found[row]!;
}

function counted({ classes }: BlurredRun, found: Uint16Array): Estimate {
  const shares = sharesOf(classes, found);
  const intervals = Array.from(shares, (share) => wilson(share * found.length, found.length));
  return { shares, intervals };
}

/**
 * Class by class: the mean of the labels, moved by λ times what the judge says more of the other rows
 * than of the labelled ones (Angelopoulos, Duchi & Zrnic 2023, "PPI++", arXiv 2311.01453).
 */
function predictionPowered({ classes, real, judged }: BlurredRun, labels: number): Estimate {
  const others = real.length - labels;
  const byHand = real.subarray(0, labels);
  const [own, rest] = [judged.subarray(0, labels), judged.subarray(labels)];
  const intervals: Interval[] = [];
  const shares = new Float64Array(classes);
  for (let k = 0; k < classes; k++) {
    const mean = (found: Uint16Array) => found.filter((place) => place === k).length / found.length;
    const [labelled, said, saidElse] = [mean(byHand), mean(own), mean(rest)];
    const both = byHand.filter((place, row) => place === k && own[row] === k).length / labels;
    const saidOfAll = mean(judged);
    const variance = saidOfAll * (1 - saidOfAll);
    const lambda = variance === 0
      ? 0
      : (both - labelled * said) / ((1 + labels / others) * variance);
    const share = labelled + lambda * (saidElse - said);
    // Var(Y - λ f) of the labelled rows, λ² Var(f) of the others.
    const residual = labelled * (1 - labelled) + lambda ** 2 * said * (1 - said) -
      2 * lambda * (both - labelled * said);
    const error = 1.96 * Math.sqrt(
      Math.max(0, residual) / labels + lambda ** 2 * saidElse * (1 - saidElse) / others,
    );
    shares[k] = Math.max(0, share);
    intervals.push({ low: Math.max(0, share - error), high: Math.min(1, share + error) });
  }
  const sum = shares.reduce((total, share) => total + share, 0);
  return { shares: shares.map((share) => share / sum), intervals };
}
