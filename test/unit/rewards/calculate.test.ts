import { expect } from "chai";
import fc from "fast-check";
import { calculate, divide, partOfDay } from "../../../scripts/rewards/calculate";
import { Distribution, type Leaf } from "../../../scripts/rewards/distribution";
import { DAY, INCENTIVES, type Event, type Fact, type Submission } from "../../../scripts/rewards/history";
import { differences, published } from "../../../scripts/rewards/roots";

const address = (n: number): string => `0x${n.toString(16).padStart(40, "0")}`;
const [AVS, GIVER, TOKEN, X, Y] = [1, 2, 3, 4, 5].map(address);
const [OP1, OP2, ANN, BEN, CAT] = [11, 12, 21, 22, 23].map(address);
const SET = `${AVS}/0`;
const OTHER = `${address(9)}/0`;
const WAD = 10n ** 18n;

/** Facts become events one block and one second apart, from the beginning of day 0 on; a block is an hour later on. */
const at = (block: bigint, ...facts: Fact[]): Event[] =>
  facts.map((fact) => ({ block, time: block * 3_600n, ...fact }));
const lastBlockOf = (day: bigint): bigint => (day + 1n) * 24n - 1n;

const stake = (operator: string, staker: string, change: bigint, strategy = X): Fact => ({
  is: "stake",
  operator,
  staker,
  strategy,
  change,
});
const joins = (operator: string, set = SET, member = true): Fact => ({ is: "membership", operator, set, member });
const allocates = (operator: string, magnitude: bigint, effectBlock: bigint): Fact => ({
  is: "allocation",
  operator,
  set: SET,
  strategy: X,
  magnitude,
  effectBlock,
});
const slashes = (operator: string, magnitude: bigint): Fact => ({ is: "magnitude", operator, strategy: X, magnitude });
const split = (operator: string, scope: string, bips: bigint, activatedAt: bigint): Fact => ({
  is: "split",
  operator,
  scope,
  bips,
  activatedAt,
});
const gives = (kind: Submission["kind"], amount: bigint, days = 1n, firstDay = 0n): Fact => ({
  is: "submission",
  submission: { kind, giver: GIVER, token: TOKEN, amount, weights: [{ strategy: X, multiplier: WAD }], firstDay, days },
});

/** Two operators in the set: Ann and Ben stake 100 and 300 with the first, Cat 600 with the second; 10 % are kept. */
const SCENE = at(
  1n,
  { is: "default split", bips: 1_000n },
  stake(OP1, ANN, 100n * WAD),
  stake(OP1, BEN, 300n * WAD),
  stake(OP2, CAT, 600n * WAD),
  joins(OP1),
  joins(OP2),
);

function earned(events: Event[], end = DAY): Record<string, bigint> {
  return Object.fromEntries(calculate({ events, lastBlockOf }, end).map(({ earner, amount }) => [earner, amount]));
}
const sum = (leaves: Leaf[]): bigint => leaves.reduce((total, { amount }) => total + amount, 0n);

