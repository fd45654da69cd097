/**
 * The config folder as one value. It is stored whole in `run.json`, so its field names are part of
 * the contract with people's scripts.
 */
export interface Config {
  /** The folder it came from: from the project's folder where it lies inside it, else absolute. */
  folder: string;
  /** `context.txt`: who the assistant is for, what it must not do. */
  context: string;
  /** One entry per file in `injections/`, keyed by file stem, stems in code-unit order. */
  attributes: Record<string, AttributeValue[]>;
  /** The wanted lengths in words; null where no length is asked for. */
  length: LengthConfig | null;
  /** `prompt.md`, the user's own template, or null for the built-in one. */
  prompt: string | null;
  /** `avoid.txt`: overused terms that the model is told to avoid. */
  avoid: AvoidTerm[];
  /** `settings.json` with its defaults filled in. */
  settings: Settings;
}

/** One value of an attribute, with the share that is wanted and how it is drawn. */
export interface AttributeValue {
  /** NFC and trimmed; `""` asks for nothing. */
  value: string;
  /** `frequency score`: the target weight, finite and at least 0; a file's scores have a sum above 0. */
  score: number;
  /** `draw factor`: how many times as often as wanted the value is drawn; 1 where it isn't given. */
  factor: number;
  /** The wording shown to the model instead of the value. */
  prompt: string | null;
  /** The value is drawn only where each named attribute has one of these values. */
  when: Record<string, string[]> | null;
  /** What the value means, told to who judges texts; absent where it needs no words. */
  description?: string;
}

/** Parameters of words = max(1, floor(shift + exp(Normal(mean, sigma)))). */
export interface LengthParameters {
  mean: number;
  sigma: number;
  shift: number;
}

/** The length target and, where a correction still holds, what is drawn instead of it. */
export interface LengthConfig extends LengthParameters {
  /** The longest length in words: the distribution is cut there and renormalised. */
  max: number | null;
  /** The corrected parameters to draw with; already null where its `for` isn't the target. */
  draw: LengthParameters | null;
}

/** A term of `avoid.txt`. */
export interface AvoidTerm {
  /** NFC and trimmed. */
  term: string;
  /** Share of its language's rows that have it, in [0, 1]; null: told to every row. */
  share: number | null;
  /** Name or code of its language as written; null: any language. */
  language: string | null;
}

/** How rows may be spread over the values: see `plan`. */
export const SAMPLINGS = ["even", "independent"] as const;

/** How rows are spread over the values. */
export type Sampling = typeof SAMPLINGS[number];

/** How the texts of an attribute are judged: see `Settings.labels`. */
export const LABELLINGS = ["one", "followed", "skip"] as const;

/** How the texts of an attribute are judged. */
export type Labelling = typeof LABELLINGS[number];

/** USD per million tokens. */
export interface Price {
  input: number;
  output: number;
}

/**
 * `settings.json`. In the sampling parameters a null means: don't send it. Fields that have no
 * default are absent where they weren't given.
 */
export interface Settings {
  model?: string;
  temperature: number | null;
  frequency_penalty: number | null;
  top_p?: number | null;
  /** Cap of the answer in tokens; absent: wide enough for the requested length. */
  max_tokens?: number | null;
  count?: number;
  seed: number;
  sampling: Sampling;
  /** Calls in flight at most; absent: the provider's default. */
  concurrency?: number;
  /** Seconds after which a call is given up. */
  timeout: number;
  price?: Price;
  /**
   * By stem: `one`: a text is one of the values; `followed`: it does what its value asks, or not;
   * `skip`: it isn't judged. Absent: `followed` for instructions, `one` for all else.
   */
  labels?: Record<string, Labelling>;
}
