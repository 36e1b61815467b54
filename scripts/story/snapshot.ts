import { decodeBytes32String } from "ethers";
import type { World } from "../sim/world";
import type { BasketBook } from "./baskets";
import { readOutside, type OutsideBooks } from "./books";
import type { AssetCast, Cast } from "./cast";
import { noAssets, type AssetName, type BasketPlaces, type BasketTicket } from "./moment";
import type { Batch, PerAsset, Snapshot, Ticket } from "./moment";
import { ROLE } from "../../deploy/steps/roles";

/** Tickets and batches a story has seen; what is closed for good is forgotten. */
export class Line {
  readonly tickets = new Set<bigint>();
  /** Those of baskets, which never end. */
  readonly baskets = new Set<bigint>();
}

interface IdParts {
  asset: string;
  day: bigint;
}

/** Line and day, which every ticket's id carries. */
export function partsOf(id: bigint, cast: Cast): IdParts {
  return { asset: cast.assets[Number(id >> 64n)].address, day: (id >> 32n) & 0xffff_ffffn };
}

/** The same question about every asset. */
async function perAsset(cast: Cast, ask: (asset: AssetCast) => Promise<bigint>): Promise<PerAsset> {
  const answers = await Promise.all(cast.assets.map(ask));
  return { ...noAssets(), ...Object.fromEntries(cast.assets.map(({ name }, i) => [name, answers[i]])) };
}

/** Units of an asset that an account holds, in all its forms. */
async function heldBy({ c, ctx }: World, account: string, { name, address }: AssetCast): Promise<bigint> {
  if (name === "ETH") return ctx.provider.getBalance(account);
  const units = await (c.wstEth.attach(address) as typeof c.wstEth).balanceOf(account);
  return name === "wstETH" ? units + (await c.stEth.sharesOf(account)) : units;
}

async function readTickets(world: World, cast: Cast, line: Line): Promise<Ticket[]> {
  const ids = [...line.tickets].sort((a, b) => (a < b ? -1 : 1));
  const { queue } = world.c;
  return Promise.all(
    ids.map(async (id) => {
      const [status, shares] = await Promise.all([queue.withdrawalStatus(id), queue.sharesOf(id)]);
      const { day } = partsOf(id, cast);
      return {
        id,
        owner: cast.nameOf(status.owner),
        asset: cast.assetName(status.asset),
        day,
        shares,
        remaining: status.remainingShares,
        claimable: status.claimable,
      };
    }),
  );
}

async function readBatches(world: World, cast: Cast, tickets: Ticket[]): Promise<Batch[]> {
  const { queue } = world.c;
  const lines = cast.assets.map(({ address }) => address);
  const open = await Promise.all(lines.map((asset) => queue.openBatches(asset)));
  const keys = lines.flatMap((asset, i) => {
    const ofTickets = tickets.filter((t) => t.asset === cast.assetName(asset)).map(({ day }) => day);
    return [...new Set([...open[i], ...ofTickets])].sort((a, b) => (a < b ? -1 : 1)).map((day) => ({ asset, day }));
  });
  return Promise.all(
    keys.map(async ({ asset, day }) => {
      const { shares, remaining, assets } = await queue.batch(asset, day);
      return { asset: cast.assetName(asset), day, shares, remaining, assets };
    }),
  );
}

const nowhere = (): BasketPlaces => ({ arrived: 0n, restaked: 0n, unbonding: 0n, redeeming: 0n });

/** Something of every asset, from a list in the order of the cast. */
function byName<T>(cast: Cast, none: () => T, of: (asset: AssetName, i: number) => T): Record<AssetName, T> {
  const found = Object.fromEntries(cast.assets.map(({ name }, i) => [name, of(name, i)]));
  return { ETH: none(), wstETH: none(), rETH: none(), cbETH: none(), ...found };
}

/** What the lens tells of a basket ticket, at the latest or at an earlier block. */
export async function toldOf(
  { c }: World,
  cast: Cast,
  id: bigint,
  blockTag?: number,
): Promise<Omit<BasketTicket, "computed">> {
  const { status, coming, unreadable } = await c.basketLens.ticket(id, { blockTag });
  return {
    id,
    owner: cast.nameOf(status.owner),
    shares: status.shares,
    strike: Number(status.strike),
    claimable: byName(
      cast,
      () => 0n,
      (_, i) => status.claimable[i],
    ),
    told: byName(cast, nowhere, (_, i) => {
      const { inPool, restaked, unbonding, redeeming } = coming[i];
      return { arrived: status.claimed[i] + status.claimable[i] + inPool, restaked, unbonding, redeeming };
    }),
    unreadable: unreadable.length,
  };
}

