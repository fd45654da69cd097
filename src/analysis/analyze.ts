import type { Config } from "../config/types.ts";
import { UserError } from "../error.ts";
import type { Run } from "../run/log/read.ts";
import type { Label } from "../run/log/labels.ts";
import { VERSION } from "../version.ts";
import { checkAlike } from "./reading/alike.ts";
import { attributeFindings } from "./shares/attributes.ts";
import { coverageFindings } from "./coverage/coverage.ts";
import type { Findings } from "./findings.ts";
import { followedShares } from "./shares/followed.ts";
import { PERSON } from "../run/log/labels.ts";
import { labelsOfRows, type SourceLabels } from "./shares/labels_of_rows.ts";
import { detectLanguages } from "./shares/languages.ts";
import { lengthFindings } from "./lengths/lengths.ts";
import { lostShares } from "./shares/lost.ts";
import { readRows, sourcesOf } from "./reading/read_rows.ts";
import type { Labels } from "./shares/realised.ts";
import type { Corpus, Source } from "./reading/rows.ts";
import { severalMessages } from "./shares/several_messages.ts";
import { diversityFindings } from "./sameness/diversity.ts";
import type { Reference } from "./terms/reference.ts";
import { termFindings } from "./terms/term_findings.ts";

/** How rows are analysed, and what is told meanwhile. */
export interface AnalyzeOptions {
  /** Where targets come from; default: the rows' own. */
  config?: Config;
  /**
   * Counts of words from elsewhere that those of the rows are held against; a function is told the
   * base code of the language that most rows are in.
   */
  reference?: Reference | ((language: string) => Reference | Promise<Reference>);
  /** What is said of the texts, beside what the runs' own folders have; of a single source's rows. */
  labels?: readonly Label[];
  /** Of all that is drawn, default 1: the same seed and rows give the same findings. */
  seed?: number;
  /** Told what is done from now on. */
  onStage?: (stage: string) => void;
  /** Told how many rows are done of the stage, where it goes row by row. */
  onProgress?: (rows: number) => void;
  /** The time that the findings carry; default: now. */
  now?: () => Date;
}

/**
 * Measures what is wrong with the rows of a run, of several runs together, or from elsewhere: terms
 * that are overused, lengths, languages and shares that are off, copies, losses, and what is never
 * seen. Nothing is written.
 *
 * Several sources are read as one and have to be asked for alike (see `checkAlike`).
 *
 * @throws {UserError} Exit 2 where sources can't be analysed together, or a row can't be read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { analyze } from "./analyze.ts";
 * import { fileSource } from "./reading/file_source.ts";
 * const path = await Deno.makeTempFile({ suffix: ".json" });
 * await Deno.writeTextFile(path, '["Could you please help?", "Where is it?"]');
 * const findings = await analyze(await fileSource(path));
 * assert(findings.rows.ok === 2 && findings.diversity.exactDuplicates === 0);
 * await Deno.remove(path);
 * ```
 */
export async function analyze(
  rows: Run | Source | readonly (Run | Source)[],
  options: AnalyzeOptions = {},
): Promise<Findings> {
  const { seed = 1, onStage, onProgress, now = () => new Date() } = options;
  const sources = sourcesOf(rows);
  checkAlike(sources);
  const config = options.config ?? sources[0]?.config ?? null;
  const drawn = drawnAs(sources);

  const reading = await readRows(sources, {
    ...(onStage === undefined ? {} : { onStage }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const { corpus } = reading;
  const languages = languagesOf(corpus);

  onStage?.("finding words and phrases");
  const reference = typeof options.reference === "function"
    ? await options.reference(languages[0]?.language ?? "und")
    : options.reference ?? null;
  const terms = termFindings(corpus, { config, reference });
  onStage?.("comparing lengths");
  const length = lengthFindings(corpus, {
    length: config && config.length,
    sampling: drawn && drawn.sampling,
    seed,
  });
  onStage?.("telling languages");
  const labels: Labels[] = [];
  for (const { stem, isLanguage } of corpus.attributes) {
    const found = isLanguage ? await detectLanguages(corpus, { stem, config, seed }) : null;
    if (found !== null) labels.push(found);
  }
  onStage?.("comparing shares");
  const said = labelsOfRows(corpus, await labelsOf(sources, options.labels ?? []));
  // Who reads a text knows its language better than what counts its letters; a judge that nobody looked
  // at may not.
  const isSure = ({ by, byHand }: Labels) => by === PERSON || byHand !== undefined;
  const attributes = attributeFindings(reading, {
    config,
    drawn,
    labels: [
      ...said.realised.filter(isSure),
      ...labels,
      ...said.realised.filter((each) => !isSure(each)),
    ],
    followed: new Map(
      said.followed.map((each) => [each.attribute, followedShares(each, { seed })]),
    ),
    seed,
  });
  onStage?.("finding repetitions");
  const diversity = diversityFindings(corpus, { seed });
  onStage?.("looking for what is missing");
  return {
    made: {
      at: now().toISOString(),
      plumbline: VERSION,
      from: sources.map(({ name }) => name),
      files: sources.flatMap(({ files }) => files),
    },
    rows: reading.counts,
    languages,
    attributes,
    length,
    terms,
    diversity,
    several: severalMessages(corpus),
    lost: lostShares(reading),
    coverage: coverageFindings(reading, { config }),
  };
}

async function labelsOf(
  sources: readonly Source[],
  given: readonly Label[],
): Promise<SourceLabels[]> {
  if (given.length > 0 && sources.length > 1) {
    throw new UserError("Labels from elsewhere are of the rows of one run or file: name one.");
  }
  return await Promise.all(
    sources.map(async ({ labels }, run) => ({
      run,
      labels: [...await labels?.() ?? [], ...given],
    })),
  );
}

/** How the rows were drawn, taken together: spread evenly only where all were. */
function drawnAs(sources: readonly Source[]): Source["drawn"] {
  const [first, ...others] = sources.map(({ drawn }) => drawn);
  if (first === undefined || first === null || others.includes(null)) return null;
  const same = others.every((other) => other?.sampling === first.sampling);
  return { ...first, sampling: same ? first.sampling : "independent" };
}

/** Rows by language, the most first. */
function languagesOf({ size, languages, languageOf }: Corpus): Findings["languages"] {
  const rows = new Float64Array(languages.length);
  for (let row = 0; row < size; row++) rows[languageOf[row] ?? 0]! += 1;
  return languages.map((language, index) => ({ language, rows: rows[index] ?? 0 }))
    .toSorted((a, b) => b.rows - a.rows);
}
