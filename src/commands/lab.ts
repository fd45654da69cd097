import { Argument, InvalidArgumentError, Option } from "commander";
import { delimiter, dirname, join } from "node:path";
import { UserError } from "../error.ts";
import { readLayers } from "../models/endpoint/env_files.ts";
import { type CommandSpec, type Invocation, noAccess } from "./command.ts";
import { wholeNumber } from "./flags.ts";
import { say } from "./say.ts";

/** The flags of `lab` after parsing. */
interface LabFlags {
  port?: number;
  token?: string;
  browser: boolean;
}

/** A program and the words that come before those for JupyterLab. */
type Start = [program: string, ...words: string[]];

/** As pip and uv take it. */
const REQUIREMENT = "jupyterlab>=4.6,<5";

/** `deno task lab`: JupyterLab with the Deno kernel on `notebooks/`. */
export const labCommand: CommandSpec = {
  define(command) {
    return command
      .usage("[flags] [-- words for JupyterLab]")
      .description("Open notebooks/ in JupyterLab, with the Deno kernel. Ctrl-C ends it.")
      .addOption(
        new Option("--port <n>", "the port to listen at (default: 8888, or the next free one)")
          .argParser(portNumber),
      )
      .addOption(new Option("--token <text>", "what the page asks for (default: a random one)"))
      .addOption(new Option("--no-browser", "open no browser"))
      .addArgument(new Argument("[words...]", "after --: passed on to JupyterLab as they are"))
      .addHelpText(
        "after",
        `
JupyterLab comes by uvx where that is installed; else python3 makes an environment for it in .cache/
once, with pip. The Deno kernel is installed for you alone, for VS Code too.

Unlike the other commands this one only starts programs: Deno, uvx, python3 and JupyterLab run with
all your rights, and so do the notebooks, as the Deno kernel always does.

Examples:
  deno task lab
  deno task lab --port 9000 --no-browser -- --ip 0.0.0.0
  deno task lab --no-browser -- --allow-root     as root, such as in a container`,
      );
  },

  // Both are left out: what starts programs runs in the launcher.
  prepare: () => Promise.resolve(noAccess()),
  run: () => Promise.resolve(0),

  async launch(invocation) {
    const { project } = invocation;
    const { env, kernel } = await installKernel();
    say(`Notebooks run in the kernel "Deno", which is ${kernel}.`);
    const [program, ...words] = await findLab(project);
    say("Starting JupyterLab on notebooks/. Ctrl-C ends it.");
    return await runToItsEnd(program, [...words, ...labWords(invocation)], {
      cwd: project,
      env: { ...typedVariables(invocation), ...env },
    });
  },
};

function portNumber(text: string): number {
  const port = wholeNumber(0)(text);
  if (port > 65_535) throw new InvalidArgumentError("It must be at most 65535.");
  return port;
}

/** What JupyterLab is told. */
function labWords({ parsed, project }: Invocation): string[] {
  const { port, token, browser } = parsed.opts<LabFlags>();
  return [
    `--ServerApp.root_dir=${join(project, "notebooks")}`,
    // One Ctrl-C ends it, with its kernels: it would ask, and take a second one for a yes.
    "--ServerApp.answer_yes=True",
    ...(port === undefined ? [] : [`--ServerApp.port=${port}`]),
    ...(token === undefined ? [] : [`--IdentityProvider.token=${token}`]),
    ...(browser ? [] : ["--no-browser"]),
    ...parsed.args,
  ];
}

/**
 * Variables of an `.env` file in the folder where the command was typed. Notebooks read the
 * project's own by themselves, each time anew.
 */
function typedVariables({ typedIn, project }: Invocation): Record<string, string> {
  if (typedIn === project) return {};
  const [own, typed] = readLayers({ typedIn, project, env: Deno.env.toObject() });
  return { ...typed?.values, ...own?.values };
}

/** Tells Jupyter of this Deno, by its own path: it needn't be on the PATH. */
async function installKernel(): Promise<{ env: Record<string, string>; kernel: string }> {
  const kernel = Deno.execPath();
  const words = ["jupyter", "--install", "--force"];
  const installed = await output(kernel, words, { env: { NO_COLOR: "1" } });
  if (installed === null || installed.code !== 0) {
    throw new UserError(
      `The Deno kernel could not be installed by "${[kernel, ...words].join(" ")}":\n` +
        (installed?.err.trim() ?? "it could not be started"),
    );
  }
  const folder = / installed successfully at (.+?)\.?\s*$/m.exec(installed.err + installed.out)
    ?.[1];
  const env: Record<string, string> = { NO_COLOR: "1" };
  if (folder !== undefined) {
    // <data>/kernels/deno; Deno doesn't ask JUPYTER_DATA_DIR where that is, Jupyter does.
    const paths = [dirname(dirname(folder)), Deno.env.get("JUPYTER_PATH") ?? ""];
    env["JUPYTER_PATH"] = paths.filter((path) => path !== "").join(delimiter);
  }
  return { env, kernel };
}

