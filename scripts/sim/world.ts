import { MaxUint256, type BaseContract, type ContractTransactionReceipt, type Signer } from "ethers";
import { deploy } from "../../deploy";
import type { Config } from "../../deploy/config/schema";
import type { Context } from "../../deploy/lib/context";
import { AVS } from "../../deploy/steps/names";
import { plan, planMoney } from "../keeper/plan";
import { errorName, send, type Sent } from "../keeper/send";
import { ETHER, readMoney, readState, type Look } from "../keeper/state";
import { finalityData, proveEquivocation, register, registrationData } from "./avs";
import { contractsOf, type Contracts } from "./contracts";
import { nextDay, pass } from "./time";

export { ETHER };

/** Accounts of the local node: 0 deploys, 1–9 are in the configuration, people come after. */
const FIRST_PERSON = 10;
const WAD = 10n ** 18n;
const NO_REFERRAL = `0x${"00".repeat(32)}`;

/** Tokens that people bring. */
export type Token = "WETH" | "stETH" | "wstETH" | Plain;
/** Tokens of issuers other than Lido. */
export type Plain = "rETH" | "cbETH";

/** A deployed system on a local node, with people in it. Its verbs act; they never judge. */
export class World {
  private constructor(
    readonly ctx: Context,
    readonly c: Contracts,
    readonly asset: string,
    /** Turns cranks and brings evidence: an account without any right. */
    readonly keeper: Signer,
  ) {}

  /** Deploys by the real steps. */
  static async create(config?: Config): Promise<World> {
    return World.of((await deploy({ config })).ctx);
  }

  /** People for a system that stands already; `outside` are contracts of others that the world plays itself. */
  static async of(ctx: Context, outside: Partial<Contracts> = {}): Promise<World> {
    const c = { ...(await contractsOf(ctx)), ...outside };
    const keeper = await ctx.provider.getSigner(FIRST_PERSON);
    return new World(ctx, c, ctx.address("wstETH"), keeper);
  }

  /** The n-th person, who holds ether and nothing else. */
  person(n: number): Promise<Signer> {
    return this.ctx.provider.getSigner(FIRST_PERSON + 1 + n);
  }

  signer(address: string): Promise<Signer> {
    return this.ctx.provider.getSigner(address);
  }

  /* COMING IN */

  async depositEther(by: Signer, amount: bigint): Promise<bigint> {
    const pool = this.c.pool.connect(by);
    const to = await by.getAddress();
    return this.minted(to, () =>
      pool.reportAndDeposit(ETHER, amount, to, 0n, MaxUint256, NO_REFERRAL, { value: amount }),
    );
  }

  /** Gets `amount` of a token in exchange for ether, approves and deposits it. */
  async deposit(by: Signer, token: Token, amount: bigint): Promise<bigint> {
    // Its issuer has reported today; a rate that does not change at all is one that nobody looks after.
    if (token === "rETH" || token === "cbETH") await this.publish(token, (await this.rateOf(token)) + 1n);
    const contract = await this.acquire(by, token, amount);
    const to = await by.getAddress();
    const pool = this.c.pool.connect(by);
    await (await contract.connect(by).approve(await pool.getAddress(), MaxUint256)).wait();
    const address = await contract.getAddress();
    return this.minted(to, () => pool.reportAndDeposit(address, amount, to, 0n, MaxUint256, NO_REFERRAL));
  }

  /** Turns ether of `by` into at least `amount` of a token. */
  async acquire(by: Signer, token: Token, amount: bigint) {
    const { weth, stEth, wstEth } = this.c;
    const to = await by.getAddress();
    if (token === "rETH" || token === "cbETH") return this.acquirePlain(by, token, amount);
    if (token === "WETH") {
      await (await weth.connect(by).deposit({ value: amount })).wait();
      return weth;
    }
    const value = (token === "wstETH" ? await wstEth.getStETHByWstETH(amount) : amount) + 10n;
    await (await stEth.connect(by).submit(to, { value })).wait();
    if (token === "stETH") return stEth;
    await (await stEth.connect(by).approve(await wstEth.getAddress(), value)).wait();
    await (await wstEth.connect(by).wrap(value)).wait();
    return wstEth;
  }

