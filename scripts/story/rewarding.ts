import { Distribution } from "../rewards/distribution";
import { claimableRoot, distributionAt, lastEnd, rootAt } from "../rewards/roots";
import type { System } from "../rewards/system";
import { buys, givesToAll, pays, systemOf } from "../sim/rewards";
import { now } from "../sim/time";
import type { Stage } from "./deeds";
import type { Journal } from "./moment";
import type { Random } from "./random";
import type { EventOf, Scenario } from "./scenario";
import { ether } from "./units";

/** The engine's updater, those who pay rewards, and who buys what is sold. */
export class Rewarding {
  private last = new Distribution([]);
  private posted: Journal["told"] = [];
  private lookedAt = -1n;
  private doubted?: bigint;

  private constructor(
    private readonly stage: Stage,
    private readonly terms: Scenario["rewards"],
    private readonly system: System,
    private readonly luck: Random,
  ) {}

  static async of(stage: Stage, terms: Scenario["rewards"], luck: Random): Promise<Rewarding> {
    return new Rewarding(stage, terms, await systemOf(stage.world), luck);
  }

  /** Roots since the last call, with what their leaves add up to. */
  takeTold(): Journal["told"] {
    const taken = this.posted;
    this.posted = [];
    return taken;
  }

  /** Somebody computes yesterday's root again; when its day has come, the updater posts the next one. */
  async morning(day: number): Promise<string[]> {
    const told = await this.doubt();
    if (day % this.terms.rootEveryDays !== 0) return told;
    const end = await lastEnd(this.system.provider);
    const distribution = await this.earnedBy(end);
    if (distribution.leaves.length === 0) return told;
    await this.post(distribution, end, true);
    this.last = distribution;
    return [...told, `the updater posts what ${new Set(distribution.leaves.map((l) => l.earner)).size} have earned`];
  }

  /** Whether there is a root that the keeper has not looked at, and that can be claimed by. */
  async isNews(): Promise<boolean> {
    const root = await claimableRoot(this.system.rewards, await now(this.system.provider));
    if (root === undefined || root.index <= this.lookedAt) return false;
    this.lookedAt = root.index;
    return true;
  }

  /** Somebody pays for the work of a set. */
  async pay(e: EventOf<"pay">): Promise<string[]> {
    const { world } = this.stage;
    const reward = { token: this.tokenOf(e.token), amount: e.amount, days: BigInt(e.days) };
    await pays(world, world.keeper, e.avs, BigInt(e.set), reward);
    return [`${e.avs}/${e.set} pays ${ether(e.amount, 2)} ${e.token} for ${e.days} days`];
  }

  /** Somebody gives to all who serve any set: an incentive, which no work earned. */
  async give(e: EventOf<"incentive">): Promise<string[]> {
    const { world } = this.stage;
    const reward = { token: this.tokenOf(e.token), amount: e.amount, days: BigInt(e.days) };
    await givesToAll(world, world.keeper, reward);
    return [`an incentive of ${ether(e.amount, 2)} ${e.token} for all earners in ${e.days} days`];
  }

  /** The updater's key posts a root by which a stranger has earned everything. */
  async lie(): Promise<string[]> {
    const { world, cast } = this.stage;
    const earner = await world.keeper.getAddress();
    const leaves = cast.rewardTokens.map(({ address }) => ({ earner, token: address, amount: 10n ** 24n }));
    this.doubted = await this.post(new Distribution(leaves), await lastEnd(this.system.provider), false);
    return [`root ${this.doubted} gives a stranger everything`];
  }

  /** Somebody buys what is on sale once it is as cheap as he wants it. */
  async buy(): Promise<string[]> {
    const { world, cast } = this.stage;
    const told: string[] = [];
    for (const { name, address } of cast.rewardTokens) {
      const most = this.luck.around(this.terms.buyersPay, this.terms.variationBps);
      const paid = await buys(world, world.keeper, address, most);
      if (paid !== undefined) told.push(`a lot of ${name} is sold for ${ether(paid, 3)} ETH`);
    }
    return told;
  }

  private async doubt(): Promise<string[]> {
    if (this.doubted === undefined) return [];
    const { index, root, end } = await rootAt(this.system.rewards, this.doubted);
    this.doubted = undefined;
    if ((await this.earnedBy(end)).root === root) return [];
    await (await (await this.updater()).disableRoot(index)).wait();
    return [`root ${index} is not what was earned: it is disabled in its delay`];
  }

  private async post(distribution: Distribution, end: bigint, isTrue: boolean): Promise<bigint> {
    await (await (await this.updater()).submitRoot(distribution.root, end)).wait();
    const earned: Record<string, bigint> = {};
    for (const { token, amount } of distribution.leaves) {
      const name = this.stage.cast.nameOf(token);
      earned[name] = (earned[name] ?? 0n) + amount;
    }
    const fallen = this.last.leaves.filter(
      ({ earner, token, amount }) => distribution.amountOf(earner, token) < amount,
    );
    this.posted.push({ root: distribution.root, earned, isTrue, fallen: isTrue ? fallen.length : 0 });
    return (await this.system.rewards.getDistributionRootsLength()) - 1n;
  }

  private earnedBy(end: bigint): Promise<Distribution> {
    return distributionAt(this.system.provider, this.system.engine, end);
  }

  private async updater() {
    const { rewards } = this.system;
    return rewards.connect(await this.stage.world.signer(await rewards.rewardsUpdater()));
  }

  private tokenOf(name: string): string {
    const found = this.stage.cast.rewardTokens.find((token) => token.name === name);
    return found?.address ?? this.stage.cast.addressOf("wstETH");
  }
}
