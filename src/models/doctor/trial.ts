import { openCall } from "../endpoint/call.ts";
import { openClient } from "../endpoint/client.ts";
import { type Environment, LOCAL_ADDRESS } from "../endpoint/environment.ts";
import { readBounded } from "./probe.ts";
import { simulatedFetch } from "../simulated/fetch.ts";
import type { Fault, ModelChoice, ParameterNotes, Parameters, Reply } from "../types.ts";

/** What came back from the address at the last HTTP call, before anybody read meaning into it. */
export interface Heard {
  /** HTTP status; null where no response came. */
  status: number | null;
  /** The response's text up to 64 KB, where it was no success. */
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
  /** Parameters that the endpoint doesn't take as they are. */
  notes: ParameterNotes;
  /** Milliseconds. */
  ms: number;
}

/** What a trial is made with. */
export interface TrialOptions {
  env: Environment;
  /** Sent as the rows of a run would send them. */
  parameters: Parameters;
  /** Seconds after which the call is given up. */
  timeoutSeconds: number;
  fetch?: typeof globalThis.fetch;
}

const longestBody = 65_536;

/**
 * Asks a model for one token, the way that rows are asked for, and keeps what was heard.
 *
 * @throws {UserError} Where a variable is missing or wrong; nothing was asked then.
 */
export async function tryModel(choice: ModelChoice, options: TrialOptions): Promise<Trial> {
  const { env, parameters, timeoutSeconds } = options;
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
    { messages: [{ role: "user", content: "Say hello." }], seed: 1, maxTokens: 1 },
    { signal: new AbortController().signal },
  );
  return { answer, heard, notes, ms: Math.round(performance.now() - started) };
}

/** A fetch that writes down into `heard` what its last call came to. */
function listening(fetch: typeof globalThis.fetch, heard: Heard): typeof globalThis.fetch {
  return async (input, init) => {
    Object.assign(heard, { status: null, body: "", redirectedTo: null, error: null });
    let response: Response;
    try {
      response = await fetch(input, init);
    } catch (error) {
      heard.error = rootWords(error);
      throw error;
    }
    heard.status = response.status;
    if (response.redirected) heard.redirectedTo = response.url;
    if (response.ok || response.body === null) return response;
    heard.body = await readBounded(response, { bytes: longestBody });
    return new Response(heard.body, { status: response.status, headers: response.headers });
  };
}

function rootWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? rootWords(error.cause) : `${error.name}: ${error.message}`;
}
