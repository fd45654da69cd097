import { join } from "node:path";
import type { Config } from "../config/types.ts";
import type { ParameterNotes } from "../models/types.ts";
import { labelsOfFolder, type LabelsPlace } from "../run/log/labels.ts";
import type { Run } from "../run/log/read.ts";

/** A text that may be judged. */
export interface JudgeRow {
  row: number;
  text: string;
  /** What it was asked for, by stem; whoever judges isn't told. */
  attributes: Readonly<Record<string, string>>;
  /** When the text came, ISO 8601: labels from before are of another one. Null: not known. */
  at: string | null;
  /** Where its labels stand. */
  place: LabelsPlace;
}

/** Texts that may be judged: those of a run's ok rows, or of a file's. */
export interface JudgeSource {
  /** The run's name, or the file's. */
  name: string;
  /** What attributes and values there are. */
  config: Pick<Config, "attributes" | "settings">;
  /** Draws the sample, the order of answers and the instructions that are asked about. */
  seed: number;
  /** May be gone through again. */
  rows(): AsyncIterable<JudgeRow>;
  /** Wherever labels of it may stand. */
  places: readonly LabelsPlace[];
  /** What wrote the texts, `provider:name`, and what is known of its parameters; null: not known. */
  model: { name: string; notes: ParameterNotes } | null;
}

/**
 * The ok rows of a run, to be judged.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readRun } from "../run/log/read.ts";
 * import { runToJudge } from "./source.ts";
 * const run = await readRun("metro-1-91bc04").catch(() => null);
 * if (run !== null) assert(runToJudge(run).name === "metro-1-91bc04");
 * ```
 */
export function runToJudge(run: Run): JudgeSource {
  const { config, seed, parameters: { dropped, replaced } } = run.manifest;
  const folderOf = (part: string | undefined) =>
    part === undefined ? run.folder : join(run.folder, part);
  const places = run.files.map(({ path }) => labelsOfFolder(join(path, "..")));
  const placeOf = new Map(places.map((place) => [place.folder, place]));
  return {
    name: run.name,
    config,
    seed,
    places,
    model: { name: run.manifest.model, notes: { dropped, replaced } },
    async *rows() {
      for await (const { row, outcome, text, attributes, at, part } of run.rows()) {
        if (outcome !== "ok" || text === null) continue;
        const folder = folderOf(part);
        const place = placeOf.get(folder) ?? labelsOfFolder(folder);
        yield { row, text, attributes, at, place };
      }
    },
  };
}
