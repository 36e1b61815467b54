import { Contract, decodeBytes32String, toBigInt } from "ethers";
import type { Context } from "../../deploy/lib/context";
import { PROXIES } from "../../deploy/steps/names";
import type { Contracts } from "../sim/contracts";
import { ETHER } from "../keeper/state";

/** What a careful buyer asks, as plain data. Ether values in wei, times in unix seconds. */
export interface Facts {
  netAssetValue: bigint;
  slashable: bigint;
  worstCase: bigint;
  rateWad: bigint;
  worstRateWad: bigint;
  assets: { name: string; idle: bigint; restaked: bigint; unbonding: bigint; waiting: bigint; rateWad: bigint }[];
  sets: {
    name: string;
    stage: string;
    decides: string;
    judge: string;
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
  operators: { id: number; company: string; weight: bigint; atRisk: bigint; state: string }[];
  exitTime: bigint;
  issuerTime: bigint;
  loosening: bigint;
  openFrom: bigint;
  upgraded: { name: string; at: bigint | undefined }[];
}

const UPGRADED = ["event Upgraded(address indexed implementation)"];
const STAGES = ["unknown", "proposed", "admitted", "dropped"];

async function setsOf({ sets, risk, attribution }: Contracts): Promise<Facts["sets"]> {
  const slices = new Map((await risk.exposures(0n)).map((slice) => [toBigInt(slice.key), slice]));
  return Promise.all(
    (await sets.limits()).map(async ({ set, capBps, avsCapBps, group, isVerified }) => {
      const key = { avs: set.avs, id: set.id };
      const [{ stage, terms }, cost] = [await sets.statusOf(key), await attribution.lossOfSet(key)];
      const slice = slices.get((toBigInt(set.avs) << 96n) | set.id);
      return {
        ...{ name: terms.name, stage: STAGES[Number(stage)], group: decodeBytes32String(group), judge: terms.judge },
        ...{ decides: terms.faultClass === 0n ? "proof" : "people, with a veto", capBps, avsCapBps, isVerified },
        ...{ atRisk: slice?.etherAtRisk ?? 0n, later: slice?.etherLater ?? 0n, cost },
      };
    }),
  );
}

async function operatorsOf({ operators, risk }: Contracts): Promise<Facts["operators"]> {
  const slices = new Map((await risk.exposures(2n)).map(({ key, etherAtRisk }) => [toBigInt(key), etherAtRisk]));
  return Promise.all(
    (await operators.operators()).map(async ({ nodeOperator, weight, quarantined }, id) => {
      const faulty = await operators.isFaulty(id);
      const state = quarantined ? "set aside" : faulty ? "faulty" : weight === 0n ? "leaving" : "serving";
      return { id, company: nodeOperator, weight, atRisk: slices.get(BigInt(id)) ?? 0n, state };
    }),
  );
}

/** When the code behind each proxy was last replaced; unknown where the node does not tell old events. */
async function upgrades(ctx: Context): Promise<Facts["upgraded"]> {
  const at = async (name: string): Promise<bigint | undefined> => {
    const proxy = new Contract(ctx.address(name), UPGRADED, ctx.provider);
    const events = await proxy.queryFilter("Upgraded").catch(() => []);
    const block = await events.at(-1)?.getBlock();
    return block === undefined ? undefined : BigInt(block.timestamp);
  };
  return Promise.all(PROXIES.map(async (name) => ({ name, at: await at(name) })));
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
  const nameOf = async (set: { avs: string; id: bigint }): Promise<string> => (await c.sets.statusOf(set)).terms.name;
  return {
    ...{ netAssetValue: list.netAssetValue, slashable: list.slashableStake, worstCase: list.worstCaseLoss },
    rateWad: await c.pool.rate(),
    worstRateWad: await worstRate(c),
    assets: list.assets.map(({ asset, idle, restaked, unbonding, waiting, rateWad }) => ({
      ...{ name: names.get(asset) ?? asset, idle, restaked, unbonding, waiting, rateWad },
    })),
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
    upgraded: await upgrades(ctx),
  };
}
