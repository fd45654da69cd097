import { Command, CommanderError } from "commander";
import { VERSION } from "../version.ts";
import type { CommandSpec } from "./command.ts";

/** A command as the list of commands shows it; only the one that is called is loaded. */
export interface ListedCommand {
  name: string;
  /** One line for the list. */
  summary: string;
  load(): Promise<CommandSpec>;
}

/** Every command, in the order of `--help`. */
export const COMMANDS: readonly ListedCommand[] = [
  {
    name: "generate",
    summary: "make rows: plan, ask the model, record every answer",
    load: async () => (await import("./generate.ts")).generateCommand,
  },
  {
    name: "plan",
    summary: "print the rows that would be asked for, without asking",
    load: async () => (await import("./plan.ts")).planCommand,
  },
  {
    name: "estimate",
    summary: "say what a run will take: tokens, money and time",
    load: async () => (await import("./estimate.ts")).estimateCommand,
  },
  {
    name: "judge",
    summary: "have a model say what the texts really are",
    load: async () => (await import("./judge.ts")).judgeCommand,
  },
  {
    name: "label",
    summary: "say yourself what a run's texts really are, on a page",
    load: async () => (await import("./label.ts")).labelCommand,
  },
  {
    name: "analyze",
    summary: "measure what is wrong with a run's rows, or a file's",
    load: async () => (await import("./analyze.ts")).analyzeCommand,
  },
  {
    name: "check",
    summary: "fail where a run's shares are off: for continuous integration",
    load: async () => (await import("./check.ts")).checkCommand,
  },
  {
    name: "export",
    summary: "hand on a run's rows: JSON, JSONL or CSV",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  {
    name: "init",
    summary: "make a config folder to start from",
    load: async () => (await import("./init.ts")).initCommand,
  },
  {
    name: "doctor",
    summary: "check the set-up with one real call of one token",
    load: async () => (await import("./doctor.ts")).doctorCommand,
  },
  {
    name: "lab",
    summary: "open the notebooks in JupyterLab",
    load: async () => (await import("./lab.ts")).labCommand,
  },
];

/** What words came to: a command to carry out, or the exit code where help or a usage fault was printed. */
export type Parsed =
  | { spec: CommandSpec; parsed: Command }
  | { exitCode: 0 | 2 };

/**
 * Parses what was typed after `deno task`. Help goes to stdout with exit code 0, a usage fault to
 * stderr with exit code 2.
 */
export async function parseWords(words: string[]): Promise<Parsed> {
  let result: Parsed = { exitCode: 2 };
  const program = new Command("deno task").usage("<command> [flags]")
    .description(
      "Plumbline makes synthetic user inputs for testing and aligning AI assistants: rows are drawn\n" +
        "as configured, written by a model, and kept with what was asked for.",
    )
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .showHelpAfterError("(--help lists the flags)")
    .configureHelp({ helpWidth: 100 })
    .addHelpText("after", EXIT_CODES);
  const called = words.find((word) => COMMANDS.some(({ name }) => name === word));
  for (const { name, summary, load } of COMMANDS) {
    const command = new Command(name).summary(summary).usage("[flags]");
    program.addCommand(command);
    if (name !== called) continue;
    const spec = await load();
    spec.define(command).copyInheritedSettings(program)
      .exitOverride()
      .helpOption("-h, --help", "print help")
      .action(() => {
        result = { spec, parsed: command };
      });
  }
  program.exitOverride();
  try {
    if (words.length === 0) {
      program.outputHelp();
      return { exitCode: 0 };
    }
    program.parse(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : 2 };
  }
  return result;
}

const EXIT_CODES = `
Exit codes: 0 done · 1 done, but beyond a limit you set · 2 usage, config, or a run that can't be
written · 3 stopped early, can go on · 130 interrupted, can go on`;
