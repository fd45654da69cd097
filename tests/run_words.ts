/** Flags of `deno test` whose value is the word after them. */
const VALUED = new Set([
  "--filter",
  "--coverage-threshold",
  "--cert",
  "--conditions",
  "--ext",
  "--junit-path",
  "--preload",
  "--related",
  "--repeats",
  "--reporter",
  "--require",
  "--retry",
  "--seed",
  "--shard",
]);

/** The words after `deno task test`, as `deno test` takes them. */
export interface TestWords {
  flags: string[];
  paths: string[];
  /** From `--` on: for the tests themselves. */
  rest: string[];
}

/** Tells flags with their values from paths. */
export function splitWords(words: readonly string[]): TestWords {
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  const flags: string[] = [];
  const paths: string[] = [];
  let valued = false;
  for (const word of own) {
    (valued || word.startsWith("-") ? flags : paths).push(word);
    valued = !valued && VALUED.has(word);
  }
  return { flags, paths, rest: end < 0 ? [] : words.slice(end) };
}
