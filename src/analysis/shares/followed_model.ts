import { normalDraw } from "../../stats/gamma_draws.ts";

/** What was said of one instruction, of rows that were asked for it or of others. */
export interface AnswerCounts {
  /** Which instruction: the two groups of one share the judge's errors. */
  instruction: number;
  /** Whether the rows were asked for it. */
  isOwn: boolean;
  /** Rows that the judge alone answered for, by its answer; needn't be whole. */
  judged: { yes: number; no: number };
  /** Rows that a person answered for as well, by what is so and what the judge says. */
  pairs: { yesYes: number; yesNo: number; noYes: number; noNo: number };
  /** Rows that a person alone answered for. */
  real: { yes: number; no: number };
}

/** Draws that a share is made of, the steps between two of them, and those thrown away before. */
const DRAWS = 400;
const STEPS = 8;
const WARM_UP = 800;

/** Means and standard deviations of the normal priors of the log odds around which values lie. */
const PRIOR = {
  own: { mean: 1, sd: 1.5 },
  unasked: { mean: -1.5, sd: 1.5 },
  /** That the judge says yes where it is so, and no where it isn't. */
  sensitivity: { mean: 1.7, sd: 1 },
  specificity: { mean: 1.7, sd: 1 },
};
const KINDS = ["own", "unasked", "sensitivity", "specificity"] as const;
type Kind = typeof KINDS[number];

/** How far instructions differ, as the standard deviation of a half-normal prior, in log odds. */
const SPREAD = 1.5;

/**
 * Draws of the share of rows that do what an instruction asks, group after group: a judge's answers
 * are right with a chance that is the same whether the row was asked for it, and that instructions
 * differ in as the answers tell. Shares, and those chances, are normal in log odds around a mean for
 * all instructions, so that few answers lean on those of others.
 *
 * The chain is of the kind of Metropolis, Rosenbluth, Rosenbluth, Teller and Teller (1953), one
 * parameter at a time.
 *
 * @param options `random`: uniform numbers in [0, 1).
 * @returns For each group so many draws.
 */
export function drawFollowed(
  groups: readonly AnswerCounts[],
  { random }: { random: () => number },
): Float64Array[] {
  const instructions = Math.max(0, ...groups.map(({ instruction }) => instruction + 1));
  const mean = Float64Array.from(KINDS, (kind) => PRIOR[kind].mean);
  const logSpread = new Float64Array(KINDS.length).fill(Math.log(SPREAD / 2));
  // In standard deviations from the mean.
  const off = new Float64Array(groups.length);
  const errors = {
    sensitivity: new Float64Array(instructions),
    specificity: new Float64Array(instructions),
  };
  const chance = (kind: Kind, z: number) => {
    const k = KINDS.indexOf(kind);
    return 1 / (1 + Math.exp(-(mean[k]! + Math.exp(logSpread[k]!) * z)));
  };
  const shareOf = (g: number) => chance(groups[g]!.isOwn ? "own" : "unasked", off[g]!);
  const likelihood = (g: number) => {
    const group = groups[g]!;
    return logChance(group, {
      share: shareOf(g),
      sensitivity: chance("sensitivity", errors.sensitivity[group.instruction]!),
      specificity: chance("specificity", errors.specificity[group.instruction]!),
    });
  };
  const known = groups.map((_, g) => likelihood(g));
  const all = groups.map((_, g) => g);
  const ofKind = (kind: Kind) =>
    kind === "own" || kind === "unasked"
      ? all.filter((g) => groups[g]!.isOwn === (kind === "own"))
      : all;
  const ofInstruction = Array.from(
    { length: instructions },
    (_, i) => all.filter((g) => groups[g]!.instruction === i),
  );

  /** Proposes another value for a parameter, and keeps it as often as the posterior asks for. */
  function move(parameter: Float64Array, place: number, options: MoveOptions): void {
    const { among, prior, step } = options;
    const old = parameter[place]!;
    parameter[place] = old + step * normalDraw(random);
    const then = among.map(likelihood);
    let gain = prior(parameter[place]!) - prior(old);
    for (const [n, g] of among.entries()) gain += then[n]! - known[g]!;
    if (Math.log(1 - random()) < gain) {
      for (const [n, g] of among.entries()) known[g] = then[n]!;
    } else parameter[place] = old;
  }

  function next(): void {
    for (const [k, kind] of KINDS.entries()) {
      const among = ofKind(kind);
      const { mean: middle, sd } = PRIOR[kind];
      move(mean, k, { among, prior: (x) => -(((x - middle) / sd) ** 2) / 2, step: sd / 3 });
      move(logSpread, k, {
        among,
        prior: (log) => log - (Math.exp(log) / SPREAD) ** 2 / 2,
        step: 0.6,
      });
    }
    const prior = (z: number) => -z * z / 2;
    for (const g of all) move(off, g, { among: [g], prior, step: 1 });
    for (const [i, among] of ofInstruction.entries()) {
      for (const error of Object.values(errors)) move(error, i, { among, prior, step: 1 });
    }
  }

  const draws = groups.map(() => new Float64Array(DRAWS));
  for (let step = 0; step < WARM_UP; step++) next();
  for (let draw = 0; draw < DRAWS; draw++) {
    for (let step = 0; step < STEPS; step++) next();
    for (const g of all) draws[g]![draw] = shareOf(g);
  }
  return draws;
}

/** How a parameter is moved. */
interface MoveOptions {
  /** Groups whose answers it bears on. */
  among: readonly number[];
  /** The logarithm of its prior, but for a constant. */
  prior: (value: number) => number;
  /** The standard deviation of what is proposed. */
  step: number;
}

/** The logarithm of the chance of a group's answers. */
function logChance(
  { judged, pairs, real }: AnswerCounts,
  chances: { share: number; sensitivity: number; specificity: number },
): number {
  const { share, sensitivity, specificity } = chances;
  const saidYes = share * sensitivity + (1 - share) * (1 - specificity);
  return times(judged.yes, saidYes) + times(judged.no, 1 - saidYes) +
    times(pairs.yesYes, share * sensitivity) + times(pairs.yesNo, share * (1 - sensitivity)) +
    times(pairs.noYes, (1 - share) * (1 - specificity)) +
    times(pairs.noNo, (1 - share) * specificity) +
    times(real.yes, share) + times(real.no, 1 - share);
}

function times(count: number, chance: number): number {
  return count === 0 ? 0 : count * Math.log(chance);
}
