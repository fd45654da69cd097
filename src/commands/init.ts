import { Argument, Option } from "commander";
import { join, resolve } from "node:path";
import { collectRemarks } from "../config/remarks.ts";
import { decodeText } from "../config/text.ts";
import { UserError } from "../error.ts";
import { chooseModel } from "../models/choice.ts";
import { PROVIDERS, providers } from "../models/endpoint/providers.ts";
import type { ModelChoice } from "../models/types.ts";
import { type CommandSpec, type Invocation, noAccess } from "./command.ts";
import { checkFree, type FolderFiles, STARTER, starterFiles, writeFolder } from "./init_files.ts";
import { modelAccess } from "./model_access.ts";
import { say } from "./say.ts";
import { shellWord } from "./shell_word.ts";

/** The flags of `init` after parsing. */
interface InitFlags {
  from?: string;
  model?: string;
}

const proposers = providers.filter((provider) => canPropose({ provider }))
  .map((provider) => PROVIDERS[provider].form);

/** `deno task init`: a config folder to start from. */
export const initCommand: CommandSpec = {
  define(command) {
    return command
      .usage("<dir> [flags]")
      .description(
        "Make a config folder to start from: a small example that works, and a README.md in it that " +
          "explains each file.",
      )
      .addArgument(new Argument("<dir>", "the new folder; it must be empty if it exists"))
      .addOption(
        new Option(
          "--from <file>",
          "a text about your assistant: it becomes context.txt, and the model proposes topics, tones " +
            "and instructions that suit it, with weights, for you to edit",
        ),
      )
      .addOption(
        new Option(
          "--model <provider:name>",
          `who proposes: ${proposers.join(" or ")} (default: as in generate)`,
        ),
      )
      .addHelpText(
        "after",
        `
The proposals take one call, two at most. local: and simulated: models can't propose: with them the
lists of the starting folder are used.

Examples:
  deno task init metro
  deno task init metro --from about-our-chat.txt`,
      );
  },

  async prepare(invocation) {
    const flags = flagsOf(invocation);
    const target = targetOf(invocation);
    await checkFree(target, labelOf(invocation));
    const access = {
      ...noAccess(),
      read: [join(invocation.project, STARTER), target],
      write: [target],
    };
    if (flags.from === undefined) {
      if (flags.model !== undefined) {
        throw new UserError("--model says who makes proposals, which takes --from FILE.");
      }
      return access;
    }
    await readContext(invocation);
    const choice = choiceOf(invocation);
    if (!canPropose(choice)) {
      say(
        `${choice.provider}:${choice.name} can't propose topics, tones and instructions: the lists of ` +
          "the starting folder are used.\nFor proposals: set OPENAI_API_KEY, or OPENAI_BASE_URL for " +
          "your own server.",
      );
    }
    const { env, net } = modelAccess(choice, invocation.env);
    return { ...access, read: [...access.read, resolve(invocation.typedIn, flags.from)], env, net };
  },

  async run(invocation) {
    const { loadConfig } = await import("../config/load.ts");
    const { configLine } = await import("./config_line.ts");
    const target = targetOf(invocation);
    const label = labelOf(invocation);
    const files = await starterFiles(target, { project: invocation.project });
    const context = await readContext(invocation);
    if (context !== null) files["context.txt"] = context + "\n";
    const proposed = context === null ? null : await proposedFiles(context, invocation);
    await writeFolder(target, { files: { ...files, ...proposed }, label });
    const config = await loadConfig(target, { project: invocation.project, label, warn: say });
    say(configLine(config, label));
    say(`README.md in it explains each file. ${nextEdit({ context, proposed })}`);
    say(`Next: deno task generate --config ${shellWord(label)}`);
    return 0;
  },
};

function nextEdit(made: { context: string | null; proposed: object | null }): string {
  if (made.proposed !== null) {
    return "Look the proposals over: the weights are the model's guesses.";
  }
  return made.context === null
    ? "Make context.txt and injections/topic.json your own first."
    : "Make injections/topic.json your own first.";
}

function flagsOf(invocation: Invocation): InitFlags {
  return invocation.parsed.opts<InitFlags>();
}

/** The new folder as it was typed: what messages call it. */
function labelOf(invocation: Invocation): string {
  return invocation.parsed.args[0] ?? "";
}

function targetOf(invocation: Invocation): string {
  const label = labelOf(invocation);
  if (label.trim() === "") throw new UserError("The name of the new folder is blank.");
  return resolve(invocation.typedIn, label);
}

function choiceOf(invocation: Invocation): ModelChoice {
  const { model: flag } = flagsOf(invocation);
  return chooseModel({ flag, env: invocation.env, settings: {} });
}

/** Models on this machine are too small for it. */
function canPropose({ provider }: Pick<ModelChoice, "provider">): boolean {
  return PROVIDERS[provider].remote !== null;
}

/** The text that `--from` names, as `context.txt` will hold it; null without the flag. */
async function readContext(invocation: Invocation): Promise<string | null> {
  const { from } = flagsOf(invocation);
  if (from === undefined) return null;
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(resolve(invocation.typedIn, from));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new UserError(`--from ${from} can't be read: ${why}.`, { cause });
  }
  const remarks = collectRemarks(from);
  const text = decodeText(bytes, remarks.on(""))?.trim();
  if (text === undefined) throw new UserError(remarks.faults.join("\n"));
  if (text !== "") return text;
  throw new UserError(
    `${from} is blank: write in it who the assistant is for, what it must not do.`,
  );
}

/** The files that a model proposes, null where it doesn't come to any: then it is said why. */
async function proposedFiles(
  context: string,
  invocation: Invocation,
): Promise<FolderFiles | null> {
  const choice = choiceOf(invocation);
  if (!canPropose(choice)) return null;
  const { askForProposals } = await import("./init_asking.ts");
  const { proposalFiles } = await import("./init_proposals.ts");
  const { env, project } = invocation;
  say(
    `Asking ${choice.provider}:${choice.name} for topics, tones and instructions: one call, two at ` +
      "most.",
  );
  const outcome = await askForProposals(context, { choice, env, project });
  if ("proposals" in outcome) return proposalFiles(outcome.proposals);
  say(`No proposals: ${outcome.why}. The lists of the starting folder are used.`);
  return null;
}
