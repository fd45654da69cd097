import { UserError } from "../../error.ts";
import { type Environment, type ModelVariable, variable } from "./environment.ts";
import type { ModelChoice } from "../types.ts";
import { oneLine } from "./words.ts";

// This file is read at every start, before anything is asked: it must not import the client.

/** The version of Azure's API that is asked where `AZURE_OPENAI_API_VERSION` is unset. */
export const defaultAzureVersion = "2024-10-21";

const openAIBaseURL = "https://api.openai.com/v1";

/**
 * The host and port that a model's calls go to, such as `api.openai.com:443`: what the process that
 * asks needs net permission for. Null for `local` (who starts the server knows its port) and
 * `simulated` (no network).
 *
 * @throws {UserError} Where the address is missing or no http or https URL.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { addressOf } from "./address.ts";
 * const choice = { provider: "openai" as const, name: "m", origin: "--model" };
 * assert(addressOf(choice, { OPENAI_API_KEY: "k" }) === "api.openai.com:443");
 * ```
 */
export function addressOf(choice: ModelChoice, env: Environment): string | null {
  switch (choice.provider) {
    case "openai":
      return hostAndPort(openAIAddress(env));
    case "azure":
      return hostAndPort(azureAddress(env));
    case "local":
    case "simulated":
      return null;
  }
}

/**
 * The base URL of `openai:` models, mostly ending in `/v1`; a pasted `/chat/completions` is cut off.
 *
 * @throws {UserError} Where neither a key nor an address is set, or the address is no URL.
 */
export function openAIAddress(env: Environment): URL {
  const text = variable(env, "OPENAI_BASE_URL");
  if (text === undefined) {
    if (variable(env, "OPENAI_API_KEY") === undefined) {
      throw new UserError(
        "OPENAI_API_KEY is not set: set it, or set OPENAI_BASE_URL to a server of your own " +
          "that needs no key, such as http://127.0.0.1:8000/v1.",
      );
    }
    return new URL(openAIBaseURL);
  }
  const url = parseURL(text, { name: "OPENAI_BASE_URL", example: "http://127.0.0.1:8000/v1" });
  url.pathname = url.pathname.replace(/\/chat\/completions\/?$/, "").replace(/\/+$/, "");
  return url;
}

/**
 * The resource's URL of `azure:` models; the path from `/openai` on, which the portal shows with
 * it, is cut off.
 *
 * @throws {UserError} Where `AZURE_OPENAI_ENDPOINT` is missing or no URL.
 */
export function azureAddress(env: Environment): URL {
  const example = "https://NAME.openai.azure.com";
  const text = variable(env, "AZURE_OPENAI_ENDPOINT");
  if (text === undefined) {
    throw new UserError(`AZURE_OPENAI_ENDPOINT is not set: expected a URL such as ${example}.`);
  }
  const url = parseURL(text, { name: "AZURE_OPENAI_ENDPOINT", example });
  url.pathname = url.pathname.replace(/\/openai(\/.*)?$/, "").replace(/\/+$/, "");
  url.search = "";
  return url;
}

/** A URL as it is shown to people: without a name, password, query or last slash. */
export function shownAddress(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

function parseURL(text: string, from: { name: ModelVariable; example: string }): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    // A password may stand before the @: it is not shown.
    const shown = oneLine(text.replace(/\S*@/, "…@"));
    throw new UserError(
      `${from.name} is "${shown}": expected an http or https URL such as ${from.example}.`,
    );
  }
  url.hash = "";
  return url;
}

function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === "https:" ? 443 : 80)}`;
}

/**
 * A key as it is set, undefined where it isn't.
 *
 * @throws {UserError} Where it can't be one.
 */
export function keyIn(env: Environment, name: ModelVariable): string | undefined {
  const key = variable(env, name);
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new UserError(
      `${name} holds a space, a line end or a character beyond ASCII, so it can't be a key. ` +
        `Was something pasted with it?`,
    );
  }
  return key;
}

/**
 * The key of `azure:` models.
 *
 * @throws {UserError} Where it is missing or can't be one.
 */
export function azureKey(env: Environment): string {
  const key = keyIn(env, "AZURE_OPENAI_API_KEY");
  if (key !== undefined) return key;
  throw new UserError(
    `AZURE_OPENAI_API_KEY is not set: ${
      shownAddress(azureAddress(env))
    } can't be asked without it.`,
  );
}
