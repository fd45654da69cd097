import { compose } from "./compose.ts";
import type { Decision } from "./decide.ts";
import { grammars } from "./languages.ts";
import { pick } from "./sentence.ts";

/** What a call ends with, as an endpoint tells it. */
export interface Answer {
  content: string | null;
  refusal: string | null;
  finishReason: "stop" | "length" | "content_filter";
}

/** The answer that a decision leads to; null: the endpoint's filter takes the prompt. */
export function writtenAnswer(decision: Decision): Answer | null {
  const grammar = grammars[decision.language];
  const { random } = decision;
  switch (decision.outcome) {
    case "filtered prompt":
      return null;
    case "filtered answer":
      return { content: null, refusal: null, finishReason: "content_filter" };
    case "empty":
      return { content: "", refusal: null, finishReason: "stop" };
    case "refused": {
      const text = pick(grammar.refusals, random);
      return decision.inRefusalField
        ? { content: null, refusal: text, finishReason: "stop" }
        : { content: text, refusal: null, finishReason: "stop" };
    }
    case "truncated": {
      const words = compose(decision).split(" ");
      const kept = Math.max(1, Math.floor(words.length * (0.4 + 0.4 * random())));
      const text = words.slice(0, kept).join(" ").replace(/[.,!?]+$/, "");
      return { content: text, refusal: null, finishReason: "length" };
    }
    case "ok": {
      let text = compose(decision);
      if (decision.quoted) text = `"${text}"`;
      if (decision.preface) text = `${pick(grammar.prefaces, random)}\n\n${text}`;
      return { content: text, refusal: null, finishReason: "stop" };
    }
  }
}
