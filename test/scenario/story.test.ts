import { takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { stateOf } from "../../scripts/story/report/state";
import { runStory, type Outcome } from "../../scripts/story/run";
import { parseScenario, type ScenarioInput } from "../../scripts/story/scenario";

const scenario: ScenarioInput = {
  name: "Two weeks",
  about: "Everything once.",
  days: 24,
  seed: 1,
  people: [
    { name: "Ada", stays: true },
    { name: "Ben", stays: false },
    { name: "Chioma", stays: false },
  ],
  lido: { yieldBpsPerYear: 400, variationBps: 2_000, finalisesEveryDays: 1 },
  others: { yieldBpsPerYear: 300, variationBps: 2_000 },
  rewards: { rootEveryDays: 2, buyersPay: "0.005 ether", variationBps: 1_000 },
  depositVariationBps: 500,
  allocateEveryDays: 3,
  claimEveryDays: 1,
  events: [
    { kind: "deposit", day: 1, who: "Ada", token: "ETH", amount: "100 ether" },
    { kind: "deposit", day: 1, who: "Ben", token: "stETH", amount: "60 ether" },
    { kind: "deposit", day: 2, who: "Chioma", token: "wstETH", amount: "40 ether" },
    { kind: "deposit", day: 2, who: "Chioma", token: "rETH", amount: "30 ether" },
    { kind: "deposit", day: 3, who: "Ada", token: "cbETH", amount: "20 ether" },
    { kind: "pay", day: 3, avs: "price-oracle", set: 0, token: "REWARD", amount: "500 ether", days: 1 },
    { kind: "pay", day: 3, avs: "rate-oracle", set: 0, token: "wstETH", amount: "1 ether", days: 1 },
    { kind: "incentive", day: 3, token: "REWARD", amount: "50 ether", days: 1 },
    { kind: "wrong-root", day: 5 },
    { kind: "request", day: 3, who: "Ben", asset: "wstETH", partBps: 2_000 },
    { kind: "request", day: 5, who: "Ada", asset: "cbETH", partBps: 1_000 },
    { kind: "request", day: 5, who: "Chioma", asset: "rETH", partBps: 1_500 },
    { kind: "transfer", day: 4, who: "Ada", to: "Chioma", partBps: 500 },
    { kind: "instant", day: 4, who: "Ada", partBps: 50 },
    { kind: "donation", day: 5, who: "Ben", token: "wstETH", amount: "1 ether", to: "pool" },
    { kind: "lst-loss", day: 6, bps: 5 },
    { kind: "slash", day: 7, avs: "rate-oracle", set: 0, operator: "elm" },
    { kind: "rush", day: 7, days: 1, chanceBps: 10_000, partBps: 5_000 },
    { kind: "keeper-off", day: 8, days: 1 },
    { kind: "veto", day: 9, avs: "rate-oracle", set: 1, operator: "alder" },
    { kind: "forge", day: 9, amount: "10 ether" },
    { kind: "slash", day: 10, avs: "availability", set: 0, operator: "birch" },
    { kind: "slash", day: 10, avs: "finality", set: 0, operator: "cedar" },
    { kind: "slash", day: 11, avs: "rate-oracle", set: 1, operator: "alder" },
    { kind: "newcomer", day: 2, avs: "courier", capBps: 200, targetBps: 100, payBps: 90 },
    { kind: "retarget", day: 12, avs: "price-oracle", set: 1, targetBps: 200 },
    { kind: "expel", day: 13, operator: "cedar" },
    { kind: "seize", day: 21, avs: "courier", operator: "dogwood", bps: 10_000 },
    { kind: "turn", day: 21, avs: "courier", change: "slasher" },
  ],
};

/** Its first week, in which everything that chance decides has its turn. */
const week: ScenarioInput = { ...scenario, days: 7, events: scenario.events.filter(({ day }) => day <= 7) };

/** Lives through a scenario, and undoes it. */
async function told(seed: number, input = week): Promise<Outcome> {
  const start = await takeSnapshot();
  try {
    return await runStory({ scenario: parseScenario(input), seed, log: () => undefined });
  } finally {
    await start.restore();
  }
}

describe("A story", function () {
  let first: Outcome;

  before(async () => {
    first = await told(1, scenario);
  });

  it("keeps every promise on every day", () => {
    expect(first.tally.broken).to.deep.equal([]);
    expect(first.tally.checks.get("WQ-1")).to.equal(24);
    expect(first.tally.checks.get("IR-1")).to.equal(1);
  });

  it("pays leavers, and lets them bear the slash like those who stay", () => {
    const slashes = first.losses.filter(({ cause }) => cause === "slash");
    const [slash] = slashes;
    expect(slash).to.include({ subject: "elm", set: "rate-oracle/0" });
    // One loss each, though it took of three assets; none of the slash that was vetoed.
    expect(slashes.map(({ subject, set }) => `${subject} ${set}`)).to.have.members([
      "elm rate-oracle/0",
      "birch availability/0",
      "cedar finality/0",
      "alder rate-oracle/1",
      "dogwood courier/0",
    ]);
    const names = slash.bearers.map(({ name }) => name);
    expect(names).to.include.members(["Ada", "Ben", "Chioma"]);
    const ben = first.closing.find(({ name }) => name === "Ben");
    expect(ben?.gotOut).to.be.above(0n);
  });

  it("tells of every kind of evidence, of a veto and of what the bridge's insurance got", () => {
    const told = first.events.map(({ text }) => text).join("; ");
    expect(told).to.match(/alder reports far from the median in rate-oracle\/1; the slash is vetoed/);
    expect(told).to.match(/its insurance gets (10\.00|9\.99|10) stETH/);
  });

  it("admits a newcomer in public, drops it by anyone when it changes, and forgets it", () => {
    const told = first.events.map(({ text }) => text).join("; ");
    expect(told).to.match(/courier is admitted; operators join it/);
    expect(told).to.match(/courier turns hostile: it changes its slasher; /);
    expect(told).to.match(/keeper: quarantineSet/);
    expect(first.series[20].exposure["courier/0"]).to.be.above(0n);
    expect(first.series[24].exposure["courier/0"]).to.equal(0n);
    for (const id of ["RK-1", "RK-2", "RK-5", "RK-8", "RK-9", "OP-3"]) {
      expect(first.tally.checks.get(id), id).to.be.above(0);
    }
  });

  it("brings home what an operator has that was set aside", () => {
    expect(first.series[13].stake.cedar).to.be.above(0n);
    expect(first.series[24].stake.cedar).to.equal(0n);
  });

  it("tells the yield by its sources", () => {
    expect(first.yields?.lst).to.be.above(0n);
    expect(first.yields?.avs).to.be.above(0n);
    expect(first.yields?.incentives).to.be.above(0n);
  });

  it("lets what AVSs pay reach the pool by true roots alone", () => {
    const told = first.events.map(({ text }) => text).join("; ");
    expect(told).to.match(/root \d gives a stranger everything/);
    expect(told).to.match(/root \d is not what was earned: it is disabled in its delay/);
    expect(told).to.match(/keeper: .*claimRewards, deliver, startLot/);
    expect(told).to.match(/a lot of REWARD is sold for \d\.\d+ ETH/);
    for (const id of ["RW-1", "RW-2", "RW-3", "RW-6", "RW-7", "RW-8", "RW-9"]) {
      expect(first.tally.checks.get(id), id).to.be.above(0);
    }
  });

  it("pays each line in its own asset", () => {
    const paid = first.events.map(({ text }) => /collects [\d. ]+ (\w+)$/.exec(text)?.[1]);
    expect(paid).to.include.members(["wstETH", "rETH", "cbETH"]);
  });

  it("is told the same for the same seed, to the byte, and differently for another", async () => {
    const once = stateOf(await told(1));
    expect(stateOf(await told(1))).to.equal(once);
    expect(stateOf(await told(2))).to.not.equal(once);
  });
});
