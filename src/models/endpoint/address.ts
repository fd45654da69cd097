import { UserError } from "../../error.ts";
import { type Environment, type ModelVariable, variable } from "./environment.ts";
import { PROVIDERS, type RemoteFacts } from "./providers.ts";
import type { ModelChoice } from "../types.ts";
import { oneLine } from "./words.ts";

// This file is read at every start, before anything is asked: it must not import the client.

/**
 * The host and port that a model's calls go to, such as `api.openai.com:443`: what the process that
 * asks needs net permission for. Null for models on this machine: who starts a local server knows
 * its port, and the simulator needs no network.
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
  const { remote } = PROVIDERS[choice.provider];
  return remote === null ? null : hostAndPort(addressIn(remote, env));
}

/**
 * The URL that a provider's paths are added to, as its variable says it; what people paste with it
 * is cut off.
 *
 * @throws {UserError} Where the address is missing, or no URL, or a key is needed to ask it and missing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { addressIn } from "./address.ts";
 * import { remoteOf } from "./providers.ts";
 * const env = { OPENAI_BASE_URL: "http://127.0.0.1:8000/v1/chat/completions" };
 * assert(addressIn(remoteOf("openai"), env).href === "http://127.0.0.1:8000/v1");
 * ```
 */
export function addressIn({ address, variables }: RemoteFacts, env: Environment): URL {
  const { example, fallback } = address;
  const text = variable(env, variables.address);
  if (text === undefined) {
    if (fallback === null) {
      throw new UserError(`${variables.address} is not set: expected a URL such as ${example}.`);
    }
    if (variable(env, variables.key) === undefined) {
      throw new UserError(
        `${variables.key} is not set: set it, or set ${variables.address} to a server of your own ` +
          `that needs no key, such as ${example}.`,
      );
    }
    return new URL(fallback);
  }
  const url = parseURL(text, { name: variables.address, example });
  url.pathname = url.pathname.replace(address.pasted, "").replace(/\/+$/, "");
  if (!address.keepsQuery) url.search = "";
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
 * A provider's key, undefined where none is set and none is needed.
 *
 * @throws {UserError} Where it can't be one, or is needed and missing.
 */
export function keyIn(remote: RemoteFacts, env: Environment): string | undefined {
  const { key: name } = remote.variables;
  const key = variable(env, name);
  if (key === undefined) {
    if (!remote.needsKey) return undefined;
    throw new UserError(
      `${name} is not set: ${shownAddress(addressIn(remote, env))} can't be asked without it.`,
    );
  }
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new UserError(
    `${name} holds a space, a line end or a character beyond ASCII, so it can't be a key. ` +
      `Was something pasted with it?`,
  );
}

/** The version of a provider's API that is asked; null where it has none. */
export function versionIn({ variables, version }: RemoteFacts, env: Environment): string | null {
  if (variables.version === undefined) return null;
  return variable(env, variables.version) ?? version;
}
