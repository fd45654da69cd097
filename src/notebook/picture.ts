import type { Bundle } from "./jupyter.ts";
import { markup } from "./markup.ts";
import { printable } from "../text/printable.ts";

/** A node of any DOM, as far as it is read here. */
export interface DomNode {
  readonly nodeType: number;
  readonly textContent: string | null;
}

/** An element of any DOM, such as what Observable Plot draws. */
export interface DomElement extends DomNode {
  readonly localName: string;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly childNodes: Iterable<DomNode>;
}

const ELEMENT = 1;
const TEXT = 3;

/** Whether a value is an element of some DOM. */
export function isElement(value: unknown): value is DomElement {
  return typeof value === "object" && value !== null &&
    "nodeType" in value && value.nodeType === ELEMENT &&
    "localName" in value && "attributes" in value && "childNodes" in value;
}

/**
 * A chart as an output that looks right everywhere: each SVG becomes an image with its own white
 * ground, so that it can be read in a dark page and is shown in one that isn't trusted; title,
 * subtitle, legend and caption are text of the page, in its own colours.
 *
 * Other elements keep their structure but none of their attributes: no script, style or link gets
 * through.
 *
 * @param options `title`: stands above the chart.
 */
export function pictureBundle(
  element: DomElement,
  options: { title?: string } = {},
): Bundle & { "text/html": string } {
  const words = [...(options.title === undefined ? [] : [options.title]), ...wordsAround(element)];
  const alt = words.length > 0 ? words.join(". ") : labelOf(element);
  const above = options.title === undefined
    ? ""
    : `<p><strong>${markup(options.title)}</strong></p>`;
  return {
    "text/html": `<figure>${above}${htmlOf(element, alt)}</figure>`,
    "text/plain": [...words, "[chart]"].map(printable).join("\n"),
  };
}

/** Tags that carry structure and nothing else. */
// deno-fmt-ignore
const PLAIN_TAGS = new Set([
  "b", "br", "code", "details", "div", "em", "i", "li", "ol", "p", "pre", "small", "span", "strong",
  "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
]);
/** Tags whose content isn't for people. */
const SILENT_TAGS = new Set(["script", "style", "template", "noscript", "iframe", "object"]);

function htmlOf(node: DomNode, alt: string): string {
  if (node.nodeType === TEXT) return markup(node.textContent ?? "");
  if (!isElement(node) || SILENT_TAGS.has(node.localName)) return "";
  const name = node.localName;
  if (name === "svg") return imageOf(node, alt);
  const inner = Array.from(node.childNodes, (child) => htmlOf(child, alt)).join("");
  const classes = attribute(node, "class") ?? "";
  if (/-swatches\b/.test(classes)) return `<p>${inner}</p>`;
  if (/-swatch\b/.test(classes)) return `${inner.replace(/(<img [^>]*>)/, "$1&nbsp;")} &emsp;`;
  if (name === "h2") return `<p><strong>${inner}</strong></p>`;
  if (name === "h3") return `<p>${inner}</p>`;
  if (name === "figcaption") return `<p><small>${inner}</small></p>`;
  if (name === "br") return "<br>";
  return PLAIN_TAGS.has(name) ? `<${name}>${inner}</${name}>` : inner;
}

function imageOf(svg: DomElement, alt: string): string {
  const style = "background:#fff;color:#000;" + (attribute(svg, "style") ?? "");
  const xml = xmlOf(svg, { xmlns: "http://www.w3.org/2000/svg", style });
  const size = ["width", "height"].map((name) => [name, attribute(svg, name)] as const)
    .filter(([, value]) => value !== null && /^[\d.]+$/.test(value))
    .map(([name, value]) => ` ${name}="${value}"`).join("");
  const bytes = new TextEncoder().encode(xml);
  return `<img alt="${markup(alt)}"${size} src="data:image/svg+xml;base64,${bytes.toBase64()}">`;
}

/**
 * The element as XML: HTML's way of writing it isn't always well-formed.
 *
 * @param extra Attributes that are set beside its own.
 */
export function xmlOf(node: DomNode, extra: Record<string, string> = {}): string {
  if (node.nodeType === TEXT) return xmlText(node.textContent ?? "");
  if (!isElement(node) || node.localName === "script") return "";
  const attributes = new Map(Array.from(node.attributes, ({ name, value }) => [name, value]));
  for (const [name, value] of Object.entries(extra)) attributes.set(name, value);
  const written = Array.from(attributes, ([name, value]) => ` ${name}="${xmlText(value)}"`);
  const inner = Array.from(node.childNodes, (child) => xmlOf(child)).join("");
  return `<${node.localName}${written.join("")}>${inner}</${node.localName}>`;
}

/** Style rules keep their line ends, so each line is made safe by itself. */
function xmlText(text: string): string {
  return text.split("\n").map(markup).join("\n");
}

/** An attribute's value; null where the element doesn't have it. */
export function attribute(element: DomElement, wanted: string): string | null {
  for (const { name, value } of element.attributes) if (name === wanted) return value;
  return null;
}

/** Title, subtitle and caption of a figure, in their order. */
export function wordsAround(element: DomElement): string[] {
  if (element.localName === "svg" || SILENT_TAGS.has(element.localName)) return [];
  if (["h2", "h3", "figcaption"].includes(element.localName)) {
    const text = (element.textContent ?? "").trim();
    return text === "" ? [] : [text];
  }
  return Array.from(element.childNodes).filter(isElement).flatMap(wordsAround);
}

function labelOf(element: DomElement): string {
  return attribute(element, "aria-label") ?? "Chart";
}
