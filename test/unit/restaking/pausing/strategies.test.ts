import { ethers } from "hardhat";
import type { StrategyBase } from "../../../../typechain-types";
import { deposits, engineWorld, factoryOf, make, type EngineWorld } from "../../../integration/engine/world";
import { StrategyBaseTVLLimits__factory } from "../../../../typechain-types";
import { itIsPausedBitByBit, type Paused } from "./matrix";

/** What every strategy can be told, with deposits in it. */
function callsOf(w: EngineWorld, strategy: StrategyBase): Paused["calls"] {
  const inside = strategy.connect(ethers.provider);
  const ours = { from: w.engine.strategyManager };
  const token = w.tokens[0];
  return {
    "deposit(address,uint256)": { bits: [0], call: () => inside.deposit.staticCall(token, 1n, ours) },
    "withdraw(address,address,uint256)": { bits: [1], call: () => inside.withdraw.staticCall(w.bob, token, 1n, ours) },
    "beforeAddShares(address,uint256)": { bits: [], call: () => inside.beforeAddShares.staticCall(w.bob, 1n, ours) },
    "beforeRemoveShares(address,uint256)": {
      bits: [],
      call: () => inside.beforeRemoveShares.staticCall(w.bob, 1n, ours),
    },
    "userUnderlying(address)": { bits: [], call: () => strategy.userUnderlying.staticCall(w.alice) },
  };
}

async function plain(): Promise<Paused> {
  const w = await engineWorld();
  await deposits(w, w.alice, 1_000n);
  return { contract: w.strategies[0], calls: callsOf(w, w.strategies[0]) };
}

async function limited(): Promise<Paused> {
  const w = await engineWorld();
  const { strategyManager, pauserRegistry } = w.engine;
  const at = await make("StrategyBaseTVLLimits", [strategyManager, pauserRegistry, w.tokens[0], 1_000n, 2_000n]);
  const contract = StrategyBaseTVLLimits__factory.connect(at, w.owner);
  await w.sm.addStrategiesToDepositWhitelist([contract]);
  await w.sm.connect(w.alice).depositIntoStrategy(contract, w.tokens[0], 1_000n);
  const calls = {
    ...callsOf(w, w.strategies[0].attach(at) as StrategyBase),
    "setTVLLimits(uint256,uint256)": { bits: [], call: () => contract.setTVLLimits.staticCall(1n, 2n) },
  };
  return { contract, calls };
}

async function factory(): Promise<Paused> {
  const w = await engineWorld();
  const contract = await factoryOf(w);
  const [strategy] = w.strategies;
  const calls: Paused["calls"] = {
    "deployNewStrategy(address)": { bits: [0], call: () => contract.deployNewStrategy.staticCall(w.tokens[0]) },
    "blacklistTokens(address[])": { bits: [], call: () => contract.blacklistTokens.staticCall([w.tokens[0]]) },
    "whitelistStrategies(address[])": { bits: [], call: () => contract.whitelistStrategies.staticCall([strategy]) },
    "removeStrategiesFromWhitelist(address[])": {
      bits: [],
      call: () => contract.removeStrategiesFromWhitelist.staticCall([strategy]),
    },
    "transferOwnership(address)": { bits: [], call: () => contract.transferOwnership.staticCall(w.bob) },
    "renounceOwnership()": { bits: [], call: () => contract.renounceOwnership.staticCall() },
  };
  return { contract, calls };
}

describe("pausing a strategy", () => itIsPausedBitByBit([0, 1], plain));
describe("pausing a strategy with limits", () => itIsPausedBitByBit([0, 1], limited));
describe("pausing the StrategyFactory", () => itIsPausedBitByBit([0], factory));
