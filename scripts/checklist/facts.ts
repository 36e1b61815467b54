import { Contract, decodeBytes32String, toBigInt } from "ethers";
import type { Context } from "../../deploy/lib/context";
import { PROXIES } from "../../deploy/steps/names";
import { ETHER } from "../keeper/state";
import type { Contracts } from "../sim/contracts";
import { now } from "../sim/time";
import { readGovernance, type Governance } from "./governance";

/** What a careful buyer asks, as plain data. Ether values in wei, times in unix seconds. */
export interface Facts extends Governance {
  netAssetValue: bigint;
  slashable: bigint;
  worstCase: bigint;
  rateWad: bigint;
  worstRateWad: bigint;
  assets: {
    name: string;
    /** What it is, and how many wraps are around the ether in it. */
    kind: string;
    idle: bigint;
    restaked: bigint;
    unbonding: bigint;
    waiting: bigint;
    /** Days of batches that are not paid in full. */
    openDays: bigint[];
    rateWad: bigint;
  }[];
  sets: {
    name: string;
    stage: string;
    decides: string;
    judge: string;
    slasher: string;
    /** From an announced slash to its last moment; zero where slashes are not announced. */
    window: bigint;
    group: string;
    capBps: bigint;
    avsCapBps: bigint;
    isVerified: boolean;
    atRisk: bigint;
    later: bigint;
    cost: bigint;
  }[];
  proposals: { name: string; capBps: bigint; admissibleFrom: bigint }[];
  pending: { operator: number; set: string; asset: string; diffWad: bigint; effectBlock: bigint }[];
  operators: {
    id: number;
    company: string;
    entity: bigint;
    weight: bigint;
    /** Ether value of what is with it, on its way back included. */
    stake: bigint;
    atRisk: bigint;
    state: string;
  }[];
  exitTime: bigint;
  issuerTime: bigint;
  loosening: bigint;
  openFrom: bigint;
  /** Latest time at which a request made now is paid in kind. */
  paidBy: bigint;
  instant: { level: bigint; target: bigint; sharesLeft: bigint; bucketBps: bigint };
  upgraded: { name: string; implementation: string | undefined; block: bigint | undefined; at: bigint | undefined }[];
}

const UPGRADED = ["event Upgraded(address indexed implementation)"];
const STAGES = ["unknown", "proposed", "admitted", "dropped"];
const DAY = 86_400n;
const WAD = 10n ** 18n;
/** What we know about assets that have a name; any other is a token with a strategy of its own. */
const KINDS: Record<string, string> = {
  ETH: "native ether, which is staked with Lido before it is restaked",
  wstETH: "liquid staking token of Lido, wrapped once; restaked as it is or as stETH",
  rETH: "liquid staking token of Rocket Pool",
  cbETH: "liquid staking token of Coinbase",
};

async function setsOf({ sets, risk, attribution }: Contracts): Promise<Facts["sets"]> {
  const slices = new Map((await risk.exposures(0n)).map((slice) => [toBigInt(slice.key), slice]));
  return Promise.all(
    (await sets.limits()).map(async ({ set, capBps, avsCapBps, group, isVerified }) => {
      const key = { avs: set.avs, id: set.id };
      const [{ stage, terms, basis }, cost] = [await sets.statusOf(key), await attribution.lossOfSet(key)];
      const slice = slices.get((toBigInt(set.avs) << 96n) | set.id);
      return {
        ...{ name: terms.name, stage: STAGES[Number(stage)], group: decodeBytes32String(group), judge: terms.judge },
        ...{ slasher: basis.slasher, window: terms.slashWindow },
        ...{ decides: terms.faultClass === 0n ? "proof" : "people, with a veto", capBps, avsCapBps, isVerified },
        ...{ atRisk: slice?.etherAtRisk ?? 0n, later: slice?.etherLater ?? 0n, cost },
      };
    }),
  );
}

/** Ether value of everything that is with one staker. */
async function stakeOf({ accountant, registry }: Contracts, delegator: string): Promise<bigint> {
  const values = [...(await registry.assets())].slice(1).map(async (asset) => {
    const [{ restaked, unbonding }, { rateWad }] = [
      await accountant.book(delegator, asset),
      await accountant.backing(asset),
    ];
    return ((await accountant.unitsOfEngineShares(asset, restaked + unbonding)) * rateWad) / WAD;
  });
  return (await Promise.all(values)).reduce((sum, value) => sum + value, 0n);
}

