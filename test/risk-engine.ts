import { ethers } from "hardhat";
import type { World } from "../scripts/sim/world";
import { allocationsOf, WAD } from "./exit-world";
import { BY } from "./risk-world";

// Exposure from what the engine and the issuers say alone: none of our books, lists of sets or readers is asked for a number.

const BPS = 10_000n;

/** One operator's allocation of one asset to one set. */
export interface Row {
  operator: number;
  entity: bigint;
  asset: string;
  set: string;
  avs: string;
  current: bigint;
  pending: bigint;
  effectBlock: bigint;
  /** The operator's maximum magnitude. */
  maximum: bigint;
  /** What a slash of the operator in this asset would reach, in engine shares and ether value. */
  shares: bigint;
  stake: bigint;
}

export interface Seen {
  rows: Row[];
  /** Maximum magnitudes by operator and asset. */
  maxima: { operator: number; asset: string; maximum: bigint }[];
  /** Everything a slash could reach if it were allocated [wei]. */
  stake: bigint;
}

export const setKeyOf = (avs: string, id: bigint): string => ethers.concat([avs, ethers.toBeHex(id, 12)]).toLowerCase();
const word = (address: string): string => ethers.zeroPadValue(address, 32).toLowerCase();

/** Ether value of one staker's engine shares, by the strategy and the issuer. */
async function valueOf({ c }: World, strategy: string, shares: bigint): Promise<bigint> {
  const contract = c.strategy.attach(strategy) as typeof c.strategy;
  const units = await contract.sharesToUnderlyingView(shares);
  const token = await contract.underlyingToken();
  if (token === (await c.stEth.getAddress())) return units; // stETH is counted in ether
  if (token === (await c.wstEth.getAddress())) return c.wstEth.getStETHByWstETH(units);
  const isRocket = token === (await c.rocket?.token.getAddress());
  const rate = isRocket ? await c.rocket?.token.getExchangeRate() : await c.coinbase?.token.exchangeRate();
  if (rate === undefined) throw new Error(`nobody issues ${token}`);
  return (units * rate) / WAD;
}

/** Reads every operator's allocations and slashable stake from the engine. */
export async function readEngine(world: World): Promise<Seen> {
  const { delegation, registry, operators } = world.c;
  const engine = await allocationsOf(world);
  const [assets, strategies] = [[...(await registry.assets())].slice(1), [...(await registry.strategies())].slice(1)];
  const delay = await delegation.minWithdrawalDelayBlocks();
  const block = BigInt(await ethers.provider.getBlockNumber());
  const seen: Seen = { rows: [], maxima: [], stake: 0n };
  for (const [operator, { account, delegator, entity }] of (await operators.operators()).entries()) {
    const [withdrawable] = await delegation.getWithdrawableShares(delegator, strategies);
    const [queue, queued] = await delegation.getQueuedWithdrawals(delegator);
    const maxima = await engine["getMaxMagnitudes(address,address[])"](account, strategies);
    for (const [a, strategy] of strategies.entries()) {
      let shares = withdrawable[a];
      for (const [i, withdrawal] of [...queue].entries()) {
        if (block > withdrawal.startBlock + delay) continue; // out of every slasher's reach
        for (const [j, of] of [...withdrawal.strategies].entries()) if (of === strategy) shares += queued[i][j];
      }
      const stake = await valueOf(world, strategy, shares);
      seen.stake += stake;
      seen.maxima.push({ operator, asset: assets[a], maximum: maxima[a] });
      const [sets, allocations] = await engine.getStrategyAllocations(account, strategy);
      for (const [k, { avs, id }] of [...sets].entries()) {
        const { currentMagnitude: current, pendingDiff: pending, effectBlock } = allocations[k];
        if (current === 0n && pending === 0n) continue;
        const found = {
          operator,
          entity,
          asset: assets[a],
          set: setKeyOf(avs, id),
          avs,
          current,
          pending,
          effectBlock,
        };
        seen.rows.push({ ...found, maximum: maxima[a], shares, stake });
      }
    }
  }
  return seen;
}

/* WHAT FOLLOWS FROM IT */

export function setOf(key: string): { avs: string; id: bigint } {
  return { avs: ethers.getAddress(key.slice(0, 42)), id: BigInt(`0x${key.slice(42)}`) };
}

