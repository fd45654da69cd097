import OpenAI, { AzureOpenAI } from "openai";
import { addressIn, keyIn, shownAddress, versionIn } from "./address.ts";
import { boundedResponse } from "./bounded_body.ts";
import { builtOnce } from "./built_once.ts";
import { withOneController } from "./one_controller.ts";
import { type Environment, variable } from "./environment.ts";
import { remoteOf } from "./providers.ts";
import { secretsOf } from "./secrets.ts";
import type { ModelChoice, Provider } from "../types.ts";

/** A model that can be asked. */
export interface Endpoint {
  client: OpenAI;
  provider: Provider;
  /** The model's name as it is sent; for Azure the deployment. */
  model: string;
  /** The URL as it is shown to people, without any secret. */
  address: string;
  /** Texts that must not show up anywhere: the key and a password in all their forms, see `secretsOf`. */
  secrets: readonly string[];
}

/** What a client is opened with. */
export interface ClientOptions {
  env: Environment;
  /** Seconds after which a call is given up; above 0. */
  timeoutSeconds: number;
  /** Answers instead of the network; needed for `simulated`. */
  fetch?: Fetch;
  /** Base URL of the local model's server, such as `http://127.0.0.1:41234/v1`; needed for `local`. */
  localAddress?: string;
}

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

// Everything that the client would else read from the environment is said here; it does no retries
// of its own, since calls are counted and slots freed where rows are asked.
const quiet = {
  maxRetries: 0,
  logLevel: "off",
  adminAPIKey: null,
  organization: null,
  project: null,
  webhookSecret: null,
} as const;

// The client insists on a key; with the header taken out again nothing of it is sent.
const keyless = { apiKey: "none", defaultHeaders: { Authorization: null } } as const;

/**
 * Opens the client of a chosen model. Nothing is sent yet.
 *
 * @throws {UserError} Where a variable is missing or wrong; it is named.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openClient } from "./client.ts";
 * const { address } = openClient(
 *   { provider: "openai", name: "m", origin: "--model" },
 *   { env: { OPENAI_BASE_URL: "http://127.0.0.1:8000/v1/" }, timeoutSeconds: 60 },
 * );
 * assert(address === "http://127.0.0.1:8000/v1");
 * ```
 */
export function openClient(choice: ModelChoice, options: ClientOptions): Endpoint {
  const { env } = options;
  const common = {
    ...quiet,
    timeout: options.timeoutSeconds * 1000,
    fetch: withBoundedBodies(options.fetch ?? fetch, options.timeoutSeconds * 1000),
  };
  const { provider, name: model } = choice;
  switch (provider) {
    case "openai": {
      const remote = remoteOf(provider);
      const url = addressIn(remote, env);
      const apiKey = keyIn(remote, env);
      const client = new OpenAI({
        ...common,
        ...(apiKey === undefined ? keyless : { apiKey }),
        baseURL: url.href,
        organization: variable(env, "OPENAI_ORG_ID") ?? null,
        project: variable(env, "OPENAI_PROJECT_ID") ?? null,
      });
      return {
        client: withOneController(builtOnce(client), common.fetch),
        provider,
        model,
        address: shownAddress(url),
        secrets: secretsOf({ apiKey, url }),
      };
    }
    case "azure": {
      const remote = remoteOf(provider);
      const url = addressIn(remote, env);
      const apiKey = keyIn(remote, env);
      const client = new AzureOpenAI({
        ...common,
        apiKey: apiKey ?? "",
        baseURL: `${url.href.replace(/\/+$/, "")}/openai`,
        apiVersion: versionIn(remote, env) ?? "",
      });
      return {
        client: withOneController(builtOnce(client), common.fetch),
        provider,
        model,
        address: shownAddress(url),
        secrets: secretsOf({ apiKey, url }),
      };
    }
    case "local": {
      if (options.localAddress === undefined) throw new TypeError("localAddress is missing");
      const client = new OpenAI({ ...common, ...keyless, baseURL: options.localAddress });
      return {
        client: withOneController(builtOnce(client), common.fetch),
        provider,
        model,
        address: options.localAddress,
        secrets: [],
      };
    }
    case "simulated": {
      if (options.fetch === undefined) throw new TypeError("fetch is missing");
      // What answers here is no stranger.
      const { fetch } = options;
      const baseURL = "http://simulated.invalid/v1";
      const client = new OpenAI({ ...common, ...keyless, baseURL, fetch });
      return {
        client: withOneController(builtOnce(client), fetch),
        provider,
        model,
        address: `simulated:${model}`,
        secrets: [],
      };
    }
  }
}

/** The answer to this is a file of any length. */
const FILE_PATH = /\/files\/[^/?]+\/content(\?|$)/;

/** A fetch whose answers can be read whole without harm. */
function withBoundedBodies(fetch: Fetch, timeoutMs: number): Fetch {
  const plainHeaders = openPlainHeaders();
  return async (input, init) => {
    const response = await fetch(input, plainHeaders(init));
    const isFile = typeof input === "string" && FILE_PATH.test(input);
    return await boundedResponse(response, { timeoutMs, isFile });
  };
}

/**
 * Deno reads headers from a plain object several times as fast as from `Headers`; those of the call
 * before mostly come again.
 */
function openPlainHeaders(): (init: RequestInit | undefined) => RequestInit | undefined {
  let from: Headers | null = null;
  let plain: Record<string, string> = {};
  return (init) => {
    if (!(init?.headers instanceof Headers)) return init;
    if (init.headers !== from) {
      from = init.headers;
      plain = Object.fromEntries(from);
    }
    return { ...init, headers: plain };
  };
}