async function readBaskets(
  world: World,
  cast: Cast,
  line: Line,
  book: BasketBook,
  outside: OutsideBooks,
): Promise<Snapshot["baskets"]> {
  const { baskets, pool } = world.c;
  const tickets = await Promise.all(
    [...line.baskets].map(async (id) => {
      const told = await toldOf(world, cast, id);
      const { strike, shares } = told;
      const whole = (await baskets.basket(id >> 32n)).shares;
      const computed = byName(cast, nowhere, (asset) => {
        if (strike === 0) return nowhere();
        const part = (units: bigint): bigint => (units * shares) / whole;
        const { restaked, unbonding, redeeming } = outside.comingTo(strike, asset);
        return {
          arrived: part(book.arrivedFor(strike, asset)),
          restaked: part(restaked),
          unbonding: part(unbonding),
          redeeming: part(redeeming),
        };
      });
      return { ...told, computed };
    }),
  );
  const [waiting, aside] = await Promise.all([
    baskets.waitingShares(),
    perAsset(cast, ({ address }) => pool.aside(address)),
  ]);
  return { tickets, waiting, aside };
}

/** The lens's findings, in words. */
async function readHealth({ c }: World): Promise<Snapshot["health"]> {
  return (await c.lens.health()).map(({ id, subject, holds, isEvaluated, measured, limit, reason }) => ({
    id: decodeBytes32String(id),
    subject,
    holds,
    line: isEvaluated ? `${measured} against ${limit}` : `could not be evaluated: ${reason}`,
  }));
}

/** Reads everything the promises speak of, at the latest block. */
export async function readSnapshot(
  world: World,
  cast: Cast,
  line: Line,
  day: number,
  { fresh, baskets }: { fresh: boolean; baskets: BasketBook },
): Promise<Snapshot> {
  const { c, ctx } = world;
  const { pool, queue } = cast.addresses;
  const [block, terms, idle] = await Promise.all([
    ctx.provider.getBlock("latest"),
    c.pool.terms(),
    perAsset(cast, ({ address }) => c.pool.idle(address)),
  ]);
  const [nav, supply, highWaterMark, totalLoss, fillsClosedUntil, outside, tickets, balances] = await Promise.all([
    c.accountant.netAssetValue(),
    c.trEth.totalSupply(),
    c.accountant.fee().then(({ highWaterMarkWad }) => highWaterMarkWad),
    c.accountant.totalLoss(),
    c.accountant.fillsClosedUntil(),
    readOutside(c, cast, idle, baskets),
    readTickets(world, cast, line),
    Promise.all(cast.holders.map(async ({ name, address }) => ({ name, shares: await c.trEth.balanceOf(address) }))),
  ]);
  const [held, setAside, queueShares, waiting] = await Promise.all([
    perAsset(cast, (asset) => heldBy(world, pool, asset)),
    perAsset(cast, (asset) => heldBy(world, queue, asset)),
    c.trEth.balanceOf(queue),
    perAsset(cast, ({ address }) => c.queue.waitingShares(address)),
  ]);
  const roles = await Promise.all(Object.values(ROLE).map((role) => c.manager.hasRole(role, ctx.deployer)));
  return {
    day,
    block: BigInt(block?.number ?? 0),
    time: BigInt(block?.timestamp ?? 0),
    rate: terms.rateWad,
    waiting: terms.waitingWad,
    nav,
    supply,
    highWaterMark,
    totalLoss,
    fillsClosedUntil,
    fresh,
    rates: outside.rates,
    idle,
    held,
    places: outside.places,
    queue: { held: setAside, shares: queueShares, waiting },
    batches: await readBatches(world, cast, tickets),
    tickets,
    baskets: await readBaskets(world, cast, line, baskets, outside),
    balances,
    operators: outside.operators,
    allocations: outside.allocations,
    sets: outside.sets,
    depositsClosedUntil: terms.closedUntil,
    reportOldAfter: terms.reportedAt + (await world.c.pool.MAX_REPORT_AGE()),
    health: await readHealth(world),
    deployerRoles: roles.filter(({ isMember }) => isMember).length,
  };
}
