import type { Command } from "commander";
import type { UserError } from "../error.ts";

/** What a command was called with. */
export interface Invocation {
  /** The command as it was parsed: `args`, and the flags by `opts()`. */
  parsed: Command;
  /** The environment, `.env` files included. */
  env: Record<string, string>;
  /** The folder in which the command was typed: typed paths count from here. */
  typedIn: string;
  /** The project's folder: default paths count from here. */
  project: string;
}

/** What the process that runs a command may reach. */
export interface Access {
  read: string[];
  write: string[];
  /** `host:port` each. */
  net: string[];
  /** Names of environment variables. */
  env: string[];
  /** Kinds of system information. */
  sys: string[];
  /** The local model whose server has to run meanwhile. */
  localModel: string | null;
  /** Variables that `run` finds in its environment beside those. */
  handedOn?: Record<string, string>;
  /** Gives the exit code where the local model can't be had; without it the error ends the command. */
  withoutLocalModel?(error: UserError): number;
}

/** One command: the launcher calls `prepare`, the process that it starts calls `run`. */
export interface CommandSpec {
  /** Adds description, flags and examples. */
  define(command: Command): Command;
  /**
   * Checks the input as far as can be done without asking anything, says the first line, and
   * works out what `run` needs. Throws `UserError`s.
   */
  prepare(invocation: Invocation): Promise<Access>;
  /** Does the work and gives the exit code. */
  run(invocation: Invocation): Promise<number>;
  /**
   * Of a command that only starts programs, which no other process here may: does it all in the
   * launcher, instead of the other two, and gives the exit code. Throws `UserError`s.
   */
  launch?(invocation: Invocation): Promise<number>;
}

/** Nothing to reach: the start of every `prepare`. */
export function noAccess(): Access {
  return { read: [], write: [], net: [], env: [], sys: [], localModel: null };
}
