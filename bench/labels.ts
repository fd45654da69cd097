/**
 * Reads labelled messages, makes blurred runs of them and prints, as JSON, how far each way of
 * estimating is from the truth and how often its intervals hold it. Arguments: the file, its column of
 * texts, its column of labels, and the setting as JSON.
 */
import { totalVariation } from "../src/stats/distance.ts";
import { parse } from "../src/text/csv.ts";
import { type BlurOptions, blurredRun, type Message } from "./blurred.ts";
import { ESTIMATORS, sharesOf } from "./estimators.ts";

/** What is measured in one process. */
export interface LabelSetting extends Omit<BlurOptions, "seed"> {
  runs: number;
  /** Numbers of labels by hand. */
  labels: readonly number[];
}

/** What one way of estimating came to with so many labels by hand, on the mean over runs. */
export interface LabelReading {
  labels: number;
  estimator: string;
  /** Total variation from the truth. */
  distance: number;
  /** Share of intervals that hold it. */
  held: number;
}

/** Measures one setting; what can't be said is left out. */
export function readingsOf(messages: readonly Message[], setting: LabelSetting): LabelReading[] {
  const { runs, labels, ...options } = setting;
  const readings = labels.flatMap((labels) =>
    ESTIMATORS.map(({ name }) => ({ labels, estimator: name, distance: 0, held: 0, runs: 0 }))
  );
  for (let seed = 1; seed <= runs; seed++) {
    const run = blurredRun(messages, { ...options, seed });
    const truth = sharesOf(run.classes, run.real);
    for (const [i, reading] of readings.entries()) {
      const { estimate } = ESTIMATORS[i % ESTIMATORS.length]!;
      const found = estimate(run, { labels: reading.labels, seed });
      if (found === null) continue;
      const held = truth.subarray(0, run.values).filter((share, k) => {
        const { low, high } = found.intervals[k]!;
        return share >= low && share <= high;
      }).length;
      reading.distance += totalVariation(found.shares, truth);
      reading.held += held / run.values;
      reading.runs++;
    }
  }
  return readings.filter(({ runs }) => runs > 0).map(({ runs, distance, held, ...reading }) => ({
    ...reading,
    distance: distance / runs,
    held: held / runs,
  }));
}

async function messagesOf(
  file: string,
  columns: { text: string; label: string },
): Promise<Message[]> {
  const rows = parse(await Deno.readTextFile(file), { skipFirstRow: true });
  return rows.map((row, i) => {
    const [text, label] = [row[columns.text], row[columns.label]];
    if (text === undefined || label === undefined) {
      const missing = text === undefined ? columns.text : columns.label;
      throw new Error(`${file}, row ${i + 1} has no column ${JSON.stringify(missing)}`);
    }
    return { text, label };
  }).filter(({ label }) => label !== "");
}

if (import.meta.main) {
  const [file = "", text = "", label = "", setting = "{}"] = Deno.args;
  const readings = readingsOf(await messagesOf(file, { text, label }), JSON.parse(setting));
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(readings)));
}
