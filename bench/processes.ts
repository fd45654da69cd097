import { join } from "node:path";
import type { Asked } from "./endpoint.ts";
import type { Measured } from "./measure.ts";

/** The folder of these files, and the project's. */
const here = import.meta.dirname ?? ".";
export const project = join(here, "..");

const deno = Deno.execPath();
const ownConfig = join(here, "deno.json");

/** Calls that an endpoint answers in a second, and whether it states that in its headers. */
export interface Limit {
  perSecond: number;
  isStated: boolean;
}

/** A running endpoint. */
export interface Endpoint {
  /**
   * A base URL under which each answer takes `latency` milliseconds, and no more calls a second are
   * answered than `limit` allows, where there is one.
   */
  address(latency: number, name: string, limit?: Limit): string;
  /** What was asked under a name. */
  asked(name: string): Promise<Asked>;
  close(): Promise<void>;
}

/** Starts the endpoint in a process of its own. */
export async function startEndpoint(): Promise<Endpoint> {
  const child = new Deno.Command(deno, {
    args: ["run", "--config", ownConfig, "--allow-net=127.0.0.1", join(here, "endpoint.ts")],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  const root = value?.trim() ?? "";
  if (!root.startsWith("http:")) throw new Error("Cannot start the endpoint");
  return {
    address(latency, name, limit) {
      const limited = limit === undefined
        ? []
        : [limit.perSecond, ...limit.isStated ? ["stated"] : []];
      return `${root}/${[latency, ...limited].join(",")}/${name}/v1`;
    },
    asked: async (name) => await (await fetch(`${root}/0/${name}`)).json(),
    async close() {
      child.kill();
      await child.status;
      await reader.cancel();
    },
  };
}

/**
 * Runs a Deno command and gives what it took.
 *
 * @param args What follows `deno`.
 * @param options `env` is all that the command finds set beside the system's own.
 * @throws {Error} Where it ends with another exit code than 0.
 */
export async function measure(
  args: string[],
  options: { env?: Record<string, string> } = {},
): Promise<Measured> {
  const { stdout, stderr, success } = await new Deno.Command(deno, {
    args: ["run", "--allow-all", "--config", ownConfig, join(here, "measure.ts"), deno, ...args],
    env: { ...unset, NO_COLOR: "1", ...options.env },
    cwd: project,
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot measure: ${decoder.decode(stderr)}`);
  const measured: Measured = JSON.parse(decoder.decode(stdout));
  if (measured.exitCode !== 0) {
    throw new Error(
      `deno ${args.join(" ")} ended with ${measured.exitCode}:\n${decoder.decode(stderr)}`,
    );
  }
  return measured;
}

/** Nobody's key and nobody's choice of a model gets into a measurement. */
const unset = { PLUMBLINE_MODEL: "", OPENAI_API_KEY: "", AZURE_OPENAI_ENDPOINT: "", INIT_CWD: "" };
