/** A standing protocol with holders in it, an attacker with capital, and a ledger of what he brings and takes. */
import { setBalance, setCode, setStorageAt } from "@nomicfoundation/hardhat-network-helpers";
import { MaxUint256, toBeHex, ZeroHash, type BaseContract, type Interface } from "ethers";
import { ethers } from "hardhat";
import { local } from "../../deploy/config/local";
import { parseConfig } from "../../deploy/config/schema";
import { ETHER, World, type Token as Brought } from "../../scripts/sim/world";
import type { HastyWalletMock } from "../../typechain-types";
import { hardhatChain } from "../conformance/chain";
import { slash } from "../exit-world";
import { fewAvss } from "../world";
import { ManyCalls } from "./many-calls";
import { down, WAD } from "./protocol-state";
import { Claims } from "./profit-claims";
import { planting, setWaiting, type Planted } from "./profit-plants";
import { Valued, type Sources } from "./profit-worth";
import { tomorrowAtTen } from "./start-time";
import type { Deed, Event } from "./profit-types";
import { assetOf, ASSETS, TOKENS, type Staked, type Token } from "./protocol-types";

const GAS = "0x1c9c380";
const HOLDERS = 3;
/** Capital of the attacker, of every token: ten times what everybody else has. */
const CAPITAL = 30_000n * WAD;
/** What he holds from the beginning: he may profit as one who stays, too. */
const HELD = 300n * WAD;
const NOTICES = "0x000000000000000000000000000000000000A110";

export class Arena extends Valued {
  /** Units that he and the passive holder have in tickets before anything begins. */
  atFirst!: Awaited<ReturnType<Valued["units"]>>;
  private readonly chain = hardhatChain();
  planted?: Planted;

  private constructor(
    world: World,
    wallet: HastyWalletMock,
    address: Record<string, string>,
    sources: Sources,
    private readonly others: string[],
  ) {
    super(world, wallet, address, sources);
  }

  static async create(): Promise<Arena> {
    const notice = await ethers.deployContract("SlashNoticeMock");
    await setCode(NOTICES, await ethers.provider.getCode(notice));
    const { instant, accounting, ...config } = fewAvss(local);
    // Without a fee a share of those who stay is worth what the assets are: nothing hides behind it.
    const input = {
      ...config,
      instant: { ...instant, pendingSlashes: NOTICES },
      accounting: { ...accounting, feeBps: 0 },
    };
    const world = await World.create(parseConfig(input));
    const { c } = world;
    const address: Record<string, string> = { ETH: ETHER, keeper: await world.keeper.getAddress() };
    for (const token of TOKENS.slice(1)) address[token] = world.ctx.address(token);
    for (const [i, asset] of (await c.registry.assets()).entries()) {
      const name = ASSETS.find((known) => address[known] === asset);
      if (i > 0 && name !== undefined) address[`strategy ${name}`] = (await c.registry.strategies())[i];
    }
    const people = { pool: c.pool, queue: c.queue, issuer: c.issuer, router: c.router, basket: c.baskets };
    for (const [name, contract] of Object.entries(people)) address[name] = await contract.getAddress();
    const others = await Promise.all([...Array(HOLDERS).keys()].map(async (i) => (await world.person(i)).getAddress()));
    const wallet = (await ethers.deployContract("HastyWalletMock")) as unknown as HastyWalletMock;
    const tokens: Sources["tokens"] = { stETH: c.stEth };
    for (const name of TOKENS.filter((token) => token !== "ETH" && token !== "stETH"))
      tokens[name] = await ethers.getContractAt("IERC20", address[name]);
    const many = await ManyCalls.deploy();
    const sources = { many, claims: await Claims.create(world, many, address), tokens };
    const arena = new Arena(world, wallet, address, sources, others);
    await arena.populate();
    return arena;
  }

