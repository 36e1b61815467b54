import { expect } from "chai";
import { network } from "hardhat";
import type { Curve } from "../models";
import type { Pot } from "./baskets";
import { ProtocolModel } from "./protocol";
import type { ProtocolChain } from "./protocol-chain";
import { BPS, DAY, down, least } from "./protocol-state";
import type { Action, Asset, Outcome, Person, Step } from "./protocol-types";
import { protocolStory, shrink, standing, walkBeside, walkProtocol } from "./protocol-walk";

const ACTIONS = 60;
/** Seeds of two walks, and what they meet besides what every walk does. */
const SEEDS: Record<number, string[]> = {
  3: ["strike", "came home for baskets", "crumbs paid", "divide", "loss"],
  40: ["came home for baskets", "slashed on its way", "divide", "collect", "fill", "redeem", "fee at its cap"],
  53: ["strike", "fill", "unreadable", "loss"],
};
/** Actions that a walk may waste on being refused, of a hundred. */
const WASTE = 50;

const ETHER = 10n ** 18n;
const ether = (n: bigint): string => String(n * ETHER);

/* WAYS TO BE WRONG: each is a rule left out or a rounding turned round */

class WithoutFeeCap extends ProtocolModel {
  override feeLeft(): bigint {
    return this.supply();
  }
}
class TwoDaysOfGrowth extends ProtocolModel {
  override allowance(elapsed: bigint): bigint {
    return down(this.s.rate * this.rules.growthCapBps, least(elapsed, 2n * DAY), BPS * DAY);
  }
}
class SellsWaitingGain extends ProtocolModel {
  override price(): bigint {
    return this.s.rate;
  }
}
class SellsWhatIsLeft extends ProtocolModel {
  override leave(): void {
    // not before the next report
  }
}
class PaysUp extends ProtocolModel {
  override unitsFor(shares: bigint, asset: Asset): bigint {
    return (shares * this.s.rate + this.s.told[asset] - 1n) / this.s.told[asset];
  }
}
class ChargesTheLowestFee extends ProtocolModel {
  override paidFor(curve: Curve, value: bigint): bigint {
    return (value * BPS) / (BPS + curve.minFeeBps);
  }
}
class DeafToAlarms extends ProtocolModel {
  protected override isAlarming(): boolean {
    return false;
  }
}
class ForgetsWhatLeaversLeave extends ProtocolModel {
  override burn(from: string, shares: bigint): void {
    this.s.shares[from] -= shares;
  }
}
class ForgetsAStake extends ProtocolModel {
  protected override pots(): Pot[] {
    const { withdrawals, requests } = this.s.baskets;
    return [...Object.values(withdrawals), ...Object.values(requests)];
  }
}
class LeavesWhatIsOwedWithTheStake extends ProtocolModel {
  protected override markUnbonded(): void {
    // and so divides it among baskets twice
  }
}
class DividesFromTheEnd extends ProtocolModel {
  protected override nextServed(served: number): number {
    return this.s.baskets.strikes - served;
  }
}
class KeepsWhatIssuersPay extends ProtocolModel {
  protected override follow(step: Step, o: Outcome): void {
    if (step.is === "paid") delete this.s.baskets.requests[step.request];
    else super.follow(step, o);
  }
}
class GivesWaitingGainToThoseWhoStay extends ProtocolModel {
  protected override burnStruck(shares: bigint): void {
    this.burn("queue", shares, 0n);
  }
}

const brings: Action[] = [
  { do: "deposit", who: "ann", token: "ETH", amount: ether(400n), via: "plain" },
  { do: "deposit", who: "ben", token: "stETH", amount: ether(300n), via: "plain" },
];
const wait = (seconds: number): Action => ({ do: "wait", seconds });
const report: Action = { do: "report" };
const earns: Action = { do: "lido", bps: 300 };

const staked: Action[] = [...brings, { do: "restake", asset: "wstETH" }];
const leaving = (who: Person): Action[] => [{ do: "basket", who, part: 2_500 }, wait(2 * 86_400)];

