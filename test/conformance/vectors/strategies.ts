/** Strategies: the rate of their shares, their limits, and the factory that makes them. */
import { StrategyBaseTVLLimits__factory } from "../../../typechain-types";
import {
  completes,
  deposits,
  engineWorld,
  ether,
  factoryOf,
  make,
  mine,
  queues,
  WAD,
  type EngineWorld,
} from "../../integration/engine/world";
import { refusal } from "../../integration/engine/refusal";
import { status, type Scenarios } from "./scenario";

export const STRATEGY_SCENARIOS: Scenarios = {
  strategy_share_math: async (saw) => {
    const w = await engineWorld();
    const [strategy] = w.strategies;
    await deposits(w, w.alice, ether("100"));
    saw("first deposit shares", await w.sm.stakerDepositShares(w.alice, strategy));
    await w.tokens[0].mint(strategy, ether("50"));
    saw("rate: sharesToUnderlying(1e18) after +50%", await strategy.sharesToUnderlyingView(WAD));
    const receipt = await (await deposits(w, w.bob, ether("30"))).wait();
    const rate = receipt?.logs
      .map((log) => strategy.interface.parseLog(log))
      .find((l) => l?.name.startsWith("Exchange"));
    saw("second depositor shares for 30e18", await w.sm.stakerDepositShares(w.bob, strategy));
    saw("ExchangeRateEmitted", rate?.args[0]);
    saw("totalShares", await strategy.totalShares());
    saw("userUnderlyingView(1)", await strategy.userUnderlyingView(w.alice));
    saw("userUnderlyingView(2)", await strategy.userUnderlyingView(w.bob));
    saw("underlyingToShares(1)", await strategy.underlyingToSharesView(1n));
    saw("! deposit of 1 wei at rate > 1", await refusal(deposits(w, w.alice, 1n)));
    const other = w.sm.connect(w.alice);
    saw("! wrong token", await refusal(other.depositIntoStrategy(strategy, w.tokens[1], WAD)));
    saw("! unknown strategy", await refusal(other.depositIntoStrategy(w.registrar, w.tokens[0], WAD)));
    saw("! strategy.deposit by stranger", await refusal(strategy.connect(w.stranger).deposit(w.tokens[0], 1n)));
    const before = await w.tokens[0].balanceOf(w.bob);
    await queues(w, w.bob, [await w.sm.stakerDepositShares(w.bob, strategy)]);
    await mine(20);
    await completes(w, w.bob);
    saw("tokens back to 2", (await w.tokens[0].balanceOf(w.bob)) - before);
  },

  tvl_limits: async (saw) => {
    const w = await engineWorld();
    const { strategyManager, pauserRegistry } = w.engine;
    const token = w.tokens[0];
    const limits = [100n, 250n];
    const at = await make("StrategyBaseTVLLimits", [strategyManager, pauserRegistry, token, ...limits]);
    const strategy = StrategyBaseTVLLimits__factory.connect(at, w.owner);
    await w.sm.addStrategiesToDepositWhitelist([strategy]);
    const deposit = (amount: bigint) => w.sm.connect(w.alice).depositIntoStrategy(strategy, token, amount);
    saw("! over maxPerDeposit", await refusal(deposit(101n)));
    await deposit(100n);
    await deposit(100n);
    saw("! balance over maxTotalDeposits", await refusal(deposit(51n)));
    await token.mint(strategy, 1n);
    saw("! blocked by a 1 wei donation", await refusal(deposit(50n)));
    saw("! set limits by stranger", await refusal(strategy.connect(w.stranger).setTVLLimits(1n, 2n)));
    saw("! per deposit > total", await refusal(strategy.setTVLLimits(301n, 300n)));
    await strategy.setTVLLimits(100n, 300n);
    saw("after raising", await status(deposit(50n)));
  },

  factory: async (saw) => {
    const w = await engineWorld();
    const factory = await factoryOf(w);
    const token = w.tokens[0];
    await factory.connect(w.stranger).deployNewStrategy(token);
    const strategy = await factory.deployedStrategies(token);
    saw("whitelisted", await w.sm.strategyIsWhitelistedForDeposit(strategy));
    saw("! twice", await refusal(factory.deployNewStrategy(token)));
    saw("! whitelister only", await refusal(w.sm.addStrategiesToDepositWhitelist([strategy])));
    await w.sm.connect(w.alice).depositIntoStrategy(strategy, token, 12_345n);
    saw("shares", await w.sm.stakerDepositShares(w.alice, strategy));
    await factory.blacklistTokens([token]);
    saw("de-whitelisted", await w.sm.strategyIsWhitelistedForDeposit(strategy));
    const made = { ...w, strategies: [w.strategies[0].attach(strategy) as EngineWorld["strategies"][0]] };
    const before = await token.balanceOf(w.alice);
    await queues(made, w.alice, [12_345n]);
    await mine(20);
    await completes(made, w.alice);
    saw("withdrawal from a de-whitelisted strategy", (await token.balanceOf(w.alice)) - before);
    await factory.blacklistTokens([w.tokens[1]]);
    saw("! blacklisted token", await refusal(factory.deployNewStrategy(w.tokens[1])));
  },
};
