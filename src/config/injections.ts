import { ITEM_KEYS, readAttribute } from "./attribute.ts";
import type { ReadFile } from "./conditions.ts";
import { type FolderEntry, LEFT_BEHIND, listFolder, readData, type Reading } from "./files.ts";
import type { FileRemarks } from "./remarks.ts";
import { BUILT_IN_MARKERS } from "./template.ts";
import { plain, shown } from "./wording.ts";

/** The folder of attributes. */
export const INJECTIONS = "injections";

/**
 * All files of `injections/` by stem, in code-unit order whatever the order of the directory.
 *
 * @param reading The config folder.
 * @param entries What it holds.
 */
export async function readInjections(
  reading: Reading,
  entries: Map<string, FolderEntry>,
): Promise<Map<string, ReadFile>> {
  const { remarks } = reading;
  const files = new Map<string, ReadFile>();
  const names = new Map<string, string>();
  for (const name of await listInjections(reading, entries)) {
    const file = `${INJECTIONS}/${name}`;
    const on = remarks.on(file);
    const stem = plain(name.slice(0, -".json".length));
    const earlier = names.get(stem);
    if (earlier !== undefined) {
      on.fault(
        `it names the same attribute as ${shown(earlier)}, ${shown(stem)}: rename one of them`,
      );
      continue;
    }
    names.set(stem, name);
    if (faultReserved(stem, on)) continue;
    const data = await readData(file, reading);
    const items = data === null ? [] : readAttribute(data.value, { stem, remarks: on });
    files.set(stem, { items, remarks: on });
  }
  return new Map([...files].toSorted(([a], [b]) => a < b ? -1 : 1));
}

async function listInjections(
  reading: Reading,
  entries: Map<string, FolderEntry>,
): Promise<string[]> {
  const folder = reading.remarks.on(INJECTIONS);
  const remedy = 'put a file in it for each attribute, such as "topic.json"';
  if (!entries.has(INJECTIONS)) folder.fault(`the folder is missing: make it and ${remedy}`);
  const listed = entries.has(INJECTIONS) ? await listFolder(INJECTIONS, reading) : null;
  if (listed === null) return [];
  const names: string[] = [];
  for (const { name, isDirectory } of listed.values()) {
    if (LEFT_BEHIND.test(name)) continue;
    const on = reading.remarks.on(`${INJECTIONS}/${name}`);
    const isNamedAsOne = /\.json$/i.test(name);
    if (isDirectory && isNamedAsOne) {
      on.fault("it is a folder: an attribute is a file. Rename the folder, or take it away");
    } else if (isDirectory) on.warn("it is a folder, which isn't read");
    else if (isNamedAsOne) names.push(name);
    else on.warn("it isn't read: attributes are files that end in .json");
  }
  if (names.length === 0) folder.fault(`there is no .json file in it: ${remedy}`);
  return names;
}

/** Names that would be taken for something else in a template or in an item. */
function faultReserved(stem: string, remarks: FileRemarks): boolean {
  if (BUILT_IN_MARKERS.includes(stem)) {
    remarks.fault(`{{${stem}}} means something else in prompt.md: rename the file`);
  } else if (ITEM_KEYS.includes(stem)) {
    remarks.fault(`${shown(stem)} means something else in an item: rename the file`);
  } else if (stem === "__proto__" || stem === "") {
    remarks.fault("no attribute can have this name: rename the file");
  } else return false;
  return true;
}
