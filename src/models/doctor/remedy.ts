import { distance } from "fastest-levenshtein";
import {
  azureAddress,
  defaultAzureVersion,
  openAIAddress,
  shownAddress,
} from "../endpoint/address.ts";
import type { Ailment } from "./diagnose.ts";
import type { Environment, ModelVariable } from "../endpoint/environment.ts";
import { variable } from "../endpoint/environment.ts";
import { isThere, likelyBases, namesIn, type Probe } from "./probe.ts";
import type { Heard } from "./trial.ts";
import type { ModelChoice } from "../types.ts";

/** What a remedy is worked out from. */
export interface Situation {
  choice: ModelChoice;
  env: Environment;
  heard: Heard;
  /** What calls go through, in words: `HTTP_PROXY (http://proxy:3128)`; null: nothing. */
  proxy: string | null;
  /** Where a variable is set, in words: `the environment`, `/metro/.env`; null: nowhere. */
  whereSet: (name: ModelVariable) => string | null;
  /** What chose the model, in words: `--model`, `settings.json`. */
  chosenBy: string;
  probe: Probe;
}

/** As many names of an endpoint's models are told. */
const mostNames = 6;

/**
 * What to change, a sentence a line; the endpoint is looked at more closely where that tells.
 */
export async function remedyFor(ailment: Ailment, situation: Situation): Promise<string[]> {
  const { choice, env, proxy, heard } = situation;
  if (choice.provider === "local") return localRemedy(ailment, situation);
  if (choice.provider === "simulated") return ["Another profile: --model simulated:faithful"];
  const azure = choice.provider === "azure";
  const key = azure ? "AZURE_OPENAI_API_KEY" : "OPENAI_API_KEY";
  const base = azure ? azureAddress(env) : openAIAddress(env);
  const address = azure ? "AZURE_OPENAI_ENDPOINT" : "OPENAI_BASE_URL";
  const told = (name: ModelVariable) => setAt(name, situation);
  switch (ailment) {
    case "no key":
      return [`${shownAddress(base)} wants a key: set ${key}.`];
    case "key refused":
      return [
        `${shownAddress(base)} refuses the key: change ${told(key)}.`,
        `Or it is a key of another server: then ${address} is to be changed, ${
          from(address, situation)
        }.`,
        ...setOnes(["OPENAI_ORG_ID", "OPENAI_PROJECT_ID"], situation).map((name) =>
          `Or it is no key of the organisation or project in ${told(name)}.`
        ),
      ];
    case "no credit":
      return [
        `The account of ${
          told(key)
        } has no credit left: add some where its bills are paid, or use ` +
        "another key.",
      ];
    case "path":
      return azure ? await azurePathRemedy(situation) : await pathRemedy(base, situation);
    case "redirect":
      return await redirectRemedy(base, situation);
    case "model":
      return azure ? await deploymentRemedy(situation) : await modelRemedy(base, situation);
    case "API version":
      return [versionRemedy(situation)];
    case "proxy":
      return proxyRemedy(base, proxy ?? "A proxy");
    case "unknown host":
      return [
        variable(env, address) === undefined
          ? `${base.hostname} is not found: is this machine online? Behind a proxy, set HTTPS_PROXY.`
          : `There is no host ${base.hostname}: check the spelling of ${told(address)}.`,
      ];
    case "nothing listens":
      return [
        `Nothing listens at ${base.host}: start the server, or change ${told(address)}.`,
      ];
    case "certificate":
      return [
        `The certificate of ${base.host} is not trusted. Where your network has its own authority, ` +
        "set DENO_TLS_CA_STORE=system, or DENO_CERT to its .pem file.",
      ];
    case "no TLS":
      return [
        `${base.host} doesn't speak https: change ${told(address)} to ` +
        shownAddress(base).replace(/^https:/, "http:"),
      ];
    case "late":
      return [
        "A server that is loading its model answers later: try again, or with a longer --timeout.",
        `If it never answers, check ${told(address)}.`,
      ];
    case "limited":
      return [
        "The set-up is right, but the endpoint takes no calls now: try again in a minute.",
        "generate waits for its limit by itself; a smaller --concurrency waits less.",
      ];
    case "failing":
      return [
        heard.status === null
          ? `The connection to ${base.host} broke: try again, then check ${told(address)}.`
          : `${base.host} answers with a fault of its own: try again later, or ask who runs it.`,
      ];
    case "rejected":
      return [
        `The call was rejected for what it says: see above. Settings are in settings.json, the model ` +
        `is chosen by ${situation.chosenBy}.`,
      ];
  }
}

function localRemedy(ailment: Ailment, { proxy, choice }: Situation): string[] {
  if (ailment === "proxy") return proxyRemedy(new URL("http://127.0.0.1"), proxy ?? "A proxy");
  return [
    `The server of local:${choice.name} runs but doesn't answer as it should: try again. Other ways:`,
    "set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.",
  ];
}

function proxyRemedy(base: URL, proxy: string): string[] {
  return [
    `Calls to ${base.host} go through ${proxy} and don't come through it: change it,`,
    `or leave this host out of it: NO_PROXY=${base.hostname.replace(/^\[|\]$/g, "")}`,
  ];
}