const WRONG: [string, typeof ProtocolModel, Action[]][] = [
  ["knows no cap of the fee", WithoutFeeCap, [...brings, wait(86_400 / 2), earns, wait(6_000), report]],
  ["lets the allowance accrue for two days", TwoDaysOfGrowth, [...brings, report, earns, wait(2 * 86_400), report]],
  [
    "sells a waiting gain at the rate",
    SellsWaitingGain,
    [...brings, earns, report, { do: "deposit", who: "cleo", token: "WETH", amount: ether(1n), via: "plain" }],
  ],
  [
    "lets the next depositor buy what one has left",
    SellsWhatIsLeft,
    [...brings, { do: "deposit", who: "cleo", token: "rETH", amount: ether(50n), via: "report" }],
  ],
  [
    "pays a batch a unit too much",
    PaysUp,
    [
      ...brings,
      { do: "lido", bps: 7 },
      { do: "request", who: "ann", asset: "wstETH", part: 777 },
      wait(3 * 86_400),
      { do: "fill", asset: "wstETH", batches: 1 },
    ],
  ],
  ["charges the lowest fee on an emptying buffer", ChargesTheLowestFee, [...brings, ...emptying()]],
  ["hears no alarm", DeafToAlarms, [...brings, { do: "lido", bps: -120 }, report]],
  [
    "forgets that a gain waits for fewer after somebody has left",
    ForgetsWhatLeaversLeave,
    [...brings, earns, report, { do: "redeem", who: "ann", part: 10 }],
  ],
  ["forgets an operator's stake in a strike", ForgetsAStake, [...staked, ...leaving("ann"), { do: "strike", nth: 0 }]],
  [
    "lets a stake owe what a withdrawal has taken along",
    LeavesWhatIsOwedWithTheStake,
    [...staked, ...leaving("ann"), { do: "strike", nth: 0 }, { do: "unbond", asset: "wstETH" }],
  ],
  [
    "gives an arrival to the wrong basket",
    DividesFromTheEnd,
    [
      ...staked,
      ...leaving("ann"),
      ...leaving("ben"),
      { do: "strike", nth: 1 },
      { do: "strike", nth: 0 },
      { do: "unbond", asset: "wstETH" },
      wait(86_400),
      { do: "complete", operator: 0 },
      { do: "divide", steps: 1 },
    ],
  ],
  [
    "keeps from baskets what an issuer pays",
    KeepsWhatIssuersPay,
    [
      ...brings,
      { do: "issuer", crank: "stake" },
      { do: "request", who: "ann", asset: "ETH", part: 5_000 },
      ...leaving("ben"),
      { do: "issuer", crank: "redeem" },
      { do: "strike", nth: 0 },
      { do: "finalise" },
      { do: "issuer", crank: "claim" },
    ],
  ],
  [
    "lets those who stay keep the waiting gain of those who leave",
    GivesWaitingGainToThoseWhoStay,
    [...brings, earns, report, ...leaving("ann"), { do: "strike", nth: 0 }],
  ],
];

/** What lies idle beyond the buffer is staked; then people leave at once. */
function emptying(): Action[] {
  return [
    { do: "issuer", crank: "stake" },
    { do: "redeem", who: "ann", part: 50 },
  ];
}

describe("the protocol and its model, in lock step", () => {
  let untouched: string;
  let chain: ProtocolChain;
  before(async () => {
    untouched = (await network.provider.send("evm_snapshot")) as string;
    chain = await standing();
  });
  after(async () => {
    await network.provider.send("evm_revert", [untouched]); // other tests find the chain as it was
  });

  // SEED repeats one walk.
  for (const seed of process.env.SEED ? [Number(process.env.SEED)] : Object.keys(SEEDS).map(Number)) {
    it(`agree to the wei over ${ACTIONS} random actions, seed ${seed}`, async () => {
      const walked = await walkProtocol(chain, seed, ACTIONS);
      if (walked.failure !== undefined) expect.fail(protocolStory(await shrink(chain, walked)));
      const refused = Object.values(walked.refused).reduce((sum, count) => sum + count, 0);
      expect(refused * 100).to.be.below(ACTIONS * WASTE);
      expect(walked.done).to.include.all.keys(SEEDS[seed] ?? ["deposit"]);
    });
  }

  for (const [what, Model, actions] of WRONG) {
    it(`disagree with a model that ${what}`, async () => {
      const [right, wrong] = await walkBeside(chain, 0, 0, [ProtocolModel, Model], actions);
      expect(right.failure).to.equal(undefined);
      expect(right.refused).to.deep.equal({});
      expect(wrong.trace.length, "found at the last action").to.equal(actions.length);
      expect(wrong.failure).to.match(/the contracts say|units for/);
    });
  }

  it("print a trace that is as short as it can be, and fails again", async () => {
    const gift: Action = { do: "donate", token: "stETH", to: "pool", amount: ether(1n) };
    const long = [gift, ...brings, earns, report, wait(60), WRONG[2][2][4]];
    const found = await walkProtocol(chain, 7, 0, long, SellsWaitingGain);
    const short = await shrink(chain, found, SellsWaitingGain);
    expect(short.trace).to.deep.equal([brings[1], earns, report, WRONG[2][2][4]]);
    const printed = protocolStory(short);
    const actions = JSON.parse(printed.slice(printed.lastIndexOf("\n"))) as Action[];
    const [again, right] = await walkBeside(chain, 7, 0, [SellsWaitingGain, ProtocolModel], actions);
    expect(again.failure).to.equal(short.failure);
    expect(right.failure).to.equal(undefined);
  });
});