describe("rewards: the formula", () => {
  it("shares what is given by all stake of a set: operators in proportion, their split, stakers in proportion", () => {
    const events = [...SCENE, ...at(2n, gives({ for: "total stake", set: SET }, 1_000n))];
    expect(earned(events)).to.deep.equal({ [OP1]: 40n, [ANN]: 90n, [BEN]: 270n, [OP2]: 60n, [CAT]: 540n, [GIVER]: 0n });
  });

  it("counts what is allocated to the set where unique stake is asked for, from its block on", () => {
    const events = [
      ...SCENE,
      ...at(2n, allocates(OP1, WAD / 2n, 2n), allocates(OP2, WAD / 2n, 24n)), // the second from tomorrow on
      ...at(3n, gives({ for: "unique stake", set: SET }, 2_000n, 2n)),
    ];
    expect(earned(events)[CAT]).to.equal(undefined);
    expect(earned(events)[BEN]).to.equal(675n); // 1 000 for the first day, less 100, three quarters
    expect(earned(events, 2n * DAY)).to.include({ [CAT]: 540n, [BEN]: 675n + 270n });
  });

  it("keeps an increase that waits when a slash comes first, and takes the slash off both", () => {
    const events = [
      ...SCENE,
      ...at(2n, allocates(OP1, WAD / 2n, 2n), allocates(OP2, WAD / 4n, 2n)),
      ...at(3n, allocates(OP1, (3n * WAD) / 4n, 20n)), // a quarter more, later
      ...at(4n, allocates(OP1, WAD / 4n, 4n), slashes(OP1, (3n * WAD) / 4n)), // half of it slashed
      ...at(5n, gives({ for: "unique stake", set: SET }, 1_000n)),
    ];
    // 300 of stake left, of which a half of three quarters is allocated: 200; the other has 150.
    expect(earned(events)).to.include({ [OP1]: 57n + 1n, [CAT]: 428n - 42n });
  });

  it("takes a slash off stakers in proportion, and counts what comes after it in full", () => {
    const events = [
      ...SCENE,
      ...at(2n, slashes(OP1, WAD / 2n)),
      ...at(3n, stake(OP1, CAT, 50n * WAD)),
      ...at(4n, gives({ for: "total stake", set: SET }, 850n)), // 50 + 150 + 50, and 600
    ];
    expect(earned(events)).to.include({ [ANN]: 45n, [BEN]: 135n, [CAT]: 45n + 540n });
    const gone = [
      ...events,
      ...at(25n, stake(OP1, BEN, -150n * WAD), gives({ for: "total stake", set: SET }, 700n, 1n, 1n)),
    ];
    expect(earned(gone, 2n * DAY)).to.include({ [BEN]: 135n, [ANN]: 45n + 45n });
  });

  it("gives an AVS's rewards to who is in any set of it, and everybody's to who is in any set at all", () => {
    const base = [...SCENE, ...at(2n, joins(OP2, SET, false), joins(OP2, OTHER))];
    const ofAvs = earned([...base, ...at(3n, gives({ for: "avs", avs: AVS }, 1_000n))]);
    expect(ofAvs)
      .to.include({ [ANN]: 225n, [BEN]: 675n, [OP1]: 100n })
      .and.not.have.property(CAT);
    const ofAll = earned([...base, ...at(3n, gives({ for: "all earners" }, 1_000n))]);
    expect(ofAll).to.include({ [ANN]: 90n, [CAT]: 540n });
  });

  it("gives what is for all stakers to all that have delegated, without a split", () => {
    const events = [...SCENE, ...at(2n, joins(OP1, SET, false), gives({ for: "all" }, 1_001n))];
    expect(earned(events)).to.deep.equal({ [ANN]: 100n, [BEN]: 300n, [CAT]: 600n, [GIVER]: 1n });
  });

  it("gives named operators their amounts, and back what is for one who was not there", () => {
    const amounts = [
      { operator: OP1, amount: 100n },
      { operator: OP2, amount: 50n },
    ];
    const base = [...SCENE, ...at(2n, joins(OP2, SET, false))];
    const inSet = earned([...base, ...at(3n, gives({ for: "named, of a set", set: SET, amounts }, 150n))]);
    expect(inSet).to.deep.equal({ [OP1]: 11n, [ANN]: 22n, [BEN]: 67n, [GIVER]: 50n });
    const inAvs = earned([...base, ...at(3n, gives({ for: "named, of an AVS", avs: AVS, amounts }, 150n))]);
    expect(inAvs).to.deep.equal(inSet);
  });

  it("gives back what nobody earns", () => {
    const events = at(1n, gives({ for: "total stake", set: SET }, 7n, 3n));
    expect(earned(events, 3n * DAY)).to.deep.equal({ [GIVER]: 7n });
  });

  it("goes by the split of the moment, of the place that rewards come from", () => {
    const events = [
      ...SCENE,
      ...at(2n, split(OP1, SET, 5_000n, DAY), split(OP1, AVS, 0n, 0n), split(OP1, INCENTIVES, 10_000n, DAY - 1n)),
      ...at(3n, gives({ for: "total stake", set: SET }, 2_000n, 2n)),
    ];
    expect(earned(events)[OP1]).to.equal(40n); // the default until tomorrow
    expect(earned(events, 2n * DAY)[OP1]).to.equal(40n + 200n);
    const again = [...events, ...at(25n, split(OP1, SET, 0n, 3n * DAY))];
    expect(earned(again, 2n * DAY)[OP1]).to.equal(240n); // the last one, until the next is in force
    const ofAvs = earned([...events, ...at(4n, gives({ for: "avs", avs: AVS }, 1_000n))]);
    expect(ofAvs[OP1]).to.equal(40n + 0n);
    const incentives = earned([...events, ...at(4n, gives({ for: "all earners" }, 1_000n))]);
    expect(incentives[OP1]).to.equal(40n + 400n);
  });

  it("weighs strategies by their multipliers", () => {
    const weights = [
      { strategy: X, multiplier: 1n },
      { strategy: Y, multiplier: 3n },
    ];
    const given: Fact = gives({ for: "all" }, 1_000n);
    if (given.is === "submission") given.submission.weights = weights;
    const events = [...at(1n, stake(OP1, ANN, 700n), stake(OP1, BEN, 100n, Y)), ...at(2n, given)];
    expect(earned(events)).to.deep.equal({ [ANN]: 700n, [BEN]: 300n, [GIVER]: 0n });
  });

  it("counts retroactive rewards by the stake of their own days", () => {
    const events = [
      ...SCENE,
      ...at(30n, stake(OP2, CAT, -600n * WAD)),
      ...at(80n, gives({ for: "all" }, 100n, 2n, 0n)),
    ];
    expect(earned(events, 3n * DAY)).to.deep.equal({}); // nobody knew of it then
    expect(earned(events, 4n * DAY)).to.deep.equal({ [ANN]: 5n + 12n, [BEN]: 15n + 37n, [CAT]: 30n, [GIVER]: 1n });
  });

  it("refuses an end in the middle of a day", () => {
    expect(() => calculate({ events: [], lastBlockOf }, DAY + 1n)).to.throw("not the end of a day");
  });
});