async function operatorsOf(c: Contracts): Promise<Facts["operators"]> {
  const { operators, risk } = c;
  const slices = new Map((await risk.exposures(2n)).map(({ key, etherAtRisk }) => [toBigInt(key), etherAtRisk]));
  return Promise.all(
    (await operators.operators()).map(async ({ nodeOperator, delegator, entity, weight, quarantined }, id) => {
      const faulty = await operators.isFaulty(id);
      const state = quarantined ? "set aside" : faulty ? "faulty" : weight === 0n ? "leaving" : "serving";
      const [stake, atRisk] = [await stakeOf(c, delegator), slices.get(BigInt(id)) ?? 0n];
      return { id, company: nodeOperator, entity, weight, stake, atRisk, state };
    }),
  );
}

/** When the code behind each proxy was last replaced; unknown where the node does not tell old events. */
async function upgrades(ctx: Context): Promise<Facts["upgraded"]> {
  const last = async (name: string): Promise<Facts["upgraded"][number]> => {
    const proxy = new Contract(ctx.address(name), UPGRADED, ctx.provider);
    const event = (await proxy.queryFilter("Upgraded").catch(() => [])).at(-1);
    if (event === undefined || !("args" in event)) {
      return { name, implementation: undefined, block: undefined, at: undefined };
    }
    const { timestamp, number } = await event.getBlock();
    return { name, implementation: String((event.args as unknown[])[0]), block: BigInt(number), at: BigInt(timestamp) };
  };
  return Promise.all(PROXIES.map(last));
}

/** Every set takes all that is allocated to it. */
async function worstRate({ sets, risk }: Contracts): Promise<bigint> {
  const slashes = (await sets.sets()).map(({ avs, id }) => ({ set: { avs, id }, wad: 10n ** 18n }));
  return (await risk.stress(slashes)).rateWad;
}

/** Reads everything from the chain; sends nothing. */
export async function readFacts(ctx: Context, c: Contracts): Promise<Facts> {
  const list = await c.risk.checklist();
  const names = new Map([
    [ETHER, "ETH"],
    ...ctx.config.assets.map(({ asset }) => [ctx.address(asset), asset] as const),
  ]);
  const { level, target, sharesLeft } = await c.instant.buffer();
  const nameOf = async (set: { avs: string; id: bigint }): Promise<string> => (await c.sets.statusOf(set)).terms.name;
  return {
    ...{ netAssetValue: list.netAssetValue, slashable: list.slashableStake, worstCase: list.worstCaseLoss },
    rateWad: await c.pool.rate(),
    worstRateWad: await worstRate(c),
    assets: await Promise.all(
      list.assets.map(async ({ asset, idle, restaked, unbonding, waiting, rateWad }) => {
        const name = names.get(asset) ?? asset;
        const openDays = (await c.queue.openBatches(asset)).map((day) => BigInt(day));
        return { name, kind: KINDS[name] ?? "token", idle, restaked, unbonding, waiting, openDays, rateWad };
      }),
    ),
    sets: await setsOf(c),
    proposals: await Promise.all(
      list.proposals.map(async ({ avs, id }) => {
        const { terms, admissibleFrom } = await c.sets.statusOf({ avs, id });
        return { name: terms.name, capBps: terms.capBps, admissibleFrom };
      }),
    ),
    pending: await Promise.all(
      list.pending.map(async ({ operatorId, set, asset, pendingDiff, effectBlock }) => ({
        ...{ operator: Number(operatorId), set: await nameOf({ avs: set.avs, id: set.id }), effectBlock },
        ...{ asset: names.get(asset) ?? asset, diffWad: pendingDiff },
      })),
    ),
    operators: await operatorsOf(c),
    ...{ exitTime: list.exitTime, loosening: list.admissionWait, issuerTime: await c.queue.ISSUER_TIME() },
    openFrom: await c.accountant.fillsClosedUntil(),
    paidBy: ((await now(ctx.provider)) / DAY + 1n) * DAY + list.exitTime,
    instant: { level, target, sharesLeft, bucketBps: ctx.config.instant.bucketBps },
    ...(await readGovernance(ctx, c)),
    upgraded: await upgrades(ctx),
  };
}
