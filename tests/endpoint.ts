/**
 * A chat endpoint on loopback that answers by script: real HTTP, so that a test goes the whole way
 * through the client. It speaks the paths of OpenAI (`/v1/chat/completions`) and of Azure
 * (`/openai/deployments/NAME/chat/completions`).
 *
 * ```ts ignore
 * await using endpoint = await startEndpoint({
 *   script: ({ attemptOfThisRow }) => attemptOfThisRow === 1 ? status(500) : ok("Hej!"),
 * });
 * // … ask endpoint.baseURL …
 * assert.equal(endpoint.requests, 2);
 * ```
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** The parts of a request's body that scripts look at; any other field is there too. */
export interface AskedBody {
  model?: string;
  messages?: { role: string; content: string }[];
  seed?: number;
  [name: string]: unknown;
}

/** One request as it came. */
export interface AskedOnce {
  body: AskedBody;
  headers: Record<string, string | string[] | undefined>;
  /** Path and query. */
  url: string;
  /** How many requests came up to this one, from 1. */
  number: number;
  /** How many requests with these messages and this seed came up to this one, from 1. */
  attemptOfThisRow: number;
}

/** What is done with one request. */
export type Behaviour = (exchange: Exchange) => void | Promise<void>;

/** What a behaviour has to work with. */
export interface Exchange {
  asked: AskedOnce;
  response: ServerResponse;
  /** Ends when the endpoint is closed. */
  closed: AbortSignal;
}

