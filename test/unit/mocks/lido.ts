import { ethers } from "hardhat";
import type { LidoWithdrawalQueueMock, StETHMock, WstETHMock } from "../../../typechain-types";

export const ether = ethers.parseEther;
export const E27 = 10n ** 27n;
export const DEAD = "0x000000000000000000000000000000000000dEaD";

/** Lido with 10 ether of first shares that nobody can move. */
export async function lido() {
  const [alice, bob, carol] = await ethers.getSigners();
  const steth = (await ethers.deployContract("StETHMock", { value: ether("10") })) as unknown as StETHMock;
  const wsteth = (await ethers.deployContract("WstETHMock", [steth])) as unknown as WstETHMock;
  const queue = (await ethers.deployContract("LidoWithdrawalQueueMock", [
    wsteth,
  ])) as unknown as LidoWithdrawalQueueMock;
  await steth.setWithdrawalQueue(queue);
  return { steth, wsteth, queue, alice, bob, carol };
}

/** Alice holds 90 stETH of 100, at one share per wei, and lets the wrapper and the queue take them. */
export async function stakedLido() {
  const world = await lido();
  await world.steth.submit(ethers.ZeroAddress, { value: ether("90") });
  await world.steth.approve(world.wsteth, ethers.MaxUint256);
  await world.steth.approve(world.queue, ethers.MaxUint256);
  await world.wsteth.approve(world.queue, ethers.MaxUint256);
  return world;
}

/** Brings the pool to this total, gains sent along and losses burnt. */
export async function rebaseTo(steth: StETHMock, pooledEther: bigint): Promise<void> {
  const present = await steth.getTotalPooledEther();
  const value = pooledEther > present ? pooledEther - present : 0n;
  await steth.setTotalPooledEther(pooledEther, { value });
}

/** Share rate, scaled by 1e27 and rounded down, as a report computes it. */
export async function shareRate(steth: StETHMock): Promise<bigint> {
  return ((await steth.getTotalPooledEther()) * E27) / (await steth.getTotalShares());
}
