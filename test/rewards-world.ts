/** A system whose stakers earn reward tokens, some of which are sold. */
import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import type { Signer } from "ethers";
import { ethers } from "hardhat";
import { Distribution, type Leaf } from "../scripts/rewards/distribution";
import { ETHER, World } from "../scripts/sim/world";
import type { ERC20Mock } from "../typechain-types";
import { as, changed, DAY, ether, FOREVER, WAD } from "./checks";

/** Lowest price of every reward token: 0.001 ETH for a whole one. */
export const FLOOR = ether("0.001");
export const HOUR = 3_600n;

export type RewardToken = Pick<ERC20Mock, "mint" | "balanceOf" | "getAddress" | "transfer" | "approve">;

/** Alice holds 60 ETH worth, everything is restaked; tokens of these kinds are sold from the floor up. */
export async function selling(...kinds: string[]) {
  const tokens = await Promise.all(
    kinds.map(
      (kind) =>
        ethers.deployContract(kind, kind === "ERC20Mock" ? ["Reward", "RWD"] : []) as unknown as Promise<ERC20Mock>,
    ),
  );
  const addresses = await Promise.all(tokens.map((token) => token.getAddress()));
  const config = changed(
    (c) =>
      (c.rewards.floors = addresses.map((address, i) => ({
        name: `R${i}`,
        token: { kind: "external", address },
        price: "0.001 ether",
      }))),
  );
  const world = await World.create(config);
  const [alice, bob, carol] = await Promise.all([0, 1, 2].map((n) => world.person(n)));
  await world.depositEther(alice, ether("60"));
  await world.crank();
  const guardian = await as(config.governance.guardian);
  const tightening = await as(config.governance.tightening);
  return { world, tokens, addresses, token: tokens[0], address: addresses[0], alice, bob, carol, guardian, tightening };
}

export type Selling = Awaited<ReturnType<typeof selling>>;

export const plain = () => selling("ERC20Mock");

/** 1 000 reward tokens, 1 ETH at the floor, are on sale since just now. */
export async function onSale() {
  const scene = await loadFixture(plain);
  await scene.token.mint(scene.world.c.router, ether("1000"));
  await scene.world.c.router.startLot(scene.address);
  return { ...scene, router: scene.world.c.router, startedAt: BigInt(await time.latest()) };
}

/** Price of a lot in a straight line, rounded up: what the contract must answer. */
export function priceAt(start: bigint, floor: bigint, elapsed: bigint, duration = 12n * HOUR): bigint {
  return start - ((start - floor) * elapsed) / duration;
}

export const up = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** Buys with ether, whatever it costs, at a time after the start. */
export async function buyAt(scene: Awaited<ReturnType<typeof onSale>>, by: Signer, units: bigint, elapsed: bigint) {
  await time.setNextBlockTimestamp(scene.startedAt + elapsed);
  const price = priceAt(10n * FLOOR, FLOOR, elapsed);
  const cost = up(units * price, WAD);
  const router = scene.router.connect(by);
  return { price, cost, sent: router.bid(scene.address, units, ETHER, cost, by, FOREVER, { value: cost }) };
}

/** The updater posts what was earned, and its root can be claimed by. The tokens are there already. */
export async function post({ ctx, c }: World, leaves: Leaf[]): Promise<{ distribution: Distribution; index: bigint }> {
  const distribution = new Distribution(leaves);
  const end = (BigInt(await time.latest()) / DAY) * DAY;
  const updater = await as(ctx.config.governance.admin);
  await c.rewards.connect(updater).submitRoot(distribution.root, end);
  const index = (await c.rewards.getDistributionRootsLength()) - 1n;
  await time.increase(await c.rewards.activationDelay());
  return { distribution, index };
}
