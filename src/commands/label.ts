import { Argument, InvalidArgumentError, Option } from "commander";
import { join, resolve } from "node:path";
import { UserError } from "../error.ts";
import type { LabelKeeper } from "../label/keep.ts";
import type { RunSheet } from "../label/read_sheet.ts";
import { type Progress, progressOf } from "../label/progress.ts";
import { checkDestination, destinationOf, writeWhole } from "../report/destination.ts";
import { resolveRun } from "../run/log/name.ts";
import { counted } from "../text/numbers.ts";
import { printable } from "../text/printable.ts";
import { type Access, type CommandSpec, type Invocation, noAccess } from "./command.ts";
import { attributeNames, wholeNumber } from "./flags.ts";
import { outputOf, placeOf, runOf } from "./run_argument.ts";
import { onInterrupt } from "./interrupt.ts";
import { placesText } from "./places_text.ts";
import { pathsFrom, say } from "./say.ts";
import { shellWord } from "./shell_word.ts";

/** The flags of `label` after parsing. */
interface LabelFlags {
  n: number;
  attribute?: string[];
  port?: number;
  csv?: string;
  output?: string;
  skipBadLines?: boolean;
}

/** `deno task label`: a person says what the texts of a run really are. */
export const labelCommand: CommandSpec = {
  define(command) {
    return command
      .usage("<run> [flags]")
      .description(
        "Label texts of a run by hand, blind to what was asked: on a page in your browser, or in a\n" +
          "table with --csv. A hundred texts take some ten minutes.",
      )
      .addArgument(new Argument("<run>", "a run's name in the folder of runs, or its path"))
      .addOption(
        new Option("--n <rows>", "rows to label; a larger number later goes on")
          .argParser(wholeNumber(1)).default(100),
      )
      .addOption(
        new Option(
          "--attribute <names>",
          "only these, such as topic,tone (default: all but languages)",
        )
          .argParser(attributeNames),
      )
      .addOption(
        new Option("--port <n>", "the port of the page (default: any free one)")
          .argParser(portNumber),
      )
      .addOption(
        new Option("--csv <file>", "a table instead: written where it isn't there, else read"),
      )
      .addOption(new Option("--output <dir>", "the folder of runs (default: output)"))
      .addOption(new Option("--skip-bad-lines", "go on where records or labels have broken lines"))
      .addHelpText(
        "after",
        `
The rows are a random part of those that a judge has labelled, or of all ok rows where none has. Each
label is kept in labels.jsonl of the run's folder at once; the same command goes on where it ended.

The page is served on 127.0.0.1, for whoever has its whole address. Keys: 1–9 a value, n none of them
that could be named, o another one that isn't listed, y and n whether an instruction is followed, s
skip, u or Backspace undo. Where there are more than 9 values, type to narrow them: a digit or Enter
takes one, and n, o, s and u work with Enter. From another machine forward the port under its own
number: ssh -L 9000:127.0.0.1:9000 HOST, with --port 9000. Ctrl-C ends the command.

The table has the columns row, text and one for each attribute, which takes one of its values, "none"
or "other". An instruction has two: "does it: NAME" says what to look for, NAME takes yes or no. Cells
may stay blank. Given again, the command reads the table: it names each fault by line and column, and
keeps nothing while there is one.

Exit codes: 0 all is labelled, or the table is written or read · 130 interrupted before, can go on

Examples:
  deno task label metro-1-91bc04
  deno task label metro-1-91bc04 --attribute topic --n 200
  deno task label metro-1-91bc04 --csv labels.csv     writes it; fill it in, then the same once more`,
      );
  },

  async prepare(invocation) {
    const { csv, port = 0 } = flagsOf(invocation);
    const run = runOf(invocation);
    const { folder } = await resolveRun(run, placeOf(invocation));
    const output = outputOf(invocation);
    // A path is looked for among the names in the folder of runs first.
    const read = [output, join(output, run), folder];
    // The lock of the labels says which machine holds it.
    const writing: Access = { ...noAccess(), read, write: [folder], sys: ["hostname"] };
    if (csv === undefined) return { ...writing, net: [`127.0.0.1:${port}`] };
    const table = destinationOf(resolve(invocation.typedIn, csv));
    if (await isThere(table.path)) return { ...writing, read: [...read, table.path] };
    await checkDestination(table.path);
    const { path, temporary } = table;
    return { ...noAccess(), read: [...read, path, temporary], write: [path, temporary] };
  },

  async run(invocation) {
    const { csv } = flagsOf(invocation);
    if (csv === undefined) return await labelOnPage(invocation);
    const path = resolve(invocation.typedIn, csv);
    return await isThere(path)
      ? await takeTable(path, invocation)
      : await giveTable(path, invocation);
  },
};

async function labelOnPage(invocation: Invocation): Promise<number> {
  const { serveSheet } = await import("../label/server.ts");
  const drawn = await draw(invocation);
  const { sheet } = drawn;
  const before = progressOf(sheet);
  if (before.done === before.rows) {
    say(`${drawnText(drawn)}: all are labelled.${moreText(drawn)}`);
    return 0;
  }
  const keeper = await openToKeep(drawn);
  const interrupt = onInterrupt(() => {});
  try {
    const server = serveSheet(sheet, {
      port: flagsOf(invocation).port ?? 0,
      token: randomToken(),
      keep: keeper.keep,
    });
    say(`${drawnText(drawn)}${before.labels > 0 ? `; ${doneText(before)}` : ""}.`);
    say(`Open this address in a browser; Ctrl-C here ends it:\n${server.address}`);
    try {
      await Promise.race([stopped(interrupt.stop), server.failed]);
    } finally {
      // Not waited for: a browser may hold its connection open, and every label is kept already.
      server.close().catch(() => {});
    }
    const after = progressOf(server.sheet);
    say(`${doneText(after)} → ${placesText(keeper.places, invocation.typedIn)}`);
    if (after.done === after.rows) {
      say(`Next: deno task analyze ${shellWord(runOf(invocation))}`);
      return 0;
    }
    say("The same command goes on.");
    return 130;
  } finally {
    interrupt.release();
    await keeper.close();
  }
}

