/** One message of a chat, in the order in which the model reads them. */
export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

/**
 * `full`: instructions, for models that follow them. `few-shot`: worked examples, for models of a
 * few hundred million parameters.
 */
export type PromptForm = "full" | "few-shot";
