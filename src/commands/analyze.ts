import { Argument, Option } from "commander";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import type { AnalyzeOptions } from "../analysis/analyze.ts";
import type { FileSourceOptions } from "../analysis/reading/file_source.ts";
import { FINDINGS_FILE } from "../analysis/stored_findings.ts";
import type { Source } from "../analysis/reading/rows.ts";
import type { Config } from "../config/types.ts";
import { listed } from "../config/wording.ts";
import { isAbsent, UserError } from "../error.ts";
import { destinationOf, writeWhole } from "../report/destination.ts";
import { type FoundRun, resolveRun } from "../run/log/name.ts";
import { holdsRun, readParts } from "../run/log/parts.ts";
import { labelsOfFile, labelsPathOf } from "../run/log/labels.ts";
import { RECORDS_FILE } from "../run/log/records.ts";
import { OUTCOMES, type RowCounts } from "../run/types.ts";
import { printable } from "../text/printable.ts";
import { type Access, type CommandSpec, type Invocation, noAccess } from "./command.ts";
import { loadTypedConfig } from "./config_line.ts";
import { configFolder } from "./flags.ts";
import { outputOf, placeOf } from "./run_argument.ts";
import { onInterrupt } from "./interrupt.ts";
import { draw, give, pathsFrom, say } from "./say.ts";
import { shellWord } from "./shell_word.ts";
import { stageLine } from "./stage_line.ts";

/** The flags of `analyze` after parsing. */
interface AnalyzeFlags {
  text?: string;
  config?: string;
  attributes?: string[];
  turns?: "first" | "all";
  list?: string;
  reference?: string;
  labels?: string;
  output?: string;
  skipBadLines?: boolean;
  json?: boolean;
}

/** What the counts of words that come along are called instead of a file. */
const SUBTITLES = "subtlex";

/** The name of what is written. */
const FILE = FINDINGS_FILE;

