import { DEFAULT_LOCAL_MODEL } from "../local/models.ts";
import type { Provider } from "../types.ts";

// This file is read at every start, before anything is asked: it must not import the client.

/** The variables by which a provider is set up, in the order in which they are told. */
export interface ProviderVariables<Name extends string = ModelVariable> {
  key: Name;
  address: Name;
  /** The version of its API. */
  version?: Name;
  /** The model where none is named after the colon. */
  model?: Name;
  organization?: Name;
  project?: Name;
}

/** A provider that is asked over the network. */
export interface RemoteFacts<Name extends string = ModelVariable> {
  variables: ProviderVariables<Name>;
  /** What other programs call these variables. */
  otherNames: Readonly<Record<string, Name>>;
  /** Variables that choose it where nothing else says who is asked. */
  chosenBy: readonly Name[];
  /** Whether each of its addresses wants a key. */
  needsKey: boolean;
  /** The header that carries the key, and what stands before it there. */
  keyHeader: { name: string; before: string };
  address: {
    /** Asked where the variable is unset; null: it has to be set. */
    fallback: string | null;
    example: string;
    /** What is pasted with an address and cut off its path. */
    pasted: RegExp;
    /** Whether what stands after a `?` belongs to the address. */
    keepsQuery: boolean;
    /** Whether it ends in a path, which may be mistyped. */
    hasPath: boolean;
    /** The vendor's own hosts. */
    hosts: RegExp;
  };
  /** The version of its API that is asked where the variable is unset; null: it has none. */
  version: string | null;
  /** What is added to the address to see whether the API is there, and which models it has. */
  paths: { check: string; models: string };
  /** Whether the model stands in the path: a path that isn't there is a model that isn't there. */
  modelInPath: boolean;
  texts: {
    /** What to look at where no chat endpoint answers at the path. */
    checkPath: string;
    /** The same in full; `told`: the address's variable, and where it is set. */
    noApi: (base: string, told: string) => string[];
    /** How a model's name is found. */
    noModel: readonly string[];
  };
}

/** All that is known of a provider beside its client. */
export interface ProviderFacts<Name extends string = ModelVariable> {
  /** Its name, for people. */
  title: string;
  /** What is named after the colon, one and several of them. */
  noun: readonly [string, string];
  /** How it is written after `--model`. */
  form: string;
  /** The model where none is named; null: `remote.variables.model` says it. */
  defaultName: string | null;
  /** Calls in flight at most where neither flag nor settings say; a limit below is found by itself. */
  concurrency: number;
  /** Whether it has a Batch API. */
  batches: boolean;
  /** Whether a name is that of a model of the vendor's, whose price and vocabulary are listed. */
  vendorNames: boolean;
  /** Null: it runs on this machine. */
  remote: RemoteFacts<Name> | null;
}

