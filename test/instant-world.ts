import type { Signer } from "ethers";
import { ethers } from "hardhat";
import { local } from "../deploy/config/local";
import { parseConfig, type ConfigInput } from "../deploy/config/schema";
import { ETHER, World } from "../scripts/sim/world";
import { ether, FOREVER } from "./checks";
import { up } from "./models";
import { fewAvss } from "./world";

const BPS = 10_000n;

export interface Buffered {
  world: World;
  alice: Signer;
  bob: Signer;
}

/** Alice deposited 600 ether and Bob 400 stETH; the buffer is full, everything else is restaked. */
export async function bufferedWith(change: Partial<ConfigInput["instant"]> = {}): Promise<Buffered> {
  const world = await World.create(parseConfig({ ...fewAvss(local), instant: { ...local.instant, ...change } }));
  const [alice, bob] = [await world.person(0), await world.person(1)];
  await world.depositEther(alice, ether("600"));
  await world.deposit(bob, "stETH", ether("400"));
  await world.crank();
  for (const who of [alice, bob]) {
    for (const spender of [world.c.instant, world.c.queue]) {
      await (await world.c.trEth.connect(who).approve(spender, FOREVER)).wait();
    }
  }
  return { world, alice, bob };
}

/** With the configured parameters. */
export const buffered = (): Promise<Buffered> => bufferedWith();

/** With the largest bucket, so that a day empties the buffer. */
export const wideOpen = (): Promise<Buffered> => bufferedWith({ bucketBps: 500 });

/** Redeems for ether at once. */
export async function redeem({ c }: World, by: Signer, shares: bigint, minEther = 0n) {
  return c.instant.connect(by).redeem(shares, minEther, await by.getAddress(), FOREVER);
}

/** What the rules say of the buffer, from the books alone. */
export async function bufferByTheRules({ c, ctx }: World) {
  const { targetBps, watermarkBps } = ctx.config.instant;
  const [idle, waiting, rate, nav] = await Promise.all([
    c.pool.idle(ETHER),
    c.queue.waitingShares(ETHER),
    c.pool.rate(),
    c.accountant.netAssetValue(),
  ]);
  const reserved = up(waiting * rate, 10n ** 18n);
  const level = idle > reserved ? idle - reserved : 0n;
  const partOfRest = (bps: bigint) => up((nav - level) * bps, BPS - bps);
  return { level, target: partOfRest(targetBps), watermark: partOfRest(watermarkBps) };
}

/** Calls to make in one transaction. */
export async function hastyWallet(world: World, shares: bigint, from: Signer) {
  const wallet = await ethers.deployContract("HastyWalletMock");
  await (await world.c.trEth.connect(from).transfer(wallet, shares)).wait();
  return wallet;
}
