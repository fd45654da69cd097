import { distance } from "fastest-levenshtein";
import { addressIn, shownAddress, versionIn } from "../endpoint/address.ts";
import type { Ailment } from "./diagnose.ts";
import type { Environment, ModelVariable } from "../endpoint/environment.ts";
import { variable } from "../endpoint/environment.ts";
import { isThere, likelyBases, namesIn, type Probe } from "./probe.ts";
import type { Heard } from "./trial.ts";
import { PROVIDERS, providers, type RemoteFacts, remoteOf } from "../endpoint/providers.ts";
import type { ModelChoice, Provider } from "../types.ts";

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

/** The same, with what is known of the provider that is asked. */
interface RemoteSituation extends Situation {
  remote: RemoteFacts;
  base: URL;
}

/**
 * What to change, a sentence a line; the endpoint is looked at more closely where that tells.
 */
export async function remedyFor(ailment: Ailment, situation: Situation): Promise<string[]> {
  const { choice, env } = situation;
  const { remote } = PROVIDERS[choice.provider];
  if (remote !== null) {
    return await REMEDIES[ailment]({ ...situation, remote, base: addressIn(remote, env) });
  }
  if (choice.provider === "local") return localRemedy(ailment, situation);
  return ["Another profile: --model simulated:faithful"];
}

type Remedy = (situation: RemoteSituation) => string[] | Promise<string[]>;

const REMEDIES: Record<Ailment, Remedy> = {
  "no key": ({ base, remote }) => [
    `${shownAddress(base)} wants a key: set ${remote.variables.key}.`,
  ],
  "key refused": keyRemedy,
  "no credit": (situation) => [
    `The account of ${
      keyAt(situation)
    } has no credit left: add some where its bills are paid, or ` +
    "use another key.",
  ],
  "path": pathRemedy,
  "redirect": redirectRemedy,
  "model": modelRemedy,
  "API version": (situation) => [versionRemedy(situation)],
  "proxy": ({ base, proxy }) => proxyRemedy(base, proxy ?? "A proxy"),
  "unknown host": (situation) => [
    variable(situation.env, situation.remote.variables.address) === undefined
      ? `${situation.base.hostname} is not found: is this machine online? Behind a proxy, set ` +
        "HTTPS_PROXY."
      : `There is no host ${situation.base.hostname}: check the spelling of ${
        addressAt(situation)
      }.`,
  ],
  "nothing listens": (situation) => [
    `Nothing listens at ${situation.base.host}: start the server, or change ${
      addressAt(situation)
    }.`,
  ],
  "certificate": ({ base }) => [
    `The certificate of ${base.host} is not trusted. Where your network has its own authority, set ` +
    "DENO_TLS_CA_STORE=system, or DENO_CERT to its .pem file.",
  ],
  "no TLS": (situation) => [
    `${situation.base.host} doesn't speak https: change ${addressAt(situation)} to ` +
    shownAddress(situation.base).replace(/^https:/, "http:"),
  ],
  "late": (situation) => [
    "A server that is loading its model answers later: try again, or with a longer --timeout.",
    `If it never answers, check ${addressAt(situation)}.`,
  ],
  "limited": () => [
    "The set-up is right, but the endpoint takes no calls now: try again in a minute.",
    "generate waits for its limit by itself; a smaller --concurrency waits less.",
  ],
  "busy": () => [
    "The set-up is right, but the endpoint has no room for a call now: try again in a minute.",
    "generate waits for it by itself; a smaller --concurrency asks less of it at once.",
  ],
  "failing": (situation) => [
    situation.heard.status === null
      ? `The connection to ${situation.base.host} broke: try again, then check ${
        addressAt(situation)
      }.`
      : `${situation.base.host} answers with a fault of its own: try again later, or ask who runs it.`,
  ],
  "rejected": ({ chosenBy }) => [
    "The call was rejected for what it says: see above. Settings are in settings.json, the model is " +
    `chosen by ${chosenBy}.`,
  ],
};

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

