import { UserError } from "../error.ts";
import { askAll } from "../models/pacing/ask.ts";
import type { Environment } from "../models/endpoint/environment.ts";
import { modelOf } from "../models/model.ts";
import type { ModelChoice, Reply } from "../models/types.ts";
import type { ChatMessage } from "../prompt/types.ts";
import { type Proposals, propose } from "./init_proposals.ts";

/** Wide enough for the longest lists that are asked for. */
const MAX_TOKENS = 4_096;

const SETTINGS = {
  temperature: 0.7,
  frequency_penalty: null,
  seed: 1,
  sampling: "even",
  timeout: 120,
} as const;

/**
 * Has a model propose values that suit an assistant.
 *
 * @param context Who the assistant is for.
 * @returns What it proposed, or why nothing came that can be used.
 * @throws {UserError} Where the model can't be asked at all: key, address, model.
 */
export async function askForProposals(
  context: string,
  options: { choice: ModelChoice; env: Environment; project: string },
): Promise<{ proposals: Proposals } | { why: string }> {
  const { choice, env, project } = options;
  const model = modelOf(choice, { env, project, settings: SETTINGS });
  const { call, address, close } = await model.open({ dropped: [], replaced: {} });
  async function ask(messages: ChatMessage[]): Promise<{ reply: Reply } | { why: string }> {
    const asked = askAll([messages], {
      request: () => ({ messages, seed: 1, maxTokens: MAX_TOKENS }),
      call,
      address,
      concurrency: 1,
    });
    for await (const { reply, fault } of asked) {
      return reply === null ? { why: fault?.reason ?? "no answer came" } : { reply };
    }
    return { why: "no answer came" };
  }
  try {
    return await propose(context, ask);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // The lines after the first tell how a run goes on, which this isn't.
    const [why = ""] = error.message.split("\n");
    throw new UserError(
      `${why}\nNothing was written. Without proposals: the same command with --model local:`,
      { exitCode: error.exitCode, cause: error },
    );
  } finally {
    await close();
  }
}
