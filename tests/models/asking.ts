import { askAll, type AskOptions } from "../../src/models/pacing/ask.ts";
import { type CallOptions, openCall } from "../../src/models/endpoint/call.ts";
import { type Endpoint as OpenEndpoint, openClient } from "../../src/models/endpoint/client.ts";
import type { Environment } from "../../src/models/endpoint/environment.ts";
import { openWire, type Wire } from "../../src/models/endpoint/wire.ts";
import type { Sleep } from "../../src/models/pacing/waiting.ts";
import type {
  Asked,
  Call,
  ChatRequest,
  Fault,
  ParameterNotes,
  Parameters,
  Reply,
} from "../../src/models/types.ts";

export const key = "k3y-for-tests-0123456789";

/** A client for an `openai:` model at a base URL. */
export function openAt(baseURL: string, env: Environment = {}, timeoutSeconds = 10): OpenEndpoint {
  return openClient({ provider: "openai", name: "test-model", origin: "--model" }, {
    env: { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseURL, ...env },
    timeoutSeconds,
  });
}

/** A way to ask it, with what it learned and said. */
export function callAt(
  baseURL: string,
  options: Partial<CallOptions> & { parameters?: Parameters; timeoutSeconds?: number } = {},
): { call: Call; notes: ParameterNotes; said: string[]; address: string; wire: Wire } {
  const notes: ParameterNotes = options.notes ?? { dropped: [], replaced: {} };
  const said: string[] = [];
  const open = openAt(baseURL, {}, options.timeoutSeconds);
  const asking = {
    ...open,
    parameters: { temperature: 0.9, frequency_penalty: 0.5, top_p: null },
    onNote: (text: string) => said.push(text),
    ...options,
    notes,
  };
  const wire = openWire(asking);
  return { call: openCall({ ...asking, wire }), notes, said, address: open.address, wire };
}

/** A request whose seed is its row number. */
export function requestFor(row: number): ChatRequest {
  return { messages: [{ role: "user", content: `Row ${row}` }], seed: row, maxTokens: 100 };
}

/** One call with nothing to stop it. */
export function once(call: Call, row = 0): ReturnType<Call> {
  return call(requestFor(row), { signal: new AbortController().signal });
}

/** The one fault of a call; throws where a reply came. */
export async function faultFrom(call: Call): Promise<Fault> {
  const answer = await once(call);
  if ("reply" in answer) throw new Error(`A reply came: ${answer.reply.text}`);
  return answer.fault;
}

/** The one reply of a call; throws where a fault came. */
export async function replyFrom(call: Call): Promise<Reply> {
  const answer = await once(call);
  if ("fault" in answer) throw new Error(`A fault came: ${answer.fault.reason}`);
  return answer.reply;
}

/** A clock that jumps ahead when somebody sleeps, and keeps how long each sleep was. */
export function jumpingClock(): {
  now: () => number;
  sleep: Sleep;
  slept: number[];
} {
  let time = 1000;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    async sleep(milliseconds, { signal }) {
      const until = time + milliseconds;
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (signal.aborted) return;
      slept.push(milliseconds);
      time = Math.max(time, until);
    },
  };
}

/** Asks rows 0 … count-1 and gathers all that is yielded, and what is thrown in the end. */
export async function gather(
  count: number,
  options: Partial<AskOptions<number>> & Pick<AskOptions<number>, "call">,
): Promise<{ asked: Asked<number>[]; error: unknown }> {
  const asked: Asked<number>[] = [];
  try {
    const all = askAll(Array(count).keys(), {
      request: requestFor,
      address: "http://test",
      concurrency: 4,
      random: () => 0,
      ...jumpingClock(),
      ...options,
    });
    for await (const one of all) asked.push(one);
    return { asked, error: null };
  } catch (error) {
    return { asked, error };
  }
}