/** How JupyterLab is started: brought by uvx, or from an environment of its own. */
async function findLab(project: string): Promise<Start> {
  const failed: string[] = [];
  for (const way of [byUvx, byPython]) {
    const start = await way(project);
    if (typeof start !== "string") return start;
    failed.push(start);
  }
  throw new UserError(
    [
      "JupyterLab can't be had:",
      ...failed.map((why) => `- ${why}`),
      "Install uv (https://docs.astral.sh/uv) or Python 3.10 or later with pip, and try again. Or open",
      "the notebooks in VS Code with its extensions Deno and Jupyter: the kernel Deno is installed.",
    ].join("\n"),
  );
}

/** The start by uvx, or why there is none. */
async function byUvx(): Promise<Start | string> {
  const start: Start = ["uvx", "--from", REQUIREMENT, "jupyter-lab"];
  const [program, ...words] = start;
  const version = await output(program, [...words, "--version"], { told: true });
  if (version === null) return "uvx is not installed";
  return version.code === 0 ? start : `uvx could not bring ${REQUIREMENT} (see above)`;
}

/** The start from an environment in `.cache`, made where it isn't there yet; or why there is none. */
async function byPython(project: string): Promise<Start | string> {
  const windows = Deno.build.os === "windows";
  const folder = join(project, ".cache", "jupyterlab");
  const [bin, end] = windows ? ["Scripts", ".exe"] : ["bin", ""];
  const lab = join(folder, bin, `jupyter-lab${end}`);
  if (await isRightLab(lab)) return [lab];
  for (const python of windows ? ["python", "py"] : ["python3", "python"]) {
    if ((await output(python, ["--version"]))?.code !== 0) continue;
    say(`Fetching JupyterLab once, by ${python} and pip, into .cache/jupyterlab (about 250 MB).`);
    const made = await output(python, ["-m", "venv", folder], { told: true });
    if (made?.code !== 0) {
      return `${python} can't make an environment (see above); Debian has that in python3-venv`;
    }
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENT];
    const fetched = await output(join(folder, bin, `python${end}`), pip, { told: true });
    if (fetched?.code !== 0) return `pip could not bring ${REQUIREMENT} (see above)`;
    if (await isRightLab(lab)) return [lab];
    return `${lab} does not start`;
  }
  return `${windows ? "python" : "python3"} is not installed`;
}

async function isRightLab(lab: string): Promise<boolean> {
  const version = await output(lab, ["--version"]);
  const [, minor] = /^4\.(\d+)\./.exec(version?.out ?? "") ?? [];
  return version?.code === 0 && Number(minor) >= 6;
}

/** Runs a program to its end without input; null where there is no such program. */
async function output(
  program: string,
  words: string[],
  { env = {}, told = false }: { env?: Record<string, string>; told?: boolean } = {},
): Promise<{ code: number; out: string; err: string } | null> {
  const child = spawn(program, {
    args: words,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: told ? "inherit" : "piped",
  });
  if (child === null) return null;
  const ended = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: ended.code, out: text(ended.stdout), err: told ? "" : text(ended.stderr) };
}

/** Runs a program with this terminal until it ends by itself, by Ctrl-C or by a signal; gives its exit code. */
async function runToItsEnd(
  program: string,
  args: string[],
  options: { cwd: string; env: Record<string, string> },
): Promise<number> {
  let child: Deno.ChildProcess | null = null;
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  // They are heard before there is a child: one that came between would end this program alone.
  for (const signal of signals) {
    Deno.addSignalListener(signal, () => {
      // A terminal's Ctrl-C goes to all its programs: this one just has to wait.
      if (signal === "SIGINT" && Deno.stdin.isTerminal()) return;
      try {
        child?.kill(signal);
      } catch {
        // It has ended already.
      }
    });
  }
  child = spawn(program, { args, ...options });
  if (child === null) throw new UserError(`${program} is not there any more: try again.`);
  return (await child.status).code;
}

function spawn(
  program: string,
  options: Deno.CommandOptions,
): Deno.ChildProcess | null {
  try {
    return new Deno.Command(program, options).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
