import type { Step } from "../lib/step";
import { avss, sets } from "./avss";
import { engine, engineHandOver, strategies } from "./engine";
import { handOver, permissions } from "./governance";
import { lrt } from "./lrt";
import { coinbase, lido, markets, rewardTokens, rocketPool, weth } from "./outside";

/** The whole deployment. The runner puts the steps in order by what they need. */
export const steps: Step[] = [
  lido,
  weth,
  rocketPool,
  coinbase,
  markets,
  rewardTokens,
  engine,
  strategies,
  ...lrt,
  permissions,
  avss,
  sets,
  engineHandOver,
  handOver,
];