/** `deno task analyze`: what is wrong with the rows of runs, or of a file from elsewhere. */
export const analyzeCommand: CommandSpec = {
  define(command) {
    return command
      .usage("<run...> [flags]\n       deno task analyze <file> --text <column> [flags]")
      .description(
        `Measure what is wrong with rows: overused words, lengths, languages and shares that are off,\n` +
          `copies, losses. All of it is written as ${FILE}, what matters most is said on stderr.`,
      )
      .addArgument(
        new Argument(
          "<rows...>",
          "runs by their names or paths, or one file with rows from elsewhere",
        ),
      )
      .addOption(
        new Option(
          "--text <column>",
          "of a file: the column of the texts, or of chats (default: text, or the only column)",
        ),
      )
      .addOption(
        new Option("--attributes <columns>", "of a file: columns that are attributes, as in a,b")
          .argParser((text) => text.split(",").map((name) => name.trim()).filter(Boolean)),
      )
      .addOption(
        new Option("--turns <which>", "of chats: the user's first turn, or each as a row")
          .choices(["first", "all"]),
      )
      .addOption(
        new Option("--list <path>", "of one JSON object: where its rows are, as in .data.rows"),
      )
      .addOption(
        new Option(
          "--config <dir>",
          "of a file: the config folder whose targets it is held against",
        ),
      )
      .addOption(
        new Option(
          "--reference <file>",
          "real messages to compare words with, a file as <file> above with a column text or " +
            'message, or counts of words: {"loan": 12, …} or a line "loan 12" for each word; ' +
            `${SUBTITLES}: those of American subtitles, which come along`,
        ),
      )
      .addOption(
        new Option(
          "--labels <file>",
          "what persons say of the texts: lines as in a run's labels.jsonl, rows by their numbers",
        ),
      )
      .addOption(
        new Option(
          "--output <dir>",
          `of runs: the folder of runs (default: output); of a file: where ${FILE} is written ` +
            "(default: beside it), over an earlier one of that file alone; made where it isn't there",
        ),
      )
      .addOption(new Option("--skip-bad-lines", "go on where the log or a file has broken lines"))
      .addOption(new Option("--json", `print ${FILE} on stdout too`))
      .addHelpText(
        "after",
        `
Of a run, ${FILE} is written into its folder. Several runs are analysed as one if their
attributes and lengths are equal, and it is written into the last one's. A run that is being made
may be analysed.

A file is a JSON list or JSON lines, of texts or of objects, one JSON object with such a list in it,
a CSV table (cells separated by , ; | or tabs), or .txt with a message a line; in UTF-8. Read by
their names are the columns "row", "requestedWords" or "requested_words", and "outcome":
${OUTCOMES.join(", ")}. Without it, or where it has other
values alone, all rows are ok. Of chats, as in --text messages ({role, content}) or conversations
({from, value}), the user's first turn is the text.
What a judge or persons say of a file's texts stands beside it, in FILE.labels.jsonl; --labels
names more.
Attributes are the columns that --attributes names, else the keys of an object "attributes", else
the columns named as the files in the config's injections/. Of several values in a cell, a list
such as ["a", "b"], the first counts; "a;b" and "a|b" are one value.

Examples:
  deno task analyze metro-1-91bc04
  deno task analyze metro-1-91bc04 metro-2-5d7e10
  deno task analyze chats.csv --text message --attributes topic,tone
  deno task analyze chats.jsonl --text messages --turns all
  deno task analyze rows.jsonl --config metro --json | jq .length`,
      );
  },

  async prepare(invocation) {
    const input = await inputOf(invocation);
    const access = input.file === undefined
      ? runAccess(input.runs, invocation)
      : await fileAccess(input.file, invocation);
    const folder = folderOf(input, invocation);
    await checkFolder(folder, input);
    const { path, temporary } = destinationOf(join(folder, FILE));
    // A folder that isn't there is made.
    const write = await isFolder(folder) ? [path, temporary] : [folder];
    const read = [...access.read, ...write];
    for (const flag of ["reference", "labels"] as const) {
      const path = namedFile(flag, invocation);
      if (path === null) continue;
      if (!await isFile(path)) throw new UserError(`There is no file ${path} for --${flag}.`);
      await checkPlain(path);
      read.push(path, await Deno.realPath(path));
    }
    return { ...access, read, write };
  },

  async run(invocation) {
    const flags = flagsOf(invocation);
    const input = await inputOf(invocation);
    const { analyze } = await import("../analysis/analyze.ts");
    const { findingsText } = await import("../analysis/findings_text.ts");
    const { analysisText, pendingText } = await import("./analyze_text.ts");
    const { commonestReason } = await import("../run/log/commonest_reason.ts");

    const isTerminal = Deno.stderr.isTerminal();
    // Some terminals say 0 where they don't know.
    const columns = () => isTerminal ? Deno.consoleSize().columns || 80 : 120;
    const line = stageLine({ write: draw, isTerminal, columns, now: Date.now });
    const warn = (message: string) => {
      line.clear();
      say(pathsFrom(invocation.typedIn, message));
    };
    let couldBe: readonly string[] = [];
    const models = new Set<string>();
    const sources = input.file === undefined
      ? await runSources(input.runs, { invocation, warn, models })
      : [
        await sourceOfFile(input.file, {
          invocation,
          warn,
          onForm: warn,
          onRows: line.rows,
          onStage: line.stage,
          onColumns: (names) => couldBe = names,
        }),
      ];
    const reference = await readReference({ invocation, warn });
    const labels = namedFile("labels", invocation);
    const { readLabels } = await import("../run/log/labels.ts");
    const { skipBadLines = false } = flags;
    const findings = await analyze(sources, {
      ...(reference ? { reference } : {}),
      ...(labels === null ? {} : { labels: await readLabels(labels, { skipBadLines, warn }) }),
      onStage: line.stage,
      onProgress: line.rows,
    });
    line.clear();

    const folder = folderOf(input, invocation);
    await makeFolder(folder);
    const text = findingsText(findings, { folder });
    const shown = pathsFrom(invocation.typedIn, join(folder, FILE));
    const interrupt = onInterrupt(() => say(`Stopped: ${shown} was not written.`));
    const written = await writeWhole(ReadableStream.from([text]), {
      ...destinationOf(join(folder, FILE)),
      signal: interrupt.stop,
    });
    interrupt.release();
    if (!written) return 130;
    if (flags.json) give(text);
    say(analysisText(findings, {
      config: sources[0]?.config ?? null,
      columns: columns(),
      path: shown,
      models: [...models],
      reason: findings.rows.ok === 0
        ? await commonestReason(sources.map((source) => source.rows()))
        : null,
      next: [
        ...(input.file === undefined
          ? [pendingText(findings, await missingShards(input.runs))]
          : []),
        nextText(input, { invocation, columns: couldBe, rows: findings.rows }),
      ].filter((line) => line !== null).join("\n"),
    }));
    return 0;
  },
};

/** What is analysed: runs, or a file by its path. */
type Input = { runs: FoundRun[]; file?: undefined } | { file: string };

function flagsOf(invocation: Invocation): AnalyzeFlags {
  return invocation.parsed.opts<AnalyzeFlags>();
}

/** Flags that say what a file's rows are; a run knows that of itself. */
const FILE_FLAGS = ["text", "attributes", "turns", "list", "config"] as const;