const TABLE = {
  openai: {
    title: "OpenAI",
    noun: ["model", "models"],
    form: "openai:NAME",
    // Cheap, quick, and it writes every language of the examples.
    defaultName: "gpt-4.1-mini",
    concurrency: 64,
    batches: true,
    vendorNames: true,
    remote: {
      variables: {
        key: "OPENAI_API_KEY",
        address: "OPENAI_BASE_URL",
        organization: "OPENAI_ORG_ID",
        project: "OPENAI_PROJECT_ID",
      },
      otherNames: { OPENAI_API_BASE: "OPENAI_BASE_URL", OPENAI_ORGANIZATION: "OPENAI_ORG_ID" },
      chosenBy: ["OPENAI_API_KEY", "OPENAI_BASE_URL"],
      needsKey: false,
      keyHeader: { name: "authorization", before: "Bearer " },
      address: {
        fallback: "https://api.openai.com/v1",
        example: "http://127.0.0.1:8000/v1",
        pasted: /\/chat\/completions\/?$/,
        keepsQuery: true,
        hasPath: true,
        hosts: /^api\.openai\.com$/,
      },
      version: null,
      paths: { check: "/models", models: "/models" },
      modelInPath: false,
      texts: {
        checkPath: "OPENAI_BASE_URL, which mostly ends in /v1",
        noApi: (base: string, told: string) => [
          `No chat/completions at ${base}, and no list of models at the usual paths of that host:`,
          `change ${told} to the address in your server's documentation, which mostly ends in /v1.`,
        ],
        noModel: [],
      },
    },
  },
  azure: {
    title: "Azure",
    noun: ["deployment", "deployments"],
    form: "azure:DEPLOYMENT",
    defaultName: null,
    concurrency: 64,
    batches: true,
    // A deployment is named as its owner likes.
    vendorNames: false,
    remote: {
      variables: {
        address: "AZURE_OPENAI_ENDPOINT",
        key: "AZURE_OPENAI_API_KEY",
        version: "AZURE_OPENAI_API_VERSION",
        model: "AZURE_OPENAI_CHATMODEL",
      },
      otherNames: {
        OPENAI_API_VERSION: "AZURE_OPENAI_API_VERSION",
        AZURE_OPENAI_KEY: "AZURE_OPENAI_API_KEY",
        AZURE_OPENAI_BASE_URL: "AZURE_OPENAI_ENDPOINT",
        AZURE_OPENAI_DEPLOYMENT: "AZURE_OPENAI_CHATMODEL",
        AZURE_OPENAI_DEPLOYMENT_NAME: "AZURE_OPENAI_CHATMODEL",
        AZURE_OPENAI_CHAT_DEPLOYMENT_NAME: "AZURE_OPENAI_CHATMODEL",
      },
      chosenBy: ["AZURE_OPENAI_ENDPOINT"],
      needsKey: true,
      keyHeader: { name: "api-key", before: "" },
      address: {
        fallback: null,
        example: "https://NAME.openai.azure.com",
        // The portal shows the path from there on with it.
        pasted: /\/openai(\/.*)?$/,
        keepsQuery: false,
        hasPath: false,
        hosts: /\.(openai|cognitiveservices|services\.ai)\.azure\.(com|us|cn)$/,
      },
      version: "2024-10-21",
      paths: {
        check: "/openai/models?api-version=2024-10-21",
        // The newest version of the API that lists deployments to whoever has a key.
        models: "/openai/deployments?api-version=2022-12-01",
      },
      modelInPath: true,
      texts: {
        checkPath: "AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_VERSION",
        noApi: (base: string, told: string) => [
          `No Azure OpenAI resource is at ${base}: change ${told} to`,
          "https://NAME.openai.azure.com, as the resource's page in the portal shows it.",
        ],
        noModel: [
          "A deployment's name is the one given to it in the portal, not that of its model:",
          "--model azure:DEPLOYMENT or AZURE_OPENAI_CHATMODEL. One just made takes some minutes.",
        ],
      },
    },
  },
  local: {
    title: "this machine",
    noun: ["model", "models"],
    form: "local:NAME or local:FILE.gguf",
    defaultName: DEFAULT_LOCAL_MODEL,
    // It writes one row at a time: the second waits at its door.
    concurrency: 2,
    batches: false,
    vendorNames: false,
    remote: null,
  },
  simulated: {
    title: "the simulator",
    noun: ["profile", "profiles"],
    form: "simulated:PROFILE",
    defaultName: "faithful",
    concurrency: 16,
    batches: false,
    vendorNames: false,
    remote: null,
  },
} as const satisfies Record<Provider, ProviderFacts<string>>;

type Remotes = Exclude<(typeof TABLE)[Provider]["remote"], null>["variables"];

/** The names among the values of any of several records. */
type ValuesOf<Records> = Records extends unknown ? Records[keyof Records] : never;

/** The name of a variable that says where answers come from. */
export type ModelVariable = "PLUMBLINE_MODEL" | ValuesOf<Remotes>;

/** The facts of each provider; a new one is an entry here, and a client in `client.ts`. */
export const PROVIDERS: Readonly<Record<Provider, ProviderFacts>> = TABLE;

/** Whether a word is the name of a provider. */
export function isProvider(word: string): word is Provider {
  return Object.hasOwn(PROVIDERS, word);
}

/** All providers, in the order in which they are told and looked for. */
export const providers: readonly Provider[] = Object.keys(PROVIDERS).filter(isProvider);

/** What is known of a provider that is asked over the network. */
export function remoteOf(provider: Provider): RemoteFacts {
  const { remote } = PROVIDERS[provider];
  if (remote === null) throw new TypeError(`${provider} is not asked over the network`);
  return remote;
}

/** The variables that a provider's client reads. */
export function variablesOf(provider: Provider): readonly ModelVariable[] {
  const { remote } = PROVIDERS[provider];
  if (remote === null) return [];
  const names: Readonly<Record<string, ModelVariable>> = { ...remote.variables };
  return Object.values(names);
}
