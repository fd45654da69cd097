import { Option } from "commander";
import { readLayers } from "../models/endpoint/env_files.ts";
import { type CommandSpec, type Invocation, noAccess } from "./command.ts";
import { type DoctorReport, outcomeLines, setUpLines } from "./doctor_report.ts";
import type { DoctorFlags, SetUp } from "./doctor_setup.ts";
import { positiveNumber } from "./flags.ts";
import { modelAccess } from "./model_access.ts";
import { give } from "./say.ts";
import { shellWord } from "./shell_word.ts";

/** The variable by which the launcher hands on what it found, as JSON without any secret. */
const SET_UP = "PLUMBLINE_SET_UP";

/** `deno task doctor`: checks the set-up with one real call. */
export const doctorCommand: CommandSpec = {
  define(command) {
    return command
      .description(
        "Check the set-up with one real call of one token: what is set where, what is wrong, and what " +
          "to change. Keys are never shown.",
      )
      .addOption(new Option("--config <dir>", "the config folder (default: config)"))
      .addOption(
        new Option("--model <provider:name>", "the model to ask (default: as in generate)"),
      )
      .addOption(new Option("--output <dir>", "the folder of runs (default: output)"))
      .addOption(
        new Option("--timeout <seconds>", "gives the call up").argParser(positiveNumber).default(
          30,
        ),
      )
      .addOption(new Option("--json", "print the report as JSON on stdout"))
      .addHelpText(
        "after",
        `
A local model's weights are fetched if they aren't there, and its server is started for the call.

Exit codes: 0 all is well · 2 something is set up wrong · 3 the endpoint doesn't answer

Examples:
  deno task doctor
  deno task doctor --config metro --model azure:my-deployment`,
      );
  },

  async prepare(invocation) {
    const { examine } = await import("./doctor_setup.ts");
    const { typedIn, project } = invocation;
    // What the launcher was started with: the invocation's own doesn't tell where a variable is from.
    const layers = readLayers({ typedIn, project, env: Deno.env.toObject() });
    const setUp = await examine(invocation, layers);
    const { json = false } = flagsOf(invocation);
    if (!json) give(setUpLines(setUp).join("\n") + "\n");
    const access = {
      ...noAccess(),
      read: [setUp.output],
      write: [setUp.output],
      handedOn: { [SET_UP]: JSON.stringify(setUp) },
    };
    if (setUp.choice === null || setUp.problem !== null) return access;
    return {
      ...access,
      ...modelAccess(setUp.choice, invocation.env),
      withoutLocalModel(error) {
        const [said = "", ...advice] = error.message.split("\n");
        const call = { ok: false, ms: null, status: null, said };
        const output = { folder: setUp.output, writable: null, why: null };
        return end(invocation, { setUp, output, call, advice, exitCode: 3 });
      },
    };
  },

  async run(invocation) {
    const { checkCall } = await import("./doctor_call.ts");
    const setUp: SetUp = JSON.parse(invocation.env[SET_UP] ?? "");
    const output = await checkOutput(setUp.output);
    const { call, advice, exitCode } = await checkCall(setUp, {
      env: invocation.env,
      timeoutSeconds: flagsOf(invocation).timeout,
    });
    return end(invocation, { setUp, output, call, advice, exitCode });
  },
};

function flagsOf(invocation: Invocation): DoctorFlags {
  return invocation.parsed.opts<DoctorFlags>();
}

/** Prints what came out and gives the exit code: a faulty config or output makes it at least 2. */
function end(
  invocation: Invocation,
  { setUp, output, call, advice, exitCode }:
    & { setUp: SetUp }
    & Pick<DoctorReport, "output" | "call" | "advice" | "exitCode">,
): number {
  const { choice: _, asking: __, problem: ___, setIn: ____, ...facts } = setUp;
  const faulty = setUp.config.faults.length > 0 || output.writable === false;
  const code = exitCode === 0 && faulty ? 2 : exitCode;
  const next = nextCommand(invocation);
  const report: DoctorReport = {
    ...{ ok: code === 0, exitCode: code, ...facts },
    ...{ output, call, advice, next },
  };
  const { json = false } = flagsOf(invocation);
  const text = json ? JSON.stringify(report, null, 2) : outcomeLines(report).join("\n");
  give(text + "\n");
  return code;
}

/** `generate` with the flags that were checked. */
function nextCommand(invocation: Invocation): string {
  const { config, model, output } = flagsOf(invocation);
  const flags = Object.entries({ config, model, output }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, shellWord(value)]
  );
  return ["deno task generate", ...flags].join(" ");
}

/** Tries to write into the folder of runs; what was made for that is removed. */
async function checkOutput(folder: string): Promise<DoctorReport["output"]> {
  try {
    const isNew = !await isFolder(folder);
    await Deno.mkdir(folder, { recursive: true });
    await Deno.remove(await Deno.makeTempFile({ dir: folder, prefix: "doctor-" }));
    if (isNew) await Deno.remove(folder);
    return { folder, writable: true, why: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { folder, writable: false, why };
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
