/** The deployed protocol, doing the actions of the walk and showing what it compares. */
import { setBalance, setCode, setStorageAt } from "@nomicfoundation/hardhat-network-helpers";
import { MaxUint256, toBeHex, ZeroAddress, ZeroHash, type BaseContract, type Interface } from "ethers";
import { ethers } from "hardhat";
import type { ERC20Mock, FailingReaderMock } from "../../typechain-types";
import { parseConfig, type ConfigInput } from "../../deploy/config/schema";
import { ETHER, World } from "../../scripts/sim/world";
import { hardhatChain, type Chain, type Log } from "../conformance/chain";
import { as, slash } from "../exit-world";
import { failingReader, FAULT } from "../failing";
import { Looker, type Books } from "./protocol-look";
import { rulesOf, type Rules } from "./protocol-state";
import { nothing, Steps } from "./protocol-steps";
import { HOUR, tomorrowAtTen } from "./start-time";
import {
  assetOf,
  ASSETS,
  PEOPLE,
  TOKENS,
  type Action,
  type Asset,
  type Facts,
  type Moved,
  type Outcome,
  type Seen,
} from "./protocol-types";

const GAS = "0x1000000";
const WAD = 10n ** 18n;
/** What everybody has of every token. */
const STOCK = 30_000n * WAD;
/** Between two actions: more than what prepares one takes. */
const PAUSE = 60n;
/** Says what slashes are announced. */
const NOTICES = "0x000000000000000000000000000000000000A110";

const NOBODY = "0x000000000000000000000000000000000000dEaD";
type Call = { from: string; to: string; data: string; value?: bigint };

export class ProtocolChain {
  private readonly chain: Chain = hardhatChain();
  private time = 0n;
  private facts!: Facts;
  private seen!: Seen;

  private constructor(
    readonly world: World,
    readonly rules: Rules,
    private readonly books: Books,
    private readonly looker: Looker,
    private readonly errors: Interface[],
    /** Contracts whose logs matter. */
    private readonly emitters: Map<string, Interface>,
    private readonly reader: FailingReaderMock,
  ) {}

  /** Deploys by the real steps, gives people tokens, and reports once. */
  static async start(input: ConfigInput): Promise<ProtocolChain> {
    const notice = await ethers.deployContract("SlashNoticeMock");
    await setCode(NOTICES, await ethers.provider.getCode(notice));
    const config = parseConfig({ ...input, instant: { ...input.instant, pendingSlashes: NOTICES } });
    const world = await World.create(config);
    const { c } = world;
    const books: Books = {
      address: { ETH: ETHER },
      person: { nobody: NOBODY, fee: config.accounting.feeRecipient, queue: await c.queue.getAddress() },
      strategy: {},
      batches: [],
      tickets: [],
      baskets: [],
      basketTickets: [],
      strikes: 0,
      assets: [],
      notices: NOTICES,
    };
    for (const token of TOKENS.slice(1)) books.address[token] = world.ctx.address(token);
    const [strategies, assets] = [await c.registry.strategies(), [...(await c.registry.assets())]];
    books.assets = assets;
    for (const name of ASSETS.slice(1)) books.strategy[name] = strategies[assets.indexOf(books.address[name])];
    for (const [i, name] of PEOPLE.entries()) books.person[name] = await (await world.person(i)).getAddress();
    const ours = [c.pool, c.queue, c.instant, c.accountant, c.issuer, c.desk, c.operators, c.baskets, c.basketBook];
    const errors: Interface[] = ours.map((contract) => contract.interface);
    errors.push((await ethers.getContractFactory("RocketRateSource")).interface);
    const looker = await Looker.create(world, books);
    const emitters = new Map<string, Interface>();
    for (const at of [c.pool, c.queue, c.desk, c.issuer, c.baskets, c.basketBook])
      emitters.set((await at.getAddress()).toLowerCase(), at.interface);
    const reader = await failingReader(world);
    const chain = new ProtocolChain(world, rulesOf(config), books, looker, errors, emitters, reader);
    await chain.prepare();
    return chain;
  }

  private async prepare(): Promise<void> {
    const { world } = this;
    const reportAt = await tomorrowAtTen(world);
    await this.announce(false);
    for (const i of PEOPLE.keys()) {
      const person = await world.person(i);
      await setBalance(await person.getAddress(), 10n * STOCK);
      for (const token of TOKENS) if (token !== "ETH") await world.acquire(person, token, STOCK);
      const { pool, queue, instant, baskets, trEth } = world.c;
      for (const token of TOKENS.slice(1))
        await (await (await this.token(token)).connect(person).approve(pool, MaxUint256)).wait();
      for (const spender of [queue, instant, baskets])
        await (await trEth.connect(person).approve(spender, MaxUint256)).wait();
    }
    await world.registerAll();
    for (const token of ["rETH", "cbETH"] as const) await world.publish(token, (await world.rateOf(token)) + 1n);
    await this.chain.setNextTime(reportAt);
    await (await world.c.accountant.connect(world.keeper).report()).wait();
    await world.allocateAll();
    await this.chain.setNextTime(reportAt + HOUR);
    await this.chain.mineMany(20n, 12n); // allocations are in force
    await this.look();
  }

