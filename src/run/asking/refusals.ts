/**
 * How the models of one language decline to write: `cannot` followed by one of `declines`, or one
 * of `others`. All are sources of regular expressions for a whole text's opening in lower case.
 */
interface RefusalWording {
  language: string;
  cannot: string;
  declines: string[];
  others: string[];
}

/** What ends the object of a refusal: "with that." is one, "with that old card" isn't. */
const END = "(?=[.,!;:–—-]|$)";

/**
 * Only what a model says and a person who writes to an assistant doesn't: people are sorry and
 * can't do things too ("I'm sorry but I can't log in"), so each entry names what is declined.
 */
const WORDINGS: RefusalWording[] = [
  {
    language: "English",
    cannot:
      "i(?: (?:can't|cannot|can not|won't|will not|am unable to|am not able to)|'m (?:unable|not able) to)",
    declines: [
      // … help with that. … assist you with this request. … help with creating
      `(?:help|assist)(?: you)?(?: (?:with|in|by))? (?:(?:that|this)(?:${END}| (?:request|task|kind|type|topic|particular|because|as))|your request|(?:creat|generat|writ|produc|craft|draft)ing\\b)`,
      `(?:help|assist)(?: you)?[.!]?$`,
      "do (?:that|this)[.!]?$",
      // … comply with that. … fulfil your request.
      `(?:comply with|fulfill?|accommodate|support|engage (?:with|in)|participate in) (?:(?:that|this)${END}|(?:that|this|your|the|such) (?:request|conversation|task|prompt|content)|such)`,
      // … create content that … … write this message.
      `(?:provide|create|generate|write|produce|craft|draft) (?:(?:that|this)${END}|(?:(?:an?|any|the|this|that|such|these|those) )?(?:[\\w-]+ ){0,2}(?:assistance with|content|messages?|material|response|prompts?)(?:${END}| (?:that|which|for|with|about|of|as)))`,
    ],
    others: [
      "as an? (?:ai|artificial intelligence|(?:large )?language model)(?: (?:language model|model|assistant|chatbot))?(?:,| i\\b)",
      "i(?:'m| am) (?:just |only )?an? (?:ai|language model)(?: (?:language model|model|assistant))?(?:,| and)? (?:so |and )?(?:i )?(?:can't|cannot|can not|am unable|don't|do not)",
      `i (?:must|have to|need to) (?:respectfully |politely )?decline (?:that|this|your|the|to (?:write|create|generate|produce))`,
      "i(?:'m not| am not| don't feel| do not feel) comfortable (?:writing|creating|generating|producing)",
      "(?:it|that|this|writing (?:it|that|this)) (?:is|goes|would go|would be) against my (?:guidelines|policies|programming|principles)",
      "(?:this|that|your) request (?:violates|goes against)",
    ],
  },
  {
    language: "Swedish",
    cannot: "(?:jag kan|kan jag)(?: tyvärr| dessvärre)? (?:inte|ej)",
    declines: [
      `(?:hjälpa|bistå|assistera)(?: dig| er)?(?: till)?(?: med)? (?:det(?: här| där)?${END}|detta${END}|(?:den (?:här |där )?|denna |din )(?:förfrågan|begäran|uppgiften?)|att (?:skriva|skapa|generera|formulera))`,
      "(?:hjälpa|bistå|assistera)(?: dig| er)?(?: till)?[.!]?$",
      `(?:uppfylla|tillmötesgå|skriva|skapa|generera) (?:det${END}|detta${END}|(?:den (?:här )?|det (?:här )?|denna |detta |din |ett sådant )(?:förfrågan|begäran|meddelande|meddelandet|innehåll))`,
      "(?:skriva|skapa|generera|ta fram) (?:innehåll|texter|meddelanden) som",
    ],
    others: [
      `det(?: här| där)? kan jag(?: tyvärr| dessvärre)? inte (?:(?:hjälpa|bistå)(?: dig| er)?(?: till)? med|skriva|formulera)${END}`,
      "jag är(?: tyvärr| dessvärre)? (?:inte i stånd|oförmögen) att (?:hjälpa till|hjälpa dig|bistå|skriva|skapa|generera)",
      "som (?:en |ett )?(?:ai|(?:stor )?språkmodell)(?:[- ](?:språkmodell|assistent|modell))?(?:,| kan jag| har jag| får jag)",
    ],
  },
  {
    language: "Danish",
    cannot: "(?:jeg kan|kan jeg)(?: desværre)? ikke",
    declines: [
      `(?:hjælpe|assistere|bistå)(?: dig| jer)?(?: med)? (?:det(?: her| der)?${END}|dette${END}|(?:den(?:ne)? (?:her )?|din )(?:anmodning|forespørgsel|opgave)|at (?:skrive|lave|generere|formulere))`,
      "(?:hjælpe|assistere|bistå)(?: dig| jer)?[.!]?$",
      "(?:opfylde|imødekomme|skrive|generere) (?:den(?:ne)? (?:her )?|dette |din )(?:anmodning|forespørgsel|besked|indhold|tekst)",
      "(?:skrive|lave|generere) (?:indhold|tekster|beskeder),? (?:der|som)",
    ],
    others: [
      `det(?: her| der)? kan jeg(?: desværre)? ikke (?:hjælpe(?: dig| jer)?(?: til)? med|skrive|formulere)${END}`,
      "som (?:en )?(?:ai|(?:stor )?sprogmodel)(?:[- ](?:sprogmodel|assistent|model))?(?:,| kan jeg| har jeg| må jeg)",
    ],
  },
  {
    language: "Norwegian",
    cannot: "(?:jeg kan|kan jeg)(?: dessverre)? ikke",
    declines: [
      `(?:hjelpe|assistere|bistå)(?: deg| dere)?(?: til)?(?: med)? (?:det(?: her| der)?${END}|dette${END}|(?:den(?:ne)? (?:her )?|din )(?:forespørselen?|oppgaven?)|å (?:skrive|lage|generere|formulere))`,
      "(?:hjelpe|assistere|bistå)(?: deg| dere)?[.!]?$",
      "(?:oppfylle|imøtekomme|skrive|generere) (?:den(?:ne)? (?:her )?|dette |din )(?:forespørselen?|meldingen?|innholdet|teksten)",
      "(?:skrive|lage|generere) (?:innhold|tekster|meldinger),? som",
    ],
    others: [
      `det(?: her| der)? kan jeg(?: dessverre)? ikke (?:hjelpe(?: deg| dere)?(?: til)? med|skrive|formulere)${END}`,
      "som (?:en )?(?:ai|ki|(?:stor )?språkmodell)(?:[- ](?:språkmodell|assistent|modell))?(?:,| kan jeg| har jeg| må jeg)",
    ],
  },
  {
    language: "German",
    cannot: "(?:(?:dabei|damit|hierbei|bei dieser anfrage) kann ich|ich kann|kann ich)(?: leider)?",
    declines: [
      `(?:(?:dir|ihnen|euch) )?(?:leider )?(?:(?:dabei|damit|hierbei|bei dieser anfrage|mit dieser anfrage) )?(?:leider )?nicht (?:weiter)?(?:helfen|behilflich sein)${END}`,
      "(?:diese|diesen|deine|ihre|dieser|deiner|ihrer) (?:anfrage|bitte|nachricht) (?:leider )?nicht (?:erfüllen|schreiben|erstellen|beantworten|nachkommen)",
    ],
    others: [
      `(?:das|dies|so etwas) kann ich (?:leider )?nicht (?:schreiben|erstellen|verfassen|formulieren)${END}`,
      "als (?:eine? )?(?:ki|ai|(?:großes )?sprachmodell)(?:-(?:sprachmodell|modell|assistent))?(?:,| kann ich| darf ich| habe ich)",
    ],
  },
  {
    language: "French",
    cannot: "je ne (?:peux|suis) (?:malheureusement )?pas(?: en mesure de| capable de)?",
    declines: [
      `(?:vous |t')?(?:aider|assister) (?:(?:avec|à|pour|sur) )?(?:(?:ça|cela|ceci)${END}|(?:cette|votre|ta) (?:demande|requête)|(?:rédiger|écrire|créer|générer))`,
      "(?:vous |t')aider[.!]?$",
      "(?:répondre à|satisfaire|donner suite à|écrire|rédiger|créer|générer) (?:à )?(?:cette|votre|ta|ce|un tel|ce type de) (?:demande|requête|message|contenu)",
    ],
    others: [
      "en tant qu(?:e |')(?:un |une )?(?:ia|modèle (?:de langage|linguistique)|assistant (?:ia|virtuel))(?:,| je)",
    ],
  },
  {
    language: "Spanish",
    cannot: "no (?:te |le )?puedo",
    declines: [
      `(?:ayudar|asistir)(?:te|le|los)? (?:(?:con|en|a) )?(?:(?:eso|esto)${END}|(?:esa|esta|tu|su) (?:solicitud|petición)|(?:escribir|crear|redactar|generar))`,
      "(?:ayudar|asistir)(?:te|le)?[.!]?$",
      "(?:cumplir(?: con)?|atender|responder a|escribir|crear|redactar|generar) (?:esa|ese|esta|este|tu|su) (?:solicitud|petición|mensaje|contenido)",
    ],
    others: [
      "como (?:un )?(?:ia|modelo (?:extenso )?de lenguaje|asistente (?:de ia|virtual))(?:,| no)",
    ],
  },
];

