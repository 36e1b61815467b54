import { Contract, type BaseContract, type Signer } from "ethers";
import { AVS, ENGINE, STRATEGY } from "../../deploy/steps/names";
import type { IAllocationManager } from "../../typechain-types";
import { newcomer, type Newcomer } from "../sim/newcomer";
import type { World } from "../sim/world";
import { ETHER } from "../sim/world";
import type { AssetName, Rules } from "./moment";
import type { Scenario } from "./scenario";

const ROUTER = "the router";
/** Shares that nobody owns lie here; fixed in DepositPool. */
const NOBODY = "0x000000000000000000000000000000000000dEaD";

export interface SetName {
  /** `avs/set`. */
  key: string;
  avs: string;
  /** Place among the configured AVSs; -1 of a newcomer. */
  avsIndex: number;
  address: string;
  id: bigint;
  capBps: bigint;
  avsCapBps: bigint;
}

/** An asset, by name. */
export interface AssetCast {
  name: AssetName;
  address: string;
}

/** An asset that operators hold as stake, in a strategy of the engine. */
export interface RestakedCast extends AssetCast {
  strategy: string;
}

/** Who speaks for a token: what a loss of its rate is put down to. */
const ISSUERS = { wstETH: "Lido", rETH: "Rocket Pool", cbETH: "Coinbase" };

/** Who and what a story is about, by name: addresses are looked up here and never written into a report. */
export interface Cast {
  people: { name: string; address: string; signer: Signer; stays: boolean }[];
  /** Everybody who may hold shares, people first. */
  holders: { name: string; address: string }[];
  operators: { name: string; account: string; delegator: string }[];
  sets: SetName[];
  /** In the order of their numbers, ETH first. */
  assets: AssetCast[];
  /** All of them but ETH. */
  restaked: RestakedCast[];
  /** AVSs that come to be proposed after the launch. */
  newcomers: Newcomer[];
  /** Tokens that AVSs pay with and the router sells. */
  rewardTokens: { name: string; address: string }[];
  /** The strategy is wstETH's. */
  addresses: { pool: string; queue: string; strategy: string; wstEth: string; trEth: string; issuer: string };
  /** The engine's allocations with all views, which are split off behind a fallback. */
  engine: IAllocationManager;
  rules: Rules;
  nameOf(address: string): string;
  assetName(address: string): AssetName;
  addressOf(asset: AssetName): string;
}

const addressOf = (contract: BaseContract): Promise<string> => contract.getAddress();

/** Gives the people of a scenario their accounts and everything in a deployment its name. */
export async function castOf(world: World, scenario: Scenario): Promise<Cast> {
  const { c, ctx } = world;
  const { accounting, allocation, instant, operators: configured, avss } = ctx.config;
  const people = await Promise.all(
    scenario.people.map(async ({ name, stays }, i) => {
      const signer = await world.person(i);
      return { name, stays, signer, address: await signer.getAddress() };
    }),
  );
  const [pool, queue, strategy, wstEth, trEth, issuer, router] = await Promise.all(
    [c.pool, c.queue, c.strategy, c.wstEth, c.trEth, c.issuer, c.router].map((contract) =>
      addressOf(contract as BaseContract),
    ),
  );
  const rewardTokens = ctx.config.rewards.floors.map(({ name }, i) => ({ name, address: c.rewardTokens[i] }));
  const operators = (await c.operators.operators()).map(({ account, delegator }, i) => ({
    name: configured[i].name,
    account,
    delegator,
  }));
  const avsAddresses = avss.map(({ name }) => ctx.address(AVS(name)));
  const sets = avss.flatMap(({ name, capBps: avsCapBps, sets: ids }, avsIndex) =>
    ids.map(({ id, capBps }) => ({
      key: `${name}/${id}`,
      avs: name,
      avsIndex,
      address: avsAddresses[avsIndex],
      id,
      capBps,
      avsCapBps,
    })),
  );
  const newcomers: Newcomer[] = [];
  for (const e of scenario.events) {
    if (e.kind !== "newcomer") continue;
    const found = await newcomer(world, e.avs);
    newcomers.push(found);
    const { avs, capBps } = e;
    sets.push({ key: `${avs}/0`, avs, avsIndex: -1, address: found.address, id: 0n, capBps, avsCapBps: capBps });
  }
  const restaked = ctx.config.assets.map(({ asset }) => {
    return { name: asset, address: ctx.address(asset), strategy: ctx.address(STRATEGY(asset)) };
  });
  const assets: AssetCast[] = [{ name: "ETH", address: ETHER }, ...restaked];
  const holders = [
    ...people.map(({ name, address }) => ({ name, address })),
    { name: "fees", address: accounting.feeRecipient },
    { name: "nobody", address: NOBODY },
    { name: "the line", address: queue },
    { name: "the pool", address: pool },
  ];
  const names = new Map([
    ...[...holders, ...rewardTokens, { name: ROUTER, address: router }].map((n) => [n.address, n.name] as const),
    ...operators.flatMap(({ name, account, delegator }) => [[account, name] as const, [delegator, name] as const]),
    ...avss.map(({ name }, i) => [avsAddresses[i], name] as const),
    ...newcomers.map(({ name, address }) => [address, name] as const),
    ...ctx.config.assets.map(({ asset }) => [ctx.address(asset), ISSUERS[asset]] as const),
  ]);
  return {
    people,
    holders,
    operators,
    sets,
    assets,
    restaked,
    newcomers,
    rewardTokens,
    addresses: { pool, queue, strategy, wstEth, trEth, issuer },
    engine: new Contract(
      ctx.address(ENGINE.allocation),
      await ctx.chain.abi("IAllocationManager"),
      ctx.provider,
    ) as BaseContract as IAllocationManager,
    rules: {
      growthCapBpsPerDay: accounting.growthCapBpsPerDay,
      feeCapBpsPerDay: accounting.feeCapBpsPerDay,
      reserveBps: allocation.reserveBps,
      budgetBps: allocation.unverifiedCapBps,
      allocationDelay: allocation.minAllocationDelayBlocks,
      admissionWait: await c.sets.ADMISSION_WAIT(),
      closingTime: accounting.closingHours * 3_600n,
      instant,
      people: people.map(({ name }) => name),
      pool: "the pool",
      queue: "the line",
      router: ROUTER,
    },
    nameOf: (address) => names.get(address) ?? address,
    assetName: (address) => find(assets, (a) => a.address === address, address).name,
    addressOf: (asset) => find(assets, (a) => a.name === asset, asset).address,
  };
}

function find(assets: AssetCast[], is: (asset: AssetCast) => boolean, what: string): AssetCast {
  const found = assets.find(is);
  if (found === undefined) throw new Error(`no asset ${what}`);
  return found;
}
