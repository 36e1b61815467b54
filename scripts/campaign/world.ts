import { parseEther } from "ethers";
import { local } from "../../deploy/config/local";
import { parseConfig, type Config } from "../../deploy/config/schema";
import { BLOCK_SECONDS } from "../sim/time";
import { World } from "../sim/world";

/** Parts of the stake, one for each operator [bps]. */
const WEIGHTS = [5_000, 5_000];

/** The local configuration with two operators, who take a larger part each; every other number is the local one. */
export function campaignConfig(): Config {
  const operators = WEIGHTS.map((weightBps, i) => ({ ...local.operators[i], weightBps }));
  return parseConfig({ ...local, operators, allocation: { ...local.allocation, operatorCapBps: 6_000 } });
}

/** A system in use: every asset is inside, all sets have their allocations, ether is kept for instant redemption. */
export async function inhabit(world: World): Promise<void> {
  const [first, second] = [await world.person(0), await world.person(1)];
  await world.depositEther(first, parseEther("300"));
  await world.deposit(second, "stETH", parseEther("200"));
  await world.deposit(second, "rETH", parseEther("100"));
  await world.deposit(second, "cbETH", parseEther("100"));
  await world.crank();
  await world.registerAll();
  await world.allocateAll();
  const delays = world.ctx.config.operators.map((o) => o.allocationDelayBlocks);
  await world.pass((delays.reduce((a, b) => (a > b ? a : b)) + 1n) * BLOCK_SECONDS);
}
