import type { Config } from "../../config/types.ts";
import { markersOf, parseTemplate } from "../../config/template.ts";
import { BUILT_IN_TEMPLATE } from "../../prompt/prompt.ts";
import { isFunctionWord } from "../../text/function_words.ts";
import { stem } from "../../text/stems.ts";
import { tokenize } from "../../text/tokens.ts";
