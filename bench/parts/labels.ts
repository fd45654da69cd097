import { join, resolve } from "node:path";
import type { LabelReading, LabelSetting } from "../labels.ts";
import { decimals, percent } from "../numbers.ts";
import { project } from "../processes.ts";
import type { Line } from "../table.ts";
import type { Part } from "./part.ts";

/** Rows of a run that are judged, and those of them that a person labelled. */
const ROWS = 600;
const LABELS = [0, 100, 200];

const SETTINGS = [10, 28].flatMap((values) =>
  [0.1, 0.25].flatMap((leak) => [0.75, 0.9].map((right) => ({ values, leak, right })))
);

/** The product's own way, and how often its intervals have to hold the truth. */
const OWN = "by pair";
const LEAST_HELD = 0.93;

/** So much more than the best of the others is as good. */
const AS_GOOD = 0.002;

/**
 * How far estimated shares are from the truth on real labelled messages, with requests and a judge that
 * err by known amounts. Any table of texts and labels will do; the first that it was measured on is
 * BANKING77 (PolyAI, task-specific-datasets, CC-BY-4.0): 3,080 test messages of bank customers with
 * their intent, `text` and `category`.
 */
export const labels: Part = {
  name: "labels",
  async run({ repeat, data }) {
    const title = "Labels: total variation from the truth in points (intervals that hold it, %)";
    if (data === null) {
      const notes = [
        "Left out: --data FILE.csv names labelled messages, such as BANKING77's test set.",
      ];
      return { title, columns: [""], lines: [], notes };
    }
    const runs = repeat ?? 25;
    const lines: Line[] = [];
    let columns: string[] = [];
    for (const setting of SETTINGS) {
      const readings = await read(data, { ...setting, rows: ROWS, runs, labels: LABELS });
      columns = [...new Set(readings.map(({ estimator }) => estimator))].toSorted((a, b) =>
        Number(a === OWN) - Number(b === OWN)
      );
      for (const number of LABELS) {
        const own = readings.filter((each) => each.labels === number);
        const pair = own.find(({ estimator }) => estimator === OWN);
        const best = Math.min(
          ...own.filter(({ estimator }) => estimator !== OWN).map(({ distance }) => distance),
        );
        const met = pair !== undefined && pair.held >= LEAST_HELD &&
          pair.distance <= best + AS_GOOD;
        lines.push({
          cells: [
            `${setting.values} values, leak ${setting.leak}, right ${setting.right}, ${number} labels`,
            ...columns.map((name) => {
              const found = own.find(({ estimator }) => estimator === name);
              return found === undefined
                ? "–"
                : `${decimals(found.distance * 100, 1)} (${decimals(found.held * 100, 0)})`;
            }),
          ],
          ...(number === 0 ? {} : { target: { text: `best, ≥ ${percent(LEAST_HELD)}`, met } }),
        });
      }
    }
    return {
      title,
      columns: ["", ...columns],
      lines,
      notes: [
        `${ROWS} rows judged, ${runs} runs a line; leak and judge differ from value to value.`,
        "Without labels by hand the pair is the judge's word, weighted by the requests.",
      ],
    };
  },
};

async function read(
  { file, text, label }: { file: string; text: string; label: string },
  setting: LabelSetting,
): Promise<LabelReading[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-R", "--config", join(project, "deno.json"), join(project, "bench/labels.ts")],
      ...[resolve(file), text, label, JSON.stringify(setting)],
    ],
    cwd: project,
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot measure: ${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout));
}
