/**
 * An endpoint on loopback with OpenAI's Batch API beside its chat: `/files` and `/batches`, at the
 * paths of OpenAI (`/v1/…`) and of Azure (`/openai/…?api-version=`). It checks what it is given as
 * the real one does, counts what it answered, and misbehaves by script.
 *
 * ```ts ignore
 * await using endpoint = await startBatchEndpoint({
 *   answer: ({ id }) => id === "row-3" ? "expired" : undefined,
 * });
 * // … ask endpoint.baseURL …
 * assert.equal(endpoint.batches.length, 2);
 * ```
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AskedBody, send, textOf } from "./endpoint.ts";

/** What can be asked of it. */
export type Step =
  | "chat"
  | "upload"
  | "file"
  | "content"
  | "create"
  | "list"
  | "retrieve"
  | "cancel";

/** One request of a batch. */
export interface BatchRequest {
  id: string;
  body: AskedBody;
  /** The batch's number, from 1; 0 for a live call. */
  batch: number;
  /** How often this row was asked up to now, from 1. */
  attempt: number;
}

/** A status with its body, what else can become of a request, or (undefined) an answer as usual. */
export type Answered =
  | { status: number; body: unknown }
  | "expired"
  | "missing"
  | undefined;

/**
 * What goes wrong with an HTTP call: a status instead of an answer, a connection that is reset before
 * or after the work was done, an answer that never comes though the work was done, or that breaks off
 * or stalls in its middle. Undefined: nothing.
 */
export type Mishap =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | "reset"
  | "reset after"
  | "hang after"
  | "half"
  | "stall"
  | undefined;

/** A batch as it stands here. */
export interface HeldBatch {
  id: string;
  number: number;
  status: string;
  file: string;
  /** What was given with it. */
  given: Record<string, unknown>;
  requests: { id: string; url: string; body: AskedBody }[];
  outputFile: string | null;
  errorFile: string | null;
  errors: { code?: string; message?: string; param?: string | null; line?: number | null }[];
  completed: number;
  failed: number;
  looks: number;
  createdAt: number;
}

/** How it behaves. */
export interface BatchScript {
  answer?: (request: BatchRequest) => Answered;
  mishap?: (step: Step, times: number, url: string) => Mishap | Promise<Mishap>;
  /** Why a batch is not taken as a whole; null: it is taken. */
  refuse?: (batch: HeldBatch, all: readonly HeldBatch[]) => HeldBatch["errors"] | null;
  /** Looks at a batch before it has ended; default 1. Infinity: until `finish`. */
  looks?: number;
  /** How batches end; default "completed". */
  end?: (batch: HeldBatch) => "completed" | "expired";
  /** Changes the files of results before they are handed out. */
  results?: (lines: string[], kind: "output" | "error", batch: HeldBatch) => string[];
  /** Changes a batch before it is told. */
  told?: (batch: Record<string, unknown>, held: HeldBatch) => Record<string, unknown>;
  /** Whether an uploaded file can be used only after it was looked at; default false. */
  slowFiles?: boolean;
}

/** A running endpoint and what it has seen. */
export interface BatchEndpoint extends AsyncDisposable {
  url: string;
  baseURL: string;
  batches: HeldBatch[];
  /** By step: how often it was asked. */
  counts: Record<Step, number>;
  /** Rows that were answered with a 200, live and by batch, by seed: how often. They are paid. */
  paid: Map<number, number>;
  /** Bodies of live calls. */
  live: AskedBody[];
  /** Bytes of each uploaded file. */
  uploads: string[];
  /** Every URL that was asked, with its method. */
  urls: string[];
  /** Ends the batches that were held open. */
  finish(): void;
  close(): Promise<void>;
}