/** What comes before the refusal proper, alone no sign of one. */
const APOLOGY = new RegExp(
  "^(?:" + [
    "(?:i'm|i am) (?:(?:so|very|really|truly) )?sorry(?: (?:that|to hear|if) [^,.!?]{0,80})?|sorry|i apologi[sz]e|(?:my )?apologies|unfortunately",
    "förlåt|tyvärr|ursäkta|(?:jag )?beklagar|jag är ledsen",
    "beklager|undskyld|desværre|jeg beklager|det beklager jeg|unnskyld|dessverre",
    "(?:es )?tut mir (?:sehr )?leid|entschuldigung|leider",
    "(?:je suis )?(?:vraiment )?désolée?|je regrette|malheureusement",
    "lo siento(?: mucho)?|lo lamento|lamentablemente|perdón",
  ].join("|") + ")[,.!:;]? (?:(?:but|men|aber|mais|pero) )?",
);

/**
 * What refusals begin with, apart from the rest: to compile the whole takes 20 ms of a start, which
 * texts that begin otherwise don't need.
 */
const BEGINS = new RegExp(`^(?:${WORDINGS.map(({ cannot }) => `${cannot} `).join("|")})`);

const WHOLE = WORDINGS.map(({ cannot, declines }) =>
  new RegExp(`^(?:${cannot} (?:${declines.join("|")}))`)
);

const OTHERS = new RegExp(`^(?:${WORDINGS.flatMap(({ others }) => others).join("|")})`);

/** Characters of a text that are looked at: refusals open a text. */
const OPENING = 240;

/**
 * Whether a text opens as a model's refusal to write, in English, Swedish, Danish, Norwegian,
 * German, French or Spanish.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isRefusal } from "./refusals.ts";
 * assert(isRefusal("I'm sorry, but I can't help with that."));
 * assert(!isRefusal("I'm sorry, but I can't find my card."));
 * ```
 */
export function isRefusal(text: string): boolean {
  const opening = text.slice(0, OPENING).normalize("NFC").toLowerCase().replaceAll(/[’‘]/g, "'")
    .replaceAll(/\s+/g, " ").trim();
  // Twice: "I'm sorry, unfortunately …".
  const proper = opening.replace(APOLOGY, "").replace(APOLOGY, "");
  return OTHERS.test(proper) ||
    (BEGINS.test(proper) && WHOLE.some((whole) => whole.test(proper)));
}
