import { Argument, InvalidArgumentError, Option } from "commander";
import { join, resolve } from "node:path";
import type { Price } from "../config/types.ts";
import { isAbsent, UserError } from "../error.ts";
import type { JudgeSummary } from "../judge/judge.ts";
import { judgeChoice } from "../judge/judge_model.ts";
import type { JudgeSource } from "../judge/source.ts";
import { chooseModel } from "../models/choice.ts";
import type { ModelChoice } from "../models/types.ts";
import { labelsOfFile } from "../run/log/labels.ts";
import { resolveRun } from "../run/log/name.ts";
import { readParts } from "../run/log/parts.ts";
import { type Access, type CommandSpec, type Invocation, noAccess } from "./command.ts";
import { loadTypedConfig } from "./config_line.ts";
import {
  attributeNames,
  configFolder,
  positiveNumber,
  shareOfLimit,
  wholeNumber,
} from "./flags.ts";
import { outputOf, placeOf, runOf } from "./run_argument.ts";
import { placesText } from "./places_text.ts";
import type { ByLabelsFlags } from "./judge_by_labels.ts";
import { onInterrupt } from "./interrupt.ts";
import { modelAccess, offlineAccess } from "./model_access.ts";
import { draw, give, pathsFrom, say } from "./say.ts";
import { shellWord } from "./shell_word.ts";

/** The flags of `judge` after parsing. */
interface JudgeFlags extends ByLabelsFlags {
  separately?: boolean;
  model?: string;
  price?: Price;
  maxCost?: number;
  concurrency?: number;
  timeout?: number;
  share?: number;
  patience?: number;
  text?: string;
  config?: string;
  output?: string;
}

/** What `--model` calls the judge that learns from labels by hand. */
const HAND = "hand";

/** `deno task judge`: a model says what texts really are, blind to what was asked for. */
export const judgeCommand: CommandSpec = {
  define(command) {
    return command
      .usage("<run> [flags]\n       deno task judge <file> --text <column> --config <dir> [flags]")
      .description(
        "Have a model say what the texts really are: for each attribute which of its values, none or\n" +
          "another one. It isn't told what was asked for.",
      )
      .addArgument(
        new Argument("<rows>", "a run's name or path, or a file with rows from elsewhere"),
      )
      .addOption(
        new Option(
          "--attribute <names>",
          "only these, as in topic,tone (default: all but languages)",
        )
          .argParser(attributeNames),
      )
      .addOption(
        new Option("--sample <rows>", "rows to judge, rare values more often (default: 600)")
          .argParser(wholeNumber(1)),
      )
      .addOption(new Option("--separately", "one call for each question instead of each row"))
      .addOption(
        new Option(
          "--model <provider:name>",
          `who judges (default: the model that wrote the texts; another one is better); ${HAND}: ` +
            "learns from the labels that persons gave, without a key",
        ),
      )
      .addOption(
        new Option(
          "--price <input,output>",
          "of the judge, USD per million tokens, where it isn't known",
        )
          .argParser(price),
      )
      .addOption(
        new Option("--max-cost <usd>", "stop before the labels of these rows cost more")
          .argParser(positiveNumber),
      )
      .addOption(new Option("--dry-run", "show three prompts and the cost; ask nothing"))
      .addOption(
        new Option("--concurrency <n>", "calls in flight at most (default: settings.json, else 64)")
          .argParser(wholeNumber(1)),
      )
      .addOption(
        new Option("--timeout <seconds>", "gives a call up (default: settings.json, else 60)")
          .argParser(positiveNumber),
      )
      .addOption(
        new Option("--share <1/n>", "this process's part of the endpoint's limit, among n alike")
          .argParser(shareOfLimit),
      )
      .addOption(
        new Option("--patience <minutes>", "with no answer at all for so long it ends (default: 5)")
          .argParser(positiveNumber),
      )
      .addOption(new Option("--text <column>", "of a file: the column of the texts"))
      .addOption(
        new Option("--config <dir>", "of a file: the config folder with the attributes and values"),
      )
      .addOption(new Option("--output <dir>", "the folder of runs (default: output)"))
      .addOption(new Option("--skip-bad-lines", "go on where records or labels have broken lines"))
      .addOption(new Option("--json", "print the summary as JSON on stdout"))
      .addHelpText(
        "after",
        `
Each answer is kept at once in labels.jsonl of the run's folder, for a file in FILE.labels.jsonl
beside it; the same command goes on where it ended, a larger --sample asks for the rest only. Rows
are drawn so that each rare value has enough, and weighted back by analyze. Rows that persons
labelled before are among them: they tell how often the judge errs.

An instruction is judged by one question: does the text do this? In one row of four it is another
one than the row's own, so that the judge can't know. "labels" in settings.json says which attributes
are judged so, "description" of an item what its value means. What is none of the answers is asked
once more, then it counts as "other", with a note.

A judge errs. A hundred texts that you label by hand correct it: deno task label RUN. From a hundred
labels by hand --model ${HAND} learns to label the other texts (at most 20,000), and says how often it
is right about texts that it hasn't seen. It is for topics: of tones, words tell little.

Exit codes: 0 done · 1 no question got a label · 2 nothing can be judged · 3 stopped early, can go on
· 130 interrupted, can go on

Examples:
  deno task judge metro-1-91bc04 --dry-run
  deno task judge metro-1-91bc04 --model openai:gpt-4.1 --max-cost 1
  deno task judge metro-1-91bc04 --model ${HAND}
  deno task judge chats.csv --text message --config metro --model openai:gpt-4.1-mini`,
      );
  },

  async prepare(invocation) {
    const flags = flagsOf(invocation);
    const input = await inputOf(invocation);
    const output = outputOf(invocation);
    const read = [output, join(output, runOf(invocation)), ...input.read];
    const base: Access = { ...noAccess(), read, write: flags.dryRun ? [] : input.write };
    // The lock of the labels says which machine holds it.
    if (!flags.dryRun) base.sys = ["hostname"];
    if (flags.model === HAND) return base;
    const choice = await choiceOf(input, invocation);
    if (choice.provider === "simulated") {
      const { profileOf } = await import("../models/simulated/profiles.ts");
      profileOf(choice.name);
    }
    return flags.dryRun
      ? { ...base, ...offlineAccess(choice) }
      : { ...base, ...modelAccess(choice, invocation.env) };
  },

  async run(invocation) {
    const flags = flagsOf(invocation);
    const input = await inputOf(invocation);
    const source = await sourceOf(input, invocation);
    if (flags.model === HAND) {
      const { judgeByLabels } = await import("./judge_by_labels.ts");
      const next = analyzeText(input, invocation);
      return await judgeByLabels(source, { flags, typedIn: invocation.typedIn, next });
    }
    return flags.dryRun
      ? await showPrompts(source, { input, invocation })
      : await judgeRows(source, { input, invocation });
  },
};

