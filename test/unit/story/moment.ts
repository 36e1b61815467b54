import { emptyJournal } from "../../../scripts/story/journal";
import type { AssetName, BasketTicket, Journal, Moment, Snapshot } from "../../../scripts/story/moment";

const E = 10n ** 18n;
const DAY = 86_400n;
/** Midnight of the day of the story's moment. */
export const TODAY = 22_000n * DAY;

/** Every asset that operators hold as stake, in the order in which a snapshot has them. */
export const RESTAKED = ["wstETH", "rETH", "cbETH"] as const;

function snapshot(day: number): Snapshot {
  return {
    day,
    block: 1_000n + BigInt(day) * 7_200n,
    time: TODAY + 3_600n,
    rate: E,
    waiting: 0n,
    nav: 100n * E,
    supply: 100n * E,
    highWaterMark: E,
    totalLoss: day === 2 ? 5n : 0n,
    fillsClosedUntil: 0n,
    fresh: true,
    rates: { ETH: E, wstETH: E, rETH: E, cbETH: E },
    idle: { ETH: 10n * E, wstETH: 15n * E, rETH: 5n * E, cbETH: 0n },
    held: { ETH: 12n * E, wstETH: 16n * E, rETH: 5n * E, cbETH: 0n },
    places: { idle: 30n * E, restaked: 60n * E, unbonding: 10n * E, redeeming: 0n },
    queue: {
      held: { ETH: 5n * E, wstETH: 0n, rETH: 0n, cbETH: 0n },
      shares: 10n * E,
      waiting: { ETH: 10n * E, wstETH: 0n, rETH: 0n, cbETH: 0n },
    },
    batches: [
      { asset: "ETH", day: 21_990n, shares: 8n * E, remaining: 4n * E, assets: 4n * E },
      { asset: "ETH", day: 21_998n, shares: 6n * E, remaining: 6n * E, assets: 0n },
    ],
    tickets: [
      { id: 1n, owner: "Ada", asset: "ETH", day: 21_990n, shares: 8n * E, remaining: 4n * E, claimable: 4n * E },
    ],
    baskets: {
      tickets: [basketTicket(7n, "Ada", 1)],
      waiting: 0n,
      aside: { ETH: 2n * E, wstETH: E, rETH: 0n, cbETH: 0n },
    },
    balances: [
      { name: "Ada", shares: 90n * E },
      { name: "the line", shares: 10n * E },
    ],
    operators: [operator("alder"), operator("birch"), operator("elm")],
    allocations: RESTAKED.flatMap((asset) => [
      allocation(asset, "alder", "avs/0"),
      allocation(asset, "alder", "avs/1"),
      allocation(asset, "birch", "avs/0"),
    ]),
    sets: [set("avs/0", day), set("avs/1", day)],
    deployerRoles: 0,
    depositsClosedUntil: 0n,
    reportOldAfter: 2n ** 40n,
    health: ["A4-rate", "A9-deposits", "A9-fills", "AGE", "BOOK"].map((id) => ({
      id,
      subject: "it",
      holds: true,
      line: "",
    })),
  };
}

/** What a ticket has had and will get: 2 ETH were idle, 1 wstETH has come, the rest is on its way. */
const basketPlaces = (): BasketTicket["told"] => ({
  ETH: { arrived: 2n * E, restaked: 0n, unbonding: 0n, redeeming: E },
  wstETH: { arrived: E, restaked: 3n * E, unbonding: 2n * E, redeeming: 0n },
  rETH: { arrived: 0n, restaked: E, unbonding: 0n, redeeming: 0n },
  cbETH: { arrived: 0n, restaked: 0n, unbonding: E, redeeming: 0n },
});

export const basketTicket = (id: bigint, owner: string, strike: number): BasketTicket => ({
  ...{ id, owner, strike, shares: E, unreadable: 0 },
  claimable: { ETH: 2n * E, wstETH: E, rETH: 0n, cbETH: 0n },
  told: basketPlaces(),
  computed: basketPlaces(),
});

const operator = (name: string) => ({
  name,
  account: name,
  delegator: name,
  stakes: RESTAKED.map((asset) => ({ asset, value: 35n * E, maxMagnitude: E, encumbered: E / 10n })),
  isSetAside: name === "elm",
});

