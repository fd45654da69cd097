import { gammaDraw, normalDraw } from "../../stats/gamma_draws.ts";
import { smoothedShares } from "./realised.ts";

/** What a judge and a person said of texts that were asked for as one of some values. */
export interface PairCounts {
  /** Requested values; they are the first of the classes. */
  values: number;
  /** What a text can be: the values, then those that none of them is. */
  classes: number;
  /** Judged rows by requested value and judged class, value after value; needn't be whole. */
  judged: Float64Array;
  /** Rows that a person labelled: a random part of them. */
  labelled: readonly LabelledPair[];
}

/** A row that was labelled: places of a value and of two classes. */
export interface LabelledPair {
  requested: number;
  /** Null: it wasn't judged. */
  judged: number | null;
  /** What it really is, by a person. */
  real: number;
  /** As how many labels it counts, 1 if not given; needn't be whole. */
  weight?: number;
}

/** Draws from what is known of P(real | requested, judged). */
export interface PairModel {
  /** Goes on to the next draw. */
  next(): void;
  /**
   * The chances of the classes in one cell by the draw at hand; the array holds them until the next
   * call.
   *
   * @param options `isRare`: what is expected of the cell is enough, its own chances aren't drawn.
   */
  cell(requested: number, judged: number, options: { isRare: boolean }): Float64Array;
}

/** A cell that has labels, or may have some. */
interface Cell {
  requested: number;
  judged: number;
  /** Labels by class, by their weights. */
  counts: Float64Array;
  /** Classes that have labels at the moment. */
  found: number[];
  rows: number;
}

/** A label of a row that wasn't judged, and the cell that it counts in at the moment. */
interface Unjudged {
  requested: number;
  real: number;
  weight: number;
  cell: Cell | null;
}

/** Standard deviations, a half-normal prior: one doubling to threefold of the odds by value. */
const SPREAD = 1;

/** By how many rows a cell is drawn towards what its value and class lead to expect. */
const STRENGTHS = [1, 2, 4, 8, 16, 32, 64, 200, 1000];

/** Means and standard deviations of the normal priors of the log odds that all cells share. */
const PRIOR = {
  /** Against "as requested", where judge and request differ: it is what the judge says. */
  turned: { mean: 0.5, sd: 1.5 },
  /** Likewise: it is a third. */
  third: { mean: -1.5, sd: 1.5 },
  /** Against "as requested", where judge and request agree: it is something else. */
  missed: { mean: -2.5, sd: 1.5 },
  /** How much of a class's popularity among the differing judgements is real. */
  trust: { mean: 0.5, sd: 0.4 },
};

const SHARED = ["turned", "third", "missed", "trust"] as const;
const [TURNED, THIRD, MISSED, TRUST] = [0, 1, 2, 3] as const;

/** Rows that are added to the judgements of each class, so that none is out of the question. */
const ADDED = 10;

/**
 * Opens a chain of draws from the posterior of P(real | requested, judged) given the labels.
 *
 * In a cell (r, j) the text is as requested with the weight 1. Where the judge differs it is j with
 * the weight exp(turned + leak_r + doubt_r + pull_j), and each third class k with
 * exp(third + leak_r + doubt_r + pull_k) / (classes - 2). Where the judge agrees it is k with
 * exp(missed + leak_r + pull_k) / (classes - 1). A cell's own chances are Dirichlet distributed around
 * these, with a strength that the labels tell.
 *
 * `leak`, `doubt` and `pull` are normal with standard deviations that the labels tell: a value that
 * leaks more than others does so in all of its cells, a class that leaks go to draws from all values.
 * So little is taken for granted where little is known. Where values differ in leaks and in the judge's
 * errors, intervals of 10 values hold; those of 28 are too narrow (bench/labels.ts).
 *
 * A label of a row that wasn't judged counts in a cell that is drawn anew at each step, by how likely
 * each judgement is for what the row was asked for and is.
 *
 * The chain is of the kind of Metropolis, Rosenbluth, Rosenbluth, Teller and Teller (1953), one
 * parameter at a time.
 *
 * @param options `random`: uniform numbers in [0, 1).
 */