/** What is judged: a run, or a file by its path. */
type Input = { read: string[]; write: string[] } & ({ folder: string } | { file: string });

async function inputOf(invocation: Invocation): Promise<Input> {
  const flags = flagsOf(invocation);
  const name = runOf(invocation);
  const path = resolve(invocation.typedIn, name);
  let folder: string;
  try {
    ({ folder } = await resolveRun(name, placeOf(invocation)));
  } catch (error) {
    if (!(error instanceof UserError) || !await isFile(path)) throw error;
    if (flags.config === undefined) {
      throw new UserError(
        `${name} is a file: --config names the folder with the attributes and values to judge by.`,
      );
    }
    const { folder, file, lock } = labelsOfFile(path);
    const own = [join(folder, file), join(folder, lock)];
    return { file: path, read: [path, configFolder(invocation), ...own], write: own };
  }
  const flag = (["text", "config"] as const).find((each) => flags[each] !== undefined);
  if (flag !== undefined) {
    throw new UserError(`--${flag} is for files: ${name} is a run, which knows that by itself.`);
  }
  return { folder, read: [folder], write: [folder] };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Which model judges: for a file the one that the environment or its config's settings name. */
async function choiceOf(input: Input, invocation: Invocation): Promise<ModelChoice> {
  const { model } = flagsOf(invocation);
  const { env } = invocation;
  if ("file" in input) {
    const { settings } = await loadTypedConfig(invocation, () => {});
    const { provider, name } = chooseModel({ flag: model, env, settings });
    return judgeChoice({ model: null }, { model: `${provider}:${name}`, env });
  }
  const [part] = await readParts(input.folder);
  const author = part?.manifest.model;
  // The process that judges makes the same choice again.
  return judgeChoice({ model: author === undefined ? null : { name: author } }, { model, env });
}

async function sourceOf(input: Input, invocation: Invocation): Promise<JudgeSource> {
  const { skipBadLines = false, text } = flagsOf(invocation);
  if ("folder" in input) {
    const { readRun } = await import("../run/log/read.ts");
    const { runToJudge } = await import("../judge/source.ts");
    return runToJudge(await readRun(input.folder, { skipBadLines, warn: say }));
  }
  const { fileSource } = await import("../analysis/reading/file_source.ts");
  const { fileToJudge } = await import("./judge_file.ts");
  const config = await loadTypedConfig(invocation, say);
  const rows = await fileSource(input.file, {
    config,
    skipBadLines,
    warn: say,
    ...(text === undefined ? {} : { text }),
  });
  return fileToJudge(rows, { config, path: input.file });
}

async function judgeRows(
  source: JudgeSource,
  { input, invocation }: { input: Input; invocation: Invocation },
): Promise<number> {
  const { judge } = await import("../judge/judge.ts");
  const { judgeModel } = await import("../judge/judge_model.ts");
  const { openTokenCounter } = await import("../models/cost/tokens.ts");
  const { judgeProgressText, judgeSummaryText, plannedText } = await import("./judge_text.ts");
  const { lineOf } = await import("./progress.ts");
  const flags = flagsOf(invocation);
  const choice = await choiceOf(input, invocation);
  const named = `${choice.provider}:${choice.name}`;
  const { timeout, price } = flags;
  const model = judgeModel(source, {
    ...{ model: named, env: invocation.env, from: invocation.typedIn, timeout, price },
  });
  const isAuthor = source.model?.name === named;
  const isTerminal = Deno.stderr.isTerminal();
  // Some terminals say 0 where they don't know.
  const columns = () => isTerminal ? Deno.consoleSize().columns || 80 : 120;
  const progress = lineOf({ write: draw, isTerminal, columns, now: Date.now }, judgeProgressText);
  const sayBetween = (message: string) => {
    progress.pause();
    say(pathsFrom(invocation.typedIn, message));
  };
  const interrupt = onInterrupt(() =>
    sayBetween("Stopping: calls are still out; again to leave them.")
  );
  say(`${source.name} is judged by ${named}.${isAuthor ? AUTHOR : ""}`);
  try {
    const summary = await judge(source, {
      model,
      attributes: flags.attribute,
      sample: flags.sample,
      separately: flags.separately,
      notes: isAuthor ? source.model?.notes : undefined,
      concurrency: flags.concurrency ?? source.config.settings.concurrency,
      maxCost: flags.maxCost,
      share: flags.share,
      patience: flags.patience,
      skipBadLines: flags.skipBadLines,
      signal: interrupt.stop,
      cut: interrupt.cut,
      note: sayBetween,
      async onPlanned(planned) {
        const counter = await openTokenCounter(choice);
        say(plannedText(planned, { seed: source.seed, counter, price: model.price }));
      },
      onProgress: progress.update,
    });
    progress.end();
    if (flags.json) give(JSON.stringify(summary) + "\n");
    say(judgeSummaryText(summary, {
      place: placesText(summary.places, invocation.typedIn),
      next: nextLines(input, invocation),
    }));
    return exitCodeOf(summary);
  } finally {
    interrupt.release();
  }
}

const AUTHOR = " It wrote the texts itself: another model sees more of its mistakes (--model).";

/** `--dry-run`: what would be asked, and what it would cost. */
async function showPrompts(
  source: JudgeSource,
  { input, invocation }: { input: Input; invocation: Invocation },
): Promise<number> {
  const { planJudging } = await import("../judge/judge.ts");
  const { judgeModel } = await import("../judge/judge_model.ts");
  const { judgeRequests } = await import("../judge/request.ts");
  const { openTokenCounter } = await import("../models/cost/tokens.ts");
  const { plannedText } = await import("./judge_text.ts");
  const flags = flagsOf(invocation);
  const choice = await choiceOf(input, invocation);
  const named = `${choice.provider}:${choice.name}`;
  const { price } = judgeModel(source, { model: named, env: invocation.env, price: flags.price });
  const planned = await planJudging(source, {
    model: { name: named },
    attributes: flags.attribute,
    sample: flags.sample,
    separately: flags.separately,
    skipBadLines: flags.skipBadLines,
    note: say,
  });
  const request = judgeRequests(source);
  for (const item of [...planned.work.first, ...planned.work.again].slice(0, SHOWN)) {
    give(`=== row ${item.row.row} for ${named}\n`);
    for (const { role, content } of request(item).messages) give(`--- ${role}\n${content}\n`);
  }
  say(plannedText(planned, { seed: source.seed, counter: await openTokenCounter(choice), price }));
  say("Nothing was asked and nothing was written (--dry-run).");
  return 0;
}

const SHOWN = 3;

function exitCodeOf({ stopped, counts }: JudgeSummary): number {
  if (stopped === "interrupted") return 130;
  if (stopped !== null) return stopped.exitCode;
  if (counts.labelled > 0) return 0;
  say("No question got a label. Exit 1.");
  return 1;
}

/** What to type next where the labels are to be used as they are. */
function analyzeText(input: Input, invocation: Invocation): string {
  const { text, config = "config" } = flagsOf(invocation);
  const ofFile = "file" in input
    ? [...text === undefined ? [] : ["--text", shellWord(text)], "--config", shellWord(config)]
    : [];
  return ["Next: deno task analyze", rowsWord(input, invocation), ...ofFile].join(" ");
}

/** The rows as they can be typed: a run by its path, which needs no --output. */
function rowsWord(input: Input, { typedIn }: Invocation): string {
  return shellWord(pathsFrom(typedIn, "file" in input ? input.file : input.folder));
}

function nextLines(input: Input, invocation: Invocation): string[] {
  const analyze = analyzeText(input, invocation);
  if ("file" in input) return [analyze];
  const label = `deno task label ${rowsWord(input, invocation)}`;
  return [analyze, `Surer: ${label}, since a hundred labels by hand correct the judge`];
}

function price(text: string): Price {
  const [input = NaN, output = NaN, ...more] = text.split(",").map(Number);
  if (input >= 0 && output >= 0 && more.length === 0) return { input, output };
  throw new InvalidArgumentError("It must be two numbers, USD per million tokens, as in 0.4,1.6.");
}

function flagsOf(invocation: Invocation): JudgeFlags {
  return invocation.parsed.opts<JudgeFlags>();
}
