import { expect } from "chai";
import { checkAll, newTally, promises } from "../../../scripts/story/promises";
import type { Allocation, AssetName, Moment, OperatorStake } from "../../../scripts/story/moment";
import { basketTicket, honestDay, RESTAKED, TODAY } from "./moment";

const E = 10n ** 18n;
const DAY = 86_400n;

const slash = (m: Moment, asset: AssetName) =>
  m.journal.slashes.push({ operator: "alder", set: "avs/0", asset, wad: E, block: 1n });

/** Something of the honest day, looked up by what it is of. */
function the<T>(list: T[], of: Partial<T>): T {
  const found = list.find((item) => Object.entries(of).every(([key, value]) => item[key as keyof T] === value));
  if (found === undefined) throw new Error(`nothing of ${Object.values(of).join(" ")}`);
  return found;
}

const stake = (m: Moment, name: string, asset: AssetName): OperatorStake =>
  the(the(m.after.operators, { name }).stakes, { asset });

const allocation = (m: Moment, set: string, asset: AssetName): Allocation =>
  the(m.after.allocations, { operator: "alder", set, asset });

/** For every promise that is kept asset by asset a day on which it is broken with one asset. */
const brokenWith: Record<string, (m: Moment, asset: AssetName) => void> = {
  "AL-1": (m, asset) => (the(m.journal.increases, { asset }).exposure += 3n),
  "AL-2": (m, asset) => (the(m.journal.increases, { asset }).avsExposure += 5n),
  "AL-3": (m, asset) => (stake(m, "alder", asset).encumbered = (E * 9n) / 10n + 1n),
  "AL-4": (m, asset) => slash(m, asset) && (allocation(m, "avs/1", asset).current -= 1n),
  "AL-5": (m, asset) => slash(m, asset) && (stake(m, "alder", asset).maxMagnitude -= E / 20n + 1n),
  "AL-6": (m, asset) => {
    m.journal.allocated.push({ operator: "alder", set: "avs/0", asset, from: 0n, to: E, block: 100n });
    Object.assign(allocation(m, "avs/0", asset), { pending: E, effectBlock: 109n });
  },
  "AL-7": (m, asset) => slash(m, asset) && (stake(m, "birch", asset).maxMagnitude -= 1n),
  "RK-9": (m, asset) => m.journal.allocated.push({ operator: "elm", set: "avs/0", asset, from: 0n, to: 1n, block: 1n }),
};

/** The first asset's days, for the list of all promises. */
const brokenWithFirst = Object.fromEntries(
  Object.entries(brokenWith).map(([id, doctor]) => [id, (m: Moment) => doctor(m, RESTAKED[0])]),
);

