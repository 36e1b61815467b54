/** What an attacker may do, and what he can time. */
import type { Asset, Staked, Token } from "./protocol-types";

/** What the attacker may do; amounts are ether values. Several in a row with `atOnce` are one transaction. */
export type Deed =
  | { do: "deposit"; token: Token; amount: number; via: "plain" | "report" }
  | { do: "request"; asset: Asset; amount: number }
  | { do: "redeem"; amount: number }
  | { do: "claim"; ticket: number }
  | { do: "move"; ticket: number; asset: Asset | "basket" }
  | { do: "basket"; amount: number }
  | { do: "strike" }
  | { do: "divide"; steps: number }
  | { do: "collect"; ticket: number }
  | { do: "give"; token: Exclude<Token, "ETH" | "WETH"> | "trETH"; to: Giving; amount: number }
  | { do: "crank"; crank: "report" | "settle" | "stake" | "redeem" | "claim" | "burn" | "sweep" | "deliver" }
  | { do: "line"; crank: "fill" | "restake" | "unbond" | "syncAsset"; asset: Asset }
  | { do: "operator"; crank: "sync" | "complete"; operator: number };
export type Giving = "pool" | "queue" | "strategy" | "issuer" | "router";

/** What the attacker can time, and the half of it that he can cause. */
export type Event =
  | { do: "wait"; hours: number }
  | { do: "earns"; token: Staked; bps: number }
  | { do: "falls"; token: Staked; bps: number }
  | { do: "finalise" }
  | { do: "other deposits"; token: Token; amount: number }
  | { do: "other redeems"; amount: number }
  | { do: "other requests"; asset: Asset; amount: number }
  | { do: "other leaves by basket"; amount: number }
  | { do: "keeper" }
  | { do: "slashes"; operator: number; part: number }
  | { do: "announces"; pending: boolean };
export type Step = (Deed & { atOnce?: boolean }) | Event;

export const isEvent = (step: Step): step is Event =>
  ["wait", "earns", "falls", "finalise", "keeper", "slashes", "announces"].includes(step.do) ||
  step.do.startsWith("other");
