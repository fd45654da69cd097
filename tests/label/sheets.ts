/** A run of six rows, and a sheet of two, to label. */
import { join } from "node:path";
import type { Sheet } from "../../src/label/sheet.ts";
import type { Label } from "../../src/run/log/labels.ts";
import type { RowRecord, RunManifest } from "../../src/run/types.ts";
import { config, manifest, record } from "../run/fixtures.ts";

/** What can be said of a row. */
export function labelled(row: number, fields: Partial<Label> = {}): Label {
  return {
    row,
    attribute: "topic",
    label: "Tickets",
    by: "person",
    sample: "random",
    p: 1,
    at: "2026-01-31T12:00:00.000Z",
    ...fields,
  };
}

/** A label by a judge that drew its rows by value. */
export function judged(row: number, fields: Partial<Label> = {}): Label {
  return labelled(row, { by: "judge:openai:m", sample: "stratified", p: 0.5, ...fields });
}

const item = { score: 1, factor: 1, prompt: null, when: null };

/** Topics with a meaning told, tones, an instruction, and languages, which nobody labels. */
export const CONFIG = config({
  attributes: {
    additional_instruction: ["", "Ask for a price", "Ask for a map"]
      .map((value) => ({ ...item, value })),
    language: ["English", "Swedish"].map((value) => ({ ...item, value })),
    tone: ["", "Angry", "Calm"].map((value) => ({ ...item, value })),
    topic: [
      { ...item, value: "Tickets", description: "buying, changing or losing one" },
      { ...item, value: "Delays" },
    ],
  },
});

/** Writes a run's folder, or a part's; without labels where none are given. */
export async function writeRun(
  folder: string,
  { labels = [], records, ...fields }: Partial<RunManifest> & {
    labels?: Label[];
    records?: RowRecord[];
  } = {},
): Promise<void> {
  const rows = records ?? Array.from({ length: 6 }, (_, row) => okRow(row));
  const lines = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one) + "\n").join("");
  await Deno.mkdir(folder, { recursive: true });
  const run = manifest(6, { config: CONFIG, ...fields });
  await Deno.writeTextFile(join(folder, "run.json"), JSON.stringify(run));
  await Deno.writeTextFile(join(folder, "records.jsonl"), lines(rows));
  if (labels.length > 0) await Deno.writeTextFile(join(folder, "labels.jsonl"), lines(labels));
}

/** A row as the config asks for it. */
export function okRow(row: number, fields: Partial<RowRecord> = {}): RowRecord {
  const attributes = {
    additional_instruction: "Ask for a map",
    language: "English",
    tone: "",
    topic: "Delays",
  };
  return record(row, { attributes, ...fields });
}

/** Two rows, one of them half labelled. */
export const SHEET: Sheet = {
  name: "metro-1",
  questions: [
    {
      attribute: "additional_instruction",
      kind: "followed",
      answers: ["yes", "no"].map((label) => ({ label, description: null })),
    },
    {
      attribute: "topic",
      kind: "one",
      answers: ["Tickets", "Delays", "none", "other"].map((label) => ({
        label,
        description: null,
      })),
    },
  ],
  rows: [
    {
      row: 4,
      p: 0.25,
      sample: "stratified",
      text: "Where is my train?",
      asked: { additional_instruction: "Ask for a map" },
      labels: { topic: "Delays" },
    },
    {
      row: 2,
      p: 0.5,
      sample: "stratified",
      text: '=1+1, "twice"\nor ‮more',
      asked: { additional_instruction: "Ask for a price" },
      labels: {},
    },
  ],
};