async function inputOf(invocation: Invocation): Promise<Input> {
  const typed = invocation.parsed.args;
  const flags = flagsOf(invocation);
  const runs: FoundRun[] = [];
  for (const name of typed) {
    try {
      runs.push(await resolveRun(name, placeOf(invocation)));
    } catch (error) {
      // Deno lets nobody look beneath devices and what a shell makes of <(…).
      if (error instanceof Deno.errors.NotCapable && /^\/(dev|proc|sys)\//.test(name)) {
        throw noPlainFile(name);
      }
      if (!(error instanceof UserError)) throw error;
      const path = resolve(invocation.typedIn, name);
      if (!await isFile(path)) throw noRows(error, name);
      if (typed.length > 1) {
        throw new UserError(`${name} is a file: a file is analysed alone, not with others.`);
      }
      return { file: path };
    }
  }
  const flag = FILE_FLAGS.find((name) => flags[name] !== undefined);
  if (flag !== undefined) {
    throw new UserError(
      `--${flag} is for files: ${typed[0]} is a run, which knows by itself what was asked for.`,
    );
  }
  return { runs };
}

function noRows(error: UserError, name: string): UserError {
  const [first = "", ...rest] = error.message.split("\n");
  return new UserError([`${first} Nor is ${JSON.stringify(name)} a file.`, ...rest].join("\n"));
}