/** What `ok` can say beside its text. */
export interface Completion {
  finishReason?: string | null;
  usage?: Record<string, unknown> | null;
  model?: string;
  refusal?: string | null;
  /** Further fields of the message. */
  message?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** A whole chat completion; without a text one that names the row's seed. */
export function ok(text?: string | null, completion: Completion = {}): Behaviour {
  return ({ asked, response }) => {
    const { finishReason = "stop", model, refusal = null, headers = {} } = completion;
    const content = text === undefined ? `Text for seed ${asked.body.seed}` : text;
    const usage = completion.usage === undefined
      ? { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 }
      : completion.usage;
    const body = {
      id: `chatcmpl-${asked.number}`,
      object: "chat.completion",
      created: 1,
      model: model ?? asked.body.model ?? deploymentIn(asked.url),
      choices: [{
        index: 0,
        message: { role: "assistant", content, refusal, ...completion.message },
        logprobs: null,
        finish_reason: finishReason,
      }],
      ...(usage === null ? {} : { usage }),
    };
    send(response, 200, JSON.stringify(body), { "content-type": "application/json", ...headers });
  };
}

/** A status with a body: an object is sent as JSON, a string as it is. */
export function status(
  code: number,
  body: unknown = { error: { message: `Scripted ${code}`, type: "scripted", code: null } },
  headers: Record<string, string> = {},
): Behaviour {
  return ({ response }) =>
    typeof body === "string"
      ? send(response, code, body, { "content-type": "text/plain", ...headers })
      : send(response, code, JSON.stringify(body), {
        "content-type": "application/json",
        ...headers,
      });
}

/** The error that OpenAI's API sends: status, message and what stands beside it. */
export function apiError(
  code: number,
  message: string,
  fields: { type?: string; param?: string | null; code?: string | null; [name: string]: unknown } =
    {},
  headers: Record<string, string> = {},
): Behaviour {
  const error = { message, type: "invalid_request_error", param: null, code: null, ...fields };
  return status(code, { error }, headers);
}

/** Too many requests; `headers` say when to come back. */
export function limited(headers: Record<string, string> = {}): Behaviour {
  return apiError(429, "Rate limit reached for requests", {
    type: "requests",
    code: "rate_limit_exceeded",
  }, headers);
}

/**
 * The connection is reset before anything is answered. Where it had served a request before, Deno's
 * own fetch sends the request once more, so that one call can be two requests here.
 */
export function reset(): Behaviour {
  return ({ response }) => {
    response.req.socket.resetAndDestroy();
  };
}

/** No answer comes until the client gives up or the endpoint is closed. */
export function hang(): Behaviour {
  return () => {};
}

/** A status 200 whose JSON is cut in the middle, though its length is right. */
export function brokenJson(): Behaviour {
  return ({ response }) =>
    send(response, 200, '{"id": "chatcmpl-1", "choices": [{"mess', {
      "content-type": "application/json",
    });
}

/** A status 200 with no body at all. */
export function emptyBody(): Behaviour {
  return ({ response }) => send(response, 200, "", { "content-type": "application/json" });
}

/** A web page, such as a proxy or a login in front of the endpoint sends. */
export function htmlPage(code = 200, title = "Bad gateway"): Behaviour {
  const page = `<!doctype html>\n<html><head><title>${title}</title></head><body>\n` +
    `<h1>${title}</h1></body></html>\n`;
  return ({ response }) => send(response, code, page, { "content-type": "text/html" });
}

/** Headers and half of a body; then the connection is closed. */
export function halfBody(code = 200): Behaviour {
  return ({ response }) => {
    response.writeHead(code, { "content-type": "application/json", "content-length": "400" });
    response.write('{"id": "chatcmpl-1", "object": "chat.comp', () => {
      response.req.socket.destroy();
    });
  };
}

/** Headers and half of a body; the rest never comes. */
export function stalledBody(code = 200): Behaviour {
  return ({ response }) => {
    response.writeHead(code, { "content-type": "application/json", "content-length": "400" });
    response.write('{"id": "chatcmpl-1", "object": "chat.comp');
  };
}

/** Another behaviour, some milliseconds later. */
export function slow(milliseconds: number, then: Behaviour = ok()): Behaviour {
  return async (exchange) => {
    await delay(milliseconds, undefined, { signal: exchange.closed });
    await then(exchange);
  };
}

/** A running endpoint and what it has seen. */
export interface Endpoint extends AsyncDisposable {
  /** Such as `http://127.0.0.1:41234`: what Azure's client is given. */
  url: string;
  /** `url` with `/v1`: what OpenAI's client is given. */
  baseURL: string;
  /** Requests that came so far. */
  readonly requests: number;
  /** Requests that wait for their answer now. */
  readonly inFlight: number;
  /** The most that ever waited at once. */
  readonly maxInFlight: number;
  /** Every request in the order in which they came; empty with `log: false`. */
  readonly log: AskedOnce[];
  /** Ends all connections, answered or not. */
  close(): Promise<void>;
}

/** Starts an endpoint on 127.0.0.1, by default on a port that is free. */
export async function startEndpoint(options: {
  /** What is done with each request; without it each is answered by `ok()`. */
  script?: (asked: AskedOnce) => Behaviour | Promise<Behaviour>;
  /** Milliseconds before each answer. */
  latencyMs?: number;
  /** Whether requests are kept; false for long runs. */
  log?: boolean;
  port?: number;
} = {}): Promise<Endpoint> {
  const { script = () => ok(), latencyMs = 0, log: keep = true, port = 0 } = options;
  const closing = new AbortController();
  const log: AskedOnce[] = [];
  const attempts = new Map<string, number>();
  let requests = 0;
  let inFlight = 0;
  let maxInFlight = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const number = ++requests;
    maxInFlight = Math.max(maxInFlight, ++inFlight);
    response.once("close", () => inFlight--);
    const url = request.url ?? "/";
    const text = await textOf(request);
    if (!isChatPath(url)) {
      const message = `Invalid URL (${request.method} ${url})`;
      return send(response, 404, JSON.stringify({ error: { message } }), {
        "content-type": "application/json",
      });
    }
    const body: AskedBody = JSON.parse(text);
    const row = keep ? `${body.seed} ${JSON.stringify(body.messages)}` : "";
    const attemptOfThisRow = (attempts.get(row) ?? 0) + 1;
    attempts.set(row, attemptOfThisRow);
    const asked = { body, headers: request.headers, url, number, attemptOfThisRow };
    if (keep) log.push(asked);
    if (latencyMs > 0) await delay(latencyMs, undefined, { signal: closing.signal });
    const behaviour = await script(asked);
    await behaviour({ asked, response, closed: closing.signal });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (closing.signal.aborted || response.destroyed) return;
      send(response, 599, `The script threw: ${error}`, { "content-type": "text/plain" });
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", 1024, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given");
  const url = `http://127.0.0.1:${address.port}`;

  async function close(): Promise<void> {
    if (closing.signal.aborted) return;
    closing.abort();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  return {
    url,
    baseURL: `${url}/v1`,
    log,
    close,
    [Symbol.asyncDispose]: close,
    get requests() {
      return requests;
    },
    get inFlight() {
      return inFlight;
    },
    get maxInFlight() {
      return maxInFlight;
    },
  };
}

/** A base URL on loopback where nothing listens. */
export function deadBaseURL(): string {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return `http://127.0.0.1:${port}/v1`;
}

/** The body of a request. */
export async function textOf(request: IncomingMessage): Promise<string> {
  request.setEncoding("utf8");
  let text = "";
  for await (const part of request) text += part;
  return text;
}

/** Answers whole, with its length. */
export function send(
  response: ServerResponse,
  code: number,
  body: string,
  headers: Record<string, string>,
): void {
  response.writeHead(code, {
    "content-length": `${new TextEncoder().encode(body).length}`,
    ...headers,
  });
  response.end(body);
}

function isChatPath(url: string): boolean {
  return /^(\/v1|\/openai\/deployments\/[^/]+)\/chat\/completions(\?|$)/.test(url);
}

function deploymentIn(url: string): string {
  return decodeURIComponent(/\/deployments\/([^/]+)\//.exec(url)?.[1] ?? "unknown");
}