/** Starts one on 127.0.0.1, on a port that is free. */
export async function startBatchEndpoint(script: BatchScript = {}): Promise<BatchEndpoint> {
  const files = new Map<string, { text: string; ready: boolean }>();
  const batches: HeldBatch[] = [];
  const steps: Step[] = [
    "chat",
    "upload",
    "file",
    "content",
    "create",
    "list",
    "retrieve",
    "cancel",
  ];
  const counts = Object.fromEntries(steps.map((step) => [step, 0])) as Record<Step, number>;
  const paid = new Map<number, number>();
  const asked = new Map<string, number>();
  const live: AskedBody[] = [];
  const uploads: string[] = [];
  const urls: string[] = [];
  let held = script.looks === Infinity;

  function answerTo(request: Omit<BatchRequest, "attempt">): Answered {
    const attempt = (asked.get(request.id) ?? 0) + 1;
    asked.set(request.id, attempt);
    const answered = script.answer?.({ ...request, attempt });
    if (answered !== undefined && (typeof answered === "string" || answered.status !== 200)) {
      return answered;
    }
    const seed = request.body.seed ?? -1;
    paid.set(seed, (paid.get(seed) ?? 0) + 1);
    return answered ?? { status: 200, body: completionFor(request.body) };
  }

  function work(batch: HeldBatch, { cancelled = false } = {}): void {
    const lines: Record<"output" | "error", string[]> = { output: [], error: [] };
    for (const { id, body } of batch.requests) {
      const answered = cancelled && batch.completed >= batch.requests.length / 2
        ? "cancelled"
        : answerTo({ id, body, batch: batch.number });
      const line = { id: `batch_req_${id}`, custom_id: id };
      if (answered === "missing" || answered === undefined) continue;
      if (typeof answered === "string") {
        const error = { code: `batch_${answered}`, message: `This request was ${answered}.` };
        lines.error.push(JSON.stringify({ ...line, response: null, error }));
        batch.failed++;
      } else {
        const { status: status_code, body } = answered;
        const good = status_code === 200;
        const response = { status_code, request_id: `req_${id}`, body };
        lines[good ? "output" : "error"].push(JSON.stringify({ ...line, response, error: null }));
        batch[good ? "completed" : "failed"]++;
      }
    }
    for (const kind of ["output", "error"] as const) {
      const changed = script.results?.(lines[kind], kind, batch) ?? lines[kind];
      if (changed.length === 0) continue;
      const id = `file-${kind}-${batch.number}`;
      files.set(id, { text: changed.map((text) => text + "\n").join(""), ready: true });
      batch[kind === "output" ? "outputFile" : "errorFile"] = id;
    }
    batch.status = cancelled ? "cancelled" : script.end?.(batch) ?? "completed";
  }

  function lookAt(batch: HeldBatch): void {
    if (batch.status === "cancelling") return work(batch, { cancelled: true });
    if (batch.status !== "validating" && batch.status !== "in_progress") return;
    const errors = batch.status === "validating" ? script.refuse?.(batch, batches) ?? null : null;
    if (errors !== null) {
      Object.assign(batch, { status: "failed", errors });
      return;
    }
    batch.status = "in_progress";
    const { looks = 1 } = script;
    if (!held && ++batch.looks >= (looks === Infinity ? 1 : looks)) work(batch);
  }

  function told(batch: HeldBatch): Record<string, unknown> {
    const { given, requests, completed, failed } = batch;
    const ended = ["completed", "expired", "cancelled", "failed"].includes(batch.status);
    const object = {
      id: batch.id,
      object: "batch",
      endpoint: given.endpoint,
      completion_window: given.completion_window,
      status: batch.status,
      input_file_id: batch.file,
      output_file_id: batch.outputFile,
      error_file_id: batch.errorFile,
      created_at: batch.createdAt,
      ...(ended ? { completed_at: batch.createdAt + 60 } : {}),
      metadata: given.metadata ?? null,
      request_counts: { total: requests.length, completed, failed },
      errors: batch.errors.length === 0 ? null : { object: "list", data: batch.errors },
    };
    return script.told?.(object, batch) ?? object;
  }

  /** Does the work of a call; gives status and body. */
  function serve(step: Step, url: URL, body: string): [number, unknown] {
    const id = url.pathname.split("/").filter((part) => part !== "cancel" && part !== "content")
      .at(-1) ?? "";
    if (step === "chat") {
      const request: AskedBody = JSON.parse(body);
      live.push(request);
      const answered = answerTo({ id: `live-${request.seed}`, body: request, batch: 0 });
      if (answered === undefined || typeof answered === "string") return [500, {}];
      return [answered.status, answered.body];
    }
    if (step === "upload") {
      const text = fileIn(body);
      uploads.push(text);
      const file = `file-${uploads.length}`;
      files.set(file, { text, ready: !script.slowFiles });
      return [200, {
        id: file,
        object: "file",
        status: script.slowFiles ? "pending" : "processed",
      }];
    }
    if (step === "file") {
      const file = files.get(id);
      if (file === undefined) return [404, missing("file", id)];
      const status = file.ready ? "processed" : "pending";
      file.ready = true;
      return [200, { id, object: "file", status }];
    }
    if (step === "content") {
      const file = files.get(id);
      return file === undefined ? [404, missing("file", id)] : [200, file.text];
    }
    if (step === "create") return create(JSON.parse(body), url);
    if (step === "list") {
      const newest = batches.toReversed();
      const after = url.searchParams.get("after");
      const from = after === null ? 0 : newest.findIndex((each) => each.id === after) + 1;
      const page = newest.slice(from, from + 2);
      return [200, {
        object: "list",
        data: page.map(told),
        has_more: from + 2 < newest.length,
      }];
    }
    const batch = batches.find((each) => each.id === id);
    if (batch === undefined) return [404, missing("batch", id)];
    if (step === "cancel") {
      if (["completed", "failed", "expired", "cancelled"].includes(batch.status)) {
        return [409, { error: { message: `Cannot cancel a batch that is ${batch.status}.` } }];
      }
      batch.status = "cancelling";
    } else lookAt(batch);
    return [200, told(batch)];
  }

  function create(given: Record<string, unknown>, url: URL): [number, unknown] {
    const file = files.get(String(given.input_file_id));
    if (file === undefined) return [400, missing("file", String(given.input_file_id))];
    if (!file.ready) return [400, { error: { message: "The file isn't processed yet" } }];
    const path = url.pathname.startsWith("/openai/") ? "/chat/completions" : "/v1/chat/completions";
    if (given.endpoint !== path || given.completion_window !== "24h") {
      return [400, { error: { message: `Invalid endpoint ${given.endpoint}` } }];
    }
    const requests = file.text.split("\n").filter((line) => line !== "").map((line) => {
      const { custom_id: id, method, url, body } = JSON.parse(line);
      if (method !== "POST" || url !== path) throw new Error(`A request to ${method} ${url}`);
      return { id, url, body };
    });
    if (new Set(requests.map(({ id }) => id)).size !== requests.length) {
      return [400, { error: { message: "Duplicate custom_id", code: "duplicate_custom_id" } }];
    }
    const number = batches.length + 1;
    batches.push({
      id: `batch_${number}`,
      number,
      status: "validating",
      file: String(given.input_file_id),
      given,
      requests,
      outputFile: null,
      errorFile: null,
      errors: [],
      completed: 0,
      failed: 0,
      looks: 0,
      createdAt: Math.floor(Date.now() / 1000),
    });
    return [200, told(batches[number - 1]!)];
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    urls.push(`${request.method} ${request.url}`);
    const body = await textOf(request);
    const step = stepOf(request.method ?? "GET", url.pathname);
    // As some gateways do.
    if (body !== "" && request.headers["content-length"] === undefined) {
      return sendJson(response, 411, { error: { message: "Length required" } });
    }
    if (step === null) {
      const message = `Invalid URL (${request.method} ${url.pathname})`;
      return sendJson(response, 404, { error: { message } });
    }
    const times = ++counts[step];
    const mishap = await script.mishap?.(step, times, request.url ?? "");
    if (mishap === "reset") return void request.socket.resetAndDestroy();
    if (typeof mishap === "object") {
      const { status, body = { error: { message: `Scripted ${status}` } }, headers } = mishap;
      return sendJson(response, status, body, headers);
    }
    const [status, content] = serve(step, url, body);
    if (mishap === "reset after") return void request.socket.resetAndDestroy();
    if (mishap === "hang after") return;
    if (typeof content !== "string") return sendJson(response, status, content);
    if (mishap !== "half" && mishap !== "stall") {
      return send(response, status, content, { "content-type": "application/octet-stream" });
    }
    const bytes = new TextEncoder().encode(content);
    response.writeHead(200, { "content-length": `${bytes.length}` });
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
      if (mishap === "half") request.socket.destroy();
    });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (!response.destroyed) send(response, 599, `The script threw: ${error}`, {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1024, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given");
  const url = `http://127.0.0.1:${address.port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url,
    baseURL: `${url}/v1`,
    batches,
    counts,
    paid,
    live,
    uploads,
    urls,
    finish: () => held = false,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A chat completion as an endpoint answers a request. */
export function completionFor(
  body: AskedBody,
  fields: { text?: string; finishReason?: string; usage?: unknown } = {},
): Record<string, unknown> {
  const content = fields.text ?? `Text for seed ${body.seed}`;
  return {
    id: `chatcmpl-${body.seed}`,
    object: "chat.completion",
    created: 1,
    model: body.model,
    choices: [{
      index: 0,
      message: { role: "assistant", content, refusal: null },
      finish_reason: fields.finishReason ?? "stop",
    }],
    usage: fields.usage ?? { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
  };
}

/** An error as an endpoint answers a request. */
export function errorFor(
  status: number,
  message: string,
  fields: { code?: string | null; param?: string | null; type?: string } = {},
): { status: number; body: unknown } {
  const error = { message, type: "invalid_request_error", param: null, code: null, ...fields };
  return { status, body: { error } };
}

function stepOf(method: string, path: string): Step | null {
  const rest = /^\/(?:v1|openai)(\/.*)$/.exec(path)?.[1] ?? "";
  if (/^(\/deployments\/[^/]+)?\/chat\/completions$/.test(rest)) return "chat";
  if (rest === "/files") return method === "POST" ? "upload" : null;
  if (/^\/files\/[^/]+\/content$/.test(rest)) return "content";
  if (/^\/files\/[^/]+$/.test(rest)) return "file";
  if (rest === "/batches") return method === "POST" ? "create" : "list";
  if (/^\/batches\/[^/]+\/cancel$/.test(rest)) return "cancel";
  return /^\/batches\/[^/]+$/.test(rest) ? "retrieve" : null;
}

function missing(what: string, id: string): unknown {
  return { error: { message: `No such ${what} object: ${id}`, code: null, param: "id" } };
}

/** The file in a multipart body; its purpose has to be that of a batch. */
function fileIn(body: string): string {
  const boundary = body.slice(0, body.indexOf("\r\n"));
  const parts = body.split(boundary).map((part) => {
    const at = part.indexOf("\r\n\r\n");
    return { head: part.slice(0, at), text: part.slice(at + 4, -2) };
  });
  const purpose = parts.find(({ head }) => head.includes('name="purpose"'))?.text;
  const file = parts.find(({ head }) => /name="file"; filename="[^"]+\.jsonl"/.test(head));
  if (purpose !== "batch" || file === undefined) throw new Error("No file for a batch");
  return file.text;
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  send(response, status, JSON.stringify(body), { "content-type": "application/json", ...headers });
}