describe("rewards: what must hold of any history (RW-7)", () => {
  const who = (list: string[]) => fc.constantFrom(...list);
  const fact: fc.Arbitrary<Fact> = fc.oneof(
    fc
      .record({
        operator: who([OP1, OP2]),
        staker: who([ANN, BEN, CAT]),
        change: fc.bigInt(-(10n ** 21n), 10n ** 21n),
        strategy: who([X, Y]),
      })
      .map((f): Fact => ({ is: "stake", ...f })),
    fc
      .record({ operator: who([OP1, OP2]), set: who([SET, OTHER]), member: fc.boolean() })
      .map((f): Fact => ({ is: "membership", ...f })),
    fc
      .record({ operator: who([OP1, OP2]), magnitude: fc.bigInt(0n, WAD) })
      .map((f): Fact => slashes(f.operator, f.magnitude)),
    fc
      .record({ operator: who([OP1, OP2]), magnitude: fc.bigInt(0n, WAD), effectBlock: fc.bigInt(0n, 200n) })
      .map((f): Fact => allocates(f.operator, f.magnitude, f.effectBlock)),
    fc
      .record({
        operator: who([OP1, OP2]),
        scope: who([SET, AVS, INCENTIVES]),
        bips: fc.bigInt(0n, 10_000n),
        activatedAt: fc.bigInt(0n, 9n * DAY),
      })
      .map((f): Fact => ({ is: "split", ...f })),
    fc
      .record({
        kind: fc.constantFrom<Submission["kind"]>(
          { for: "avs", avs: AVS },
          { for: "all" },
          { for: "all earners" },
          { for: "unique stake", set: SET },
          { for: "total stake", set: OTHER },
          {
            for: "named, of a set",
            set: SET,
            amounts: [
              { operator: OP1, amount: 997n },
              { operator: OP2, amount: 3n },
            ],
          },
        ),
        amount: fc.bigInt(1n, 10n ** 30n),
        days: fc.bigInt(1n, 6n),
        firstDay: fc.bigInt(0n, 6n),
      })
      .map(({ kind, amount, days, firstDay }) => gives(kind, "amounts" in kind ? 1_000n : amount, days, firstDay)),
  );
  const histories = fc
    .array(fc.tuple(fc.bigInt(1n, 200n), fact), { maxLength: 40 })
    .map((list) => list.sort(([a], [b]) => Number(a - b)).flatMap(([block, f]) => at(block, f)));
  const given = (events: Event[], end: bigint): bigint =>
    events.reduce((total, e) => {
      if (e.is !== "submission" || e.time >= end) return total;
      const { firstDay, days, kind, amount } = e.submission;
      const over = end / DAY - firstDay;
      const passed = over < 0n ? 0n : over > days ? days : over;
      const parts = "amounts" in kind ? kind.amounts.map((p) => p.amount) : [amount];
      return total + parts.reduce((s, part) => s + (part * passed) / days, 0n);
    }, 0n);

  it("all that is earned is exactly what was funded for the days that are over: claims never exceed it", () => {
    fc.assert(
      fc.property(histories, fc.bigInt(0n, 14n), (events, day) => {
        const leaves = calculate({ events, lastBlockOf }, day * DAY);
        expect(leaves.every(({ amount }) => amount >= 0n)).to.equal(true);
        expect(sum(leaves)).to.equal(given(events, day * DAY));
      }),
    );
  });

  it("nobody's earnings ever fall: what was claimed by an old root is in every later one", () => {
    fc.assert(
      fc.property(histories, fc.bigInt(0n, 12n), (events, day) => {
        const [old, later] = [day, day + 1n].map((d) => new Distribution(calculate({ events, lastBlockOf }, d * DAY)));
        for (const { earner, token, amount } of old.leaves)
          expect(later.amountOf(earner, token)).to.be.at.least(amount);
      }),
    );
  });

  it("two runs give the same bytes, whatever the order in which leaves were found", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const leaves = calculate({ events, lastBlockOf }, 12n * DAY);
        const [a, b] = [leaves, [...leaves].reverse()].map((list) => published(1n, 12n * DAY, new Distribution(list)));
        expect(a).to.equal(b);
      }),
    );
  });
});

describe("rewards: arithmetic", () => {
  it("gives every day its part, all days together the whole", () => {
    expect([0n, 1n, 2n].map((day) => partOfDay(10n, day, 3n))).to.deep.equal([3n, 3n, 4n]);
    expect(
      divide(10n, [
        [ANN, 1n],
        [BEN, 2n],
      ]),
    ).to.deep.equal({
      parts: [
        [ANN, 3n],
        [BEN, 6n],
      ],
      rest: 1n,
    });
    expect(divide(10n, [[ANN, 0n]])).to.deep.equal({ parts: [], rest: 10n });
  });

  it("says which leaf differs from what was stated", () => {
    const leaf = (earner: string, amount: bigint): Leaf => ({ earner, token: TOKEN, amount });
    expect(differences([leaf(ANN, 5n), leaf(BEN, 1n)], [leaf(ANN, 5n), leaf(BEN, 2n), leaf(CAT, 3n)])).to.deep.equal([
      `${BEN} of ${TOKEN}: 2 stated, 1 earned`,
      `${CAT} of ${TOKEN}: 3 stated, 0 earned`,
    ]);
  });
});
