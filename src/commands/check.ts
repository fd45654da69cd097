import { Argument, InvalidArgumentError, Option } from "commander";
import { join } from "node:path";
import type { Check } from "../analysis/check.ts";
import { FINDINGS_FILE } from "../analysis/stored_findings.ts";
import { destinationOf } from "../report/destination.ts";
import { resolveRun } from "../run/log/name.ts";
import type { Run } from "../run/log/read.ts";
import { type CommandSpec, type Invocation, noAccess } from "./command.ts";
import { outputOf, placeOf, runOf } from "./run_argument.ts";
import { draw, give, pathsFrom, say } from "./say.ts";
import { shellWord } from "./shell_word.ts";
import { stageLine } from "./stage_line.ts";

/** The flags of `check` after parsing. */
interface CheckFlags {
  tolerance: number;
  require?: "measured";
  output?: string;
  skipBadLines?: boolean;
  json?: boolean;
}

/** `deno task check`: fails where a run's shares are further from their targets than is tolerated. */
export const checkCommand: CommandSpec = {
  define(command) {
    return command
      .usage("<run> [flags]")
      .description(
        "Fail where the shares of a run are off: for continuous integration. What texts are is held\n" +
          "against the targets where it is measured, else what ok rows were asked for.",
      )
      .addArgument(new Argument("<run>", "a run's name in the folder of runs, or its path"))
      .addOption(
        new Option(
          "--tolerance <share>",
          "total variation that is tolerated: the share of rows that would have to be others",
        ).argParser(tolerance).default(0.05, ".05"),
      )
      .addOption(
        new Option("--require <what>", "measured: fail, too, where an attribute isn't measured")
          .choices(["measured"]),
      )
      .addOption(new Option("--output <dir>", "the folder of runs (default: output)"))
      .addOption(new Option("--skip-bad-lines", "go on where records or labels have broken lines"))
      .addOption(new Option("--json", "print what was compared on stdout as JSON, too"))
      .addHelpText(
        "after",
        `
An attribute fails where its distance (total variation) is larger than the tolerance and the 95 %
point of its own error together: chance alone brings that about in at most 5 of 100 runs whose real
distance is the tolerance. The fewer rows, the larger that error: each line says both.

Where it is known what texts are (languages, and what a model or a person labelled), their shares are
held against the target. Else ok rows are held, by what they were asked for, against the weights that
they were drawn with: that shows losses, but not texts that are something else. Such attributes are
listed as not measured. The word of a model that no labels by hand correct is taken, and that is said.
Instructions that a text follows or not are compared by ok rows; how many follow is told, not judged.

${FINDINGS_FILE} of the run is taken where it is up to date, else made and written first. Pending
rows are left out: a run may be checked before it is done.

Exit codes: 0 passes · 1 an attribute is beyond its limit, or not measured with --require measured, or
no row is ok · 2 there is no such run, or it can't be read · 130 interrupted

Examples:
  deno task check metro-1-91bc04
  deno task check metro-1-91bc04 --tolerance .1 --require measured
  deno task check metro-1-91bc04 --json | jq .beyond`,
      );
  },

  async prepare(invocation) {
    const run = runOf(invocation);
    const { folder } = await resolveRun(run, placeOf(invocation));
    const output = outputOf(invocation);
    const { path, temporary } = destinationOf(join(folder, FINDINGS_FILE));
    // A path is looked for among the names in the folder of runs first.
    const read = [output, join(output, run), folder, path, temporary];
    return { ...noAccess(), read, write: [path, temporary] };
  },

  async run(invocation) {
    const { readRun } = await import("../run/log/read.ts");
    const { checkShares } = await import("../analysis/check.ts");
    const { runFindings } = await import("./run_findings.ts");
    const { checkText } = await import("./check_text.ts");
    const { jsonText } = await import("../analysis/findings_text.ts");
    const { pendingText } = await import("./analyze_text.ts");
    const { tolerance, require, skipBadLines = false, json } = flagsOf(invocation);
    const isTerminal = Deno.stderr.isTerminal();
    // Some terminals say 0 where they don't know.
    const columns = () => isTerminal ? Deno.consoleSize().columns || 80 : 120;
    const line = stageLine({ write: draw, isTerminal, columns, now: Date.now });
    const warn = (message: string) => {
      line.clear();
      say(pathsFrom(invocation.typedIn, message));
    };
    const run = await readRun(runOf(invocation), { ...placeOf(invocation), skipBadLines, warn });
    const found = await runFindings(run, { line });
    if (found === null) {
      say(`Stopped: ${FINDINGS_FILE} was not written.`);
      return 130;
    }
    const { rows, attributes } = found;
    const check = checkShares(attributes, { config: run.manifest.config, tolerance });
    const requireMeasured = require === "measured";
    const code = exitCodeOf(check, { run, requireMeasured });
    if (json) {
      const { name } = run;
      give(jsonText({ run: name, passes: code === 0, tolerance, rows, ...check }));
    }
    const typed = shellWord(pathsFrom(invocation.typedIn, run.folder));
    say(checkText(check, { rows, tolerance, requireMeasured, run: typed }));
    const pending = pendingText(found);
    if (pending !== null) say(pending);
    return code;
  },
};

function exitCodeOf(
  { beyond, notMeasured }: Check,
  { run, requireMeasured }: { run: Run; requireMeasured: boolean },
): 0 | 1 {
  const fails = run.counts.ok === 0 || beyond.length > 0 ||
    (requireMeasured && notMeasured.length > 0);
  return fails ? 1 : 0;
}

/** Parses a share such as `.05` or `5%`. */
function tolerance(text: string): number {
  const typed = text.trim();
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(typed)?.[1];
  const value = percent === undefined
    ? /^\d*\.?\d+$/.test(typed) ? Number(typed) : NaN
    : Number(percent) / 100;
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("It must be a share from 0 to 1 such as .05, or such as 5%.");
}

function flagsOf(invocation: Invocation): CheckFlags {
  return invocation.parsed.opts<CheckFlags>();
}
