/** A system of a given size in which everything is in use. */
import { ethers } from "hardhat";
import { MaxUint256, parseEther, type Signer } from "ethers";
import { local } from "../../../deploy/config/local";
import { parseConfig, type ConfigInput } from "../../../deploy/config/schema";
import { ETHER, World, type Plain } from "../../sim/world";
import { nextDay } from "../../sim/time";

const ISSUED = ["wstETH", "rETH", "cbETH"];
const RATE = parseEther("1.25");

export interface Scene {
  world: World;
  /** Addresses of the restaked tokens. */
  assets: string[];
  /** Has done everything before. */
  alice: Signer;
  /** Has done nothing yet. */
  newcomer: Signer;
}

function configOf(assets: number, delegators: number): ConfigInput {
  const config: ConfigInput = structuredClone(local);
  config.assets = config.assets.slice(0, Math.min(assets, ISSUED.length));
  config.avss = []; // the same allocations or none: no call of ours reads them
  const [first] = config.operators;
  config.operators = Array.from({ length: delegators }, (_, i) => ({
    ...first,
    name: `op${i}`,
    nodeOperator: ethers.getAddress(ethers.dataSlice(ethers.id(`company ${i}`), 12)), // each a company of its own
    weightBps: Math.floor(10_000 / delegators),
  }));
  config.allocation.operatorCapBps = Math.max(config.allocation.operatorCapBps, Math.ceil(10_000 / delegators));
  return config;
}

/** Accepts further tokens with a strategy of their own and a fixed rate, through governance. */
async function accept(world: World, count: number): Promise<string[]> {
  const { ctx, c } = world;
  const { admin, adminDelaySeconds } = ctx.config.governance;
  const governed = c.manager.connect(await world.signer(admin));
  const scheduled: [string, string][] = [];
  for (let i = 0; i < count; ++i) {
    const token = await (await ethers.deployContract("ERC20Mock", [`Token ${i}`, `T${i}`])).getAddress();
    const parts = [ctx.address("StrategyManager"), ctx.address("PauserRegistry"), token];
    const strategy = await (await ethers.deployContract("StrategyBase", parts)).getAddress();
    await c.strategies.connect(await world.signer(admin)).addStrategiesToDepositWhitelist([strategy]);
    const source = await ethers.deployContract("FixedRateMock", [token, RATE, ETHER, 0n]);
    const terms = {
      strategy,
      rateSource: await source.getAddress(),
      cap: parseEther("100000"),
      minDeposit: 1n,
      haircutBps: 0n,
      inflowBps: 500n,
      inflowFloor: parseEther("10000"),
    };
    const data = c.registry.interface.encodeFunctionData("addAsset", [token, terms]);
    await governed.schedule(c.registry, data, 0);
    scheduled.push([token, data]);
  }
  if (count > 0) await world.pass(adminDelaySeconds + 60n);
  for (const [, data] of scheduled) await governed.execute(c.registry, data);
  return scheduled.map(([token]) => token);
}

async function bring(world: World, who: Signer, token: string, amount: bigint): Promise<void> {
  const contract = await ethers.getContractAt("ERC20Mock", token, who);
  await contract.mint(who, amount);
  await contract.approve(world.c.pool, MaxUint256);
  await world.c.pool.connect(who).deposit(token, amount, who, 0n, MaxUint256, ethers.ZeroHash);
}

/** Every token is restaked with every operator; Alice has brought some of each. */
export async function scene(assets: number, delegators: number): Promise<Scene> {
  await ethers.provider.send("hardhat_reset", []);
  const world = await World.create(parseConfig(configOf(assets, delegators)));
  const [alice, newcomer] = [await world.person(0), await world.person(1)];
  const extra = await accept(world, assets - Math.min(assets, ISSUED.length));
  const each = parseEther("4") * BigInt(delegators);
  await world.depositEther(alice, parseEther("40"));
  await world.deposit(alice, "wstETH", each);
  for (const token of ISSUED.slice(1, assets)) await world.deposit(alice, token as Plain, each);
  await world.c.accountant.connect(world.keeper).report();
  for (const token of extra) await bring(world, alice, token, each);
  await nextDay(world.ctx.provider, 60n);
  await world.crank();
  // A little of everything is idle, as it always is: less than is worth a move.
  for (const token of ISSUED.slice(0, assets))
    await world.deposit(alice, token as "wstETH" | Plain, parseEther("0.005"));
  const named = ISSUED.slice(0, assets).map((name) => world.ctx.address(name));
  return { world, assets: [...named, ...extra], alice, newcomer };
}