  /* GOING OUT */

  /** Puts shares in line; returns the ticket. */
  async request(by: Signer, asset: string, shares: bigint): Promise<bigint> {
    const { queue, trEth } = this.c;
    const receiver = await by.getAddress();
    await (await trEth.connect(by).approve(await queue.getAddress(), shares)).wait();
    const connected = queue.connect(by);
    const id = await connected.request.staticCall(asset, shares, receiver);
    await (await connected.request(asset, shares, receiver)).wait();
    return id;
  }

  /** Puts shares into today's basket; returns the ticket. */
  async leaveByBasket(by: Signer, shares: bigint): Promise<bigint> {
    const { baskets, trEth } = this.c;
    const receiver = await by.getAddress();
    await (await trEth.connect(by).approve(await baskets.getAddress(), shares)).wait();
    const connected = baskets.connect(by);
    const id = await connected.request.staticCall(shares, receiver);
    await (await connected.request(shares, receiver)).wait();
    return id;
  }

  /** Redeems shares for ether at once; returns the ether. */
  async redeemInstantly(by: Signer, shares: bigint): Promise<bigint> {
    const { instant, trEth } = this.c;
    const receiver = await by.getAddress();
    await (await trEth.connect(by).approve(await instant.getAddress(), shares)).wait();
    const call = [shares, 0n, receiver, MaxUint256] as const;
    const paid = await instant.connect(by).redeem.staticCall(...call);
    await (await instant.connect(by).redeem(...call)).wait();
    return paid;
  }

  async claim(id: bigint): Promise<ContractTransactionReceipt | null> {
    return (await this.c.queue.connect(this.keeper).claim(id)).wait();
  }

  /* CRANKS */

  /** Turns the cranks that have money to move, once. */
  async crank(): Promise<Sent[]> {
    return send(this.keeperContracts(), planMoney(await readMoney(this.c)));
  }

  /** Does everything a keeper does, once; told so, without what costs most to look at. */
  async keep(look?: Look): Promise<Sent[]> {
    return send(this.keeperContracts(), plan(await readState(this.c, look)));
  }

  /** Lets days pass, cranking each morning; Lido finalises what it was asked for. */
  async days(count: number): Promise<Sent[]> {
    const sent: Sent[] = [];
    for (let i = 0; i < count; ++i) {
      await nextDay(this.ctx.provider, 60n);
      await this.finaliseLido();
      sent.push(...(await this.crank()));
    }
    return sent;
  }

  /** Lets seconds pass without touching anything. */
  pass(seconds: bigint): Promise<void> {
    return pass(this.ctx.provider, seconds);
  }

  /** Brings every operator's allocations as close to its targets as caps allow. */
  async allocateAll(): Promise<void> {
    const controller = this.c.controller.connect(this.keeper);
    for (const [operatorId] of (await this.c.operators.operators()).entries()) {
      for (const { avs, id } of await this.c.sets.sets()) {
        try {
          await (await controller.allocate(operatorId, { avs, id })).wait();
        } catch (error) {
          if (errorName(this.c, error) !== "NothingToChange") throw error;
        }
      }
    }
  }

  /* OUTSIDE */

  /** Node operators register for all sets of every AVS that we allocate to. */
  async registerAll(): Promise<void> {
    const { avss, availability, finality } = this.c;
    const registerAt = async (avs: BaseContract, dataOf: (account: string) => Promise<string>) => {
      const address = await avs.getAddress();
      const config = this.ctx.config.avss.find(({ name }) => this.ctx.address(AVS(name)) === address);
      const ids = (config?.sets ?? []).map(({ id }) => id);
      await register(this.c, address, ids, dataOf, (nodeOperator) => this.signer(nodeOperator));
    };
    for (const avs of [...avss, ...availability]) await registerAt(avs, (account) => registrationData(avs, account));
    for (const avs of finality) await registerAt(avs, (account) => finalityData(avs, account));
  }

