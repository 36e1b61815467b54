import { network } from "hardhat";
import type { Signer } from "ethers";
import { local } from "../../deploy/config/local";
import { parseConfig, type ConfigInput } from "../../deploy/config/schema";
import { errorName } from "../../scripts/keeper/send";
import { BLOCK_SECONDS, DAY, nextDay, now } from "../../scripts/sim/time";
import { ETHER, World, type Token } from "../../scripts/sim/world";
import { Random } from "../../scripts/story/random";
import { slash } from "../exit-world";

// A random walk that knows only the dates that tickets were told, and looks every day whether they hold.

/** People who come, go and stay. */
const PEOPLE = 5;
const WAD = 10n ** 18n;
/** Refusals and closed doors that are part of the game. */
const EXPECTED = new Set([
  "BackingExceeded",
  "RequestTooSmall",
  "DepositsClosed",
  "InflowExceeded",
  "InstantClosed",
  "BucketExceeded",
  "RedemptionTooSmall",
  "BufferExceeded",
]);

/** How long an engine keeps what is withdrawn: as on a chain of our own, or as on mainnet. */
export type Engine = "quick" | "real";
const REAL_DELAY_BLOCKS = 100_800;

function configOf(engine: Engine): ConfigInput {
  if (engine === "quick") return local;
  const exitTimeSeconds = REAL_DELAY_BLOCKS * 12 + 5 * 86_400;
  return {
    ...local,
    engine: { ...local.engine, kind: "deploy", withdrawalDelayBlocks: REAL_DELAY_BLOCKS } as ConfigInput["engine"],
    withdrawals: { ...local.withdrawals, exitTimeSeconds },
    governance: { ...local.governance, adminDelaySeconds: exitTimeSeconds + 86_400 },
  };
}

/** A world with stake in every asset, before anybody leaves. */
export async function populated(engine: Engine): Promise<World> {
  // The engine looks back by its delay: no real chain is younger than that.
  if (engine === "real") await network.provider.send("hardhat_mine", [`0x${REAL_DELAY_BLOCKS.toString(16)}`, "0xc"]);
  const world = await World.create(parseConfig(configOf(engine)));
  const tokens: Token[] = ["stETH", "rETH", "cbETH", "wstETH"];
  await world.depositEther(await world.person(0), 60n * WAD);
  for (const [i, token] of tokens.entries()) await world.deposit(await world.person(i + 1), token, 40n * WAD);
  await world.crank();
  await world.registerAll();
  await world.allocateAll();
  await world.pass(20n * BLOCK_SECONDS);
  await world.crank();
  return world;
}

/** A ticket and what it was told when it was made. */
interface Told {
  id: bigint;
  asset: string;
  earliest: bigint;
  latest: bigint;
  /** Time by which it is paid, after what has happened since: equal to `latest` without a cause. */
  due: bigint;
  filled: boolean;
}

export interface Walked {
  seed: number;
  engine: Engine;
  tickets: number;
  /** Tickets whose date a slash of what was on its way has moved. */
  moved: number;
  /** Least time between a payment in full and its latest date [seconds]. */
  closest: bigint;
  told: string[];
  failures: string[];
}

/** One run on a world that stands; leaves it as it was. */
export async function walkExits(world: World, engine: Engine, seed: number, days = 5): Promise<Walked> {
  const untouched = (await network.provider.send("evm_snapshot")) as string;
  try {
    return await new ExitWalk(world, engine, seed).run(days);
  } finally {
    await network.provider.send("evm_revert", [untouched]);
  }
}

class ExitWalk {
  private readonly random: Random;
  private readonly tickets: Told[] = [];
  private readonly walked: Walked;
  /** Mornings on which Lido pays nothing: once in a run, for less than the issuer's time. */
  private lidoRests = 0n;
  private hasRested = false;
  private readonly exitTime: bigint;

  constructor(
    private readonly world: World,
    engine: Engine,
    seed: number,
  ) {
    this.random = new Random(seed, `exits ${engine}`);
    this.walked = { seed, engine, tickets: 0, moved: 0, closest: 10n ** 9n, told: [], failures: [] };
    this.exitTime = world.ctx.config.withdrawals.exitTimeSeconds;
  }

  async run(days: number): Promise<Walked> {
    const hour = this.random.between(60n, DAY - 3_600n); // of the day, at which the keeper comes
    for (let day = 0; day < days; ++day) {
      await this.dawn(hour, true);
      for (let n = this.random.between(1n, 4n); n > 0n; --n) await this.act();
    }
    const wait = this.exitTime + this.world.ctx.config.withdrawals.issuerTimeSeconds;
    for (let day = 0n; day <= (2n * wait) / DAY + 2n && !this.done(); ++day) {
      await this.dawn(hour, this.random.chance(5_000n));
    }
    this.walked.tickets = this.tickets.length;
    this.walked.moved = this.tickets.filter(({ due, latest }) => due !== latest).length;
    return this.walked;
  }

  /* EVERY DAY */

  private async dawn(hour: bigint, lively: boolean): Promise<void> {
    const { provider } = this.world.ctx;
    await nextDay(provider, 12n);
    await this.look(); // before midnight's dates pass unseen
    if (lively) await this.weather();
    const time = await now(provider);
    const morning = (time / DAY) * DAY + hour;
    if (morning > time) await this.world.pass(morning - time);
    for (const token of ["rETH", "cbETH"] as const) {
      await this.world.publish(
        token,
        ((await this.world.rateOf(token)) * this.random.between(100_000n, 100_030n)) / 100_000n,
      );
    }
    if (this.lidoRests > 0n) --this.lidoRests;
    else await this.world.finaliseLido();
    await this.world.crank();
    await this.look();
  }

