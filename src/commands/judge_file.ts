import type { Source } from "../analysis/reading/rows.ts";
import type { Config } from "../config/types.ts";
import type { JudgeSource } from "../judge/source.ts";
import { labelsOfFile } from "../run/log/labels.ts";

/** The rows of a file, to be judged by the attributes and values of a config. */
export function fileToJudge(
  rows: Pick<Source, "name" | "rows">,
  { config, path }: { config: Config; path: string },
): JudgeSource {
  const place = labelsOfFile(path);
  return {
    name: rows.name,
    config,
    seed: config.settings.seed,
    places: [place],
    model: null,
    async *rows() {
      for await (const { row, outcome, text, attributes } of rows.rows()) {
        if (outcome === "ok" && text !== null) yield { row, text, attributes, at: null, place };
      }
    },
  };
}
