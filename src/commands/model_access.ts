import { addressOf, keyIn } from "../models/endpoint/address.ts";
import type { Environment } from "../models/endpoint/environment.ts";
import { PROVIDERS, variablesOf } from "../models/endpoint/providers.ts";
import type { ModelChoice } from "../models/types.ts";
import type { Access } from "./command.ts";

/** What asking this model takes: its host, the variables that choose and open it, or its server. */
export function modelAccess(
  choice: ModelChoice,
  env: Environment,
): Pick<Access, "net" | "env" | "localModel"> {
  const address = addressOf(choice, env);
  const { remote } = PROVIDERS[choice.provider];
  if (remote !== null) keyIn(remote, env);
  return {
    net: address === null ? [] : [address],
    // The choice is made again from these, so what chose the provider is passed on as well.
    env: ["PLUMBLINE_MODEL", ...variablesOf(choice.provider)],
    localModel: choice.provider === "local" ? choice.name : null,
  };
}

/**
 * What it takes to know a model without asking it: its address, which tells the price, and no key.
 * Without keys the process can't make the choice again, so the choice is handed on.
 */
export function offlineAccess(choice: ModelChoice): Pick<Access, "env" | "handedOn"> {
  const { remote } = PROVIDERS[choice.provider];
  return {
    env: remote === null ? [] : [remote.variables.address],
    handedOn: { PLUMBLINE_MODEL: `${choice.provider}:${choice.name}` },
  };
}
