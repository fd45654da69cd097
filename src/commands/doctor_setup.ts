import { configLine, loadTypedConfig } from "./config_line.ts";
import { configLabel, pathOf } from "./flags.ts";
import type { Invocation } from "./command.ts";
import type { Config } from "../config/types.ts";
import { UserError } from "../error.ts";
import { addressIn, shownAddress, versionIn } from "../models/endpoint/address.ts";
import { PROVIDERS, providers } from "../models/endpoint/providers.ts";
import { chooseModel, formOf } from "../models/choice.ts";
import {
  type EnvironmentLayer,
  mergeLayers,
  type OriginatedValue,
} from "../models/endpoint/env_files.ts";
import {
  type Environment,
  type ModelVariable,
  modelVariables,
  variable,
} from "../models/endpoint/environment.ts";
import { cacheFolder } from "../models/local/cache_folder.ts";
import { LOCAL_MODELS } from "../models/local/models.ts";
import { findWeights } from "../models/local/weights.ts";
import { isLoopback, proxyFor } from "../models/endpoint/proxy.ts";
import type { Asking } from "../models/doctor/trial.ts";
import type { ModelChoice } from "../models/types.ts";
import { plan } from "../plan/plan.ts";
import { prompter, stopTexts } from "../prompt/prompt.ts";
import type { PromptForm } from "../prompt/types.ts";
import { oneLine } from "../models/endpoint/words.ts";
import { VERSION } from "../version.ts";
import { placeOf, remarksOn } from "./doctor_remarks.ts";

/** A setting as it holds, and in words where it comes from. */
export interface Sourced {
  value: string;
  from: string;
}

/** All that can be told about a set-up without asking anything; it holds no secret. */
export interface SetUp {
  plumbline: string;
  deno: string;
  system: string;
  /** Null where none can be chosen. */
  choice: ModelChoice | null;
  provider: Sourced | null;
  model: Sourced | null;
  /** Where calls go; null for models that no address is set for. */
  address: Sourced | null;
  /** The version of the provider's API; null where it has none. */
  apiVersion: Sourced | null;
  /** The key, told by its length alone; `length` 0: none is set. Null where the provider takes none. */
  key: { variable: ModelVariable; length: number; from: string | null } | null;
  /** Where each variable is set that says where answers come from. */
  setIn: Partial<Record<ModelVariable, string>>;
  config: { folder: string; line: string | null; faults: string[]; warnings: string[] };
  /** The form in which the call is made, as every row's. */
  asking: Asking;
  output: string;
  /** The proxy that calls go through. */
  proxy: { variable: string; address: string; loopback: boolean } | null;
  /** Of a local model: the path of its weights where they are there, else how large they are. */
  weights: { path: string } | { toFetch: string } | null;
  /** Why nothing can be asked; null: it can. */
  problem: string | null;
  /** What may mislead, though nothing is wrong with it. */
  remarks: string[];
}

/** The flags of `doctor` after parsing. */
export interface DoctorFlags {
  config?: string;
  model?: string;
  output?: string;
  timeout: number;
  json?: boolean;
}

/** Examines a set-up. Never throws a `UserError`: what is wrong is part of what it gives. */
export async function examine(
  invocation: Invocation,
  layers: readonly EnvironmentLayer[],
): Promise<SetUp> {
  const flags = invocation.parsed.opts<DoctorFlags>();
  const merged = mergeLayers(layers);
  const env = Object.fromEntries(Object.entries(merged).map(([name, { value }]) => [name, value]));
  const secrets = secretsIn(layers.map(({ values }) => values));
  const clean = (text: string) => oneLine(text, { secrets, length: 400 });
  const { config, ...checked } = await checkConfig(invocation, clean);
  const settings = config?.settings;
  const setUp: SetUp = {
    plumbline: VERSION,
    deno: Deno.version.deno,
    system: `${Deno.build.os} ${Deno.build.arch}`,
    choice: null,
    provider: null,
    model: null,
    address: null,
    apiVersion: null,
    key: null,
    setIn: setIn(merged),
    config: checked,
    asking: {
      parameters: {
        temperature: settings?.temperature ?? null,
        frequency_penalty: settings?.frequency_penalty ?? null,
        top_p: settings?.top_p ?? null,
      },
      seed: settings?.seed ?? 1,
      stop: null,
      hasSystem: true,
    },
    output: pathOf(flags.output, "output", invocation),
    proxy: null,
    weights: null,
    problem: null,
    remarks: remarksOn(merged, layers),
  };
  try {
    const choice = chooseModel({ flag: flags.model, env, settings: settings ?? {} });
    Object.assign(
      setUp,
      { choice },
      chosen(choice, { flags, folder: checked.folder, env, config, merged, clean }),
    );
    if (config !== null) Object.assign(setUp.asking, promptForm(config, formOf(choice)));
    await examineModel(setUp, { choice, env, merged, invocation });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    setUp.problem = error.message.split("\n").map(clean).join("\n");
  }
  return setUp;
}

