import { expect } from "chai";
import { incentiveParts } from "../../../scripts/rewards/apy";
import { DAY, type Event, type Submission } from "../../../scripts/rewards/history";
import { percent, yields, type Sample } from "../../../scripts/rewards/yields";

const WAD = 10n ** 18n;
const ether = (n: number): bigint => BigInt(n) * WAD;
const address = (n: number): string => `0x${n.toString(16).padStart(40, "0")}`;

/** 31 ends of days, at which everything stands as on the first: 100 ETH, of which 60 are in a token. */
const still = (change: (sample: Sample, day: number) => void = () => undefined): Sample[] =>
  Array.from({ length: 31 }, (_, day) => {
    const sample: Sample = {
      netAssetValue: ether(100),
      rateWad: WAD,
      assets: [
        { asset: "ETH", etherValue: ether(40), rateWad: WAD },
        { asset: "wstETH", etherValue: ether(60), rateWad: WAD },
      ],
    };
    change(sample, day);
    return sample;
  });

describe("rewards: where a yield came from", () => {
  it("a history of incentives alone is sustainable to 0 %", () => {
    const incomes = [0, 10, 29].map((after) => ({ after, etherValue: ether(1), incentiveWad: WAD }));
    const found = yields(still(), incomes);
    expect(found).to.deep.equal({
      lst: 0n,
      avs: 0n,
      incentives: (3n * WAD * 365n) / (100n * 30n),
      realised: 0n,
      sustainable: 0n,
    });
    expect(percent(found.sustainable)).to.equal("0.00 %");
    expect(percent(found.incentives)).to.equal("36.50 %");
  });

  it("tells the tokens' own growth, what AVSs paid, and incentives apart", () => {
    const samples = still((sample, day) => {
      if (day === 30) [sample.assets[1].rateWad, sample.rateWad] = [(WAD * 101n) / 100n, (WAD * 1_005n) / 1_000n];
    });
    const found = yields(samples, [{ after: 5, etherValue: ether(2), incentiveWad: WAD / 4n }]);
    expect([found.lst, found.avs, found.incentives, found.realised].map(percent)).to.deep.equal([
      "7.30 %", // 1 % of 60 of 100
      "18.25 %",
      "6.08 %",
      "6.08 %", // half a percent has been recognised
    ]);
    expect(percent(found.sustainable)).to.equal("80.76 %"); // 2.1 of 2.6
  });

  it("counts a fall of a token as one, and calls nothing sustainable then", () => {
    const samples = still((sample, day) => {
      if (day === 30) sample.assets[1].rateWad = (WAD * 99n) / 100n;
    });
    const found = yields(samples, [{ after: 0, etherValue: ether(1), incentiveWad: WAD }]);
    expect(percent(found.lst)).to.equal("-7.30 %");
    expect(found.sustainable).to.equal(0n);
  });

  it("has nothing to say of an empty time, and refuses none at all", () => {
    expect(yields(still(), []).sustainable).to.equal(0n);
    expect(() => yields(still().slice(0, 1), [])).to.throw("a day at least");
  });

  it("traces a token to AVSs by what our stakers earned of it, and what nobody earned to none", () => {
    const [AVS, OP, ANN, X, PAID, MIXED, GIFT] = [1, 2, 3, 4, 5, 6, 7].map(address);
    const given = (kind: Submission["kind"], token: string, amount: bigint): Event => ({
      block: 2n,
      time: 2n,
      is: "submission",
      submission: {
        kind,
        giver: AVS,
        token,
        amount,
        weights: [{ strategy: X, multiplier: 1n }],
        firstDay: 0n,
        days: 1n,
      },
    });
    const events: Event[] = [
      { block: 1n, time: 1n, is: "stake", operator: OP, staker: ANN, strategy: X, change: WAD },
      { block: 1n, time: 1n, is: "membership", operator: OP, set: `${AVS}/0`, member: true },
      given({ for: "avs", avs: AVS }, PAID, 100n),
      given({ for: "avs", avs: AVS }, MIXED, 300n),
      given({ for: "all earners" }, MIXED, 100n),
    ];
    const part = incentiveParts({ events, lastBlockOf: () => 2n }, DAY, [ANN], (token) => token);
    expect([PAID, MIXED, GIFT].map(part)).to.deep.equal([0n, WAD / 4n, WAD]);
  });
});