  private async populate(): Promise<void> {
    const { world } = this;
    await tomorrowAtTen(world);
    await this.announce(false);
    await world.registerAll();
    const brings: [number, Brought | "ETH", bigint][] = [
      [0, "ETH", 1_500n],
      [1, "stETH", 1_000n],
      [2, "rETH", 300n],
      [2, "cbETH", 300n],
    ];
    for (const [who, token, amount] of brings) {
      const person = await world.person(who);
      if (token === "ETH") await world.depositEther(person, amount * WAD);
      else await world.deposit(person, token, amount * WAD);
      for (const at of [world.c.queue, world.c.instant, world.c.baskets])
        await (await world.c.trEth.connect(person).approve(at, MaxUint256)).wait();
    }
    await world.crank();
    await world.allocateAll();
    await world.pass(240n);
    const rich = await world.person(HOLDERS);
    const to = await this.wallet.getAddress();
    await setBalance(await rich.getAddress(), 20n * CAPITAL);
    for (const token of TOKENS.slice(1) as Brought[]) {
      await world.acquire(rich, token, CAPITAL);
      const contract = await this.token(token);
      await (await contract.connect(rich).transfer(to, CAPITAL)).wait();
      await this.acts([[contract, "approve", [this.address.pool, MaxUint256]]]);
    }
    await setBalance(to, CAPITAL);
    for (const at of [this.address.queue, await world.c.instant.getAddress(), await world.c.baskets.getAddress()]) {
      await this.acts([[world.c.trEth, "approve", [at, MaxUint256]]]);
    }
    await this.perform([{ do: "deposit", token: "ETH", amount: Number(HELD / WAD), via: "report" }]);
    // One basket is struck and half home, another one may be struck: his own part and others' in both.
    for (const amount of [30, 20]) {
      await this.perform([{ do: "basket", amount }]);
      await this.happen({ do: "other leaves by basket", amount: 2 * amount });
      await this.happen({ do: "wait", hours: 48 });
      if (amount === 30) await world.crank();
      if (amount === 30) this.passiveTickets = [this.basketTickets[0] + 1n]; // the next one of the same day
    }
    for (const token of ["rETH", "cbETH"] as const) await world.publish(token, (await world.rateOf(token)) + 1n);
    // A gain waits: what newcomers must pay for.
    await world.lidoEarns(60n);
    await this.keeperReports();
    this.atFirst = await this.units(await this.look());
  }

  /* ACTING */

  /** One transaction of the attacker: all or nothing. Whether it went through. */
  async perform(deeds: Deed[]): Promise<boolean> {
    if (this.planted === "waiting is sold") await setWaiting(this.world, 0n);
    const calls = (await Promise.all(deeds.map((deed) => this.calls(deed)))).flat();
    return this.planting(() => this.acts(calls));
  }

  /** What happens besides; returns what an outsider left to all holders by it [wei]. */
  async happen(event: Event): Promise<bigint> {
    return this.planting(() => this.happens(event));
  }

  private async happens(event: Event): Promise<bigint> {
    const { world } = this;
    const { c } = world;
    switch (event.do) {
      case "wait":
        await world.pass(BigInt(event.hours) * 3_600n);
        return 0n;
      case "earns":
        return this.changes(event.token, BigInt(event.bps));
      case "falls":
        await this.changes(event.token, -BigInt(event.bps));
        return 0n;
      case "finalise":
        await world.finaliseLido();
        return 0n;
      case "keeper":
        await world.crank();
        return 0n;
      case "slashes":
        await slash(world, 0, 0n, event.operator, (WAD * BigInt(event.part)) / 10_000n);
        return 0n;
      case "announces":
        await this.announce(event.pending);
        return 0n;
      case "other deposits":
        return this.otherDeposits(event.token, BigInt(event.amount) * WAD);
      case "other redeems":
        return this.otherRedeems(BigInt(event.amount) * WAD);
      case "other requests": {
        const args = [this.address[event.asset], BigInt(event.amount) * WAD, this.others[0]];
        await this.send(this.others[0], c.queue, "request", args);
        return 0n;
      }
      case "other leaves by basket":
        await this.send(this.others[0], c.baskets, "request", [BigInt(event.amount) * WAD, this.others[0]]);
        return 0n;
    }
  }

