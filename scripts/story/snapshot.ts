import { decodeBytes32String } from "ethers";
import type { World } from "../sim/world";
import { readOutside } from "./books";
import type { AssetCast, Cast } from "./cast";
import type { Batch, PerAsset, Snapshot, Ticket } from "./moment";
import { ROLE } from "../../deploy/steps/roles";

/** Tickets and batches a story has seen; what is closed for good is forgotten. */
export class Line {
  readonly tickets = new Set<bigint>();
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
  const none: PerAsset = { ETH: 0n, wstETH: 0n, rETH: 0n, cbETH: 0n };
  return { ...none, ...Object.fromEntries(cast.assets.map(({ name }, i) => [name, answers[i]])) };
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
  fresh: boolean,
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
    readOutside(c, cast, idle),
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