export function openPairModel(
  pairs: PairCounts,
  { random }: { random: () => number },
): PairModel {
  const { cells, unjudged } = cellsOf(pairs);
  const judgements = smoothedShares(pairs.judged, pairs);
  const odds = openOdds(pairs);
  let strength = STRENGTHS[STRENGTHS.length >> 1]!;
  const likelihood = (cell: Cell) => logChance(cell, { odds, strength });
  const known: number[] = [];
  // Places of the cells that have labels at the moment, in all and by what was requested.
  let all: number[] = [];
  let byRequest: number[][] = [];
  function listCells(): void {
    all = [];
    byRequest = Array.from({ length: pairs.values }, () => []);
    for (const [i, cell] of cells.entries()) {
      if (cell.rows < NO_LABEL) continue;
      all.push(i);
      byRequest[cell.requested]!.push(i);
      cell.found.length = 0;
      for (const [k, labels] of cell.counts.entries()) if (labels >= NO_LABEL) cell.found.push(k);
      known[i] = likelihood(cell);
    }
  }
  listCells();

  /** Proposes another value for a parameter, and keeps it as often as the posterior asks for. */
  function move(parameter: Float64Array, place: number, options: MoveOptions): void {
    const { among, prior, step } = options;
    const old = parameter[place]!;
    parameter[place] = old + step * normalDraw(random);
    odds.changed(parameter, place);
    let gain = prior(parameter[place]!) - prior(old);
    const then = among.map((i) => likelihood(cells[i]!));
    for (const [n, i] of among.entries()) gain += then[n]! - known[i]!;
    if (Math.log(1 - random()) < gain) {
      for (const [n, i] of among.entries()) known[i] = then[n]!;
    } else {
      parameter[place] = old;
      odds.changed(parameter, place);
    }
  }

  function moveShared(): void {
    for (const [place, name] of SHARED.entries()) {
      const { mean, sd } = PRIOR[name];
      const prior = (value: number) => -(((value - mean) / sd) ** 2) / 2;
      move(odds.shared, place, { among: all, prior, step: sd / 3 });
    }
    // A half-normal prior on the standard deviation, whose logarithm is moved.
    const prior = (log: number) => log - (Math.exp(log) / SPREAD) ** 2 / 2;
    for (const place of odds.logSpreads.keys()) {
      move(odds.logSpreads, place, { among: all, prior, step: 0.6 });
    }
  }

  function moveEffects(): void {
    const prior = (value: number) => -value * value / 2;
    for (const [r, among] of byRequest.entries()) {
      for (const effect of [odds.leak, odds.doubt]) {
        if (among.length === 0) effect[r] = normalDraw(random);
        else move(effect, r, { among, prior, step: 1 });
      }
    }
    for (const k of odds.pull.keys()) move(odds.pull, k, { among: all, prior, step: 1 });
  }

  /** Drawn from its posterior among a few strengths. */
  function drawStrength(): void {
    const logs = Float64Array.from(STRENGTHS, (strength) => {
      let log = 0;
      for (const i of all) log += logChance(cells[i]!, { odds, strength });
      return log;
    });
    const most = Math.max(...logs);
    const chances = logs.map((log) => Math.exp(log - most));
    let left = random() * chances.reduce((sum, chance) => sum + chance, 0);
    let i = 0;
    while (i < chances.length - 1 && (left -= chances[i]!) >= 0) i++;
    strength = STRENGTHS[i]!;
  }

  /** Draws how each row without a judgement would have been judged. */
  function judgeUnjudged(): void {
    for (const label of unjudged) {
      const { requested, real, weight } = label;
      if (label.cell !== null) count(label.cell, { real, weight: -weight });
      let sum = 0;
      const chances = Array.from({ length: pairs.classes }, (_, judged) => {
        const cell = cellOf(requested, judged)!;
        const weights = odds.of(cell);
        const share = (strength * weights.of(real) / weights.sum + cell.counts[real]!) /
          (strength + cell.rows);
        return sum += judgements[requested * pairs.classes + judged]! * share;
      });
      const at = random() * sum;
      label.cell = cellOf(requested, chances.findIndex((upTo) => at < upTo))!;
      count(label.cell, { real, weight });
    }
  }

  const byPlace = new Map(cells.map((cell) => [placeOf(cell, pairs), cell]));
  const cellOf = (requested: number, judged: number) =>
    byPlace.get(placeOf({ requested, judged }, pairs));
  const chances = new Float64Array(pairs.classes);
  return {
    next() {
      judgeUnjudged();
      listCells();
      moveShared();
      moveEffects();
      drawStrength();
    },
    cell(requested, judged, { isRare }) {
      const cell = { requested, judged };
      const weights = odds.of(cell);
      const counts = cellOf(requested, judged)?.counts;
      let drawn = 0;
      for (let k = 0; k < chances.length; k++) {
        const shape = strength * weights.of(k) / weights.sum + (counts?.[k] ?? 0);
        drawn += chances[k] = isRare ? shape : gammaDraw(random, shape);
      }
      for (let k = 0; k < chances.length; k++) chances[k]! /= drawn;
      return chances;
    },
  };
}

/** How a parameter is moved. */
interface MoveOptions {
  /** Places of the cells whose labels it bears on. */
  among: readonly number[];
  /** The logarithm of its prior, but for a constant. */
  prior: (value: number) => number;
  /** The standard deviation of what is proposed. */
  step: number;
}

function placeOf(
  { requested, judged }: Pick<Cell, "requested" | "judged">,
  { classes }: PairCounts,
): number {
  return requested * classes + judged;
}

function count(cell: Cell, { real, weight }: { real: number; weight: number }): void {
  cell.counts[real] = Math.max(0, cell.counts[real]! + weight);
  cell.rows = Math.max(0, cell.rows + weight);
}