/** How the prompts of a config's rows are built. */
function promptForm(config: Config, form: PromptForm): Pick<Asking, "stop" | "hasSystem"> {
  const { seed } = config.settings;
  const first = plan(config, { seed, sampling: config.settings.sampling })(0);
  return {
    stop: stopTexts(config, form),
    hasSystem: prompter(config, { form, seed })(first).some(({ role }) => role === "system"),
  };
}

/** The environment's own secrets: whatever happens, they are not shown. */
export function secretsIn(environments: readonly Environment[]): string[] {
  const names = providers.flatMap((provider) => PROVIDERS[provider].remote?.variables.key ?? []);
  const values = environments.flatMap((env) => names.map((name) => variable(env, name)));
  return [...new Set(values.filter((value) => value !== undefined))];
}

/** Address, key, proxy and weights of the model that was chosen. */
async function examineModel(
  setUp: SetUp,
  { choice, env, merged, invocation }: {
    choice: ModelChoice;
    env: Record<string, string>;
    merged: Record<string, OriginatedValue>;
    invocation: Invocation;
  },
): Promise<void> {
  const sourceOf = (name: ModelVariable) => {
    const { [name]: found } = merged;
    return found === undefined || variable(env, name) === undefined
      ? "default"
      : `${name} in ${placeOf(found)}`;
  };
  let url: URL | null = null;
  const { remote } = PROVIDERS[choice.provider];
  if (remote !== null) {
    const { key, address, version } = remote.variables;
    const { [key]: found } = merged;
    setUp.key = {
      variable: key,
      length: variable(env, key)?.length ?? 0,
      from: found === undefined ? null : placeOf(found),
    };
    url = addressIn(remote, env);
    setUp.address = { value: shownAddress(url), from: sourceOf(address) };
    const asked = versionIn(remote, env);
    if (version !== undefined && asked !== null) {
      setUp.apiVersion = { value: asked, from: sourceOf(version) };
    }
  } else if (choice.provider === "local") {
    url = new URL("http://127.0.0.1");
    const { project, typedIn } = invocation;
    const path = await findWeights(choice.name, {
      cache: cacheFolder(env, project),
      from: typedIn,
    });
    setUp.weights = path === null
      ? { toFetch: LOCAL_MODELS[choice.name]?.size ?? "a large file" }
      : { path };
  }
  const proxy = url === null ? null : proxyFor(url, env);
  setUp.proxy = url === null || proxy === null ? null : { ...proxy, loopback: isLoopback(url) };
}

/** What was chosen, each part with what chose it. */
function chosen(
  choice: ModelChoice,
  { flags, folder, env, config, merged, clean }: {
    flags: DoctorFlags;
    folder: string;
    env: Environment;
    config: Config | null;
    merged: Record<string, OriginatedValue>;
    clean: (text: string) => string;
  },
): { provider: Sourced; model: Sourced } {
  const texts: Record<string, string | undefined> = {
    "--model": flags.model,
    "PLUMBLINE_MODEL": variable(env, "PLUMBLINE_MODEL"),
    "settings.json": config?.settings.model,
  };
  const { [choice.origin]: text } = texts;
  const deciding = modelVariables.find((name) => choice.origin.startsWith(name));
  const { [deciding ?? ""]: decided } = merged;
  const origin = decided !== undefined
    ? `${choice.origin}, in ${placeOf(decided)}`
    : choice.origin === "settings.json"
    ? `${folder}/settings.json`
    : choice.origin;
  const named = text !== undefined && text.slice(text.indexOf(":") + 1).trim() !== "";
  const naming = PROVIDERS[choice.provider].remote?.variables.model;
  const { [naming ?? ""]: decidedName } = merged;
  const unnamed = decidedName === undefined ? "default" : `${naming} in ${placeOf(decidedName)}`;
  return {
    provider: { value: choice.provider, from: origin },
    model: { value: clean(choice.name), from: named ? origin : unnamed },
  };
}

async function checkConfig(
  invocation: Invocation,
  clean: (text: string) => string,
): Promise<SetUp["config"] & { config: Config | null }> {
  const folder = configLabel(invocation);
  const warnings: string[] = [];
  try {
    const config = await loadTypedConfig(invocation, (warning) => warnings.push(clean(warning)));
    // The version stands in the first line of the report.
    const line = clean(configLine(config, folder)).split(" · ").slice(1).join(" · ");
    return { config, folder, line, faults: [], warnings };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {
      config: null,
      folder,
      line: null,
      faults: error.message.split("\n").map(clean),
      warnings,
    };
  }
}

function setIn(merged: Record<string, OriginatedValue>): SetUp["setIn"] {
  const places: SetUp["setIn"] = {};
  for (const name of modelVariables) {
    const { [name]: found } = merged;
    if (found !== undefined && found.value.trim() !== "") places[name] = placeOf(found);
  }
  return places;
}
