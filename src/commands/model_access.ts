import { addressOf, azureKey } from "../models/endpoint/address.ts";
import { type Environment, type ModelVariable } from "../models/endpoint/environment.ts";
import type { ModelChoice, Provider } from "../models/types.ts";
import type { Access } from "./command.ts";

/** The variables that each provider's client reads. */
const READ_BY: Record<Provider, readonly ModelVariable[]> = {
  openai: ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"],
  azure: [
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_API_VERSION",
    "AZURE_OPENAI_CHATMODEL",
  ],
  local: [],
  simulated: [],
};

/** What asking this model takes: its host, the variables that choose and open it, or its server. */
export function modelAccess(
  choice: ModelChoice,
  env: Environment,
): Pick<Access, "net" | "env" | "localModel"> {
  const address = addressOf(choice, env);
  if (choice.provider === "azure") azureKey(env);
  // The choice is made again from these, so what chose the provider is passed on as well.
  const choosing: ModelVariable[] = ["PLUMBLINE_MODEL"];
  return {
    net: address === null ? [] : [address],
    env: [...choosing, ...READ_BY[choice.provider]],
    localModel: choice.provider === "local" ? choice.name : null,
  };
}