/** The second set had changed yesterday evening, and was dropped today; before that it was a newcomer. */
const set = (name: string, day: number) => ({
  set: name,
  avs: "avs",
  exposure: E,
  isAdmitted: name === "avs/0" || day === 1,
  isDropped: name === "avs/1" && day === 2,
  isSound: name === "avs/0",
});

const allocation = (asset: AssetName, name: string, set: string) => ({
  operator: name,
  set,
  asset,
  current: E / 20n,
  pending: 0n,
  effectBlock: 0n,
});

function journal(): Journal {
  return {
    ...emptyJournal(),
    termsChanged: 1,
    reports: [
      { nav: 100n * E, supply: 100n * E, rate: E, feeShares: 0n, time: TODAY, lastReport: TODAY - DAY, from: E },
    ],
    deposits: [{ value: E, shares: E, price: E, receiver: "Ada" }],
    fills: [
      {
        asset: "ETH",
        day: 21_990n,
        shares: E,
        units: E,
        rate: E,
        assetRate: E,
        time: TODAY,
        nav: 100n * E,
        supply: 100n * E,
      },
    ],
    instants: [
      {
        who: "Ada",
        receiver: "Ada",
        shares: E,
        paid: E - E / 400n,
        fee: E / 400n,
        rate: E,
        time: TODAY,
        idle: 15n * E,
        waiting: 10n * E,
        price: E,
        nav: 100n * E,
        supply: 100n * E,
      },
    ],
    strikes: [
      {
        strike: 2,
        shares: E,
        supply: 10n * E,
        before: {
          ...{ rate: E, waiting: 0n, totalLoss: 0n },
          units: { ETH: 30n * E, wstETH: 60n * E, rETH: 10n * E, cbETH: 10n * E },
        },
        after: { rate: E, waiting: 0n, totalLoss: 0n },
        tickets: [{ id: 8n, owner: "Ada", told: basketPlaces() }],
      },
    ],
    donations: [{ to: "pool", navBefore: E, navAfter: E }],
    shareMoves: [{ from: "Ada", to: "the line", sender: "Ada", shares: E }],
    increases: RESTAKED.map((asset) => ({ set: "avs/0", asset, exposure: E, cap: E, avsExposure: E, avsCap: E })),
    kept: true,
    admitted: [{ set: "avs/0", proposedAt: TODAY - 6n * DAY, time: TODAY }],
    slashes: RESTAKED.map((asset) => ({ operator: "elm", set: "avs/0", asset, wad: 1n, block: 1n })),
    losses: [{ kind: 0, subject: "elm", value: 5n, block: 2n }],
    attributed: [{ operator: "elm", set: "avs/0", value: 5n, block: 2n }],
    roots: [{ root: "root", funded: { REWARD: 30n } }],
    told: [{ root: "root", earned: { REWARD: 30n }, isTrue: true, fallen: 0 }],
    disabledRoots: 1,
    rewardClaims: [
      { earner: "alder", isOurs: true, recipient: "the router", token: "REWARD", amount: 9n, isDisabled: false },
    ],
    pots: [{ token: "REWARD", funded: 50n, claimed: 9n, held: 41n }],
    sales: [
      {
        ...{ token: "REWARD", units: E, value: 7n, start: 10n, floor: 4n },
        ...{ startedAt: TODAY, endsAt: TODAY + 3_600n, time: TODAY + 1_800n },
        ...{ rateBefore: E, rate: E, price: E, supply: 100n * E, nav: 100n * E },
      },
    ],
    restakes: [{ operator: "alder", asset: "rETH", units: E, cap: E }],
  };
}

/** A day on which nothing is wrong. */
export function honestDay(): Moment {
  return {
    before: snapshot(1),
    after: snapshot(2),
    journal: journal(),
    rules: {
      growthCapBpsPerDay: 10n,
      feeCapBpsPerDay: 2n,
      reserveBps: 1_000n,
      budgetBps: 2_000n,
      allocationDelay: 10n,
      closingTime: DAY,
      admissionWait: 6n * DAY,
      instant: { watermarkBps: 100n, minFeeBps: 15n, maxFeeBps: 100n, bucketBps: 50n },
      people: ["Ada"],
      pool: "the pool",
      queue: "the line",
      router: "the router",
    },
  };
}
