import type { Run } from "../../run/log/read.ts";
import { languagesOfTexts } from "../../text/detect_language.ts";
import { isLanguageAttribute } from "../../text/language.ts";
import { readCorpus } from "./corpus.ts";
import type { Reading, Source } from "./rows.ts";
import { runSource } from "./run_source.ts";

/** What is told while rows are read. */
export interface ReadRowsOptions {
  /** Told what is done from now on. */
  onStage?: (stage: string) => void;
  /** Told after each row how many have been read. */
  onProgress?: (rows: number) => void;
}

/** One or several things to analyse, as sources. */
export function sourcesOf(rows: Run | Source | readonly (Run | Source)[]): Source[] {
  return (isSeveral(rows) ? rows : [rows]).map((each) =>
    "manifest" in each ? runSource(each) : each
  );
}

/**
 * Reads rows as `analyze` does: what isn't asked for in a language is in the one that its texts tell.
 * So the words of such rows are told apart as in the findings.
 *
 * @throws {UserError} As `readCorpus`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fileSource } from "./file_source.ts";
 * import { readRows } from "./read_rows.ts";
 * const path = await Deno.makeTempFile({ suffix: ".json" });
 * const texts = ["Where is the money that I have sent?", "Why can't I pay with my card?"];
 * await Deno.writeTextFile(path, JSON.stringify(texts));
 * const { corpus } = await readRows(await fileSource(path));
 * assert.deepEqual(corpus.languages, ["en"]);
 * await Deno.remove(path);
 * ```
 */
export async function readRows(
  rows: Run | Source | readonly (Run | Source)[],
  options: ReadRowsOptions = {},
): Promise<Reading> {
  const { onStage, onProgress } = options;
  const sources = sourcesOf(rows);
  onStage?.("looking at rows");
  const language = await languageOf(sources);
  onStage?.("reading rows");
  return await readCorpus(sources, {
    language,
    ...(onProgress === undefined ? {} : { onRow: onProgress }),
  });
}

function isSeveral(
  rows: Run | Source | readonly (Run | Source)[],
): rows is readonly (Run | Source)[] {
  return Array.isArray(rows);
}

/** Rows at the start of each source that tell its language. */
const LOOKED_AT = 500;

/** The language of rows that aren't asked for in one, as texts of all sources tell it. */
async function languageOf(
  sources: readonly Source[],
): Promise<string | ((text: string) => string)> {
  const allAsk = sources.every(({ config }) =>
    Object.values(config?.attributes ?? {}).some((items) => {
      const values = items.map(({ value }) => value);
      return isLanguageAttribute(values) && !values.includes("");
    })
  );
  if (allAsk) return "und";
  const texts: string[] = [];
  for (const source of sources) {
    let rows = 0;
    for await (const { outcome, text } of source.rows()) {
      if (outcome === "ok" && text !== null) texts.push(text);
      if (++rows === LOOKED_AT) break;
    }
  }
  return await languagesOfTexts({ texts });
}
