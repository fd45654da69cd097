import { InvalidArgumentError, Option } from "commander";
import { isAbsolute, join, normalize } from "node:path";
import { type Sampling, SAMPLINGS } from "../config/types.ts";
import { PROVIDERS, providers } from "../models/endpoint/providers.ts";
import { parseShard } from "../plan/shard.ts";
import type { Invocation } from "./command.ts";

/** Parses a whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const written = /^(\d+|\d{1,3}([_,]\d{3})+)$/.test(text.trim());
    const value = Number(text.replaceAll(/[_,]/g, ""));
    if (!written || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** Parses a number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError("It must be a number above 0.");
  }
  return value;
}

/** Parses `1/n`: the part of a limit that n processes alike divide among them. */
export function shareOfLimit(text: string): number {
  const processes = /^1\/([1-9]\d*)$/.exec(text.trim())?.[1];
  if (processes === undefined) throw new InvalidArgumentError("It must be 1/n, such as 1/4.");
  return 1 / Number(processes);
}

/** Rows that may go wrong: a number of them or a share of the planned ones. */
export type Limit = { rows: number } | { share: number };

/** Parses a count (`20`) or a share (`5%`). */
export function limit(text: string): Limit {
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim())?.[1];
  if (percent !== undefined && Number(percent) <= 100) return { share: Number(percent) / 100 };
  if (/^\d+$/.test(text.trim())) return { rows: Number(text) };
  throw new InvalidArgumentError("It must be a count such as 20 or a share such as 5%.");
}

/** Parses a comma-separated list whose items come from `known`. */
export function listOf<T extends string>(known: readonly T[]): (text: string) => T[] {
  return (text) =>
    text.split(",").map((item) => item.trim()).filter((item) => item !== "").map((item) => {
      const match = known.find((name) => name === item);
      if (match === undefined) throw new InvalidArgumentError(`Known are: ${known.join(", ")}.`);
      return match;
    });
}

/** Parses a comma-separated list of attributes' names, at least one. */
export function attributeNames(text: string): string[] {
  const all = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  if (all.length > 0) return all;
  throw new InvalidArgumentError("It must name attributes, such as topic,tone.");
}

/** The flags of {@linkcode planOptions} after parsing. */
export interface PlanFlags {
  config?: string;
  count?: number;
  seed?: number;
  sampling?: Sampling;
}

/** The flags that say what is planned; shared by all commands that plan rows. */
export function planOptions(): Option[] {
  return [
    new Option("--config <dir>", "the config folder (default: config)"),
    new Option("--count <n>", "rows in all (default: settings.json, else 20)")
      .argParser(wholeNumber(1)),
    new Option("--seed <n>", "another seed gives other draws (default: settings.json, else 1)")
      .argParser(wholeNumber(0)),
    new Option(
      "--sampling <kind>",
      "even: little draw noise; independent: statistical draws (default: settings.json, else even)",
    ).choices(SAMPLINGS),
  ];
}

/** The flag that names a model. */
export function modelOption(): Option {
  return new Option(
    "--model <provider:name>",
    providers.map((provider) => PROVIDERS[provider].form).join(", "),
  );
}

/** The flags of {@linkcode runOptions} after parsing. */
export interface RunFlags extends PlanFlags {
  model?: string;
  output?: string;
  run?: string;
  shard?: string;
  concurrency?: number;
}

/** The flags that say which rows of which run are asked for, and of whom; those of the plan first. */
export function runOptions(): Option[] {
  return [
    ...planOptions(),
    modelOption(),
    new Option("--output <dir>", "the folder of runs (default: output)"),
    new Option("--run <name>", "the run's name (default: from config, seed and hash)"),
    new Option("--shard <i/n>", "only these rows of the run: 1/4 … 4/4, each by its own process")
      .argParser(shardFlag),
    new Option("--concurrency <n>", "calls in flight at most (default: settings.json, else 64)")
      .argParser(wholeNumber(1)),
  ];
}

function shardFlag(text: string): string {
  if (parseShard(text) !== null) return text;
  throw new InvalidArgumentError("It must be i/n with i from 1 to n, such as 1/4.");
}

/** A typed path counts from where it was typed, a default one from the project. */
export function pathOf(
  typed: string | undefined,
  fallback: string,
  invocation: Invocation,
): string {
  if (typed === undefined || typed === "") return join(invocation.project, fallback);
  return normalize(isAbsolute(typed) ? typed : join(invocation.typedIn, typed));
}

/** The config folder's path. */
export function configFolder(invocation: Invocation): string {
  return pathOf(invocation.parsed.opts<PlanFlags>().config, "config", invocation);
}

/** The config folder as it was typed: what messages call it. */
export function configLabel(invocation: Invocation): string {
  return invocation.parsed.opts<PlanFlags>().config || "config";
}
