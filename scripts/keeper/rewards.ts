import { ETHER } from "../../deploy/steps/names";
import type { Claim } from "../rewards/distribution";
import { claimableRoot, distributionAt } from "../rewards/roots";
import type { Contracts } from "../sim/contracts";

/** A token that is sold, as it lies in the router. */
export interface LotState {
  token: string;
  /** Value at the floor; zero without a floor [wei]. */
  atFloor: bigint;
  nextFrom: bigint;
}

export interface RewardsState {
  /** What our stakers have earned and nobody has claimed, a claim for each token: one that reverts holds up no other. */
  claims: { earner: string; token: string; proof: Claim }[];
  /** Number of the newest root that can be claimed by, when it is not what was earned. */
  wrongRoot?: bigint;
  /** What lies in the router of accepted assets, in any form, and of our own shares. */
  held: { token: string; units: bigint }[];
  lots: LotState[];
  minLot: bigint;
  closedUntil: bigint;
  /** Stakers whose rewards somebody else would collect. */
  strayClaimers: string[];
}

export type RewardsCall =
  | { crank: "claimRewards"; earner: string; token: string; proof: Claim }
  | { crank: "deliver"; token: string }
  | { crank: "startLot"; token: string }
  | { crank: "setClaimer"; delegator: string };

/** Less than this is not worth the gas [units]. */
const WORTH_MOVING = 10n ** 15n;

/* PLANNING */

/** What is due between the engine and the auction. Pure. */
export function planRewards(state: RewardsState, time: bigint): RewardsCall[] {
  const { claims, held, lots, minLot, closedUntil, strayClaimers } = state;
  const claimed = (token: string): boolean => claims.some((claim) => claim.token === token);
  return [
    ...strayClaimers.map((delegator): RewardsCall => ({ crank: "setClaimer", delegator })),
    ...claims.map(({ earner, token, proof }): RewardsCall => ({ crank: "claimRewards", earner, token, proof })),
    ...held
      .filter(({ token, units }) => units >= WORTH_MOVING || claimed(token))
      .map(({ token }): RewardsCall => ({ crank: "deliver", token })),
    ...lots
      .filter(({ token, atFloor, nextFrom }) => (atFloor >= minLot || claimed(token)) && time >= nextFrom)
      .filter(() => time >= closedUntil)
      .map(({ token }): RewardsCall => ({ crank: "startLot", token })),
  ];
}

/* READING */

/** Reads it all; claims only when they are asked for, because that means to compute everybody's earnings. */
export async function readRewards(c: Contracts, time: bigint, withClaims: boolean): Promise<RewardsState> {
  const router = await c.router.getAddress();
  const delegators = [...(await c.operators.delegators())];
  const claimers = await Promise.all(delegators.map((delegator) => c.rewards.claimerFor(delegator)));
  return {
    ...(withClaims ? await readClaims(c, time, delegators) : { claims: [] }),
    held: await readHeld(c, router),
    lots: await Promise.all(
      c.rewardTokens.map(async (token) => {
        const { held, floorWad, nextFrom } = await c.router.auction(token);
        return { token, atFloor: (held * floorWad) / 10n ** 18n, nextFrom };
      }),
    ),
    minLot: await c.router.MIN_LOT(),
    closedUntil: await c.router.closedUntil(),
    strayClaimers: delegators.filter((_, i) => claimers[i] !== router),
  };
}

async function readHeld(c: Contracts, router: string): Promise<RewardsState["held"]> {
  const balanceOf = (token: string) => (c.wstEth.attach(token) as typeof c.wstEth).balanceOf(router);
  const [assets, wstEth, weth, trEth] = await Promise.all([
    c.registry.assets(),
    c.wstEth.getAddress(),
    c.weth.getAddress(),
    c.trEth.getAddress(),
  ]);
  const units = async (asset: string): Promise<bigint> => {
    const ether = (await c.router.runner?.provider?.getBalance(router)) ?? 0n;
    if (asset === ETHER) return ether + (await balanceOf(weth));
    return (await balanceOf(asset)) + (asset === wstEth ? await c.stEth.sharesOf(router) : 0n);
  };
  const tokens = [...assets, trEth];
  return Promise.all(tokens.map(async (token) => ({ token, units: await units(token) })));
}

/** What our stakers can claim by the newest root; nothing by one that is not what was earned. */
async function readClaims(
  c: Contracts,
  time: bigint,
  delegators: string[],
): Promise<Pick<RewardsState, "claims" | "wrongRoot">> {
  const provider = c.rewards.runner?.provider;
  const posted = await claimableRoot(c.rewards, time);
  if (posted === undefined || !provider) return { claims: [] };
  const distribution = await distributionAt(
    provider,
    {
      delegation: await c.delegation.getAddress(),
      allocation: await c.allocation.getAddress(),
      rewards: await c.rewards.getAddress(),
    },
    posted.end,
  );
  if (distribution.root !== posted.root) return { claims: [], wrongRoot: posted.index };
  const claims: RewardsState["claims"] = [];
  for (const { earner, token, amount } of distribution.leaves.filter((leaf) => delegators.includes(leaf.earner))) {
    if ((await c.rewards.cumulativeClaimed(earner, token)) >= amount) continue;
    claims.push({ earner, token, proof: distribution.claim(posted.index, earner, [token]) });
  }
  return { claims };
}