  /** Remembers what is known of the chain; the call that it returns forgets what came after. */
  remember(): () => void {
    const { books, facts, seen, time } = this;
    const { batches, tickets, baskets, basketTickets, strikes } = structuredClone(books);
    return () => {
      Object.assign(books, { batches, tickets, baskets, basketTickets, strikes });
      [this.facts, this.seen, this.time] = [facts, seen, time];
    };
  }

  /** Time of the report, and what the world said then and says now. */
  async beginning(): Promise<{ time: bigint; facts: Facts }> {
    const { reportedAt } = await this.world.c.pool.terms();
    return { time: reportedAt, facts: this.facts };
  }

  observed(): { seen: Seen; time: bigint } {
    return { seen: this.seen, time: this.time };
  }

  /* ACTING */

  /** Does it in a block of its own. */
  async perform(action: Action): Promise<Outcome> {
    const outside = await this.outside(action);
    const outcome: Outcome = { time: 0n, before: this.facts, after: this.facts, moved: nothing(), units: 0n };
    if (!outside) {
      if (action.do === "deposit") outcome.units = await this.unitsOf(action);
      const { from, to, data, value } = await this.call(action);
      await this.chain.setNextTime((await this.chain.latest()).time + PAUSE);
      const sent = { from, to, data, gas: GAS, value: toBeHex(value ?? 0n).replace(/^0x0+(?=.)/, "0x") };
      const { failed, logs } = await this.chain.send(sent);
      outcome.refused = failed === undefined ? undefined : this.errorName(failed);
      outcome.moved = this.follow(logs);
    }
    outcome.time = (await this.chain.latest()).time;
    await this.look();
    return { ...outcome, after: this.facts };
  }

  private async look(): Promise<void> {
    ({ facts: this.facts, seen: this.seen, time: this.time } = await this.looker.look());
  }

  private errorName(data: string): string {
    if (data === "0x") return "empty";
    for (const abi of this.errors) {
      const error = abi.parseError(data);
      if (error !== null) return error.name;
    }
    return data;
  }

  /** Actions outside of Trellis; whether it was one. */
  private async outside(action: Action): Promise<boolean> {
    const { world } = this;
    switch (action.do) {
      case "wait":
        await world.pass(BigInt(action.seconds));
        return true;
      case "lido":
        await (action.bps >= 0 ? world.lidoEarns(BigInt(action.bps)) : world.lidoLoses(BigInt(-action.bps)));
        return true;
      case "publish": {
        const rate = ((await world.rateOf(action.token)) * BigInt(10_000 + action.bps)) / 10_000n + 1n;
        await world.publish(action.token, rate);
        const market = (rate * BigInt(10_000 - action.marketBps)) / 10_000n;
        if (action.marketBps > 0)
          await (await world.c.markets[action.token]?.connect(world.keeper).report(market))?.wait();
        return true;
      }
      case "finalise":
        await world.finaliseLido();
        return true;
      case "slash":
        await slash(world, action.avs, 0n, action.operator, (WAD * BigInt(action.part)) / 10_000n);
        return true;
      case "undelegate": {
        const [{ delegation, controller }, staker] = [world.c, this.delegatorOf(action.operator)];
        if ((await delegation.delegatedTo(staker)) === ZeroAddress) return true; // once is for ever
        await (await delegation.connect(await as(await controller.getAddress())).undelegate(staker)).wait();
        return true;
      }
      case "mute":
        await (
          await this.reader.setFault(this.delegatorOf(action.operator), action.mute ? FAULT.Reverts : FAULT.None)
        ).wait();
        return true;
      case "announce":
        await this.announce(action.pending);
        return true;
      case "donate": {
        const { pool, queue } = world.c;
        const to = { pool, queue, strategy: this.books.strategy[assetOf(action.token)] }[action.to];
        const donor = await world.person(0);
        await (await (await this.token(action.token)).connect(donor).transfer(to, action.amount)).wait();
        return true;
      }
      default:
        return false;
    }
  }

  /** A pending slash holds batches from today on. */
  private async announce(pending: boolean): Promise<void> {
    const today = (await this.chain.latest()).time / 86_400n;
    await setStorageAt(NOTICES, 0, toBeHex(pending ? 1n : 0n, 32));
    await setStorageAt(NOTICES, 1, toBeHex(pending ? today : MaxUint256, 32));
  }

  private async token(name: string): Promise<ERC20Mock> {
    return (await ethers.getContractAt("ERC20Mock", this.books.address[name])) as unknown as ERC20Mock;
  }

  private async unitsOf({ token, amount }: Extract<Action, { do: "deposit" }>): Promise<bigint> {
    return token === "stETH" ? this.world.c.stEth.getSharesByPooledEth(amount) : BigInt(amount);
  }

