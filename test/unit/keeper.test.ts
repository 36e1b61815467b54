import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { plan, planMoney } from "../../scripts/keeper/plan";
import { errorName, send } from "../../scripts/keeper/send";
import { ETHER, ISSUERS, readState, type KeeperState, type LineState } from "../../scripts/keeper/state";
import { staked } from "../world";

const LST = "0x00000000000000000000000000000000000000A1";
const OTHER = "0x00000000000000000000000000000000000000A2";
const FIRST = "0x00000000000000000000000000000000000000d1";
const SECOND = "0x00000000000000000000000000000000000000d2";
const DAY = 86_400n;
const TODAY = 20_000n;
const MIN_MOVE = 10n ** 16n;

function line(asset: string, idle: bigint, ...openBatches: bigint[]): LineState {
  return { asset, idle, openBatches, restakeable: 0n, unbondNeeded: 0n, basketsDue: 0n, draining: 0n };
}

/** Nothing to do: everything is reported, restaked, paid. */
const quiet: KeeperState = {
  time: TODAY * DAY + 100n,
  block: 1_000n,
  withdrawalDelay: 50n,
  reportedAt: TODAY * DAY,
  fillsClosedUntil: 0n,
  delegators: [FIRST, SECOND],
  unreadable: [],
  reportFails: false,
  stakeableEther: 0n,
  stakeLimit: 10n ** 30n,
  stakedAs: LST,
  redeemable: 0n,
  burns: false,
  burnable: 0n,
  openRequests: [],
  lastFinalisedRequest: 0n,
  unstruckDays: [],
  undivided: 0n,
  lines: [line(ETHER, 0n), line(LST, 0n), line(OTHER, 0n)],
  operators: [
    { id: 0n, queued: [] },
    { id: 1n, queued: [] },
  ],
  stray: false,
  feed: { replaceableFrom: TODAY * DAY + DAY, isFresh: true },
  allocations: { services: [], proposals: [], changed: [], dropped: [], watched: [], rest: 7n * DAY },
  rewards: { claims: [], held: [], lots: [], minLot: 1n, closedUntil: 0n, strayClaimers: [] },
};

const cranks = (changes: Partial<KeeperState>) => plan({ ...quiet, ...changes }).map(({ crank }) => crank);
/** The quiet state with something else about the assets. */
const withLst = (changes: Partial<LineState>) => ({ lines: [line(ETHER, 0n), { ...line(LST, 0n), ...changes }] });

