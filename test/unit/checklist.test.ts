import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readFacts, type Facts } from "../../scripts/checklist/facts";
import { page } from "../../scripts/checklist/page";
import { ether, expectWithin } from "../exit-world";
import { objectiveTerms, proposes } from "../governance";
import { announcerIn } from "../risk-world";
import { staked } from "../world";

const GOLDEN = join(__dirname, "../snapshots/checklist.txt");
const judge = `0x${"11".repeat(20)}`;

const FACTS: Facts = {
  netAssetValue: ether("1200"),
  slashable: ether("1000"),
  worstCase: ether("150"),
  rateWad: ether("1.02"),
  worstRateWad: ether("0.8925"),
  assets: [
    { name: "ETH", idle: ether("50"), restaked: 0n, unbonding: 0n, waiting: ether("12.5"), rateWad: ether("1") },
    {
      ...{ name: "wstETH", idle: ether("0.25"), restaked: ether("900"), unbonding: ether("20") },
      ...{ waiting: ether("19.75"), rateWad: ether("1.2") },
    },
  ],
  sets: [
    {
      ...{ name: "price-oracle 0", stage: "admitted", decides: "proof", judge, group: "oracles", isVerified: false },
      ...{ capBps: 600n, avsCapBps: 1_000n, atRisk: ether("50"), later: ether("40"), cost: ether("1.5") },
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
      ...{ capBps: 400n, avsCapBps: 400n, atRisk: 0n, later: 0n, cost: 0n },
    },
  ],
  proposals: [{ name: "new set", capBps: 500n, admissibleFrom: 1_800_000_000n }],
  pending: [{ operator: 0, set: "price-oracle 0", asset: "wstETH", diffWad: -ether("0.01"), effectBlock: 1_234n }],
  operators: [
    { id: 0, company: judge, weight: 2_000n, atRisk: ether("30"), state: "serving" },
    { id: 1, company: judge, weight: 0n, atRisk: ether("20"), state: "leaving" },
  ],
  exitTime: 432_600n,
  issuerTime: 432_000n,
  loosening: 518_400n,
  openFrom: 0n,
  upgraded: [
    { name: "DepositPool", at: 1_790_000_000n },
    { name: "Accountant", at: undefined },
  ],
};

describe("npm run checklist", () => {
  it("answers the questions of a careful buyer, in these words", () => {
    expect(page(FACTS)).to.equal(readFileSync(GOLDEN, "utf8"));
  });

  it("says that there is nothing where nothing is", () => {
    const text = page({ ...FACTS, proposals: [], pending: [], sets: [] });
    expect(text).to.contain("What is about to change?\n  nothing");
    expect(text).to.contain("who decides?\n  nothing");
  });

  it("reads every answer from the chain", async () => {
    const { world, bob } = await loadFixture(staked);
    const { set } = await announcerIn(world);
    await proposes(world, set, objectiveTerms({ name: "newcomer" }));
    await world.request(bob, world.asset, ether("10"));
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
    expect(facts.upgraded.every(({ at }) => at !== undefined)).to.equal(true);
  });
});
