import script from "./page/page.js" with { type: "text" };
import style from "./page/page.css" with { type: "text" };
import markup from "./page/page.html" with { type: "text" };

/**
 * The page on which a person labels, whole: style and script stand in it under a nonce. No text and
 * no value is part of it; the script fetches those and shows them as text.
 */
export function labelPage(nonce: string): string {
  return markup
    .replaceAll("{{nonce}}", nonce)
    .replace("/* style */", () => style)
    .replace("/* script */", () => script);
}