async function pathRemedy(base: URL, situation: Situation): Promise<string[]> {
  const { probe } = situation;
  const told = setAt("OPENAI_BASE_URL", situation);
  if (isAzureHost(base)) {
    return [
      `${base.host} is Azure: put its address into AZURE_OPENAI_ENDPOINT and its key into ` +
      "AZURE_OPENAI_API_KEY,",
      "take OPENAI_BASE_URL away, and choose --model azure:DEPLOYMENT.",
    ];
  }
  if (isThere(await probe(`${shownAddress(base)}/models`))) {
    return [
      `${
        shownAddress(base)
      } is an API, but has no chat/completions: does that server run a chat model?`,
    ];
  }
  for (const candidate of likelyBases(base)) {
    if (isThere(await probe(`${candidate}/models`))) {
      return [`No API is at that path, but one is at ${candidate}: change ${told} to that.`];
    }
  }
  return [
    `No chat/completions at ${
      shownAddress(base)
    }, and no list of models at the usual paths of that host:`,
    `change ${told} to the address in your server's documentation, which mostly ends in /v1.`,
  ];
}

async function redirectRemedy(base: URL, situation: Situation): Promise<string[]> {
  const azure = situation.choice.provider === "azure";
  const told = setAt(azure ? "AZURE_OPENAI_ENDPOINT" : "OPENAI_BASE_URL", situation);
  const { location } = await situation.probe(`${shownAddress(base)}/chat/completions`);
  const target = location ?? situation.heard.redirectedTo;
  const url = target !== null && URL.canParse(target, base.href) ? new URL(target, base) : null;
  if (url === null) return [`The address sends calls on to another one: change ${told}.`];
  const shown = shownAddress(url).replace(/\/chat\/completions$/, "");
  return [`The address sends calls on to another one: change ${told} to ${shown}`];
}

async function modelRemedy(base: URL, situation: Situation): Promise<string[]> {
  const { choice, probe, chosenBy } = situation;
  const names = namesIn((await probe(`${shownAddress(base)}/models`)).json);
  return [
    `${shownAddress(base)} has no model "${choice.name}", chosen by ${chosenBy}.`,
    ...nameLines(choice, names),
  ];
}

async function deploymentRemedy(situation: Situation): Promise<string[]> {
  const { choice, env, probe, chosenBy } = situation;
  const base = shownAddress(azureAddress(env));
  // The newest version of the API that lists deployments to whoever has a key.
  const list = await probe(`${base}/openai/deployments?api-version=2022-12-01`);
  const names = namesIn(list.json);
  return [
    `${base} has no deployment "${choice.name}", chosen by ${chosenBy}.`,
    "A deployment's name is the one given to it in the portal, not that of its model:",
    "--model azure:DEPLOYMENT or AZURE_OPENAI_CHATMODEL. One just made takes some minutes.",
    ...nameLines(choice, names),
  ];
}

function nameLines({ provider, name }: ModelChoice, names: string[] | null): string[] {
  if (names === null) return [];
  const kind = provider === "azure" ? "deployments" : "models";
  const [nearest, ...others] = byNearness(name, names);
  if (nearest === undefined) return [`It lists no ${kind} at all.`];
  const more = others.length - (mostNames - 1);
  return [
    `Nearest: --model ${provider}:${nearest}`,
    ...(others.length === 0 ? [] : [
      `It also has: ${others.slice(0, mostNames - 1).join(", ")}` +
      (more > 0 ? ` and ${more} more` : ""),
    ]),
  ];
}

/** Names by likeness to one, case aside: first those that hold it or are held by it, then by letters. */
export function byNearness(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  return names.map((other) => {
    const plain = other.toLowerCase();
    const holds = plain.includes(wanted) || (plain.length > 2 && wanted.includes(plain));
    return { other, holds, apart: distance(wanted, plain) };
  })
    .sort((a, b) => Number(b.holds) - Number(a.holds) || a.apart - b.apart)
    .map(({ other }) => other);
}

async function azurePathRemedy(situation: Situation): Promise<string[]> {
  const { env, probe } = situation;
  const base = shownAddress(azureAddress(env));
  const version = variable(env, "AZURE_OPENAI_API_VERSION");
  const models = (version: string) => probe(`${base}/openai/models?api-version=${version}`);
  const isRight = isThere(await models(defaultAzureVersion));
  if (isRight && version !== undefined && version !== defaultAzureVersion) {
    return [versionRemedy(situation)];
  }
  if (isRight) return await deploymentRemedy(situation);
  return [
    `No Azure OpenAI resource is at ${base}: change ${
      setAt("AZURE_OPENAI_ENDPOINT", situation)
    } to`,
    "https://NAME.openai.azure.com, as the resource's page in the portal shows it.",
  ];
}

function versionRemedy(situation: Situation): string {
  const version = variable(situation.env, "AZURE_OPENAI_API_VERSION");
  const is = version === undefined ? `the default, ${defaultAzureVersion}` : `"${version}"`;
  return `The API version is ${is}, which this deployment doesn't take: change ` +
    `${setAt("AZURE_OPENAI_API_VERSION", situation)}` +
    (version === undefined || version === defaultAzureVersion
      ? "."
      : `, such as to ${defaultAzureVersion}.`);
}

function isAzureHost({ hostname }: URL): boolean {
  return /\.(openai|cognitiveservices|services\.ai)\.azure\.(com|us|cn)$/.test(hostname);
}

/** `OPENAI_BASE_URL (in /metro/.env)`. */
function setAt(name: ModelVariable, situation: Situation): string {
  return `${name} (${from(name, situation)})`;
}

function from(name: ModelVariable, { whereSet }: Situation): string {
  const where = whereSet(name);
  return where === null ? "not set" : `set in ${where}`;
}

function setOnes(names: ModelVariable[], { env }: Situation): ModelVariable[] {
  return names.filter((name) => variable(env, name) !== undefined);
}