/** For every promise a day on which it is broken. */
const broken: Record<string, (m: Moment) => void> = {
  A2: (m) => Object.assign(m.journal, { termsChanged: 0 }) && (m.before.rate -= 1n),
  "A3-places": (m) => (m.after.places.restaked -= 2n * 10n ** 9n),
  "A3-backed": (m) => (m.after.held.rETH -= 1n),
  "A3-donation": (m) => (m.journal.donations[0].navAfter += 1n),
  "A4-rate": (m) => (m.journal.reports[0].nav -= 100n),
  "A4-growth": (m) => (m.journal.reports[0].from = E - E / 500n),
  "A4-entry": (m) => (m.journal.deposits[0].shares += 1n),
  "A8-cap": (m) => Object.assign(m.journal.reports[0], { feeShares: E, rate: E / 2n }),
  "A8-mark": (m) => Object.assign(m.journal.reports[0], { feeShares: 1n, rate: E - 1n }),
  A9: (m) => (m.before.fillsClosedUntil = TODAY + 1n),
  "ACC-ledger": (m) => (m.after.totalLoss += 1n),
  "ACC-gross": (m) => (m.after.rate += E / 10n),
  "TR-1": (m) => (m.after.balances[0].shares -= 1n),
  "TR-2": (m) => (m.journal.shareMoves[0].sender = "Mallory"),
  "WQ-1": (m) => (m.after.queue.held.ETH = 4n * E - 1n),
  "WQ-2": (m) => (m.after.batches[1].remaining += 1n),
  "WQ-3": (m) => (m.journal.fills[0].day = 21_998n),
  "WQ-4": (m) => (m.journal.fills[0].time = (21_990n + 2n) * DAY - 1n),
  "WQ-5": (m) => (m.journal.fills[0].units += 1n),
  "WQ-6": (m) => (m.after.tickets[0].claimable -= 1n),
  "WQ-7": (m) => m.journal.claims.push({ id: 1n, receiver: "Mallory", asset: "ETH", units: 1n, block: 1n }),
  "WQ-8": (m) => (m.before.batches[0].remaining += 2n * E),
  "BK-slice": (m) => (m.journal.strikes[0].before.units.rETH += 2n * E),
  "BK-rate": (m) => (m.journal.strikes[0].after.waiting += 1n),
  "BK-backed": (m) => (m.after.baskets.aside.wstETH = E - 1n),
  "BK-coming": (m) => (m.after.baskets.tickets[0].told.cbETH.unbonding -= 201n),
  "IR-1": (m) => (m.journal.instants[0].idle = 11n * E - 1n),
  "IR-2": (m) => Object.assign(m.journal.instants[0], { paid: E - E / 1_000n, fee: E / 1_000n }),
  "IR-3": (m) => (m.journal.instants[0].shares = 2n * E),
  "IR-4": (m) => (m.before.fillsClosedUntil = TODAY + 1n),
  "IR-5": (m) => (m.journal.instants[0].paid += 1n),
  "RW-1": (m) => Object.assign(m.journal.sales[0], { value: 3n }),
  "RW-2": (m) => (m.journal.sales[0].value = 6n),
  "RW-3": (m) => (m.journal.sales[0].rate += 1n),
  "RW-6": (m) => (m.journal.rewardClaims[0].recipient = "Mallory"),
  "RW-7": (m) => (m.journal.told[0].earned.REWARD = 31n),
  "RW-8": (m) => (m.journal.pots[0].held -= 1n),
  "RW-9": (m) => (m.journal.rewardClaims[0].isDisabled = true),
  ...brokenWithFirst,
  "RK-1": (m) => (m.journal.admitted[0].proposedAt += 1n),
  "RK-2": (m) => (m.after.sets[1].isAdmitted = true),
  "RK-5": (m) => (m.journal.attributed[0].value -= 1n),
  "RK-8": (m) => (m.journal.attributed[0].set = "avs/1"),
  "OP-3": (m) => (m.journal.restakes[0].operator = "elm"),
  "OP-1": (m) => (m.journal.restakes[0].units += 2n * 10n ** 9n),
  "GOV-1": (m) => (m.after.deployerRoles = 1),
  LENS: (m) => (m.after.health[0].holds = false),
  A5: (m) => (m.journal.fills[0].nav -= 2n * 10n ** 9n),
};

const failing = (moment: Moment): string[] => checkAll(moment, newTally()).map(({ id }) => id);

