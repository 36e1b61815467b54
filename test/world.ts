import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { parseEther, type Signer } from "ethers";
import { local } from "../deploy/config/local";
import { parseConfig, type ConfigInput } from "../deploy/config/schema";
import { BLOCK_SECONDS } from "../scripts/sim/time";
import { World } from "../scripts/sim/world";

/**
 * The local configuration with the two oracles' instant slashers alone: tests that are not about the other AVSs have
 * round numbers of what is allocated, and room below every cap.
 */
export function fewAvss(config: ConfigInput): ConfigInput {
  const [prices, rates] = config.avss;
  if (rates.contract.kind !== "oracle") throw new Error("the second AVS of the local configuration is an oracle");
  const instant = { ...rates, contract: { ...rates.contract, accuracy: undefined }, sets: rates.sets.slice(0, 1) };
  return { ...config, avss: [prices, instant] };
}

/**
 * The same without idle ETH for instant redemption: everything is restaked, so that tests of anything else have whole
 * numbers. Those of instant redemption use the local buffer as it is.
 */
export function withoutBuffer(config: ConfigInput): ConfigInput {
  return { ...fewAvss(config), instant: { ...config.instant, targetBps: 0, watermarkBps: 0 } };
}

// People, operators, sets and settings are those of the local configuration.

/** The system as the steps leave it: seeded, nobody in it yet. */
export async function deployed(): Promise<World> {
  return World.create(parseConfig(withoutBuffer(local)));
}

export interface Staked {
  world: World;
  alice: Signer;
  bob: Signer;
}

/**
 * Alice deposited 60 ether and Bob 40 stETH; ether became wstETH, what is restakeable is restaked, node operators are
 * registered with every set, and the allocations along the plan are in force.
 */
export async function staked(): Promise<Staked> {
  const world = await loadFixture(deployed); // from a clean state, whatever test ran before
  const [alice, bob] = [await world.person(0), await world.person(1)];
  await world.depositEther(alice, parseEther("60"));
  await world.deposit(bob, "stETH", parseEther("40"));
  await world.crank();
  await world.registerAll();
  await world.allocateAll();
  // Allocations are in force after the operators' own delay.
  const delays = world.ctx.config.operators.map((o) => o.allocationDelayBlocks);
  const longest = delays.reduce((a, b) => (a > b ? a : b));
  await world.pass((longest + 1n) * BLOCK_SECONDS);
  return { world, alice, bob };
}
