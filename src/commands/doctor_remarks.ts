import { nearest } from "../config/wording.ts";
import {
  type EnvironmentLayer,
  type OriginatedValue,
  readEnvFile,
} from "../models/endpoint/env_files.ts";
import { type ModelVariable, modelVariables } from "../models/endpoint/environment.ts";
import { PROVIDERS, providers } from "../models/endpoint/providers.ts";

type Merged = Readonly<Record<string, OriginatedValue>>;

/** Where a variable is set, in words. */
export function placeOf({ file }: Pick<OriginatedValue, "file">): string {
  return file ?? "the environment";
}

/** What may mislead about the variables, a sentence each; no value is told. */
export function remarksOn(merged: Merged, layers: readonly EnvironmentLayer[]): string[] {
  return [...beatenRemarks(merged), ...unreadRemarks(merged, layers)];
}

/** A value that is overlooked because a stronger place has another one. */
function beatenRemarks(merged: Merged): string[] {
  return modelVariables.flatMap((name) => {
    const { [name]: found } = merged;
    if (found === undefined || found.beaten.length === 0) return [];
    const how = found.value.trim() === "" ? ", where it is blank," : "";
    const others = found.beaten.map((file) => placeOf({ file })).join(" and ");
    return [`${name} in ${placeOf(found)}${how} beats another value in ${others}.`];
  });
}

/** What other programs call the variables that are read here. */
const OTHER_NAMES: Readonly<Record<string, ModelVariable>> = Object.assign(
  {},
  ...providers.map((provider) => PROVIDERS[provider].remote?.otherNames ?? {}),
);

/** Variables that nobody reads, but whose names are near to one that is read and isn't set. */
function unreadRemarks(
  merged: Merged,
  layers: readonly EnvironmentLayer[],
): string[] {
  const known: readonly string[] = modelVariables;
  const missing = modelVariables.filter((name) => !(merged[name]?.value.trim()));
  return layers.flatMap(({ file, values }) => {
    const names = Object.keys(file === null ? values : readEnvFile(file));
    return names.filter((name) => !known.includes(name)).flatMap((name) => {
      const { [name]: other } = OTHER_NAMES;
      const meant = other !== undefined && missing.includes(other)
        ? other
        : /OPENAI|PLUMBLINE/i.test(name)
        ? nearest(name, missing)
        : null;
      return meant === null
        ? []
        : [`${name} in ${placeOf({ file })} is not read: did you mean ${meant}?`];
    });
  });
}
