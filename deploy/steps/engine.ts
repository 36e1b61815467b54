import { MaxUint256 } from "ethers";
import { deployEngine } from "../lib/engine";
import type { Context } from "../lib/context";
import { step } from "../lib/step";
import { ENGINE, STRATEGY } from "./names";

/** Stake that an undelegated holder leaves in a new strategy, so that nobody can play with its first shares [wei]. */
const STRATEGY_SEED = 10n ** 9n;

const OWN = {
  PauserRegistry: "PauserRegistry",
  PermissionController: "PermissionController",
  DelegationManager: "DelegationManager",
  StrategyManager: "StrategyManager",
  AllocationManager: "AllocationManager",
  RewardsCoordinator: "RewardsCoordinator",
};

/** The restaking engine: our own on a chain of our own, or one that is there already. */
export const engine = step("engine/core", {
  needs: [],
  differences: async (ctx) => {
    const { engine: config } = ctx.config;
    if (config.kind === "deploy") return ctx.absent(Object.fromEntries(Object.keys(OWN).map((n) => [n, undefined])));
    return ctx.absent({
      [ENGINE.delegation]: config.delegationManager,
      [ENGINE.strategies]: config.strategyManager,
      [ENGINE.allocation]: config.allocationManager,
      [ENGINE.permissions]: config.permissionController,
      [ENGINE.rewards]: config.rewardsCoordinator,
    });
  },
  apply: async (ctx) => {
    const { engine: config, governance } = ctx.config;
    if (config.kind === "external") {
      await ctx.external(ENGINE.delegation, "IDelegationManager", config.delegationManager);
      await ctx.external(ENGINE.strategies, "IStrategyManager", config.strategyManager);
      await ctx.external(ENGINE.allocation, "IAllocationManager", config.allocationManager);
      await ctx.external(ENGINE.permissions, "IPermissionController", config.permissionController);
      await ctx.external(ENGINE.rewards, "IRewardsCoordinator", config.rewardsCoordinator);
      return;
    }
    // Our engine belongs to the deployer until the strategies are in; see engine/hand-over.
    await ctx.deployTogether("deploy the engine", OWN, async () => {
      const deployed = await deployEngine({
        deployer: ctx.signer,
        artifact: async (name) => {
          const { bytecode } = await ctx.chain.factory(name);
          return { abi: (await ctx.chain.abi(name)).fragments, bytecode };
        },
        config: {
          minWithdrawalDelayBlocks: Number(config.withdrawalDelayBlocks),
          deallocationDelayBlocks: Number(config.deallocationDelayBlocks),
          allocationConfigurationDelayBlocks: Number(config.allocationConfigurationDelayBlocks),
          owner: ctx.deployer,
          unpauser: governance.admin,
          pausers: [governance.guardian],
          strategyWhitelister: ctx.deployer,
          rewards: { owner: governance.admin, updater: governance.admin, feeRecipient: governance.admin },
        },
      });
      return {
        PauserRegistry: deployed.pauserRegistry,
        PermissionController: deployed.permissionController,
        DelegationManager: deployed.delegationManager,
        StrategyManager: deployed.strategyManager,
        AllocationManager: deployed.allocationManager,
        RewardsCoordinator: deployed.rewardsCoordinator,
      };
    });
  },
});

/** A stand-in gives its token for ether. */
async function acquire(ctx: Context, underlying: string): Promise<unknown> {
  // More than the amount: a stETH transfer may move a wei less than asked, wrapping rounds down, units are worth more.
  const value = STRATEGY_SEED * 4n;
  switch (underlying) {
    case "stETH":
      return (await ctx.contract("stETH")).submit(ctx.deployer, { value });
    case "wstETH":
      return ctx.signer.sendTransaction({ to: ctx.address("wstETH"), value });
    case "rETH":
      return (await ctx.contract("RocketDepositPool")).deposit({ value });
    default:
      return (await ctx.contract("cbETH")).mint(ctx.deployer, { value });
  }
}

async function seed(ctx: Context, name: string, underlying: string): Promise<void> {
  const strategy = ctx.address(name);
  const manager = await ctx.contract(ENGINE.strategies);
  const token = await ctx.contract(underlying);
  if ((await token.balanceOf(ctx.deployer)) < STRATEGY_SEED) {
    await ctx.send(`stake a seed for ${name}`, acquire(ctx, underlying));
  }
  await ctx.send(`approve the seed of ${name}`, token.approve(ctx.address(ENGINE.strategies), MaxUint256));
  await ctx.send(`seed ${name}`, manager.depositIntoStrategy(strategy, ctx.address(underlying), STRATEGY_SEED));
  await ctx.send(`end the approval for ${name}`, token.approve(ctx.address(ENGINE.strategies), 0n));
}

/** One strategy per asset, accepted by the engine and seeded by an undelegated holder. */
export const strategies = step("engine/strategies", {
  needs: ["engine/core", "outside/lido", "outside/rocket-pool", "outside/coinbase"],
  differences: async (ctx) => {
    const differences: string[] = [];
    for (const { asset, strategy } of ctx.config.assets) {
      const name = STRATEGY(asset);
      const absent = await ctx.absent({ [name]: strategy.kind === "external" ? strategy.address : undefined });
      differences.push(...absent);
      if (absent.length > 0 || strategy.kind === "external") continue;
      const manager = await ctx.contract(ENGINE.strategies);
      if (!(await manager.strategyIsWhitelistedForDeposit(ctx.address(name)))) {
        differences.push(`the engine does not accept ${name}`);
      }
      const contract = await ctx.contract(name);
      if ((await contract.totalShares()) === 0n) differences.push(`${name} has no seed`);
    }
    return differences;
  },
  apply: async (ctx) => {
    for (const { asset, strategy } of ctx.config.assets) {
      const name = STRATEGY(asset);
      if (strategy.kind === "external") {
        await ctx.external(name, "IStrategy", strategy.address);
        continue;
      }
      const { underlying } = strategy;
      const args = [ctx.address(ENGINE.strategies), ctx.address("PauserRegistry"), ctx.address(underlying)];
      const address = await ctx.deploy(name, "StrategyBase", args);
      const manager = await ctx.contract(ENGINE.strategies);
      if (!(await manager.strategyIsWhitelistedForDeposit(address))) {
        await ctx.send(`the engine accepts ${name}`, manager.addStrategiesToDepositWhitelist([address]));
      }
      const contract = await ctx.contract(name);
      if ((await contract.totalShares()) === 0n) await seed(ctx, name, underlying);
    }
  },
});

/** Our own engine ends in governance's hands; one that was there already is not ours to give. */
export const engineHandOver = step("engine/hand-over", {
  needs: ["engine/strategies"],
  differences: async (ctx) => {
    if (ctx.config.engine.kind === "external") return [];
    const manager = await ctx.contract(ENGINE.strategies);
    const { admin } = ctx.config.governance;
    return [
      ...((await manager.strategyWhitelister()) === admin ? [] : [`${admin} does not choose the engine's strategies`]),
      ...((await manager.owner()) === admin ? [] : [`${admin} does not own the engine`]),
    ];
  },
  apply: async (ctx) => {
    const manager = await ctx.contract(ENGINE.strategies);
    const { admin } = ctx.config.governance;
    if ((await manager.strategyWhitelister()) !== admin) {
      await ctx.send("hand the engine's strategies over", manager.setStrategyWhitelister(admin));
    }
    if ((await manager.owner()) !== admin) await ctx.send("hand the engine over", manager.transferOwnership(admin));
  },
});
