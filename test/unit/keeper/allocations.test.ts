import { expect } from "chai";
import {
  planAllocations,
  type AllocationState,
  type ServiceState,
  type WatchedSet,
} from "../../../scripts/keeper/allocations";

const NOW = 1_000_000n;
const REST = 7n * 86_400n;
const SET = { avs: "0x00000000000000000000000000000000000000A1", id: 0n };
const OTHER = { avs: "0x00000000000000000000000000000000000000A1", id: 1n };

const service = (id: bigint, changes: Partial<ServiceState> = {}): ServiceState => ({
  id,
  delegator: `delegator ${id}`,
  isFaulty: false,
  undivided: 0n,
  steps: 0n,
  ...changes,
});
const quiet: AllocationState = {
  services: [service(0n), service(1n)],
  proposals: [],
  changed: [],
  dropped: [],
  watched: [],
  rest: REST,
};
const planOf = (changes: Partial<AllocationState>) => planAllocations({ ...quiet, ...changes }, NOW);
const STEPS = 32n;

describe("keeper: allocations", () => {
  it("has nothing to do when nothing has changed", () => {
    expect(planOf({})).to.deep.equal([]);
  });

  it("sets a changed set aside, and takes every operator's allocations to it down", () => {
    expect(planOf({ changed: [SET] })).to.deep.equal([
      { crank: "quarantineSet", set: SET },
      { crank: "rebalance", operatorId: 0n, steps: STEPS },
      { crank: "rebalance", operatorId: 1n, steps: STEPS },
    ]);
  });

  it("reports a fault that anybody can see, and takes that operator's allocations down", () => {
    expect(planOf({ services: [service(0n), service(1n, { isFaulty: true })] })).to.deep.equal([
      { crank: "reportFault", operatorId: 1n },
      { crank: "rebalance", operatorId: 1n, steps: STEPS },
    ]);
  });

  it("divides losses that are entered under no set yet", () => {
    expect(planOf({ services: [service(0n), service(1n, { undivided: 1n })] })).to.deep.equal([
      { crank: "attribute", delegator: "delegator 1" },
    ]);
  });

  it("brings allocations closer to the plan where a step can be taken", () => {
    expect(planOf({ services: [service(0n, { steps: 2n }), service(1n)] })).to.deep.equal([
      { crank: "rebalance", operatorId: 0n, steps: STEPS },
    ]);
  });

  it("admits a set when its terms were public for long enough and nothing has changed about it", () => {
    const proposal = { set: SET, admissibleFrom: NOW, isSound: true };
    expect(planOf({ proposals: [proposal] })[0]).to.deep.equal({ crank: "admitSet", set: SET });
    expect(planOf({ proposals: [{ ...proposal, admissibleFrom: NOW + 1n }] })).to.deep.equal([]);
    expect(planOf({ proposals: [{ ...proposal, isSound: false }] })).to.deep.equal([]);
  });

  it("forgets a dropped set when nothing is allocated any more, once the engine's queue is cleared", () => {
    const kept = [{ account: "account 0", strategies: ["strategy"] }];
    expect(planOf({ dropped: [{ set: SET, kept, isOver: false }] })).to.deep.equal([]);
    expect(planOf({ dropped: [{ set: SET, kept, isOver: true }] })).to.deep.equal([
      { crank: "clear", account: "account 0", strategies: ["strategy"] },
      { crank: "forgetSet", set: SET },
    ]);
    expect(planOf({ dropped: [{ set: SET, kept: [], isOver: true }] })).to.deep.equal([
      { crank: "forgetSet", set: SET },
    ]);
  });

  it("lowers what is at risk before it raises anything", () => {
    const order = planOf({
      changed: [SET],
      services: [service(0n, { isFaulty: true, undivided: 1n, steps: 1n })],
      watched: [{ set: SET, window: 60n, answer: NOW + 60n, until: 0n, failedAt: 0n }],
      proposals: [{ set: OTHER, admissibleFrom: 0n, isSound: true }],
    }).map(({ crank }) => crank);
    expect(order).to.deep.equal(["quarantineSet", "reportFault", "takeNotice", "attribute", "admitSet", "rebalance"]);
  });

  describe("notices", () => {
    const watched = (changes: Partial<WatchedSet>): WatchedSet[] => [
      { set: SET, window: 60n, answer: 0n, until: 0n, failedAt: 0n, ...changes },
    ];
    const isTaken = (changes: Partial<WatchedSet>) => planOf({ watched: watched(changes) }).length === 1;

    it("are taken of an announced slash, once, until it is over", () => {
      expect(isTaken({})).to.equal(false);
      expect(isTaken({ answer: NOW + 60n })).to.equal(true);
      expect(isTaken({ answer: NOW + 60n, until: NOW + 50n })).to.equal(false);
      expect(isTaken({ answer: NOW + 60n, until: NOW - 1n })).to.equal(true);
    });

    it("are taken of silence, once, and again only after the rest", () => {
      expect(isTaken({ answer: undefined })).to.equal(true);
      expect(isTaken({ answer: undefined, failedAt: NOW - 60n })).to.equal(false);
      expect(isTaken({ answer: undefined, failedAt: NOW - 60n - REST })).to.equal(true);
    });

    it("are taken of one that answers again, after the rest", () => {
      expect(isTaken({ answer: 0n, failedAt: NOW - 60n })).to.equal(false);
      expect(isTaken({ answer: 0n, failedAt: NOW - 60n - REST })).to.equal(true);
    });
  });
});
