/** Where a topic belongs: topics leak inside their own field. */
export type Field = "bank" | "transport";

/**
 * The topics that have words of their own in every language, with the other names that they are
 * known by. A name counts in any case, and with or without a final "s".
 */
export const topics = {
  "Car loan": { field: "bank", aliases: ["auto loan", "vehicle loan", "billån"] },
  "Mortgage": { field: "bank", aliases: ["home loan", "housing loan", "bolån", "boliglån"] },
  "Credit card": { field: "bank", aliases: ["kreditkort"] },
  "Savings account": { field: "bank", aliases: ["sparkonto", "opsparingskonto"] },
  "Apple Pay": { field: "bank", aliases: ["applepay"] },
  "Mobile payments": { field: "bank", aliases: ["mobile payment", "swish"] },
  "Insurance": { field: "bank", aliases: ["försäkring", "forsikring"] },
  "E-invoice": { field: "bank", aliases: ["e-faktura", "electronic invoice"] },
  "Transfer": { field: "bank", aliases: ["money transfer", "överföring", "overførsel"] },
  "Pension": { field: "bank", aliases: ["pensionen"] },
  "Currency exchange": { field: "bank", aliases: ["valutaväxling", "valutaveksling"] },
  "Investment funds": { field: "bank", aliases: ["fund", "mutual fund"] },
  "Ticket": { field: "transport", aliases: ["biljett", "billet"] },
  "Timetable": { field: "transport", aliases: ["tidtabell", "køreplan"] },
  "Delay": { field: "transport", aliases: ["försening", "forsinkelse"] },
  "Lost property": { field: "transport", aliases: ["lost and found", "hittegods"] },
  "Complaint": { field: "transport", aliases: ["klagomål", "klage"] },
  "Accessibility": { field: "transport", aliases: ["tillgänglighet", "tilgængelighed"] },
} as const satisfies Record<string, { field: Field; aliases: readonly string[] }>;

/** The name of a topic that has words of its own. */
export type TopicName = keyof typeof topics;

/** The names of all topics that have words of their own. */
export const topicNames = Object.keys(topics).filter((name): name is TopicName => name in topics);
