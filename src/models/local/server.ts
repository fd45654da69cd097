/**
 * A small language model on the CPU behind OpenAI's chat API, on 127.0.0.1 and any free port.
 *
 * Arguments: the path of a GGUF file and the name to serve it by. Prints one line of JSON when it is
 * ready, `{"port":n,"model":"…"}`. It ends with its standard input, so it never outlives the process
 * that started it, however that one ended.
 */
import process from "node:process";
import { z } from "zod";
import { chatRequest, RequestFault } from "./chat_request.ts";
import { type AnswerRequest, loadLanguageModel } from "./language_model.ts";

/** Answers one HTTP request; aborted requests leave the queue or stop being written. */
function serve(name: string, answer: AnswerRequest): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    try {
      if (request.method === "GET" && pathname === "/v1/models") {
        return Response.json({
          object: "list",
          data: [{ id: name, object: "model", created: 0, owned_by: "local" }],
        });
      }
      if (request.method === "POST" && pathname === "/v1/chat/completions") {
        return await complete(request, name, answer);
      }
      return fault(404, `Nothing is served at ${request.method} ${pathname}`, null, null);
    } catch (error) {
      if (error instanceof RequestFault) return fault(400, error.message, error.param, error.code);
      if (request.signal.aborted) return new Response(null, { status: 499 });
      const reason = error instanceof Error ? error.message : String(error);
      return fault(500, reason, null, null);
    }
  };
}

async function complete(request: Request, name: string, answer: AnswerRequest): Promise<Response> {
  const json: unknown = await request.json().catch(() => {
    throw new RequestFault("The body isn't JSON", null, null);
  });
  const body = chatRequest.safeParse(json);
  if (!body.success) {
    const param = body.error.issues[0]?.path.join(".") || null;
    throw new RequestFault(z.prettifyError(body.error), param, null);
  }
  if (body.data.model !== undefined && body.data.model !== name) {
    const message = `The model "${body.data.model}" isn't served here: only "${name}" is`;
    return fault(404, message, "model", "model_not_found");
  }
  const done = await answer(body.data, request.signal);
  return Response.json({
    id: `chatcmpl-${crypto.randomUUID()}`,
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model: name,
    choices: [{
      index: 0,
      message: { role: "assistant", content: done.text, refusal: null },
      logprobs: null,
      finish_reason: done.finishReason,
    }],
    usage: {
      prompt_tokens: done.promptTokens,
      completion_tokens: done.completionTokens,
      total_tokens: done.promptTokens + done.completionTokens,
      prompt_tokens_details: { cached_tokens: done.cachedTokens },
    },
  });
}

function fault(status: number, message: string, param: string | null, code: string | null) {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return Response.json({ error: { message, type, param, code } }, { status });
}

async function endWithInput() {
  try {
    await Deno.stdin.readable.pipeTo(new WritableStream());
  } finally {
    process.exit(0);
  }
}

if (import.meta.main) {
  const [path, name] = Deno.args;
  if (path === undefined || name === undefined) {
    throw new Error("Expected two arguments: the path of a GGUF file and the name to serve it by");
  }
  // Ctrl-C reaches the whole group of processes; the one that started this one decides.
  Deno.addSignalListener("SIGINT", () => {});
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => process.exit(0));
  void endWithInput();
  const answer = await loadLanguageModel(path).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${path} can't be loaded: ${reason}\n`);
    return process.exit(1);
  });
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => {
      const ready = JSON.stringify({ port, model: name });
      Deno.stdout.writeSync(new TextEncoder().encode(ready + "\n"));
    },
  }, serve(name, answer));
}