  /* INTERNALS */

  /** Contract, function and arguments of a deed; an ether value of shares is a little less of them than it buys. */
  private async calls(deed: Deed): Promise<Call[]> {
    const { c } = this.world;
    const { address } = this;
    const me = await this.wallet.getAddress();
    const sharesFor = async (amount: number) => {
      const { rateWad, waitingWad } = await c.pool.terms();
      return (((BigInt(amount) * WAD * WAD) / (rateWad + waitingWad)) * 999n) / 1_000n;
    };
    switch (deed.do) {
      case "deposit": {
        const amount = BigInt(deed.amount) * WAD;
        const args = [address[deed.token], amount, me, 0n, MaxUint256, ZeroHash];
        const value = deed.token === "ETH" ? amount : 0n;
        if (deed.via === "report") return [[c.pool, "reportAndDeposit", args, value]];
        return deed.token === "ETH" ? [[c.pool, "depositEther", args.slice(2), value]] : [[c.pool, "deposit", args]];
      }
      case "request":
        return [[c.queue, "request", [address[deed.asset], await sharesFor(deed.amount), me]]];
      case "redeem":
        return [[c.instant, "redeem", [await sharesFor(deed.amount), 0n, me, MaxUint256]]];
      case "claim":
        return [[c.queue, "claim", [this.ticket(deed.ticket)]]];
      case "move":
        return [[c.queue, "moveTicket", [this.ticket(deed.ticket), address[deed.asset]]]];
      case "basket":
        return [[c.baskets, "request", [await sharesFor(deed.amount), me]]];
      case "strike":
        return [[c.baskets, "strike", [[...(await c.baskets.unstruckDays())][0] ?? 0n]]];
      case "divide":
        return [[c.basketBook, "divide", [deed.steps]]];
      case "collect": {
        const id = this.basketTickets[deed.ticket % this.basketTickets.length] ?? 0n;
        return [[c.baskets, "claim", [id, ASSETS.map((name) => address[name])]]];
      }
      case "give": {
        const isShare = deed.token === "trETH";
        const token: BaseContract = deed.token === "trETH" ? c.trEth : await this.token(deed.token);
        const to = deed.to === "strategy" ? `strategy ${isShare ? "wstETH" : assetOf(deed.token as Token)}` : deed.to;
        return [[token, "transfer", [address[to], BigInt(deed.amount) * WAD]]];
      }
      case "crank":
        if (deed.crank === "report" || deed.crank === "settle") return [[c.accountant, deed.crank, []]];
        if (deed.crank === "deliver") return [[c.router, "deliver", [address.wstETH]]];
        return [[c.issuer, deed.crank, deed.crank === "claim" ? [16n] : []]];
      case "line":
        if (deed.crank === "fill") return [[c.queue, "fill", [address[deed.asset], 4n]]];
        if (deed.crank === "syncAsset") return [[c.accountant, "syncAsset", [address[deed.asset]]]];
        return [[c.desk, deed.crank, [address[deed.asset], 16n]]];
      case "operator":
        if (deed.crank === "complete") return [[c.desk, "complete", [deed.operator, 16n]]];
        return [[c.accountant, "sync", [(await c.operators.delegators())[deed.operator]]]];
    }
  }

  private ticket(index: number): bigint {
    return this.tickets[index % this.tickets.length] ?? 0n;
  }

  private async acts(calls: Call[]): Promise<boolean> {
    const list = calls.map(async ([contract, name, args, value]) => ({
      target: await contract.getAddress(),
      value: value ?? 0n,
      data: contract.interface.encodeFunctionData(name, args),
    }));
    const data = this.wallet.interface.encodeFunctionData("execute", [await Promise.all(list)]);
    const { failed, logs } = await this.chain.send({
      from: this.address.keeper,
      to: await this.wallet.getAddress(),
      data,
      gas: GAS,
    });
    const { queue, baskets } = this.world.c;
    for (const log of logs) {
      const at = log.address.toLowerCase();
      const contract = at === this.address.queue.toLowerCase() ? queue : baskets;
      if (contract === baskets && at !== this.address.basket.toLowerCase()) continue;
      const event = contract.interface.parseLog(log);
      if (event?.name === "Requested") this.tickets.push(event.args.id as bigint);
      if (event?.name === "BasketRequested") this.basketTickets.push(event.args.id as bigint);
    }
    return failed === undefined;
  }

