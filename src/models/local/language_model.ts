import {
  type ChatHistoryItem,
  type ChatWrapper,
  type GbnfJsonSchema,
  getLlama,
  type Llama,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaGrammar,
  LlamaGrammarEvaluationState,
  LlamaLogLevel,
  type LlamaModel,
  resolveChatWrapper,
  type Token,
} from "node-llama-cpp";
import { type ChatBody, RequestFault } from "./chat_request.ts";

/**
 * The longest conversation in tokens, answer included. Memory grows with it (98 MB of it for the
 * smallest model), and a prompt with a long context file takes about 2,000.
 */
const longestContext = 4096;

/**
 * Cuts of the distribution that is drawn from. Without them a model of a few hundred million
 * parameters writes junk at temperatures near 1.
 */
const limits = { topK: 40, minP: 0.1 };
const defaults = { temperature: 0.9, topP: 0.95 };

/** An answer and what it took, in tokens. */
export interface Answer {
  text: string;
  finishReason: "stop" | "length";
  promptTokens: number;
  /** Prompt tokens that were still in memory from the request before. */
  cachedTokens: number;
  completionTokens: number;
}

/** One request after the other: an answer by seed and prompt alone. */
export type AnswerRequest = (body: ChatBody, signal: AbortSignal) => Promise<Answer>;

/**
 * Loads a GGUF file on the CPU. Requests are answered one by one in the order in which they come:
 * one sequence in one context, since several in one batch mix their tokens.
 *
 * @throws Where the file is no model that llama.cpp knows.
 */