  /** What happens to everybody. */
  private async weather(): Promise<void> {
    const dice = this.random.between(0n, 99n);
    if (dice < 45n) await this.world.lidoEarns(this.random.between(1n, 4n));
    else if (dice < 50n) await this.note("stETH loses", () => this.world.lidoLoses(this.random.between(1n, 90n)));
    else if (dice < 60n) await this.note("rewards come", () => this.rewards(this.random.between(1n, 60n)));
    else if (dice < 66n) this.closeLido();
    else if (dice < 76n) await this.slash();
  }

  private async act(): Promise<void> {
    const { world, random } = this;
    const who = await world.person(Number(random.between(0n, BigInt(PEOPLE) - 1n)));
    await world.pass(random.between(1n, 7n) * 1_200n);
    const dice = random.between(0n, 99n);
    if (dice < 65n) return this.attempt(() => this.request(who));
    if (dice < 70n) return this.attempt(() => this.redeem(who));
    const token = (["stETH", "wstETH", "rETH", "cbETH", "ETH"] as const)[Number(random.between(0n, 4n))];
    const amount = random.between(WAD / 100n, 20n * WAD);
    await this.attempt(() => (token === "ETH" ? world.depositEther(who, amount) : world.deposit(who, token, amount)));
  }

  /* DEEDS */

  private async request(who: Signer): Promise<void> {
    const { c } = this.world;
    const assets = [...(await c.registry.assets())];
    const asset = assets[Number(this.random.between(0n, BigInt(assets.length) - 1n))];
    const has = await c.trEth.balanceOf(who);
    const shares = this.random.chance(3_000n) ? has : (has * this.random.between(1n, 9_999n)) / 10_000n;
    const id = await this.world.request(who, asset, shares);
    const { earliest, latest } = await c.queue.withdrawalStatus(id);
    this.tickets.push({ id, asset, earliest, latest, due: latest, filled: false });
    this.walked.told.push(`${await this.when()} request ${id} of ${shares} for ${asset}`);
  }

  private async redeem(who: Signer): Promise<void> {
    const has = await this.world.c.trEth.balanceOf(who);
    await this.world.redeemInstantly(who, (has * this.random.between(1n, 100n)) / 10_000n);
  }

  /** A slash takes part of what waits on its way: for that part the time begins anew. */
  private async slash(): Promise<void> {
    const operator = Number(this.random.between(0n, 4n));
    const avs = Number(this.random.between(0n, 1n));
    await this.note(`operator ${operator} is slashed`, () =>
      slash(this.world, avs, 0n, operator, this.random.between(1n, WAD)),
    );
    const anew = ((await now(this.world.ctx.provider)) / DAY + 1n) * DAY + this.exitTime;
    for (const t of this.tickets) {
      if (t.filled) continue;
      const issuerTime = t.asset === ETHER ? this.world.ctx.config.withdrawals.issuerTimeSeconds : 0n;
      t.due = anew + issuerTime > t.due ? anew + issuerTime : t.due;
    }
  }

  /** Rewards that are there at once: the rate recognises them day by day, and a share is worth more units than before. */
  private async rewards(bps: bigint): Promise<void> {
    const { world } = this;
    const backing = await world.c.accountant.backing(world.asset);
    const amount = ((await world.c.stEth.getPooledEthByShares(backing.restaked)) * bps) / 10_000n;
    if (amount === 0n) return;
    const stEth = await world.acquire(world.keeper, "stETH", amount);
    await (await stEth.connect(world.keeper).transfer(world.c.strategy, amount)).wait();
  }

  private closeLido(): void {
    if (this.hasRested) return;
    this.hasRested = true;
    this.lidoRests = this.random.between(1n, 3n);
  }

  /* LOOKING */

  private async look(): Promise<void> {
    const time = await now(this.world.ctx.provider);
    for (const t of this.tickets.filter(({ filled }) => !filled)) await this.lookAt(t, time);
  }

  private async lookAt(t: Told, time: bigint): Promise<void> {
    const status = await this.world.c.queue.withdrawalStatus(t.id);
    const wrong = (text: string) => this.walked.failures.push(`${time}: ticket ${t.id} for ${t.asset} ${text}`);
    if (status.latest !== t.latest) wrong(`was told ${t.latest}, now ${status.latest}`);
    if (status.earliest !== t.earliest) wrong(`was told ${t.earliest} at the earliest, now ${status.earliest}`);
    if (time < t.earliest && status.claimable > 0n) wrong(`is paid before ${t.earliest}`);
    t.filled = status.remainingShares === 0n;
    if (t.filled) {
      const spare = t.due - time;
      if (spare < this.walked.closest) this.walked.closest = spare;
      return;
    }
    if (time <= t.due || (await this.isShort(t.asset))) return;
    wrong(`waits with ${status.remainingShares} shares after ${t.due}`);
    t.filled = true; // told once
  }

  /** Whether there is less of an asset than its line is worth, wherever it is: losses of one asset do that. */
  private async isShort(asset: string): Promise<boolean> {
    const { c } = this.world;
    return c.issuer.room(asset).then(
      () => false,
      () => true,
    );
  }

  private done(): boolean {
    return this.tickets.every(({ filled }) => filled);
  }

  /* INTERNALS */

  private async when(): Promise<string> {
    const time = await now(this.world.ctx.provider);
    return `day ${time / DAY} + ${time % DAY}:`;
  }

  private async note(text: string, deed: () => Promise<unknown>): Promise<void> {
    this.walked.told.push(`${await this.when()} ${text}`);
    await deed();
  }

  private async attempt(deed: () => Promise<unknown>): Promise<void> {
    try {
      await deed();
    } catch (error) {
      const name = errorName(this.world.c, error);
      if (name === undefined || !EXPECTED.has(name)) throw error;
    }
  }
}
