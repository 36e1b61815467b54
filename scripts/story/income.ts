import type { Log } from "ethers";
import { DAY } from "../sim/time";
import type { World } from "../sim/world";
import type { Cast } from "./cast";
import type { Journal } from "./moment";

/** An event of the RewardsCoordinator or the RewardsRouter. */
export interface IncomeEvent {
  source: string;
  name: string;
  args: Record<string, never>;
  log: Log;
}

interface Submission {
  token: string;
  amount: bigint;
  firstDay: bigint;
  days: bigint;
  /** When it was made. */
  time: bigint;
}

interface Lot {
  start: bigint;
  floor: bigint;
  startedAt: bigint;
  endsAt: bigint;
}

const sumInto = (sums: Record<string, bigint>, key: string, value: bigint): void => {
  sums[key] = (sums[key] ?? 0n) + value;
};

/**
 * Follows rewards from who gives them to who buys them, by the chain's events. What was funded is added up here anew,
 * beside the calculator.
 */
export class Income {
  private readonly submissions: Submission[] = [];
  private readonly claimed: Record<string, bigint> = {};
  private readonly lots = new Map<string, Lot>();
  private readonly roots: string[] = [];
  private readonly disabled = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly cast: Cast,
  ) {}

  async note(journal: Journal, { source, name, args: a, log }: IncomeEvent, time: bigint): Promise<void> {
    switch (`${source}.${name}`) {
      case "rewards.UniqueStakeRewardsSubmissionCreated":
      case "rewards.RewardsSubmissionForAllEarnersCreated": {
        const { token, amount, startTimestamp, duration } = a.rewardsSubmission as Record<string, never>;
        const [firstDay, days] = [startTimestamp / DAY, duration / DAY];
        this.submissions.push({ token: this.cast.nameOf(token), amount, firstDay, days, time });
        return;
      }
      case "rewards.DistributionRootSubmitted":
        this.roots[Number(a.rootIndex)] = a.root;
        journal.roots.push({ root: a.root, funded: this.fundedBy(a.rewardsCalculationEndTimestamp) });
        return;
      case "rewards.DistributionRootDisabled":
        this.disabled.add(this.roots[Number(a.rootIndex)]);
        return;
      case "rewards.RewardsClaimed": {
        const token = this.cast.nameOf(a.token);
        sumInto(this.claimed, token, a.claimedAmount);
        journal.rewardClaims.push({
          earner: this.cast.nameOf(a.earner),
          isOurs: this.cast.operators.some(({ delegator }) => delegator === a.earner),
          recipient: this.cast.nameOf(a.recipient),
          token,
          amount: a.claimedAmount,
          isDisabled: this.disabled.has(a.root),
        });
        return;
      }
      case "router.LotStarted":
        this.lots.set(a.token, { start: a.startWad, floor: a.floorWad, startedAt: time, endsAt: a.endsAt });
        return;
      case "router.Sold": {
        const lot = this.lots.get(a.token);
        if (lot === undefined) throw new Error(`a lot of ${String(a.token)} was sold that never began`);
        const sale = { token: this.cast.nameOf(a.token), units: a.units, value: a.etherValue, ...lot, time };
        journal.sales.push({ ...sale, ...(await this.aroundBlock(log.blockNumber)) });
        return;
      }
      case "router.Delivered": {
        const token = this.cast.nameOf(a.asset);
        journal.deliveries.push({ token, units: a.units, ...(await this.aroundBlock(log.blockNumber)) });
        return;
      }
    }
  }

  /** What lies with the engine in the evening, of every token that was ever given. */
  async close(journal: Journal, blockTag: number): Promise<void> {
    journal.disabledRoots = this.disabled.size;
    const funded: Record<string, bigint> = {};
    for (const { token, amount } of this.submissions) sumInto(funded, token, amount);
    const engine = await this.world.c.rewards.getAddress();
    journal.pots = await Promise.all(
      Object.entries(funded).map(async ([token, amount]) => {
        const erc20 = this.world.c.wstEth.attach(this.addressOf(token)) as typeof this.world.c.wstEth;
        const held = await erc20.balanceOf(engine, { blockTag });
        return { token, funded: amount, claimed: this.claimed[token] ?? 0n, held };
      }),
    );
  }

  /** By token, what falls to the days before `end` of everything that was given before it. */
  private fundedBy(end: bigint): Record<string, bigint> {
    const sums: Record<string, bigint> = {};
    for (const { token, amount, firstDay, days, time } of this.submissions) {
      const over = end / DAY - firstDay;
      if (time >= end || over <= 0n) continue;
      sumInto(sums, token, (amount * (over < days ? over : days)) / days);
    }
    return sums;
  }

  private async aroundBlock(
    block: number,
  ): Promise<Pick<Journal["sales"][number], "rateBefore" | "rate" | "price" | "supply" | "nav">> {
    const { pool, trEth, accountant } = this.world.c;
    const at = { blockTag: block };
    const [before, terms, supply, nav] = await Promise.all([
      pool.rate({ blockTag: block - 1 }),
      pool.terms(at),
      trEth.totalSupply(at),
      accountant.netAssetValue(at),
    ]);
    return { rateBefore: before, rate: terms.rateWad, price: terms.rateWad + terms.waitingWad, supply, nav };
  }

  private addressOf(name: string): string {
    return this.cast.rewardTokens.find((token) => token.name === name)?.address ?? this.cast.addressOf("wstETH");
  }
}