async function giveTable(path: string, invocation: Invocation): Promise<number> {
  const { answersText, tableOf } = await import("../label/table.ts");
  const drawn = await draw(invocation);
  const interrupt = onInterrupt(() => say("Stopped: the table was not written."));
  const written = await writeWhole(once(tableOf(drawn.sheet)), {
    ...destinationOf(path),
    signal: interrupt.stop,
  });
  interrupt.release();
  if (!written) return 130;
  say(`${drawnText(drawn)} → ${pathsFrom(invocation.typedIn, path)}`);
  say(`Each column takes one of its answers, or stays blank:\n${answersText(drawn.sheet)}`);
  say("Fill it in, then give the same command again.");
  return 0;
}

async function takeTable(path: string, invocation: Invocation): Promise<number> {
  const { readTable, rowsNamedIn } = await import("../label/table.ts");
  const file = pathsFrom(invocation.typedIn, path);
  const text = await tableText(path, file);
  const named = new Set(rowsNamedIn(text));
  const holds = ({ sheet }: RunSheet) => {
    const rows = new Set(sheet.rows.map(({ row }) => row));
    return [...named].every((row) => rows.has(row));
  };
  // As many were drawn as reach to the table's last row, whatever --n says now.
  const drawnFor = async (among?: "ok") => {
    const n = Math.max(named.size, flagsOf(invocation).n);
    const all = await draw(invocation, { n, among });
    const last = all.sheet.rows.findLastIndex(({ row }) => named.has(row));
    if (!holds(all) || last < 0) return all;
    return await draw(invocation, { n: last + 1, among, isAgain: true });
  };
  let drawn = await drawnFor();
  if (drawn.among === "judged" && !holds(drawn)) {
    // It may have been written before the judge came.
    const all = await drawnFor("ok");
    if (holds(all)) drawn = all;
  }
  const read = readTable(text, drawn.sheet, { file, at: new Date() });
  if ("faults" in read) {
    const { faults, allowed } = read;
    const more = faults.length - TOLD_FAULTS;
    throw new UserError(
      [
        ...faults.slice(0, TOLD_FAULTS),
        ...(more > 0 ? [`… and ${counted(more, "more fault", "more faults")}`] : []),
        ...(allowed.length > 0 ? ["A column takes one of its answers, or stays blank:"] : []),
        ...allowed,
        "Nothing was kept.",
      ].map(printable).join("\n"),
    );
  }
  const keeper = await openToKeep(drawn);
  try {
    for (const label of read.labels) keeper.keep(label);
  } finally {
    await keeper.close();
  }
  say(
    `${counted(read.filled, "label")} in ${file}, ${read.labels.length} of them new → ` +
      placesText(keeper.places, invocation.typedIn),
  );
  return 0;
}

/** Faults of a table told at most. */
const TOLD_FAULTS = 50;

async function draw(
  invocation: Invocation,
  { n, among, isAgain = false }: {
    n?: number;
    among?: "ok" | undefined;
    /** Whether the run was read before, and what there was to say was said. */
    isAgain?: boolean;
  } = {},
): Promise<RunSheet> {
  const { readSheet } = await import("../label/read_sheet.ts");
  const flags = flagsOf(invocation);
  const { attribute, skipBadLines = false } = flags;
  return await readSheet(runOf(invocation), {
    ...placeOf(invocation),
    n: n ?? flags.n,
    attributes: attribute,
    skipBadLines,
    ...(among === undefined ? {} : { among }),
    ...(among === undefined && !isAgain ? { warn: say } : {}),
  });
}

/** Opens the labels, and keeps those whose chance is larger now. */
async function openToKeep(drawn: RunSheet): Promise<LabelKeeper> {
  const { openKeeper } = await import("../label/keep.ts");
  const keeper = await openKeeper(drawn, say);
  for (const label of drawn.raised) keeper.keep(label);
  return keeper;
}

async function tableText(path: string, file: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(`${file} isn't UTF-8: save it as "CSV UTF-8". Nothing was kept.`, {
      cause,
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function* once(text: string): AsyncGenerator<string, void, undefined> {
  yield await Promise.resolve(text);
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** 32 hexadecimal digits that nobody guesses. */
function randomToken(): string {
  return Array.from(
    crypto.getRandomValues(new Uint8Array(16)),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** `metro-1: 100 of 600 judged rows, by topic and tone`. */
function drawnText({ sheet, among, candidates }: RunSheet): string {
  const kind = among === "judged" ? "judged row" : "ok row";
  const names = sheet.questions.map(({ attribute }) => attribute).join(", ");
  return `${sheet.name}: ${sheet.rows.length} of ${counted(candidates, kind)}, by ${names}`;
}

function doneText({ done, rows, labels }: Progress): string {
  return `${done} of ${counted(rows, "text")} done, ${counted(labels, "label")}`;
}

function moreText({ sheet, candidates }: RunSheet): string {
  const more = Math.min(candidates, sheet.rows.length * 2);
  return more > sheet.rows.length ? ` --n ${more} asks for more.` : "";
}

function portNumber(text: string): number {
  const port = wholeNumber(0)(text);
  if (port > 65_535) throw new InvalidArgumentError("It must be at most 65535.");
  return port;
}

function flagsOf(invocation: Invocation): LabelFlags {
  return invocation.parsed.opts<LabelFlags>();
}