describe("keeper: plan", () => {
  it("is empty when there is nothing to do", () => {
    expect(plan(quiet)).to.deep.equal([]);
  });

  it("does not change the state it is given", () => {
    const before = structuredClone(quiet);
    plan(quiet);
    expect(quiet).to.deep.equal(before);
  });

  it("reports twice a day", () => {
    expect(cranks({ reportedAt: quiet.time - DAY / 2n + 1n })).to.deep.equal([]);
    expect(cranks({ reportedAt: quiet.time - DAY / 2n })).to.deep.equal(["report"]);
  });

  it("strikes a basket a full day after its day has closed, before anything comes home", () => {
    expect(cranks({ unstruckDays: [TODAY - 1n, TODAY] })).to.deep.equal([]);
    const due = { unstruckDays: [TODAY - 2n, TODAY - 1n], openRequests: [7n], lastFinalisedRequest: 7n };
    expect(plan({ ...quiet, ...due })).to.deep.equal([
      { crank: "strike", day: TODAY - 2n },
      { crank: "claim", requests: 1n },
    ]);
  });

  it("brings home what operators owe to baskets, and divides what has come home for them", () => {
    expect(plan({ ...quiet, ...withLst({ basketsDue: 1n }) })).to.deep.equal([
      { crank: "unbond", asset: LST, operators: 16n },
    ]);
    expect(cranks({ undivided: 1n })).to.deep.equal(["divide"]);
  });

  it("looks at the rate of cbETH once a day, where it is an asset", () => {
    expect(cranks({ lookedAt: quiet.time - DAY + 1n })).to.deep.equal([]);
    expect(cranks({ lookedAt: quiet.time - DAY })).to.deep.equal(["poke"]);
    expect(cranks({ lookedAt: undefined })).to.deep.equal([]);
  });

  it("replaces the capped feed's snapshot as soon as it may, by a rate that is fresh or will be", () => {
    const feed = { replaceableFrom: quiet.time, isFresh: true };
    expect(cranks({ feed })).to.deep.equal(["advance"]);
    expect(cranks({ feed: { ...feed, replaceableFrom: quiet.time + 1n } })).to.deep.equal([]);
    expect(cranks({ feed: { ...feed, isFresh: false } })).to.deep.equal([]);
    expect(cranks({ feed: { ...feed, isFresh: false }, reportedAt: 0n })).to.deep.equal(["report", "advance"]);
  });

  it("sweeps what was sent to the issuers' desk by mistake", () => {
    expect(cranks({ stray: true })).to.deep.equal(["sweep"]);
  });

  it("moves money alone where only that is asked for", () => {
    const state = { ...quiet, stray: true, reportedAt: 0n, ...withLst({ unbondNeeded: 1n }) };
    expect(planMoney(state).map(({ crank }) => crank)).to.deep.equal(["report", "unbond"]);
  });

  it("reads again, before a report, what could not be read: a report leaves it alone", () => {
    expect(plan({ ...quiet, unreadable: [SECOND] })).to.deep.equal([
      { crank: "sync", delegator: SECOND },
      { crank: "report" },
    ]);
    expect(plan({ ...quiet, unreadable: [LST, ISSUERS] })).to.deep.equal([
      { crank: "syncAsset", asset: LST },
      { crank: "syncIssuers" },
      { crank: "report" },
    ]);
  });

  it("reads every value one by one when a report does not go through", () => {
    expect(plan({ ...quiet, reportFails: true })).to.deep.equal([
      { crank: "sync", delegator: FIRST },
      { crank: "sync", delegator: SECOND },
      { crank: "syncAsset", asset: LST },
      { crank: "syncAsset", asset: OTHER },
      { crank: "syncIssuers" },
      { crank: "report" },
    ]);
  });

  it("claims from the issuer what is finalised, and only that", () => {
    expect(plan({ ...quiet, openRequests: [7n, 8n, 9n], lastFinalisedRequest: 8n })).to.deep.include({
      crank: "claim",
      requests: 2n,
    });
    expect(cranks({ openRequests: [9n], lastFinalisedRequest: 8n })).to.deep.equal([]);
  });

  it("completes what is due in the engine, from the block after its delay", () => {
    const operators = (start: bigint) => [{ id: 3n, queued: [start, 999n] }];
    expect(cranks({ operators: operators(950n) })).to.not.include("complete");
    expect(plan({ ...quiet, operators: operators(949n) })).to.deep.include({
      crank: "complete",
      operatorId: 3n,
      withdrawals: 1n,
    });
  });

  it("fills batches that are old enough when something is idle, or about to be", () => {
    const lines = (idle: bigint) => [line(ETHER, 0n), line(LST, idle, TODAY - 2n, TODAY - 1n, TODAY)];
    expect(plan({ ...quiet, lines: lines(1n) })).to.deep.equal([{ crank: "fill", asset: LST, batches: 1n }]);
    expect(cranks({ lines: lines(0n) })).to.deep.equal([]);
    const operators = [{ id: 0n, queued: [1n] }];
    expect(cranks({ lines: lines(0n), operators })).to.deep.equal(["complete", "fill"]);
  });

  it("does not fill what is too young, nor while pay-outs are closed", () => {
    expect(cranks({ lines: [line(LST, 1n, TODAY - 1n)] })).to.deep.equal([]);
    const closed = { fillsClosedUntil: quiet.time + 1n, lines: [line(LST, 1n, TODAY - 2n)] };
    expect(cranks(closed)).to.deep.equal([]);
    expect(cranks({ ...closed, fillsClosedUntil: quiet.time })).to.deep.equal(["fill"]);
  });

  it("redeems when the ether line lacks something, also when units are only arriving", () => {
    expect(cranks({ redeemable: 1n })).to.deep.equal(["redeem"]);
    const operators = [{ id: 0n, queued: [1n] }];
    expect(cranks({ operators, lines: [line(ETHER, 0n, TODAY)] })).to.include("redeem");
    expect(cranks({ operators })).to.not.include("redeem");
  });

  it("burns rETH for the ether line where there is some, also when it is only arriving, and then pays", () => {
    const lines = [line(ETHER, 0n, TODAY - 2n)];
    expect(cranks({ burns: true, burnable: 1n, lines })).to.deep.equal(["burn", "fill"]);
    const operators = [{ id: 0n, queued: [1n] }];
    expect(cranks({ operators, lines, burns: true })).to.deep.equal(["complete", "burn", "fill", "redeem"]);
    expect(cranks({ operators, lines })).to.not.include("burn");
    expect(cranks({ operators, burns: true })).to.not.include("burn");
  });

  it("unbonds what is needed, and what drains", () => {
    expect(cranks(withLst({ unbondNeeded: 1n }))).to.deep.equal(["unbond"]);
    expect(cranks(withLst({ draining: 1n }))).to.deep.equal(["unbond"]);
    expect(cranks(withLst({}))).to.deep.equal([]);
  });

  it("stakes and restakes from the smallest move on, if the issuer lets it", () => {
    expect(cranks({ stakeableEther: MIN_MOVE - 1n, ...withLst({ restakeable: MIN_MOVE - 1n }) })).to.deep.equal([]);
    expect(cranks({ stakeableEther: MIN_MOVE })).to.deep.equal(["stake", "restake"]);
    expect(cranks({ stakeableEther: MIN_MOVE, stakeLimit: MIN_MOVE - 1n })).to.deep.equal([]);
    expect(cranks(withLst({ restakeable: MIN_MOVE }))).to.deep.equal(["restake"]);
  });

  it("moves every asset on its own, and restakes what ether becomes", () => {
    const lines = [line(ETHER, 0n), line(LST, 0n), { ...line(OTHER, 0n), restakeable: MIN_MOVE, unbondNeeded: 1n }];
    expect(plan({ ...quiet, lines, stakeableEther: MIN_MOVE })).to.deep.equal([
      { crank: "unbond", asset: OTHER, operators: 16n },
      { crank: "stake" },
      { crank: "restake", asset: LST, operators: 16n },
      { crank: "restake", asset: OTHER, operators: 16n },
    ]);
  });

  it("serves those who wait before it puts anything away", () => {
    const order = cranks({
      reportedAt: 0n,
      openRequests: [1n],
      lastFinalisedRequest: 1n,
      operators: [{ id: 0n, queued: [1n] }],
      lines: [
        line(ETHER, 1n, TODAY - 3n),
        { ...line(LST, 1n, TODAY - 3n), unbondNeeded: 1n, draining: 1n, restakeable: MIN_MOVE },
      ],
      redeemable: 1n,
      stakeableEther: MIN_MOVE,
    });
    expect(order).to.deep.equal([
      "report",
      "claim",
      "complete",
      "fill",
      "fill",
      "redeem",
      "unbond",
      "stake",
      "restake",
    ]);
  });
});