describe("Story promises", () => {
  it("hold on an honest day", () => {
    expect(failing(honestDay())).to.deep.equal([]);
  });

  it("are at least fifteen, with an id each", () => {
    const ids = promises.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids.length).to.be.at.least(15);
    expect(Object.keys(broken).sort()).to.deep.equal([...ids].sort());
  });

  it("are counted when they are checked, and only then", () => {
    const tally = newTally();
    const stale = honestDay();
    stale.after.fresh = false;
    checkAll(honestDay(), tally);
    checkAll(stale, tally);
    expect(tally.checks.get("A3-places")).to.equal(1);
    expect(tally.checks.get("TR-1")).to.equal(2);
  });

  describe("about the lens", () => {
    /** An honest day with one finding that does not hold. */
    const day = (id: string, change: Partial<Moment["after"]>): string[] => {
      const moment = honestDay();
      Object.assign(moment.after, change);
      for (const finding of moment.after.health) finding.holds = finding.id !== id;
      return failing(moment).filter((name) => name === "LENS");
    };

    it("want a closed door to be closed there, and an open one to be open", () => {
      const later = TODAY + DAY;
      expect(day("A9-deposits", { depositsClosedUntil: later })).to.deep.equal([]);
      expect(day("A9-fills", { fillsClosedUntil: later })).to.deep.equal([]);
      expect(day("A9-fills", {})).to.deep.equal(["LENS"]);
      expect(day("AGE", { reportOldAfter: 0n })).to.deep.equal([]);
      expect(day("AGE", {})).to.deep.equal(["LENS"]);
      expect(day("", { fillsClosedUntil: later })).to.deep.equal(["LENS"]);
    });

    it("let the books wait for a report, and nothing else", () => {
      expect(day("BOOK", { fresh: false })).to.deep.equal([]);
      expect(day("BOOK", { fresh: true })).to.deep.equal(["LENS"]);
      expect(day("A4-rate", { fresh: false })).to.deep.equal(["LENS"]);
    });

    it("want it to have found something", () => {
      expect(day("", { health: [] })).to.deep.equal(["LENS"]);
    });
  });

  describe("about baskets", () => {
    /** A day without a slash on which a ticket has more, or less, of an asset on its way. */
    const day = (change: bigint, journal: Partial<Moment["journal"]> = {}): string[] => {
      const moment = honestDay();
      const [ticket] = moment.after.baskets.tickets;
      for (const places of [ticket.told, ticket.computed]) places.wstETH.unbonding += change;
      Object.assign(moment.journal, { slashes: [], ...journal });
      return failing(moment).filter((name) => name.startsWith("BK"));
    };
    const issuerLoss = { kind: 2, subject: "Lido", value: 5n, block: 2n };

    it("want a ticket to keep what it has, unless a slash or an issuer takes of it", () => {
      expect(day(-(10n ** 9n))).to.deep.equal([]);
      expect(day(-(10n ** 9n) - 1n)).to.deep.equal(["BK-slice"]);
      expect(day(-E, { slashes: honestDay().journal.slashes })).to.deep.equal([]);
      expect(day(-E, { losses: [issuerLoss] })).to.deep.equal([]);
    });

    it("want it not to grow, unless somebody gives to a strategy", () => {
      expect(day(10n ** 9n + 1n)).to.deep.equal(["BK-slice"]);
      expect(day(E, { donations: [{ to: "strategy", navBefore: E, navAfter: E }] })).to.deep.equal([]);
    });

    it("compare one that is struck today with its strike, and leave one alone that waits", () => {
      const moment = honestDay();
      Object.assign(moment.journal, { slashes: [] });
      moment.after.baskets.tickets.push(basketTicket(8n, "Ada", 2), basketTicket(9n, "Ada", 0));
      moment.after.baskets.aside = { ETH: 6n * E, wstETH: 3n * E, rETH: 0n, cbETH: 0n };
      Object.assign(moment.after, { held: { ETH: 16n * E, wstETH: 18n * E, rETH: 5n * E, cbETH: 0n } });
      expect(failing(moment)).to.deep.equal(["RK-8"]); // a loss entered under a set, and no slash
      for (const ticket of moment.after.baskets.tickets.slice(1)) {
        for (const places of [ticket.told, ticket.computed]) places.rETH.restaked -= E;
      }
      const found = checkAll(moment, newTally()).filter(({ id }) => id === "BK-slice");
      expect(found.map(({ line }) => line)).to.deep.equal([`ticket 8 had ${E} rETH in all, now 0`]);
    });

    it("want the lens to have read everything", () => {
      const moment = honestDay();
      moment.after.baskets.tickets[0].unreadable = 1;
      expect(failing(moment)).to.deep.equal(["BK-coming"]);
    });
  });

  for (const [id, doctor] of Object.entries(broken)) {
    const sentence = promises.find((p) => p.id === id)?.sentence;
    it(`sees ${id} broken: ${sentence}`, () => {
      const moment = honestDay();
      doctor(moment);
      expect(failing(moment)).to.include(id);
    });
  }

  for (const [id, doctor] of Object.entries(brokenWith)) {
    for (const asset of RESTAKED) {
      it(`sees ${id} broken with ${asset} alone, and says so`, () => {
        const moment = honestDay();
        doctor(moment, asset);
        const broken = checkAll(moment, newTally());
        expect(broken.map((b) => b.id)).to.deep.equal([id]);
        expect(broken.map((b) => b.line).join()).to.include(asset);
      });
    }
  }

  it("excuse a slash with one asset of nothing that happens to another", () => {
    const moment = honestDay();
    slash(moment, "rETH");
    allocation(moment, "avs/0", "rETH").current -= 1n;
    stake(moment, "alder", "rETH").maxMagnitude -= 1n;
    expect(failing(moment)).to.deep.equal([]);
    allocation(moment, "avs/0", "cbETH").current -= 1n;
    stake(moment, "alder", "cbETH").maxMagnitude -= 1n;
    expect(failing(moment)).to.have.members(["AL-4", "AL-7"]);
  });
});