export async function loadLanguageModel(path: string): Promise<AnswerRequest> {
  const llama = await getLlama({
    gpu: false,
    build: "never",
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({
    contextSize: Math.min(model.trainContextSize, longestContext),
    threads: navigator.hardwareConcurrency,
  });
  const loaded: Loaded = {
    llama,
    model,
    context,
    sequence: context.getSequence(),
    // Models that can think aloud are told not to: the row is the answer.
    template: resolveChatWrapper(model, {
      customWrapperSettings: { qwen: { thoughts: "discourage" } },
    }),
  };
  let last: Promise<unknown> = Promise.resolve();
  return (body, signal) => {
    const turn = last.then(() => {
      signal.throwIfAborted();
      return answer(body, { loaded, signal });
    });
    last = turn.catch(() => {});
    return turn;
  };
}

/** A model in memory, and the one sequence in which it writes. */
interface Loaded {
  llama: Llama;
  model: LlamaModel;
  context: LlamaContext;
  sequence: LlamaContextSequence;
  template: ChatWrapper;
}

async function answer(
  body: ChatBody,
  { loaded, signal }: { loaded: Loaded; signal: AbortSignal },
): Promise<Answer> {
  const { context, sequence } = loaded;
  const { prompt, ends } = tokenize(body.messages, loaded);
  const room = context.contextSize - prompt.length;
  if (room < 1) {
    throw new RequestFault(
      `The messages have ${prompt.length} tokens: at most ${context.contextSize - 1} fit`,
      "messages",
      "context_length_exceeded",
    );
  }
  const grammar = await grammarOf(body.response_format, loaded);
  const cuts = body.messages.flatMap(({ role }, i) =>
    role === "user" ? [commonStart(prompt, tokenize(body.messages.slice(0, i), loaded).prompt)] : []
  );
  const cachedTokens = await prepare(sequence, prompt, cuts);
  const most = Math.min(body.max_completion_tokens ?? body.max_tokens ?? room, room);
  const rest = prompt.slice(cuts.at(-1) ?? 0);
  const written = await write(rest, { body, loaded, grammar, ends, most, signal });
  return { ...written, promptTokens: prompt.length, cachedTokens };
}

function tokenize(
  messages: ChatBody["messages"],
  { model, template }: Loaded,
): { prompt: Token[]; ends: Token[][] } {
  const history: ChatHistoryItem[] = messages.map(({ role, content }) => {
    if (role === "user") return { type: "user", text: content };
    if (role === "assistant") return { type: "model", response: [content] };
    return { type: "system", text: content };
  });
  if (messages.at(-1)?.role !== "assistant") history.push({ type: "model", response: [] });
  const state = template.generateContextState({ chatHistory: history });
  return {
    prompt: state.contextText.tokenize(model.tokenizer),
    ends: state.stopGenerationTriggers.map((end) => end.tokenize(model.tokenizer)),
  };
}

async function grammarOf(
  format: ChatBody["response_format"],
  { llama }: Loaded,
): Promise<LlamaGrammar | undefined> {
  if (!format || format.type === "text") return undefined;
  if (format.type === "json_object") return await llama.getGrammarFor("json");
  try {
    return await llama.createGrammarForJsonSchema<GbnfJsonSchema>(format.json_schema.schema);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RequestFault(`This JSON schema isn't supported: ${reason}`, "response_format", null);
  }
}

/** What an answer is written with. */
interface Writing {
  body: ChatBody;
  loaded: Loaded;
  grammar: LlamaGrammar | undefined;
  /** What the model writes where it is done. */
  ends: Token[][];
  /** Tokens at most. */
  most: number;
  signal: AbortSignal;
}

/** Writes on after the last tokens of a prompt, up to an end, a text at which to stop, or the cap. */
async function write(
  prompt: Token[],
  { body, loaded, grammar, ends, most, signal }: Writing,
): Promise<Pick<Answer, "text" | "finishReason" | "completionTokens">> {
  const { model, sequence } = loaded;
  const stops = typeof body.stop === "string" ? [body.stop] : body.stop ?? [];
  const written: Token[] = [];
  let text = "";
  let finishReason: Answer["finishReason"] = "stop";
  const steps = sequence.evaluate(prompt, {
    ...limits,
    temperature: body.temperature ?? defaults.temperature,
    topP: body.top_p ?? defaults.topP,
    seed: (body.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) >>> 0,
    repeatPenalty: {
      punishTokens: () => written,
      maxPunishTokens: most,
      penalty: 1,
      frequencyPenalty: body.frequency_penalty ?? 0,
      presencePenalty: body.presence_penalty ?? 0,
    },
    ...(grammar && {
      grammarEvaluationState: new LlamaGrammarEvaluationState({ model, grammar }),
    }),
  });
  for await (const token of steps) {
    signal.throwIfAborted();
    written.push(token);
    if (ends.some((end) => end.length > 0 && endsWith(written, end))) break;
    text = model.detokenize(written);
    const cut = earliest(text, stops);
    if (cut !== null) {
      text = text.slice(0, cut);
      break;
    }
    if (written.length >= most) {
      finishReason = "length";
      break;
    }
  }
  return {
    // A cap can fall inside a character that takes several tokens.
    text: finishReason === "length" ? text.replace(/\uFFFD+$/u, "") : text,
    finishReason,
    completionTokens: written.length,
  };
}

/**
 * Brings the sequence to all of the prompt up to its last cut and says how many tokens of that were
 * there already. It is evaluated from cut to cut (a cut stands before each of the user's messages)
 * and reused up to a cut only: what is evaluated together must depend on the prompt alone, since
 * batches of another size round differently, and then the same seed gives another text.
 */
async function prepare(
  sequence: LlamaContextSequence,
  prompt: Token[],
  cuts: number[],
): Promise<number> {
  const last = cuts.at(-1) ?? 0;
  const same = sequence.compareContextTokens(prompt.slice(0, last)).firstDifferentIndex;
  const kept = cuts.findLast((cut) => cut <= same) ?? 0;
  await sequence.eraseContextTokenRanges([{ start: kept, end: sequence.nextTokenIndex }]);
  // Some architectures can't forget a part and begin anew.
  const cached = sequence.nextTokenIndex === kept ? kept : 0;
  if (cached === 0) await sequence.clearHistory();
  let done = cached;
  for (const cut of cuts.filter((cut) => cut > cached)) {
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(done, cut));
    done = cut;
  }
  return cached;
}

function commonStart(a: Token[], b: Token[]): number {
  const index = a.findIndex((token, i) => token !== b[i]);
  return index === -1 ? a.length : index;
}

function endsWith(tokens: Token[], end: Token[]): boolean {
  return end.every((token, i) => tokens[tokens.length - end.length + i] === token);
}

function earliest(text: string, stops: string[]): number | null {
  const found = stops.map((stop) => text.indexOf(stop)).filter((index) => index !== -1);
  return found.length > 0 ? Math.min(...found) : null;
}
