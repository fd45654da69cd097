import { labelsPathOf, type LabelsPlace } from "../run/log/labels.ts";
import { counted } from "../text/numbers.ts";
import { pathsFrom } from "./say.ts";

/** `output/metro-1/labels.jsonl`, and how many other parts of the run have labels. */
export function placesText(
  [first, ...others]: readonly LabelsPlace[],
  typedIn: string,
): string {
  if (first === undefined) return "";
  return pathsFrom(typedIn, labelsPathOf(first)) +
    (others.length === 0 ? "" : ` and those of ${counted(others.length, "other part")}`);
}
