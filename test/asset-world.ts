import { expect } from "chai";
import type { World } from "../scripts/sim/world";
import { FOREVER, NO_REFERRAL } from "./checks";
import { ether, WAD } from "./exit-world";
import { staked } from "./world";

// A system with all four assets in it, and how to see that one of them works.

/** Alice and Bob with ETH and stETH; Carol has brought 20 rETH and 10 cbETH. */
export async function fourAssets() {
  const { world, alice, bob } = await staked();
  const carol = await world.person(2);
  for (const [token, amount] of [
    ["rETH", ether("20")],
    ["cbETH", ether("10")],
  ] as const) {
    await world.deposit(carol, token, amount);
  }
  const { rocket, coinbase } = world.c;
  if (rocket === undefined || coinbase === undefined) throw new Error("no stand-ins");
  const [rEth, cbEth] = [world.ctx.address("rETH"), world.ctx.address("cbETH")];
  const assets = { rETH: rEth, cbETH: cbEth };
  return { world, alice, bob, carol, assets, rocket, coinbase, keeper: world.keeper };
}

/** The same, with everything restaked. */
export async function restaked() {
  const scene = await fourAssets();
  for (const asset of Object.values(scene.assets)) await scene.world.c.desk.connect(scene.keeper).restake(asset, 16n);
  return scene;
}

/** Everything that a person may do with one asset works; `asset` is one of the others. */
export async function isAlive(world: World, asset: string): Promise<void> {
  const { c, keeper } = world;
  const alice = await world.person(0);
  await c.accountant.connect(keeper).report();
  await c.pool.connect(alice).depositEther(alice, 0n, FOREVER, NO_REFERRAL, { value: WAD });
  const id = await world.request(alice, asset, WAD);
  await world.days(4);
  expect((await c.queue.withdrawalStatus(id)).remainingShares).to.equal(0n);
  await world.claim(id);
}
