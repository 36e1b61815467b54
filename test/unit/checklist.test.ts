import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readFacts, type Facts } from "../../scripts/checklist/facts";
import { page } from "../../scripts/checklist/page";
import { allocationsOf, as, ether, expectWithin } from "../exit-world";
import { objectiveTerms, proposes } from "../governance";
import { announcerIn } from "../risk-world";
import { staked } from "../world";

const GOLDEN = join(__dirname, "../snapshots/checklist.txt");
const judge = `0x${"11".repeat(20)}`;
const slasher = `0x${"22".repeat(20)}`;

const FACTS: Facts = {
  netAssetValue: ether("1200"),
  slashable: ether("1000"),
  worstCase: ether("150"),
  rateWad: ether("1.02"),
  worstRateWad: ether("0.8925"),
  assets: [
    {
      ...{ name: "ETH", kind: "native ether", idle: ether("50"), restaked: 0n, unbonding: 0n },
      ...{ waiting: ether("12.5"), openDays: [20_700n, 20_701n], rateWad: ether("1") },
    },
    {
      ...{
        name: "wstETH",
        kind: "liquid staking token of Lido",
        idle: ether("0.25"),
        restaked: ether("900"),
        unbonding: ether("20"),
      },
      ...{ waiting: ether("19.75"), openDays: [], rateWad: ether("1.2") },
    },
  ],
  sets: [
    {
      ...{ name: "price-oracle 0", stage: "admitted", decides: "proof", judge, group: "oracles", isVerified: false },
      ...{
        slasher,
        window: 0n,
        capBps: 600n,
        avsCapBps: 1_000n,
        atRisk: ether("50"),
        later: ether("40"),
        cost: ether("1.5"),
      },
    },
    {
      ...{
        name: "bridge",
        stage: "dropped",
        decides: "people, with a veto",
        judge,
        group: "bridges",
        isVerified: true,
      },
      ...{ slasher, window: 259_200n, capBps: 400n, avsCapBps: 400n, atRisk: 0n, later: 0n, cost: 0n },
    },
  ],
  proposals: [{ name: "new set", capBps: 500n, admissibleFrom: 1_800_000_000n }],
  pending: [{ operator: 0, set: "price-oracle 0", asset: "wstETH", diffWad: -ether("0.01"), effectBlock: 1_234n }],
  operators: [
    {
      ...{ id: 0, company: judge, entity: 1n, weight: 2_000n, stake: ether("600") },
      ...{ atRisk: ether("30"), state: "serving" },
    },
    { id: 1, company: judge, entity: 2n, weight: 0n, stake: ether("400"), atRisk: ether("20"), state: "leaving" },
  ],
  exitTime: 432_600n,
  issuerTime: 432_000n,
  loosening: 518_400n,
  openFrom: 0n,
  paidBy: 1_790_640_600n,
  instant: { level: ether("40"), target: ether("60"), sharesLeft: ether("5.5"), bucketBps: 50n },
  holders: [
    { role: "LOOSENING", account: judge, delay: 518_400n },
    { role: "TIGHTENING", account: slasher, delay: 0n },
  ],
  scheduled: [{ call: "Accountant.raiseFee(1500)", readyAt: 1_800_000_000n }],
  upgraded: [
    { name: "DepositPool", implementation: slasher, block: 12_345n, at: 1_790_000_000n },
    { name: "Accountant", implementation: undefined, block: undefined, at: undefined },
  ],
};

describe("npm run checklist", () => {
  it("answers the questions of a careful buyer, in these words", () => {
    expect(page(FACTS)).to.equal(readFileSync(GOLDEN, "utf8"));
  });

  it("says that there is nothing where nothing is", () => {
    const text = page({ ...FACTS, proposals: [], pending: [], scheduled: [], sets: [] });
    expect(text).to.contain("What is about to change?\n  nothing");
    expect(text).to.contain("who decides?\n  nothing");
  });

  it("reads every answer from the chain", async () => {
    const { world, bob } = await loadFixture(staked);
    const { set } = await announcerIn(world);
    await proposes(world, set, objectiveTerms({ name: "newcomer" }));
    const id = await world.request(bob, world.asset, ether("10"));
    const { admin, adminDelaySeconds, tightening, guardian } = world.ctx.config.governance;
    const { accountant, manager } = world.c;
    const raise = accountant.interface.encodeFunctionData("raiseFee", [1_500n]);
    await manager.connect(await as(admin)).schedule(accountant, raise, 0);
    const cancelled = accountant.interface.encodeFunctionData("raiseFee", [1_600n]);
    await manager.connect(await as(admin)).schedule(accountant, cancelled, 0);
    await manager.connect(await as(admin)).cancel(admin, accountant, cancelled);
    const facts = await readFacts(world.ctx, world.c);
    expect(facts.netAssetValue).to.equal(await world.c.accountant.netAssetValue());
    const configured = world.ctx.config.avss.flatMap(({ name, sets }) => sets.map((one) => ({ name, ...one })));
    expect(facts.sets.map(({ name, stage }) => [name, stage])).to.deep.equal(
      configured.map(({ name, id }) => [`${name} ${id}`, "admitted"]),
    );
    expect(facts.proposals.map(({ name }) => name)).to.deep.equal(["newcomer"]);
    expect(facts.operators.map(({ state }) => state)).to.deep.equal(new Array(5).fill("serving"));
    // All take what is allocated of what is restaked, which is everything.
    const targets = configured.reduce((all, { targetBps }) => all + targetBps, 0n);
    expectWithin(facts.worstRateWad, (facts.rateWad * (10_000n - targets)) / 10_000n, ether("0.0001"));
    expectWithin(facts.worstCase, (facts.slashable * targets) / 10_000n, ether("0.0001"));
    expect(facts.assets.find(({ name }) => name === "wstETH")?.waiting).to.be.greaterThan(ether("9"));
    expect(facts.upgraded.every(({ at, block, implementation }) => at && block && implementation)).to.equal(true);
    expect(facts.paidBy).to.equal((await world.c.queue.withdrawalStatus(id)).latest);
    expect(facts.assets.map(({ openDays }) => openDays.length)).to.deep.equal([0, 1, 0, 0]);
    expect(facts.operators.map(({ entity }) => entity)).to.deep.equal([1n, 2n, 3n, 4n, 5n]);
    const all = facts.operators.reduce((sum, { stake }) => sum + stake, 0n);
    expectWithin(all, facts.slashable, 1_000n);
    for (const [i, { avs, id: setId }] of (await world.c.sets.sets()).entries()) {
      const engine = await allocationsOf(world);
      expect(facts.sets[i].slasher).to.equal(await engine.getSlasher({ avs, id: setId }));
    }
    expect(facts.holders).to.deep.equal([
      { role: "ADMIN", account: admin, delay: adminDelaySeconds },
      { role: "GUARDIAN", account: guardian, delay: 0n },
      { role: "LOOSENING", account: admin, delay: adminDelaySeconds },
      { role: "PROPOSING", account: admin, delay: 0n },
      { role: "TIGHTENING", account: tightening, delay: 0n },
    ]);
    expect(facts.scheduled.map(({ call }) => call)).to.deep.equal(["Accountant.raiseFee(1500)"]);
  });
});