function keyRemedy(situation: RemoteSituation): string[] {
  const { base, remote, env } = situation;
  const { address, organization, project } = remote.variables;
  const account = [organization, project].filter((name) => name !== undefined)
    .filter((name) => variable(env, name) !== undefined);
  return [
    `${shownAddress(base)} refuses the key: change ${keyAt(situation)}.`,
    `Or it is a key of another server: then ${address} is to be changed, ${
      from(address, situation)
    }.`,
    ...account.map((name) =>
      `Or it is no key of the organisation or project in ${setAt(name, situation)}.`
    ),
  ];
}

async function pathRemedy(situation: RemoteSituation): Promise<string[]> {
  const { base, choice, env, probe, remote } = situation;
  const shown = shownAddress(base);
  const owner = ownerOf(base);
  if (owner !== null && owner !== choice.provider) return otherProvider(owner, situation);
  const isApi = async (at: string) => isThere(await probe(`${at}${remote.paths.check}`));
  if (await isApi(shown)) {
    if (versionIn(remote, env) !== remote.version) return [versionRemedy(situation)];
    if (remote.modelInPath) return await modelRemedy(situation);
    return [`${shown} is an API, but has no chat/completions: does that server run a chat model?`];
  }
  for (const candidate of remote.address.hasPath ? likelyBases(base) : []) {
    if (!await isApi(candidate)) continue;
    return [
      `No API is at that path, but one is at ${candidate}: change ${addressAt(situation)} to that.`,
    ];
  }
  return remote.texts.noApi(shown, addressAt(situation));
}

/** The provider that a host belongs to; null where it may be anybody's. */
function ownerOf({ hostname }: URL): Provider | null {
  return providers.find((name) => PROVIDERS[name].remote?.address.hosts.test(hostname)) ?? null;
}

function otherProvider(owner: Provider, { base, remote }: RemoteSituation): string[] {
  const { title, form } = PROVIDERS[owner];
  const { address, key } = remoteOf(owner).variables;
  return [
    `${base.host} is ${title}: put its address into ${address} and its key into ${key},`,
    `take ${remote.variables.address} away, and choose --model ${form}.`,
  ];
}

async function redirectRemedy(situation: RemoteSituation): Promise<string[]> {
  const { base, heard, probe } = situation;
  const told = addressAt(situation);
  const { location } = await probe(`${shownAddress(base)}/chat/completions`);
  const target = location ?? heard.redirectedTo;
  const url = target !== null && URL.canParse(target, base.href) ? new URL(target, base) : null;
  if (url === null) return [`The address sends calls on to another one: change ${told}.`];
  const shown = shownAddress(url).replace(/\/chat\/completions$/, "");
  return [`The address sends calls on to another one: change ${told} to ${shown}`];
}

async function modelRemedy(situation: RemoteSituation): Promise<string[]> {
  const { base, choice, chosenBy, probe, remote } = situation;
  const shown = shownAddress(base);
  const names = namesIn((await probe(`${shown}${remote.paths.models}`)).json);
  const [noun] = PROVIDERS[choice.provider].noun;
  return [
    `${shown} has no ${noun} "${choice.name}", chosen by ${chosenBy}.`,
    ...remote.texts.noModel,
    ...nameLines(choice, names),
  ];
}

function nameLines({ provider, name }: ModelChoice, names: string[] | null): string[] {
  if (names === null) return [];
  const [, kind] = PROVIDERS[provider].noun;
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

function versionRemedy(situation: RemoteSituation): string {
  const { env, remote } = situation;
  const { version: name } = remote.variables;
  const version = name === undefined ? undefined : variable(env, name);
  const is = version === undefined ? `the default, ${remote.version}` : `"${version}"`;
  return `The API version is ${is}, which this deployment doesn't take` +
    (name === undefined ? "." : `: change ${setAt(name, situation)}`) +
    (version === undefined || version === remote.version ? "." : `, such as to ${remote.version}.`);
}

function keyAt(situation: RemoteSituation): string {
  return setAt(situation.remote.variables.key, situation);
}

function addressAt(situation: RemoteSituation): string {
  return setAt(situation.remote.variables.address, situation);
}

/** `OPENAI_BASE_URL (in /metro/.env)`. */
function setAt(name: ModelVariable, situation: Situation): string {
  return `${name} (${from(name, situation)})`;
}

function from(name: ModelVariable, { whereSet }: Situation): string {
  const where = whereSet(name);
  return where === null ? "not set" : `set in ${where}`;
}