describe("keeper: send", () => {
  it("notes cranks that have nothing to do, and sends the others", async () => {
    const { world } = await loadFixture(staked);
    const sent = await send(world.c, [
      { crank: "fill", asset: world.asset, batches: 1n },
      { crank: "redeem" },
      { crank: "unbond", asset: world.asset, operators: 1n },
      { crank: "stake" },
      { crank: "restake", asset: world.asset, operators: 1n },
      { crank: "report" },
    ]);
    expect(sent.map(({ call, skipped }) => [call.crank, skipped])).to.deep.equal([
      ["fill", "NothingToFill"],
      ["redeem", "NothingToConvert"],
      ["unbond", "NothingToMove"],
      ["stake", "NothingToConvert"],
      ["restake", "NothingToMove"],
      ["report", undefined],
    ]);
    expect(sent[5].receipt?.status).to.equal(1);
  });

  it("throws what is not a matter of timing", async () => {
    const { world } = await loadFixture(staked);
    const call = { crank: "restake", asset: ETHER, operators: 1n } as const;
    await expect(send(world.c, [call])).to.be.rejectedWith("NotRestakable");
    const error = await send(world.c, [call]).catch((e: unknown) => e);
    expect(errorName(world.c, error)).to.equal("NotRestakable");
    expect(errorName(world.c, new Error("no data"))).to.equal(undefined);
  });

  it("tries every call before it throws", async () => {
    const { world } = await loadFixture(staked);
    const bad = { crank: "restake", asset: ETHER, operators: 1n } as const;
    await expect(send(world.c, [bad, { crank: "report" }])).to.be.rejectedWith("NotRestakable");
    expect((await world.c.pool.terms()).reportedAt).to.equal((await world.ctx.provider.getBlock("latest"))?.timestamp);
    await expect(send(world.c, [bad, bad, { crank: "report" }])).to.be.rejectedWith("2 of 3 cranks failed");
  });

  it("looks at the rate of cbETH when a day has passed, and then no more", async () => {
    const { world } = await loadFixture(staked);
    const { lookedAt } = await readState(world.c);
    if (lookedAt === undefined) throw new Error("no cbETH");
    await time.increaseTo(lookedAt + DAY);
    const due = plan(await readState(world.c)).filter(({ crank }) => crank === "poke");
    expect(due).to.have.length(1);
    await send(world.c, due);
    const after = await readState(world.c);
    expect(after.lookedAt).to.equal(after.time);
    expect(plan(after).map(({ crank }) => crank)).to.not.include("poke");
  });

  it("finds nothing to do in a system at rest", async () => {
    const { world } = await loadFixture(staked);
    await world.crank();
    expect(plan(await readState(world.c))).to.deep.equal([]);
  });
});
