import { Command, CommanderError } from "commander";
import { VERSION } from "../version.ts";
import { analyzeCommand } from "./analyze.ts";
import type { CommandSpec } from "./command.ts";
import { doctorCommand } from "./doctor.ts";
import { estimateCommand } from "./estimate.ts";
import { exportCommand } from "./export.ts";
import { generateCommand } from "./generate.ts";
import { initCommand } from "./init.ts";
import { labCommand } from "./lab.ts";
import { planCommand } from "./plan.ts";

/** Every command, in the order of `--help`. */
export const COMMANDS: readonly CommandSpec[] = [
  generateCommand,
  planCommand,
  estimateCommand,
  analyzeCommand,
  exportCommand,
  initCommand,
  doctorCommand,
  labCommand,
];

/** What words came to: a command to carry out, or the exit code where help or a usage fault was printed. */
export type Parsed =
  | { spec: CommandSpec; parsed: Command }
  | { exitCode: 0 | 2 };

/**
 * Parses what was typed after `deno task`. Help goes to stdout with exit code 0, a usage fault to
 * stderr with exit code 2.
 */
export function parseWords(words: string[]): Parsed {
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
  for (const spec of COMMANDS) {
    const command = spec.define(new Command(spec.name).summary(spec.summary).usage("[flags]"));
    command.copyInheritedSettings(program)
      .exitOverride()
      .helpOption("-h, --help", "print help")
      .action(() => {
        result = { spec, parsed: command };
      });
    program.addCommand(command);
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
