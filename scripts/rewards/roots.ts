import type { Provider } from "ethers";
import type { IRewardsCoordinator } from "../../typechain-types";
import { calculate } from "./calculate";
import { Distribution, type Leaf } from "./distribution";
import { DAY } from "./history";
import { readHistory, type Engine } from "./read";

/** What everybody has earned before `end`, from the chain's events. */
export async function distributionAt(provider: Provider, engine: Engine, end: bigint): Promise<Distribution> {
  return new Distribution(calculate(await readHistory(provider, engine, end), end));
}

/** End of the last day that is over on the chain. */
export async function lastEnd(provider: Provider): Promise<bigint> {
  const newest = await provider.getBlock("latest");
  if (newest === null) throw new Error("the node has no latest block");
  return (BigInt(newest.timestamp) / DAY) * DAY;
}

/** A distribution as it is published: the same bytes for the same leaves. */
export function published(chainId: bigint, end: bigint, { root, leaves }: Distribution): string {
  const rows = leaves.map(({ earner, token, amount }) => ({ earner, token, amount: amount.toString() }));
  return `${JSON.stringify({ chainId: Number(chainId), end: Number(end), root, leaves: rows }, undefined, 2)}\n`;
}

/** What two distributions do not agree on: a line for each earner and token. */
export function differences(computed: Leaf[], stated: Leaf[]): string[] {
  const name = ({ earner, token }: Leaf): string => `${earner} of ${token}`;
  const amounts = (leaves: Leaf[]) => new Map(leaves.map((leaf) => [name(leaf), leaf.amount]));
  const [ours, theirs] = [amounts(computed), amounts(stated)];
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((at) => (ours.get(at) ?? 0n) !== (theirs.get(at) ?? 0n))
    .map((at) => `${at}: ${theirs.get(at) ?? 0n} stated, ${ours.get(at) ?? 0n} earned`);
}

export interface PostedRoot {
  index: bigint;
  root: string;
  end: bigint;
  activatedAt: bigint;
  disabled: boolean;
}

export async function rootAt(coordinator: IRewardsCoordinator, index: bigint): Promise<PostedRoot> {
  const found = await coordinator.getDistributionRootAtIndex(index);
  const { root, rewardsCalculationEndTimestamp: end, activatedAt, disabled } = found;
  return { index, root, end, activatedAt, disabled };
}

/** The newest root by which one can claim now; undefined when there is none. */
export async function claimableRoot(coordinator: IRewardsCoordinator, now: bigint): Promise<PostedRoot | undefined> {
  for (let index = await coordinator.getDistributionRootsLength(); index > 0n; --index) {
    const found = await rootAt(coordinator, index - 1n);
    if (!found.disabled && found.activatedAt <= now) return found;
  }
  return undefined;
}
