import { openCall } from "../endpoint/call.ts";
import { openClient } from "../endpoint/client.ts";
import { type Environment, LOCAL_ADDRESS } from "../endpoint/environment.ts";
import { readBounded } from "./probe.ts";
import { simulatedFetch } from "../simulated/fetch.ts";
import type { ChatMessage } from "../../prompt/types.ts";
import type { Fault, ModelChoice, ParameterNotes, Parameters, Reply } from "../types.ts";

/** What came back from the address at the last HTTP call, before anybody read meaning into it. */
export interface Heard {
  /** HTTP status; null where no response came. */
  status: number | null;
  /** The response's text up to 64 KB. */
  body: string;
  /** Where a redirect ended, if the call was redirected. */
  redirectedTo: string | null;
  /** In the words of the network stack, why no response came. */
  error: string | null;
}

/** What became of the one call. */
export interface Trial {
  answer: { reply: Reply } | { fault: Fault };
  heard: Heard;
  /** What the endpoint doesn't take as it is. */
  notes: ParameterNotes;
  /** Milliseconds. */
  ms: number;
}

/** The form in which the rows of a run are asked for. */
export interface Asking {
  parameters: Parameters;
  seed: number;
  /** Texts at which an answer ends; null: none are sent. */
  stop: readonly string[] | null;
  /** Whether a system message comes before the user's. */
  hasSystem: boolean;
}

/** What a trial is made with. */
export interface TrialOptions {
  env: Environment;
  asking: Asking;
  /** Seconds after which the call is given up. */
  timeoutSeconds: number;
  fetch?: typeof globalThis.fetch;
}

/** Characters that are kept; an answer of one token takes far fewer. */
const longestBody = 65_536;

const SYSTEM: ChatMessage = { role: "system", content: "You write one short message." };
const USER: ChatMessage = { role: "user", content: "Say hello." };

/**
 * Asks a model for one token in the form in which rows are asked for, and keeps what was heard. So
 * an answer tells that rows will be answered too.
 *
 * @throws {UserError} Where a variable is missing or wrong; nothing was asked then.
 */
export async function tryModel(choice: ModelChoice, options: TrialOptions): Promise<Trial> {
  const { env, asking, timeoutSeconds } = options;
  const { parameters, seed, stop, hasSystem } = asking;
  const heard: Heard = { status: null, body: "", redirectedTo: null, error: null };
  const localAddress = env[LOCAL_ADDRESS];
  const endpoint = openClient(choice, {
    env,
    timeoutSeconds,
    fetch: listening(
      choice.provider === "simulated" ? simulatedFetch(choice.name) : options.fetch ?? fetch,
      heard,
    ),
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  const notes: ParameterNotes = { dropped: [], replaced: {} };
  const call = openCall({ ...endpoint, parameters, notes });
  const started = performance.now();
  const answer = await call(
    {
      messages: hasSystem ? [SYSTEM, USER] : [USER],
      seed,
      maxTokens: 1,
      ...(stop === null ? {} : { stop }),
    },
    { signal: new AbortController().signal },
  );
  return { answer, heard, notes, ms: Math.round(performance.now() - started) };
}

/** A fetch that writes down into `heard` what its last call came to. */
function listening(fetch: typeof globalThis.fetch, heard: Heard): typeof globalThis.fetch {
  return async (input, init) => {
    Object.assign(heard, { status: null, body: "", redirectedTo: null, error: null });
    try {
      const response = await fetch(input, init);
      heard.status = response.status;
      if (response.redirected) heard.redirectedTo = response.url;
      if (response.body === null) return response;
      heard.body = await readBounded(response, { bytes: longestBody });
      return new Response(heard.body, { status: response.status, headers: response.headers });
    } catch (error) {
      heard.error = rootWords(error);
      throw error;
    }
  };
}

function rootWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? rootWords(error.cause) : `${error.name}: ${error.message}`;
}
