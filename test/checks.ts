import { impersonateAccount, setBalance } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { parseEther, type BaseContract, type Interface, type Signer } from "ethers";
import { ethers } from "hardhat";
import { local } from "../deploy/config/local";
import { parseConfig, type Config, type ConfigInput } from "../deploy/config/schema";
import { ETHER, type World } from "../scripts/sim/world";
import { withoutBuffer } from "./world";

export const ether = parseEther;
export const WAD = parseEther("1");
export const DAY = 86_400n;
export const NO_REFERRAL = ethers.ZeroHash;
export const FOREVER = ethers.MaxUint256;

/** The local configuration with something changed. */
export function changed(change: (config: ConfigInput) => void): Config {
  const copy = structuredClone(withoutBuffer(local));
  change(copy);
  return parseConfig(copy);
}

/** A contract (or person) of the system as a signer that can pay for gas. */
export async function as(subject: BaseContract | string): Promise<Signer> {
  const address = typeof subject === "string" ? subject : await subject.getAddress();
  await impersonateAccount(address);
  await setBalance(address, (await ethers.provider.getBalance(address)) + parseEther("100"));
  return ethers.getSigner(address);
}

/** What was decided about an asset, as the pool is told it. */
export async function settingsOf({ c }: World, asset: string) {
  const { rateSource, cap, minDeposit, haircutBps, inflowBps, inflowFloor } = await c.registry.configOf(asset);
  return { rateSource, cap, minDeposit, haircutBps, inflowBps, inflowFloor };
}

/** Everything that a share's value is made of, as plain data. */
export async function books({ c, asset }: World) {
  const { pool, restaked, unbonding, rateWad: assetRate } = await c.accountant.backing(asset);
  const { rateWad, waitingWad } = await c.pool.terms();
  return {
    supply: await c.trEth.totalSupply(),
    rateWad,
    waitingWad,
    netAssetValue: await c.accountant.netAssetValue(),
    idleEther: await c.pool.idle(ETHER),
    idleUnits: pool,
    restaked,
    unbonding,
    assetRate,
  };
}

/** The call reverts with exactly this error, and neither books nor balances of the caller have moved. */
export async function refuses(
  world: World,
  by: Signer,
  call: () => Promise<unknown>,
  contract: { interface: Interface },
  error: string,
  args: unknown[],
): Promise<void> {
  const { trEth, stEth, wstEth, weth } = world.c;
  const who = await by.getAddress();
  const state = async () => ({
    ...(await books(world)),
    shares: await trEth.balanceOf(who),
    tokens: await Promise.all([stEth.sharesOf(who), wstEth.balanceOf(who), weth.balanceOf(who)]),
  });
  const before = await state();
  await expect(call())
    .to.be.revertedWithCustomError(contract, error)
    .withArgs(...args);
  expect(await state()).to.deep.equal(before);
}