  /** Sender, contract, function and arguments of an action of the protocol. */
  private async call(action: Action): Promise<Call> {
    const { c } = this.world;
    const { address, person, tickets, baskets, basketTickets } = this.books;
    const keeper = await this.world.keeper.getAddress();
    const make = async (from: string, contract: BaseContract, name: string, args: unknown[], value?: bigint) => ({
      from,
      to: await contract.getAddress(),
      data: contract.interface.encodeFunctionData(name, args),
      value,
    });
    const partOf = async (who: string, part: number) =>
      ((await c.trEth.balanceOf(person[who])) * BigInt(part)) / 10_000n;
    switch (action.do) {
      case "deposit": {
        const { who, token, amount, via } = action;
        const rest = [person[who], 0n, MaxUint256, ZeroHash];
        const value = token === "ETH" ? BigInt(amount) : undefined;
        const args = [address[token], amount, ...rest];
        if (via === "report") return make(person[who], c.pool, "reportAndDeposit", args, value);
        if (token === "ETH") return make(person[who], c.pool, "depositEther", rest, value);
        const permit = { deadline: MaxUint256, v: 27, r: ZeroHash, s: ZeroHash }; // nobody's: the allowance decides
        if (via === "permit") return make(person[who], c.pool, "depositWithPermit", [...args, permit]);
        return make(person[who], c.pool, "deposit", args);
      }
      case "transfer": {
        const args = [person[action.to], await partOf(action.who, action.part)];
        return make(person[action.who], c.trEth, "transfer", args);
      }
      case "request": {
        const args = [address[action.asset], await partOf(action.who, action.part), person[action.who]];
        return make(person[action.who], c.queue, "request", args);
      }
      case "fill":
        return make(keeper, c.queue, "fill", [address[action.asset], action.batches]);
      case "claim":
        return make(keeper, c.queue, "claim", [tickets[action.ticket % tickets.length]?.id ?? 0n]);
      case "move": {
        const ticket = tickets[action.ticket % tickets.length];
        const to = action.asset === "basket" ? await c.baskets.getAddress() : address[action.asset];
        return make(ticket?.owner ?? keeper, c.queue, "moveTicket", [ticket?.id ?? 0n, to]);
      }
      case "basket": {
        const args = [await partOf(action.who, action.part), person[action.who]];
        return make(person[action.who], c.baskets, "request", args);
      }
      case "strike":
        return make(keeper, c.baskets, "strike", [baskets[action.nth % baskets.length] ?? 0n]);
      case "divide":
        return make(keeper, c.basketBook, "divide", [action.steps]);
      case "collect": {
        const id = basketTickets[action.ticket % basketTickets.length]?.id ?? 0n;
        return make(keeper, c.baskets, "claim", [id, action.assets.map((asset) => address[asset])]);
      }
      case "redeem": {
        const args = [await partOf(action.who, action.part), 0n, person[action.who], MaxUint256];
        return make(person[action.who], c.instant, "redeem", args);
      }
      case "report":
      case "settle":
      case "syncIssuers":
        return make(keeper, c.accountant, action.do, []);
      case "sync":
        return make(keeper, c.accountant, "sync", [this.delegatorOf(action.operator)]);
      case "syncAsset":
        return make(keeper, c.accountant, "syncAsset", [address[action.asset]]);
      case "restake":
      case "unbond":
        return make(keeper, c.desk, action.do, [address[action.asset], 16n]);
      case "complete":
        return make(keeper, c.desk, "complete", [action.operator, 16n]);
      case "issuer":
        return make(keeper, c.issuer, action.crank, action.crank === "claim" ? [16n] : []);
      default:
        throw new Error(`${action.do} is no call`);
    }
  }

  private delegatorOf(operator: number): string {
    return this.looker.operators[operator];
  }

  /* FOLLOWING */

  /** Reads the logs of a call: what crossed the border, and which tickets and batches there are. */
  private follow(logs: Log[]): Moved {
    const name = (address: unknown) => ASSETS.find((asset) => this.books.address[asset] === address) as Asset;
    const steps = new Steps(name);
    for (const log of logs) {
      const event = this.emitters.get(log.address.toLowerCase())?.parseLog(log);
      if (event === null || event === undefined) continue;
      const { args } = event;
      steps.add(event.name, args);
      if (event.name === "Struck") this.books.strikes += 1;
      if (event.name === "Requested") this.joined(args.id as bigint, args.owner as string, name(args.asset));
      if (event.name === "BasketRequested") this.joinedBasket(args.id as bigint, args.owner as string);
      if (event.name === "Transfer" && args.to === ZeroAddress) {
        this.books.tickets = this.books.tickets.filter(({ id }) => id !== args.tokenId);
      }
    }
    return steps.moved;
  }

  private joined(id: bigint, owner: string, asset: Asset): void {
    const day = (id >> 32n) & 0xffffffffn;
    this.books.tickets.push({ id, owner });
    if (!this.books.batches.some((b) => b.asset === asset && b.day === day)) this.books.batches.push({ asset, day });
  }

  private joinedBasket(id: bigint, owner: string): void {
    const day = id >> 32n;
    this.books.basketTickets.push({ id, owner });
    if (!this.books.baskets.includes(day)) this.books.baskets.push(day);
  }
}