function cellsOf(pairs: PairCounts): { cells: Cell[]; unjudged: Unjudged[] } {
  const cells = new Map<number, Cell>();
  const unjudged: Unjudged[] = [];
  const cellAt = (requested: number, judged: number): Cell => {
    const place = placeOf({ requested, judged }, pairs);
    const known = cells.get(place);
    if (known !== undefined) return known;
    const cell = { requested, judged, counts: new Float64Array(pairs.classes), found: [], rows: 0 };
    cells.set(place, cell);
    return cell;
  };
  for (const { requested, judged, real, weight = 1 } of pairs.labelled) {
    if (judged !== null) {
      count(cellAt(requested, judged), { real, weight });
      continue;
    }
    unjudged.push({ requested, real, weight, cell: null });
    for (let each = 0; each < pairs.classes; each++) cellAt(requested, each);
  }
  return { cells: [...cells.values()], unjudged };
}

/**
 * The logarithm of the chance of a cell's labels, in their order, where its own chances p are Dirichlet
 * distributed: Γ(s) / Γ(s + n) · Π_k Γ(s p_k + c_k) / Γ(s p_k), written out since counts are small.
 */
function logChance(
  cell: Cell,
  { odds, strength }: { odds: Odds; strength: number },
): number {
  const weights = odds.of(cell);
  let log = -logRising(strength, cell.rows);
  for (const k of cell.found) {
    log += logRising(strength * weights.of(k) / weights.sum, cell.counts[k]!);
  }
  return log;
}

/** What is left of labels that were taken away again. */
const NO_LABEL = 1e-9;

/** ln Γ(x + n) / Γ(x); where n isn't whole, its fraction of the next factor. */
function logRising(x: number, n: number): number {
  let log = 0;
  let i = 0;
  for (; i + 1 <= n; i++) log += Math.log(x + i);
  return n > i ? log + (n - i) * Math.log(x + i) : log;
}

/** The parameters, and the weights of the classes that they lead to. */
interface Odds {
  /** In the order of {@linkcode SHARED}. */
  shared: Float64Array;
  /** Logarithms of the standard deviations of the three below. */
  logSpreads: Float64Array;
  /** By requested value, in standard deviations: it turns into others more than most do. */
  leak: Float64Array;
  /** Likewise: where the judge differs it is right more than for most. */
  doubt: Float64Array;
  /** By class, likewise: more turn into it. */
  pull: Float64Array;
  /** Has to be told of each change. */
  changed(parameter: Float64Array, place: number): void;
  /** The weights of the classes in a cell, "as requested" being 1, and their sum. */
  of(cell: Pick<Cell, "requested" | "judged">): { of(k: number): number; sum: number };
}

function openOdds(pairs: PairCounts): Odds {
  const { values, classes } = pairs;
  const popularity = popularityOf(pairs);
  const shared = Float64Array.from(SHARED, (name) => PRIOR[name].mean);
  const logSpreads = new Float64Array(3).fill(Math.log(SPREAD / 2));
  const leak = new Float64Array(values);
  const doubt = new Float64Array(values);
  const pull = new Float64Array(classes);
  // How strongly each class draws, and all of them: most of a cell's sum.
  const pulls = new Float64Array(classes);
  let total = 0;

  function pulled(k: number): void {
    const strong = Math.exp(shared[TRUST]! * popularity[k]! + Math.exp(logSpreads[2]!) * pull[k]!);
    total += strong - pulls[k]!;
    pulls[k] = strong;
  }

  function allPulled(): void {
    total = 0;
    pulls.fill(0);
    for (let k = 0; k < classes; k++) pulled(k);
  }

  allPulled();
  return {
    shared,
    logSpreads,
    leak,
    doubt,
    pull,
    changed(parameter, place) {
      if (parameter === pull) pulled(place);
      else if (parameter === shared ? place === TRUST : parameter === logSpreads) allPulled();
    },
    of({ requested, judged }) {
      const differs = judged !== requested;
      const leaks = Math.exp(logSpreads[0]!) * leak[requested]!;
      const base = differs ? leaks + Math.exp(logSpreads[1]!) * doubt[requested]! : leaks;
      const third = Math.exp(base + shared[differs ? THIRD : MISSED]!) /
        Math.max(1, classes - (differs ? 2 : 1));
      const turned = Math.exp(base + shared[TURNED]!);
      const others = total - pulls[requested]! - (differs ? pulls[judged]! : 0);
      return {
        of: (k) => k === requested ? 1 : (differs && k === judged ? turned : third) * pulls[k]!,
        sum: 1 + (differs ? turned * pulls[judged]! : 0) + third * Math.max(0, others),
      };
    },
  };
}

/** The logarithm of how often a class is judged where judge and request differ, around 0. */
function popularityOf({ values, classes, judged }: PairCounts): Float64Array {
  const logs = new Float64Array(classes).fill(ADDED / classes);
  for (let r = 0; r < values; r++) {
    for (let j = 0; j < classes; j++) {
      if (j !== r) logs[j]! += judged[r * classes + j]!;
    }
  }
  for (let k = 0; k < classes; k++) logs[k] = Math.log(logs[k]!);
  const mean = logs.reduce((sum, log) => sum + log, 0) / classes;
  return logs.map((log) => log - mean);
}
