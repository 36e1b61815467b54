/** A system of a given size in which everything is in use. */
import { ethers } from "hardhat";
import { MaxUint256, parseEther, type Signer } from "ethers";
import { local } from "../../../deploy/config/local";
import { parseConfig, type ConfigInput } from "../../../deploy/config/schema";
import { World, type Plain } from "../../sim/world";
import { nextDay } from "../../sim/time";
import type { Purse } from "./calls";
import { acceptPlain, PLAIN_RATE } from "../../sim/assets";

const ISSUED = ["wstETH", "rETH", "cbETH"];

export interface Scene {
  world: World;
  /** Addresses of the restaked tokens. */
  assets: string[];
  /** Those of them that are plain: an ERC-20 with one rate to read and no market. */
  plain: string[];
  /** Has done everything before. */
  alice: Signer;
  /** Has done nothing yet. */
  newcomer: Signer;
  /** Looks where the gas goes, if that is asked for. */
  purse?: Purse;
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
    entity: i + 1,
    weightBps: Math.floor(10_000 / delegators),
  }));
  config.allocation.operatorCapBps = Math.max(config.allocation.operatorCapBps, Math.ceil(10_000 / delegators));
  return config;
}

/** Accepts further tokens, as plain as there are, with a strategy of their own, through governance. */
async function further(world: World, count: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let i = 0; i < count; ++i) {
    const token = await ethers.deployContract("PlainLstMock", [`Token ${i}`, `T${i}`, PLAIN_RATE]);
    tokens.push(await token.getAddress());
  }
  const source = (token: string) => ethers.deployContract("PlainRateSourceMock", [token]);
  await acceptPlain(world, tokens, parseEther("100000"), parseEther("10000"), source);
  return tokens;
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
  const extra = await further(world, assets - Math.min(assets, ISSUED.length));
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
  return { world, assets: [...named, ...extra], plain: extra, alice, newcomer };
}
