import { Argument, Option } from "commander";
import { join, resolve } from "node:path";
import { CSV_HEADERS } from "../report/csv_columns.ts";
import { checkDestination, destinationOf, writeWhole } from "../report/destination.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../report/formats.ts";
import { resolveRun } from "../run/log/name.ts";
import { plannedText } from "../run/progress_text.ts";
import { OUTCOMES, type RowRecord } from "../run/types.ts";
import { type CommandSpec, type Invocation, noAccess } from "./command.ts";
import { listOf } from "./flags.ts";
import { outputOf, placeOf, runOf } from "./run_argument.ts";
import { onInterrupt } from "./interrupt.ts";
import { counted } from "../text/numbers.ts";
import { give, say } from "./say.ts";

/** The flags of `export` after parsing. */
interface ExportFlags {
  format: ExportFormat;
  outcome: (typeof WANTED)[number][];
  to?: string;
  output?: string;
  bom?: boolean;
  skipBadLines?: boolean;
}

const WANTED = [...OUTCOMES, "all"] as const;

/** `deno task export`: the rows of a run in a form that other tools read. */
export const exportCommand: CommandSpec = {
  define(command) {
    return command
      .usage("<run> [flags]")
      .description("Hand on the rows of a run: to stdout, or to a file with --to.")
      .addArgument(new Argument("<run>", "a run's name in the folder of runs, or its path"))
      .addOption(
        new Option("--format <form>", "json: the texts alone; jsonl: whole records; csv: a table")
          .choices(EXPORT_FORMATS).default("json"),
      )
      .addOption(new Option("--to <file>", "write there, in one go, instead of to stdout"))
      .addOption(
        new Option("--outcome <outcomes>", `rows that ended so: ${WANTED.join(", ")}`)
          .argParser(listOf(WANTED)).default(["ok"], "ok"),
      )
      .addOption(new Option("--output <dir>", "the folder of runs (default: output)"))
      .addOption(
        new Option("--bom", "start CSV with a byte order mark, by which Excel knows UTF-8"),
      )
      .addOption(new Option("--skip-bad-lines", "go on where the record log has broken lines"))
      .addHelpText(
        "after",
        `
Rows come in the order in which they were answered; their number stands in "row".
json leaves out rows that have no text. csv has these columns, the attributes after the first:
  ${CSV_HEADERS.join(", ")}
An attribute of the same name as one of them gets "attribute_" before its name. Cells that start
with = + - @ tab or CR get a ' before them, so that no spreadsheet takes them for formulas.

Examples:
  deno task export metro-1-91bc04 > texts.json
  deno task export metro-1-91bc04 --format csv --outcome all --to rows.csv
  deno task export output/metro-1-91bc04 --format jsonl | head -n 3`,
      );
  },

  async prepare(invocation) {
    const { to } = flagsOf(invocation);
    const run = runOf(invocation);
    const { folder } = await resolveRun(run, placeOf(invocation));
    const output = outputOf(invocation);
    // A path is looked for among the names in the folder of runs first.
    const access = { ...noAccess(), read: [output, join(output, run), folder] };
    if (to === undefined) return access;
    const { path, temporary } = destinationOf(resolve(invocation.typedIn, to));
    await checkDestination(path);
    return { ...access, read: [...access.read, temporary], write: [path, temporary] };
  },

  async run(invocation) {
    const { exportText } = await import("../report/export.ts");
    const { readRun } = await import("../run/log/read.ts");
    const flags = flagsOf(invocation);
    const run = await readRun(runOf(invocation), {
      ...placeOf(invocation),
      skipBadLines: flags.skipBadLines ?? false,
      warn: say,
    });
    let rows = 0;
    const pieces = exportText(wanted(run.rows(), flags.outcome), {
      format: flags.format,
      stems: Object.keys(run.manifest.config.attributes),
      bom: flags.bom ?? false,
      onRows: (written) => rows = written,
    });
    if (flags.to === undefined) {
      for await (const piece of pieces) give(piece);
    } else {
      const interrupt = onInterrupt(() => say(`Stopped: ${flags.to} was not written.`));
      const destination = destinationOf(resolve(invocation.typedIn, flags.to));
      const written = await writeWhole(pieces, { ...destination, signal: interrupt.stop });
      interrupt.release();
      if (!written) return 130;
    }
    say(`${plannedText(run.counts)} · ${counted(rows, "row")} → ${flags.to ?? "stdout"}`);
    return 0;
  },
};

function flagsOf(invocation: Invocation): ExportFlags {
  return invocation.parsed.opts<ExportFlags>();
}

async function* wanted(
  rows: AsyncIterable<RowRecord>,
  outcomes: ExportFlags["outcome"],
): AsyncGenerator<RowRecord, void, undefined> {
  for await (const row of rows) {
    if (outcomes.includes("all") || outcomes.includes(row.outcome)) yield row;
  }
}
