/** Walks the RewardsCoordinator at random and keeps books beside it. Knows nothing of mocha. */
import { time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { Trees } from "../conformance/trees";
import { refusal } from "../integration/engine/refusal";
import { DAY, rewardsWorld, WEEK, type Account, type Claim, type RewardsWorld } from "../unit/restaking/rewards/world";
import { dice } from "./engine-generator";

/** Of an earner by name, or of a root by number. */
export type Step =
  | { do: "fund"; token: number; amount: bigint }
  | { do: "root"; earned: bigint[][] }
  | { do: "disable"; root: number }
  | { do: "wait"; days: number }
  | { do: "claim"; earner: number; root: number; tokens: number[] };

export interface Root {
  /** By earner, then by token: everything ever earned. */
  earned: bigint[][];
  end: bigint;
  activatedAt: bigint;
  isDisabled: boolean;
}

/** What should be. */
export interface Books {
  funded: bigint[];
  claimed: bigint[][];
  roots: Root[];
  now: bigint;
}

const TOKENS = 2;
const EARNERS = 3;
const AMOUNTS = [1n, 999n, 1_000_003n, 10n ** 18n, 10n ** 30n];

export class RewardsWalk {
  readonly books: Books = {
    funded: Array<bigint>(TOKENS).fill(0n),
    claimed: Array.from({ length: EARNERS }, () => Array<bigint>(TOKENS).fill(0n)),
    roots: [],
    now: 0n,
  };
  private readonly trees: Trees = new Trees((address) => address);
  private readonly roll: () => number;

  private constructor(
    private readonly w: RewardsWorld,
    private readonly tokens: string[],
    seed: number,
  ) {
    this.roll = dice(seed);
  }

  static async start(seed: number): Promise<RewardsWalk> {
    const w = await rewardsWorld();
    await w.tokens[1].mint(w.avs, 10n ** 36n);
    await w.tokens[1].connect(w.avs).approve(w.rc, 10n ** 36n);
    return new RewardsWalk(w, await Promise.all(w.tokens.map((token) => token.getAddress())), seed);
  }

  /* CHOOSING */

  next(): Step {
    const { roots } = this.books;
    const kind = this.roll();
    if (roots.length === 0 || kind < 0.15) return { do: "fund", token: this.upTo(TOKENS), amount: this.pick(AMOUNTS) };
    if (kind < 0.3) return { do: "root", earned: this.earnMore() };
    if (kind < 0.4) return { do: "disable", root: this.upTo(roots.length + 1) };
    if (kind < 0.5) return { do: "wait", days: 1 + this.upTo(8) };
    const tokens = this.pick([[0], [1], [0, 1]]);
    return { do: "claim", earner: this.upTo(EARNERS), root: this.upTo(roots.length), tokens };
  }

  /** The first root, in which nobody has earned anything yet. */
  first(): Step {
    return { do: "root", earned: Array.from({ length: EARNERS }, () => Array<bigint>(TOKENS).fill(0n)) };
  }

  /** Everybody has earned a part of what no root has given out yet; disabled ones have. */
  private earnMore(): bigint[][] {
    const last = this.books.roots[this.books.roots.length - 1].earned;
    const left = this.books.funded.map((sum, t) => sum - last.reduce((all, earned) => all + earned[t], 0n));
    return last.map((earned) =>
      earned.map((amount, t) => {
        const more = (left[t] * BigInt(this.upTo(1_000))) / 1_000n;
        left[t] -= more;
        return amount + more;
      }),
    );
  }

  private upTo = (below: number): number => Math.floor(this.roll() * below);
  private pick = <T>(list: T[]): T => list[this.upTo(list.length)];

  /* DOING */

  /** Does it and returns the differences from the books. */
  async perform(step: Step): Promise<string[]> {
    const refused = await refusal(this.act(step));
    this.books.now = BigInt(await time.latest());
    const expected = this.record(step);
    const differences = refused === expected ? [] : [`${refused}, the books say ${expected}`];
    return [...differences, ...(await this.look())];
  }

  private async act(step: Step): Promise<unknown> {
    const { rc, today, usual } = this.w;
    const updater = rc.connect(this.w.updater);
    switch (step.do) {
      case "fund": {
        const terms = { ...usual, token: this.tokens[step.token], amount: step.amount };
        return rc.connect(this.w.avs).createAVSRewardsSubmission([{ ...terms, startTimestamp: today }]);
      }
      case "root": {
        this.declare(step.earned);
        await time.increase(DAY);
        const sent = await updater.submitRoot(this.trees.root(this.books.roots.length), this.ends());
        return sent.wait();
      }
      case "disable":
        return updater.disableRoot(step.root);
      case "wait":
        return time.increase(BigInt(step.days) * DAY);
      case "claim": {
        const { earner, root, tokens } = step;
        const claim = this.trees.claim({ root: String(root), tree: root, earner, tokens }) as unknown as Claim;
        return rc.connect(this.earners()[earner]).processClaim(claim, this.w.recipient);
      }
    }
  }

  private earners = (): Account[] => [this.w.alice, this.w.bob, this.w.carol];

  private declare(earned: bigint[][]): void {
    const tokensOf = (amounts: bigint[]) => amounts.map((a, t) => ({ token: this.tokens[t], amount: String(a) }));
    const names = this.earners().map(({ address }) => address);
    this.trees.declare({ earners: earned.map((amounts, i) => ({ earner: names[i], tokens: tokensOf(amounts) })) });
  }

  private ends = (): bigint => this.w.today - DAY + BigInt(this.books.roots.length);

  /** Writes the step down; the error it should have been refused with. */
  private record(step: Step): string {
    const { books } = this;
    if (step.do === "fund") books.funded[step.token] += step.amount;
    if (step.do === "root") {
      const end = this.ends();
      books.roots.push({ earned: step.earned, end, activatedAt: books.now + WEEK, isDisabled: false });
    }
    if (step.do === "disable") return this.recordDisabling(books.roots.at(step.root));
    if (step.do === "claim") return this.recordClaim(step.earner, books.roots[step.root], step.tokens);
    return "not refused";
  }

  private recordDisabling(root: Root | undefined): string {
    if (root === undefined) return "InvalidRootIndex";
    if (root.isDisabled) return "RootDisabled";
    if (this.books.now >= root.activatedAt) return "RootAlreadyActivated";
    root.isDisabled = true;
    return "not refused";
  }

  private recordClaim(earner: number, root: Root, tokens: number[]): string {
    if (root.isDisabled) return "RootDisabled";
    if (this.books.now < root.activatedAt) return "RootNotActivated";
    const claimed = this.books.claimed[earner];
    if (tokens.some((t) => root.earned[earner][t] <= claimed[t])) return "EarningsNotGreaterThanClaimed";
    for (const t of tokens) claimed[t] = root.earned[earner][t];
    return "not refused";
  }

  /* LOOKING */

  /** EN-18: nobody has claimed more than was earned, all together no more than was given; roots only get later. */
  private async look(): Promise<string[]> {
    const { books, w } = this;
    const found: string[] = [];
    const holds = (is: boolean, text: string): void => void (is || found.push(`EN-18: ${text}`));
    for (const [t, token] of w.tokens.entries()) {
      const given = books.claimed.reduce((sum, claimed) => sum + claimed[t], 0n);
      const held = await token.balanceOf(w.rc);
      holds(given <= books.funded[t], `${given} was claimed of ${books.funded[t]}`);
      holds(held === books.funded[t] - given, `token ${t}: ${held} is there, not ${books.funded[t] - given}`);
      holds((await token.balanceOf(w.recipient)) === given, `token ${t}: not ${given} was paid`);
      for (const [e, earner] of this.earners().entries()) {
        const claimed = await w.rc.cumulativeClaimed(earner, token);
        const earned = books.roots.at(-1)?.earned[e][t] ?? 0n;
        holds(claimed === books.claimed[e][t], `earner ${e} has claimed ${claimed} of token ${t}`);
        holds(claimed <= earned, `earner ${e} has claimed ${claimed} of token ${t} and earned ${earned}`);
      }
    }
    holds((await w.rc.getDistributionRootsLength()) === BigInt(books.roots.length), "another number of roots");
    let last = 0n;
    for (const [i, root] of books.roots.entries()) {
      const kept = await w.rc.getDistributionRootAtIndex(i);
      holds(kept.rewardsCalculationEndTimestamp > last, `root ${i} is not later than the one before`);
      holds(kept.activatedAt === root.activatedAt && kept.disabled === root.isDisabled, `root ${i} has changed`);
      last = kept.rewardsCalculationEndTimestamp;
    }
    return found;
  }
}
