import { Contract, type BaseContract, type Signer } from "ethers";
import { AVS, ETHER } from "../../deploy/steps/names";
import type { System } from "../rewards/system";
import type { ERC20Mock, IMembership } from "../../typechain-types";
import { DAY, now } from "./time";
import type { World } from "./world";

const WAD = 10n ** 18n;
const FOREVER = 2n ** 255n;

/** A deployment as the programs of rewards see it. */
export async function systemOf(world: World): Promise<System> {
  const { ctx, c, keeper } = world;
  const [delegation, allocation, rewards, weth, stEth] = await Promise.all([
    c.delegation.getAddress(),
    c.allocation.getAddress(),
    c.rewards.getAddress(),
    c.weth.getAddress(),
    c.stEth.getAddress(),
  ]);
  return {
    provider: ctx.provider,
    chainId: ctx.chainId,
    engine: { delegation, allocation, rewards },
    rewards: c.rewards,
    router: c.router,
    operators: c.operators,
    lens: c.lens,
    asset: (token) => ({ [weth]: ETHER, [stEth]: world.asset })[token] ?? token,
    signer: (account) => (account === undefined ? Promise.resolve(keeper) : world.signer(account)),
  };
}

/** Days of rewards, from today on. */
export interface Reward {
  token: string;
  amount: bigint;
  days: bigint;
}

async function submissionOf(world: World, { token, amount, days }: Reward) {
  const { ctx, c } = world;
  const strategies = [...(await c.registry.strategies())].filter((address) => BigInt(address) !== 0n);
  const ascending = strategies.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  const startTimestamp = ((await now(ctx.provider)) / DAY) * DAY;
  const strategiesAndMultipliers = ascending.map((strategy) => ({ strategy, multiplier: WAD }));
  return { strategiesAndMultipliers, token, amount, startTimestamp, duration: days * DAY };
}

/** Gets a token for somebody who gives it away: a reward token is made, wstETH is bought. */
async function provide(world: World, by: Signer, { token, amount }: Reward, spender: string): Promise<void> {
  if (token === world.asset) await world.acquire(by, "wstETH", amount);
  const erc20 = world.c.wstEth.attach(token) as ERC20Mock;
  if (token !== world.asset) {
    const mintable = new Contract(token, await world.ctx.chain.abi("ERC20Mock"), by) as BaseContract as ERC20Mock;
    await (await mintable.mint(by, amount)).wait();
  }
  await (await erc20.connect(by).approve(spender, amount)).wait();
}

/** Somebody pays for what a set of an AVS does. */
export async function pays(world: World, by: Signer, avs: string, setId: bigint, reward: Reward): Promise<void> {
  const address = world.ctx.address(AVS(avs));
  await provide(world, by, reward, address);
  const contract = new Contract(address, await world.ctx.chain.abi("IMembership"), by) as BaseContract as IMembership;
  await (await contract.pay(setId, await submissionOf(world, reward))).wait();
}

/** The engine's owner lets somebody give to all earners at once, and he does. */
export async function givesToAll(world: World, by: Signer, reward: Reward): Promise<void> {
  const { rewards } = world.c;
  const owner = rewards.connect(await world.signer(await rewards.owner()));
  if (!(await rewards.isRewardsForAllSubmitter(by))) await (await owner.setRewardsForAllSubmitter(by, true)).wait();
  await provide(world, by, reward, await rewards.getAddress());
  await (await rewards.connect(by).createRewardsForAllEarners([await submissionOf(world, reward)])).wait();
}

/** Waits until what is on sale is as cheap as a buyer wants it, and buys all of it for ether; returns the ether. */
export async function buys(world: World, by: Signer, token: string, mostWad: bigint): Promise<bigint | undefined> {
  const { router } = world.c;
  const { left, floorWad, priceWad, endsAt } = await router.auction(token);
  if (left === 0n || mostWad <= floorWad) return undefined;
  const time = await now(world.ctx.provider);
  const wait = priceWad <= mostWad ? 0n : ((endsAt - time) * (priceWad - mostWad)) / (priceWad - floorWad) + 12n;
  if (time + wait + 24n >= endsAt) return undefined;
  if (wait > 0n) await world.pass(wait + 12n);
  const [, payment] = await router.quote(token, left, ETHER);
  const bid = [token, left, ETHER, payment, by, FOREVER] as const;
  await (await router.connect(by).bid(...bid, { value: payment })).wait();
  return payment;
}
