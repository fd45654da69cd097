import { relative } from "node:path";
import { plannedText } from "../run/progress_text.ts";
import type { Config } from "../config/types.ts";
import { chooseModel } from "../models/choice.ts";
import { readEnvironment } from "../models/endpoint/env_files.ts";
import { modelOf } from "../models/model.ts";
import type { ModelChoice } from "../models/types.ts";
import { PROJECT } from "../project.ts";
import { generate, type GenerateOptions, type GenerateSummary } from "../run/generate.ts";
import { readRun } from "../run/log/read.ts";
import type { RowRecord } from "../run/types.ts";
import { stoppable } from "./interrupt.ts";
import { liveProgress } from "./progress.ts";
import { show, type ShowOptions } from "./show.ts";

/** What can be asked for in a notebook. */
export interface GenerateHereOptions extends
  Pick<
    GenerateOptions,
    "count" | "seed" | "sampling" | "run" | "concurrency" | "patience" | "retry" | "skipBadLines"
  > {
  /** `PROVIDER:NAME`; default: as on the command line (`PLUMBLINE_MODEL`, settings, keys, local). */
  model?: string | undefined;
  /** The folder of runs; a relative one counts from the project. Default `output`. */
  output?: string;
  /** The environment; default: the process's own, and the project's `.env`. */
  env?: Record<string, string>;
  /** Where text goes outside Jupyter; default `console.log`. */
  write?: ShowOptions["write"];
}

/** What a call came to, and the rows. */
export interface GeneratedHere extends GenerateSummary {
  /** The newest record of every row of the run that has one, by row number. */
  rows: RowRecord[];
}

/**
 * Makes the rows of a run from a cell: live progress, and the stop button ends it within half a
 * second with the rows that are there. The same cell again goes on, or says that there is nothing to
 * do. A local model's server is started and ended. Keys are read from the environment or from `.env`
 * in the project.
 *
 * For very large runs use the command line: all rows are held in memory here.
 *
 * @throws {UserError} where the run can't be written or was asked for otherwise, or the model can't
 * be had. What stops a run in its middle is said, and the rows are given back.
 */
export async function generateHere(
  config: Config,
  options: GenerateHereOptions = {},
): Promise<GeneratedHere> {
  const { model: flag, output = "output", env: given, write, ...rest } = options;
  const env = readEnvironment({
    typedIn: PROJECT,
    project: PROJECT,
    env: given ?? Deno.env.toObject(),
  });
  const choice = chooseModel({ flag, env, settings: config.settings });
  const say = sayInTurn(write);
  say(openingWords(choice));
  await say.all();
  const summary = await stoppable(async (signals) => {
    const progress = liveProgress(say);
    try {
      return await generate(config, {
        ...rest,
        model: modelOf(choice, { env, settings: config.settings, project: PROJECT }),
        output,
        // A cell that is run again after the run has grown elsewhere has nothing to complain of.
        keepLarger: true,
        signal: signals.stop,
        cut: signals.cut,
        note: say,
        onProgress: progress.update,
      });
    } finally {
      await say.all();
      await progress.end();
    }
  });
  say(closingWords(summary));
  await say.all();
  return { ...summary, rows: await rowsOf(summary) };
}

/** Says lines one after the other, where nothing can be awaited. */
function sayInTurn(
  write: ShowOptions["write"],
): { (text: string): void; all(): Promise<void> } {
  let saying = Promise.resolve();
  const say = (text: string): void => {
    saying = saying.then(() => show(text, write === undefined ? {} : { write }));
  };
  return Object.assign(say, { all: () => saying });
}

function openingWords({ provider, name, origin }: ModelChoice): string {
  const model = `${provider}:${name}`;
  if (provider === "simulated") {
    return `Rows are composed by ${model}: no language model, for rehearsals.`;
  }
  const lines = [
    `Rows come from ${model} (${origin === "--model" ? "as the cell says" : origin}).`,
  ];
  if (provider === "local") {
    lines.push("The first time its weights are fetched, which may take some minutes.");
    if (origin === "no key and no endpoint set") {
      lines.push(
        "It is a very small model, for a first look. Better text: put OPENAI_API_KEY, or",
        "OPENAI_BASE_URL for a server of your own, into the file .env in the project.",
      );
    }
  }
  return lines.join("\n");
}

function closingWords({ counts, asked, stopped, folder }: GenerateSummary): string {
  const done = counts.planned - counts.pending;
  if (asked === 0 && stopped === null) {
    return `Nothing to do: ${done} of ${counts.planned} rows are there. For more rows raise count.`;
  }
  const line = `${plannedText(counts)} → ${relative(PROJECT, folder)}`;
  if (stopped === null) return line;
  const why = stopped === "interrupted" ? "Stopped." : stopped.message;
  return `${line}\n${why} To go on: run the cell again.`;
}

async function rowsOf({ folder }: GenerateSummary): Promise<RowRecord[]> {
  const run = await readRun(folder, { skipBadLines: true });
  const rows: RowRecord[] = [];
  for await (const row of run.rows()) rows.push(row);
  return rows.sort((a, b) => a.row - b.row);
}