  private async send(
    from: string,
    contract: BaseContract,
    name: string,
    args: unknown[],
    value = 0n,
  ): Promise<boolean> {
    const data = contract.interface.encodeFunctionData(name, args);
    const to = await contract.getAddress();
    const hex = value === 0n ? "0x0" : `0x${value.toString(16)}`;
    return (await this.chain.send({ from, to, data, gas: GAS, value: hex })).failed === undefined;
  }

  /** An issuer's rate moves; returns what that is worth to all holders. */
  private async changes(token: Staked, bps: bigint): Promise<bigint> {
    const { world } = this;
    const before = (await this.look()).prices[token];
    if (token === "wstETH") await (bps > 0n ? world.lidoEarns(bps) : world.lidoLoses(-bps));
    else await world.publish(token, (before * (10_000n + bps)) / 10_000n);
    const { pool, restaked, unbonding } = await world.c.accountant.backing(this.address[token]);
    return down(pool + restaked + unbonding, (await this.look()).prices[token] - before, WAD);
  }

  private async otherDeposits(token: Token, amount: bigint): Promise<bigint> {
    const { world } = this;
    const from = this.others[1];
    const asset = assetOf(token);
    const before = await world.c.trEth.balanceOf(from);
    const { rateWad, waitingWad } = await world.c.pool.terms(); // what he pays for a share
    if (token === "ETH") {
      await this.send(from, world.c.pool, "depositEther", [from, 0n, MaxUint256, ZeroHash], amount);
    } else {
      const person = await world.person(1);
      await world.acquire(person, token, amount);
      await (await (await this.token(token)).connect(person).approve(this.address.pool, MaxUint256)).wait();
      await this.send(from, world.c.pool, "deposit", [this.address[token], amount, from, 0n, MaxUint256, ZeroHash]);
    }
    const minted = (await world.c.trEth.balanceOf(from)) - before;
    if (minted === 0n) return 0n;
    if (this.planted === "haircut is sold") await setWaiting(world, waitingWad);
    const units = token === "stETH" ? await world.c.stEth.getSharesByPooledEth(amount) : amount;
    const left = down(units, (await this.look()).prices[asset], WAD) - down(minted, rateWad + waitingWad, WAD);
    return left > 0n ? left : 0n;
  }

  private async otherRedeems(shares: bigint): Promise<bigint> {
    const { c } = this.world;
    await (await c.accountant.connect(this.world.keeper).settle()).wait(); // as the redemption will: he leaves that gain too
    const { rateWad, waitingWad } = await c.pool.terms();
    const before = await c.pool.idle(ETHER);
    await this.send(this.others[0], c.instant, "redeem", [shares, 0n, this.others[0], MaxUint256]);
    const paid = before - (await c.pool.idle(ETHER));
    return paid > 0n ? down(shares, rateWad + waitingWad, WAD) - paid : 0n;
  }

  private async announce(pending: boolean): Promise<void> {
    const today = (await this.chain.latest()).time / 86_400n;
    await setStorageAt(NOTICES, 0, toBeHex(pending ? 1n : 0n, 32));
    await setStorageAt(NOTICES, 1, toBeHex(pending ? today : MaxUint256, 32));
  }

  private async planting<T>(act: () => Promise<T>): Promise<T> {
    const part = async () => {
      const { shares, supply } = await this.look();
      return down(shares, WAD, supply);
    };
    return planting(this.world, this.planted, await this.wallet.getAddress(), part, act);
  }
}

type Call = [
  contract: { interface: Interface; getAddress(): Promise<string> },
  name: string,
  args: unknown[],
  value?: bigint,
];