/** Engine shares that each set can reach, or will be able to, of each asset. */
export function reachable({ rows }: Seen): { set: string; asset: string; shares: bigint }[] {
  const sums = new Map<string, { set: string; asset: string; shares: bigint }>();
  for (const { set, asset, current, pending, maximum, shares } of rows) {
    const held = pending > 0n ? current + pending : current;
    const sum = sums.get(`${set} ${asset}`) ?? { set, asset, shares: 0n };
    sums.set(`${set} ${asset}`, { ...sum, shares: sum.shares + (maximum === 0n ? 0n : (shares * held) / maximum) });
  }
  return [...sums.values()];
}

interface Slice {
  now: bigint;
  later: bigint;
  atRisk: bigint;
}

/** What governance has said about sets. */
export type Terms = Map<string, Limit>;

/** Limits of one set, as governance has set them. */
export interface Limit {
  set: string;
  avs: string;
  group: string;
  capBps: bigint;
  avsCapBps: bigint;
  countedWad: bigint;
  isVerified: boolean;
}

export async function termsOf({ c }: World): Promise<Terms> {
  const limits = (await c.sets.limits()).map(
    ({ set: { avs, id }, group, capBps, avsCapBps, countedWad, isVerified }): Limit => ({
      ...{ set: setKeyOf(avs, id), avs, group, capBps, avsCapBps, countedWad, isVerified },
    }),
  );
  return new Map(limits.map((limit) => [limit.set, limit]));
}

function keyOf(row: Row, by: bigint, terms: Terms): string {
  switch (by) {
    case BY.set:
      return row.set;
    case BY.avs:
      return word(row.avs);
    case BY.operator:
      return ethers.toBeHex(row.operator, 32);
    case BY.entity:
      return ethers.toBeHex(row.entity, 32);
    case BY.asset:
      return word(row.asset);
    default:
      return terms.get(row.set)?.group ?? "a set that is on no list";
  }
}

export function exposureBy({ rows }: Seen, by: bigint, terms: Terms): Map<string, Slice> {
  const slices = new Map<string, Slice>();
  for (const row of rows) {
    const key = keyOf(row, by, terms);
    const now = row.maximum === 0n ? 0n : (row.stake * row.current) / row.maximum;
    const later = row.maximum === 0n ? 0n : (row.stake * (row.current + row.pending)) / row.maximum;
    const counted = ((now > later ? now : later) * (terms.get(row.set)?.countedWad ?? WAD)) / WAD;
    const { now: n, later: l, atRisk } = slices.get(key) ?? { now: 0n, later: 0n, atRisk: 0n };
    slices.set(key, { now: n + now, later: l + later, atRisk: atRisk + counted });
  }
  return slices;
}

/** How the lens tells of one change that is on its way. */
export function pendingOf({ rows }: Seen): string[] {
  return rows
    .filter(({ effectBlock }) => effectBlock !== 0n)
    .map(({ operator, set, asset, current, pending, effectBlock }) =>
      [operator, set, asset, current, pending, effectBlock].join(" "),
    )
    .sort();
}

/**
 * By how much each cap of each operator and asset is passed, in parts of 1e9 of what slashing has left: the larger of now and
 * later counts.
 */
export function capsOf(
  { rows, maxima }: Seen,
  terms: Terms,
  { groupCapBps, unverifiedCapBps, reserveBps }: { groupCapBps: bigint; unverifiedCapBps: bigint; reserveBps: bigint },
): Map<string, bigint> {
  const over = new Map<string, bigint>();
  for (const { operator, asset, maximum } of maxima) {
    const used = new Map<string, [bigint, bigint]>();
    const add = (cap: string, magnitude: bigint, bps: bigint) =>
      used.set(cap, [(used.get(cap)?.[0] ?? 0n) + magnitude, bps]);
    for (const limit of terms.values()) {
      const row = rows.find((r) => r.operator === operator && r.asset === asset && r.set === limit.set);
      const held = (row?.current ?? 0n) + (row !== undefined && row.pending > 0n ? row.pending : 0n);
      const counted = (held * limit.countedWad) / WAD;
      add(`set ${limit.set}`, counted, limit.capBps);
      add(`AVS ${limit.avs}`, counted, limit.avsCapBps);
      add(`group ${limit.group}`, counted, groupCapBps);
      if (!limit.isVerified) add("unverified", counted, unverifiedCapBps);
      add("reserve", held, BPS - reserveBps);
    }
    for (const [cap, [magnitude, bps]] of used) {
      const most = (maximum * bps) / BPS;
      const passed = magnitude > most ? ((magnitude - most) * 10n ** 9n) / (maximum === 0n ? 1n : maximum) : 0n;
      over.set(`operator ${operator}, ${asset}, ${cap}`, passed);
    }
  }
  return over;
}