async function isFile(path: string): Promise<boolean> {
  try {
    return !(await Deno.stat(path)).isDirectory;
  } catch (error) {
    // Where a process may not look there is nothing for it.
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Refuses pipes and devices: a file is gone through more than once. */
async function checkPlain(path: string): Promise<void> {
  if (!(await Deno.stat(path)).isFile) throw noPlainFile(path);
}

function noPlainFile(path: string): UserError {
  return new UserError(`${path} is no plain file: write what comes from it into one first.`);
}

/** Where the findings go. */
function folderOf(input: Input, invocation: Invocation): string {
  if (input.file === undefined) return input.runs.at(-1)?.folder ?? outputOf(invocation);
  const { output } = flagsOf(invocation);
  return output === undefined ? dirname(input.file) : resolve(invocation.typedIn, output);
}

/** Checks that findings can be put there and take no other's place. */
async function checkFolder(folder: string, input: Input): Promise<void> {
  if (input.file === undefined) return;
  if (!await isFolder(folder)) {
    if (!await isFile(folder)) return;
    throw new UserError(
      `${folder} is a file, so ${FILE} can't be written into it. Name a folder with --output.`,
    );
  }
  if (await holdsRun(folder)) {
    throw new UserError(
      input.file === join(folder, RECORDS_FILE)
        ? `${input.file} is the log of a run. Name the run: deno task analyze ${shellWord(folder)}`
        : `${folder} is the folder of a run, whose ${FILE} is its own. Choose another one with ` +
          "--output.",
    );
  }
  const path = join(folder, FILE);
  if (!await isFile(path) || await isAnalysisOf(input.file, path)) return;
  throw new UserError(
    `${path} isn't written over: it is no analysis of ${input.file}. Choose another folder with ` +
      "--output DIR.",
  );
}

/** What tells our own findings, and what they were made from. */
const ownFindings = z.object({
  made: z.object({ plumbline: z.string(), files: z.array(z.object({ path: z.string() })) }),
});

/** Whether there are findings of ours at `path` that were made from a file alone. */
async function isAnalysisOf(file: string, path: string): Promise<boolean> {
  let content: unknown;
  try {
    content = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
  const found = ownFindings.safeParse(content);
  if (!found.success) return false;
  return found.data.made.files.map((from) => resolve(dirname(path), from.path)).join() === file;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function makeFolder(folder: string): Promise<void> {
  // Where it is there already, this process may write no more than two files of it.
  const { state } = await Deno.permissions.query({ name: "write", path: folder });
  if (state !== "granted") return;
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(
      `The folder ${folder} can't be made: ${why}. Choose another with --output.`,
      {
        cause,
      },
    );
  }
}

/** The path that a flag names; null where it names none. */
function namedFile(flag: "reference" | "labels", invocation: Invocation): string | null {
  const named = flagsOf(invocation)[flag];
  if (named === undefined || (flag === "reference" && named === SUBTITLES)) return null;
  return resolve(invocation.typedIn, named);
}

/** Reads what --reference names. */
async function readReference(
  { invocation, warn }: { invocation: Invocation; warn: (message: string) => void },
): Promise<AnalyzeOptions["reference"] | null> {
  const { reference, skipBadLines = false } = flagsOf(invocation);
  if (reference === undefined) return null;
  const path = namedFile("reference", invocation);
  if (path === null) {
    const { englishReference } = await import("../analysis/terms/reference.ts");
    return await englishReference();
  }
  const { readReference } = await import("../analysis/terms/reference_file.ts");
  return await readReference(path, { skipBadLines, warn });
}

function runAccess(runs: readonly FoundRun[], invocation: Invocation): Access {
  const output = outputOf(invocation);
  // A path is looked for among the names in the folder of runs first.
  const named = invocation.parsed.args.map((name) => join(output, name));
  return { ...noAccess(), read: [output, ...named, ...runs.map(({ folder }) => folder)] };
}

async function fileAccess(file: string, invocation: Invocation): Promise<Access> {
  const output = outputOf(invocation);
  const names = invocation.parsed.args.map((name) => join(output, name));
  const read = [output, ...names, file, labelsPathOf(labelsOfFile(file))];
  await checkPlain(file);
  const real = await Deno.realPath(file);
  if (real !== file) read.push(real);
  if (flagsOf(invocation).config !== undefined) {
    await loadTypedConfig(invocation, say);
    read.push(configFolder(invocation));
  }
  return { ...noAccess(), read };
}

async function runSources(
  runs: readonly FoundRun[],
  { invocation, warn, models }: {
    invocation: Invocation;
    warn: (message: string) => void;
    /** Filled with the models that made the runs. */
    models: Set<string>;
  },
): Promise<Source[]> {
  const { readRun } = await import("../run/log/read.ts");
  const { runSource } = await import("../analysis/reading/run_source.ts");
  const { checkAlike } = await import("../analysis/reading/alike.ts");
  const sources: Source[] = [];
  const { skipBadLines = false } = flagsOf(invocation);
  for (const { folder } of runs) {
    const run = await readRun(folder, { ...placeOf(invocation), skipBadLines, warn });
    sources.push(runSource(run));
    models.add(run.manifest.model);
  }
  checkAlike(sources);
  if (models.size > 1) {
    warn(
      `These runs are by different models (${
        printable(listed([...models]))
      }): what they share is shown.`,
    );
  }
  return sources;
}

/** The shards of runs that aren't there, and how many rows they have. */
async function missingShards(
  runs: readonly FoundRun[],
): Promise<{ shards: string[]; rows: number }> {
  const { joinParts } = await import("../run/log/join_parts.ts");
  const { shardText } = await import("../plan/shard.ts");
  const shards = new Set<string>();
  let rows = 0;
  for (const { folder } of runs) {
    const { missing, missingRows } = joinParts(folder, await readParts(folder));
    for (const shard of missing) shards.add(shardText(shard));
    rows += missingRows;
  }
  return { shards: [...shards], rows };
}

async function sourceOfFile(
  file: string,
  { invocation, onStage, ...told }: {
    invocation: Invocation;
    onStage: (stage: string) => void;
  } & Required<Pick<FileSourceOptions, "warn" | "onForm" | "onRows" | "onColumns">>,
): Promise<Source> {
  const { fileSource } = await import("../analysis/reading/file_source.ts");
  const { config: folder, skipBadLines = false, ...flags } = flagsOf(invocation);
  const { text, attributes, turns, list } = flags;
  let config: Config | undefined;
  if (folder !== undefined) config = await loadTypedConfig(invocation, () => {});
  onStage("checking rows");
  return await fileSource(file, {
    ...(text === undefined ? {} : { text }),
    ...(attributes === undefined ? {} : { attributes }),
    ...(turns === undefined ? {} : { turns }),
    ...(list === undefined ? {} : { list }),
    ...(config === undefined ? {} : { config }),
    skipBadLines,
    ...told,
  });
}

/** What to type next, of a file by the columns that could be attributes; null: nothing. */
function nextText(
  input: Input,
  { invocation, columns, rows }: {
    invocation: Invocation;
    columns: readonly string[];
    rows: Pick<RowCounts, "ok" | "failed">;
  },
): string | null {
  if (input.file !== undefined) {
    const { config, attributes } = flagsOf(invocation);
    if (attributes === undefined && columns.length > 0) {
      return `Next: the same with --attributes ${
        printable(shellWord(columns.join(",")))
      }, to see what each of them brings about.`;
    }
    return config === undefined && rows.ok > 0
      ? "Next: the same with --config DIR, to hold it against the targets of a config folder."
      : null;
  }
  if (rows.ok === 0) {
    return rows.failed === 0
      ? null
      : "Next: deno task doctor, to see what the endpoint says, then " +
        "the same generate command with --retry failed.";
  }
  const run = pathsFrom(invocation.typedIn, input.runs.at(-1)?.folder ?? "");
  return `Next: deno task lab, to look at it in a notebook, or deno task export ${
    shellWord(run)
  } --format csv --to rows.csv`;
}