  /** stETH earns `bps` of everything in it. */
  async lidoEarns(bps: bigint): Promise<void> {
    const value = ((await this.c.stEth.getTotalPooledEther()) * bps) / 10_000n;
    await (await this.c.stEth.connect(this.keeper).reward({ value })).wait();
  }

  /** stETH loses `bps` of everything in it. */
  async lidoLoses(bps: bigint): Promise<void> {
    const amount = ((await this.c.stEth.getTotalPooledEther()) * bps) / 10_000n;
    await (await this.c.stEth.connect(this.keeper).penalize(amount)).wait();
  }

  /** Ether value of 1e18 of a token, by its issuer. */
  async rateOf(token: Plain): Promise<bigint> {
    return token === "rETH"
      ? this.issuer("rocket").token.getExchangeRate()
      : this.issuer("coinbase").token.exchangeRate();
  }

  /** An issuer's report and the market's price of the day: `rateWad` both. Whoever watches cbETH looks at it. */
  async publish(token: Plain, rateWad: bigint): Promise<void> {
    if (token === "rETH") {
      await (await this.issuer("rocket").balances.connect(this.keeper).report(rateWad, WAD)).wait();
    } else {
      const coinbase = this.issuer("coinbase");
      const look = async () => (await coinbase.source.connect(this.keeper).poke()).wait();
      await look();
      await (await coinbase.token.connect(this.ctx.signer).updateExchangeRate(rateWad)).wait();
      await look();
    }
    await (await this.c.markets[token]?.connect(this.keeper).report(rateWad))?.wait();
  }

  /** Lido pays for what its queue waits for. */
  async finaliseLido(): Promise<void> {
    if ((await this.c.lidoQueue.unfinalizedStETH()) === 0n) return;
    await (await this.c.stEth.connect(this.keeper).finalizeWithdrawals(1_000n)).wait();
  }

  /** An operator signs two values for one round of a set, and somebody proves it. */
  equivocate(avsIndex: number, operatorId: number, setId = 0n): Promise<void> {
    return proveEquivocation(this.c, avsIndex, operatorId, setId, this.keeper);
  }

  /* INTERNALS */

  private async acquirePlain(by: Signer, token: Plain, amount: bigint) {
    const value = (amount * (await this.rateOf(token))) / WAD + 10n;
    if (token === "rETH") {
      const rocket = this.issuer("rocket");
      await (await rocket.depositPool.connect(by).deposit({ value })).wait();
      return rocket.token;
    }
    const coinbase = this.issuer("coinbase");
    await (await coinbase.token.connect(by).mint(await by.getAddress(), { value })).wait();
    return coinbase.token;
  }

  private issuer<K extends "rocket" | "coinbase">(name: K): NonNullable<Contracts[K]> {
    const issuer = this.c[name];
    if (issuer === undefined) throw new Error(`there is no stand-in for ${name}`);
    return issuer;
  }

  private keeperContracts(): Contracts {
    const { accountant, issuer, desk, queue, baskets, basketBook, router, sets, notices, controller } = this.c;
    const { operators, attribution, allocation, cappedFeed } = this.c;
    return {
      ...this.c,
      accountant: accountant.connect(this.keeper),
      issuer: issuer.connect(this.keeper),
      desk: desk.connect(this.keeper),
      queue: queue.connect(this.keeper),
      router: router.connect(this.keeper),
      sets: sets.connect(this.keeper),
      notices: notices.connect(this.keeper),
      controller: controller.connect(this.keeper),
      operators: operators.connect(this.keeper),
      attribution: attribution.connect(this.keeper),
      allocation: allocation.connect(this.keeper),
      cappedFeed: cappedFeed.connect(this.keeper),
      baskets: baskets.connect(this.keeper),
      basketBook: basketBook.connect(this.keeper),
    };
  }

  private async minted(to: string, send: () => Promise<{ wait(): Promise<unknown> }>): Promise<bigint> {
    const before = await this.c.trEth.balanceOf(to); // read before anything is sent, not beside it
    await (await send()).wait();
    return (await this.c.trEth.balanceOf(to)) - before;
  }
}
