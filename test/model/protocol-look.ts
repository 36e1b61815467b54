/** Reads everything that the walk of the protocol compares, in one call, and what the world outside says, in the same. */
import { concat, toBeHex, type BaseContract, type FunctionFragment, type Result } from "ethers";
import { ethers } from "hardhat";
import type { World } from "../../scripts/sim/world";
import { BasketLooker } from "./protocol-look-baskets";
import { down, least, WAD } from "./protocol-state";
import { ASSETS, STAKED, type Asset, type AssetSeen, type Facts, type Seen } from "./protocol-types";

/** Addresses by short name, and what there is to ask for. */
export interface Books {
  /** Of every token. */
  address: Record<string, string>;
  person: Record<string, string>;
  strategy: Record<string, string>;
  batches: { asset: Asset; day: bigint }[];
  tickets: { id: bigint; owner: string }[];
  /** Days that have a basket. */
  baskets: bigint[];
  basketTickets: { id: bigint; owner: string }[];
  strikes: number;
  /** The registry's assets, in its order. */
  assets: string[];
  notices: string;
}

interface Question {
  contract: BaseContract;
  to: string;
  name: string;
  args: unknown[];
  take: (answer: Result) => void;
  mayFail: boolean;
}

type Take = (answer: Result) => void;
export type Ask = (contract: BaseContract, name: string, args: unknown[], take: Take, mayFail?: boolean) => void;

const GAS = "0x1c9c380";

export class Looker {
  private readonly questions = new Map<string, string>();
  private readonly functions = new Map<string, FunctionFragment>();

  private constructor(
    private readonly world: World,
    private readonly many: string,
    private readonly books: Books,
    private readonly baskets: BasketLooker,
    private readonly outside: Record<string, BaseContract>,
  ) {}

  get operators(): string[] {
    return this.baskets.operators;
  }

  static async create(world: World, many: string, books: Books): Promise<Looker> {
    const at = async (abi: string, address: string) =>
      (await ethers.getContractAt(abi, address)) as unknown as BaseContract;
    const outside: Record<string, BaseContract> = { notices: await at("IPendingSlashes", books.notices) };
    for (const name of ["wstETH", "rETH", "cbETH"]) {
      outside[name] = await at("IERC20", books.address[name]);
      outside[`strategy ${name}`] = await at("IStrategy", books.strategy[name]);
    }
    return new Looker(world, many, books, await BasketLooker.create(world, books), outside);
  }

  async look(): Promise<{ facts: Facts; seen: Seen; time: bigint }> {
    const questions: Question[] = [];
    const targets = new Map<BaseContract, string>();
    for (const contract of this.contracts()) targets.set(contract, await contract.getAddress());
    const ask: Ask = (contract, name, args, take, mayFail = false) =>
      questions.push({ contract, to: targets.get(contract) as string, name, args, take, mayFail });
    const facts = this.facts(ask);
    const seen = this.seen(ask);
    const time = await this.answer(questions);
    const whole = facts();
    whole.requests = await this.requests();
    const all = seen();
    all.assets.ETH.aside = await this.world.ctx.provider.getBalance(this.books.person.queue);
    return { facts: whole, seen: all, time };
  }

  /* INTERNALS */

  private contracts(): BaseContract[] {
    const { pool, accountant, trEth, queue, instant, delegation, stEth, rocket, coinbase, markets } = this.world.c;
    const others = [rocket, coinbase, markets].flatMap((group) => Object.values(group ?? {}) as BaseContract[]);
    return [
      pool,
      accountant,
      trEth,
      queue,
      instant,
      delegation,
      stEth,
      ...others,
      ...Object.values(this.outside),
      ...this.baskets.contracts(),
    ];
  }

  private facts(ask: Ask): () => Facts {
    const { c } = this.world;
    const { rocket, coinbase, markets } = c;
    if (rocket === undefined || coinbase === undefined) throw new Error("rETH or cbETH is not there");
    const got: Record<string, bigint> = {};
    const keep = (name: string) => (answer: Result) => (got[name] = answer[0] as bigint);
    const marketOf: Facts["market"] = {};
    ask(c.stEth, "getTotalShares", [], keep("shares"));
    ask(c.stEth, "getTotalPooledEther", [], keep("pooled"));
    ask(rocket.token, "getExchangeRate", [], keep("rETH"));
    ask(coinbase.token, "exchangeRate", [], keep("cbETH"));
    ask(rocket.balances, "getBalancesTimestamp", [], keep("rETH at"));
    ask(coinbase.source, "seen", [], ([seen]) => (got["cbETH at"] = (seen as { changedAt: bigint }).changedAt));
    for (const token of ["rETH", "cbETH"] as const) {
      const market = markets[token];
      if (market === undefined) continue;
      ask(
        market,
        "latestRoundData",
        [],
        ([, price, , at]) => (marketOf[token] = { price: price as bigint, at: at as bigint }),
      );
    }
    for (const asset of STAKED) {
      ask(this.outside[`strategy ${asset}`], "sharesToUnderlyingView", [WAD], keep(`per ${asset}`));
    }
    ask(this.outside.notices, "isSlashPending", [], ([pending]) => (got.pending = pending ? 1n : 0n));
    ask(this.outside.notices, "heldFrom", [], keep("heldFrom"));
    ask(c.issuer, "redeemingValue", [], keep("redeeming"));
    const stakes = this.baskets.stakes(ask);
    return () => ({
      rate: { wstETH: down(WAD, got.pooled, got.shares), rETH: got.rETH, cbETH: got.cbETH },
      // The strategy of wstETH holds stETH, whose unit is a share of Lido's.
      perShare: {
        wstETH: down(got["per wstETH"], got.shares, got.pooled),
        rETH: got["per rETH"],
        cbETH: got["per cbETH"],
      },
      ratedAt: { wstETH: 0n, rETH: got["rETH at"], cbETH: got["cbETH at"] },
      market: marketOf,
      ...stakes(),
      requests: {},
      redeeming: got.redeeming,
      pending: got.pending === 1n,
      heldFrom: got.heldFrom,
    });
  }

  private seen(ask: Ask): () => Seen {
    const { pool, accountant, trEth, queue, instant } = this.world.c;
    const seen = { shares: {}, assets: {}, batches: {}, tickets: {} } as Seen;
    ask(trEth, "totalSupply", [], ([supply]) => (seen.supply = supply as bigint));
    for (const [name, address] of Object.entries(this.books.person)) {
      ask(trEth, "balanceOf", [address], ([shares]) => (seen.shares[name] = shares as bigint));
    }
    ask(pool, "terms", [], ([terms]) => {
      const { rateWad, waitingWad, reportedAt, closedUntil } = terms as Record<string, bigint>;
      Object.assign(seen, { rate: rateWad, waiting: waitingWad, reportedAt, closedUntil });
    });
    const number = (contract: BaseContract, name: string, key: "nav" | "redeeming" | "loss" | "fillsClosedUntil") =>
      ask(contract, name, [], ([value]) => (seen[key] = value as bigint));
    number(accountant, "netAssetValue", "nav");
    number(accountant, "redeeming", "redeeming");
    number(accountant, "totalLoss", "loss");
    ask(accountant, "fee", [], ([, , mark]) => (seen.mark = mark as bigint));
    number(accountant, "fillsClosedUntil", "fillsClosedUntil");
    ask(accountant, "feeToday", [], ([minted, limit]) =>
      Object.assign(seen, { feeMinted: minted as bigint, feeLimit: limit as bigint }),
    );
    for (const asset of ASSETS) this.seeAsset(ask, asset, seen);
    this.baskets.see(ask, seen);
    for (const { asset, day } of this.books.batches) {
      ask(queue, "batch", [this.books.address[asset], day], ([batch]) => {
        const { shares, remaining, assets, tickets } = batch as Record<string, bigint>;
        seen.batches[`${asset} ${day}`] = { shares, remaining, assets, tickets };
      });
    }
    const nameOf = new Map(Object.entries(this.books.person).map(([name, address]) => [address, name]));
    for (const { id } of this.books.tickets) {
      ask(queue, "withdrawalStatus", [id], ([status]) => {
        const { owner, claimable, remainingShares } = status as {
          owner: string;
          claimable: bigint;
          remainingShares: bigint;
        };
        seen.tickets[String(id)] = { owner: nameOf.get(owner) ?? owner, claimable, remaining: remainingShares };
      });
    }
    ask(instant, "buffer", [], ([buffer]) => {
      const { level, target, watermark, sharesLeft } = buffer as Record<string, bigint>;
      seen.buffer = { level, target, watermark, sharesLeft };
    });
    return () => {
      for (const [name, at] of Object.entries(seen.assets)) {
        // A batch that its tickets have left stays listed until the next fill.
        at.open = at.open.filter((day) => seen.batches[`${name} ${day}`].remaining > 0n);
      }
      return seen;
    };
  }

  private seeAsset(ask: Ask, asset: Asset, seen: Seen): void {
    const { pool, accountant, queue } = this.world.c;
    const address = this.books.address[asset];
    const at = (seen.assets[asset] = { aside: 0n } as AssetSeen);
    ask(pool, "assetTerms", [address], ([terms]) => {
      const { idle, headroom, rateWad } = terms as Record<string, bigint>;
      Object.assign(at, { idle, headroom, rate: rateWad });
    });
    ask(pool, "inflow", [address], ([inflow]) => {
      const { left, limit } = inflow as Record<string, bigint>;
      Object.assign(at, { left, limit });
    });
    ask(accountant, "backing", [address], ([backing]) => {
      const { restaked, unbonding } = backing as Record<string, bigint>;
      Object.assign(at, { restaked, unbonding });
    });
    ask(queue, "waitingShares", [address], ([shares]) => (at.waitingShares = shares as bigint));
    ask(queue, "waitingUnits", [address], ([all, due]) => {
      Object.assign(at, { waitingUnits: all as bigint, dueUnits: due as bigint });
    });
    ask(queue, "openBatches", [address], ([days]) => (at.open = (days as bigint[]).map(Number)));
    if (asset !== "ETH")
      ask(this.outside[asset], "balanceOf", [this.books.person.queue], ([held]) => (at.aside = held as bigint));
  }

  /** What the issuers would pay for each thing that they were asked to redeem, by their own numbers. */
  private async requests(): Promise<Record<string, bigint>> {
    const { issuer, lidoQueue, stEth } = this.world.c;
    const ids = [...(await issuer.openRequests())];
    const values: Record<string, bigint> = {};
    if (ids.length === 0) return values;
    const hints = await lidoQueue.findCheckpointHints(ids, 1n, await lidoQueue.getLastCheckpointIndex());
    const paid = await lidoQueue.getClaimableEther(ids, [...hints]);
    for (const [i, request] of (await lidoQueue.getWithdrawalStatus(ids)).entries()) {
      const worth = await stEth.getPooledEthByShares(request.amountOfShares);
      values[String(ids[i])] = request.isFinalized ? paid[i] : least(request.amountOfStETH, worth);
    }
    return values;
  }

  /** A question is asked after every action, and encoded once. */
  private encoded(contract: BaseContract, to: string, name: string, args: unknown[]): string {
    const key = [to, name, ...args.flat()].join();
    const known = this.questions.get(key) ?? contract.interface.encodeFunctionData(name, args);
    this.questions.set(key, known);
    return known;
  }

  private named(contract: BaseContract, to: string, name: string): FunctionFragment {
    const known = this.functions.get(to + name) ?? contract.interface.getFunction(name);
    if (known === null) throw new Error(`there is no ${name}`);
    this.functions.set(to + name, known);
    return known;
  }

  /** Asks all questions in one call; returns the time of it. */
  private async answer(questions: Question[]): Promise<bigint> {
    const data = concat(
      questions.flatMap(({ contract, to, name, args }) => {
        const call = this.encoded(contract, to, name, args);
        return [to, toBeHex((call.length - 2) / 2, 4), call];
      }),
    );
    const provider = this.world.ctx.provider;
    const result = (await provider.send("eth_call", [{ to: this.many, data, gas: GAS }, "latest"])) as string;
    let at = 2 + 64;
    const word = () => BigInt(`0x${result.slice(at, (at += 64))}`);
    const time = word();
    for (const { contract, to, name, take, mayFail } of questions) {
      const [ok, length] = [word(), Number(word()) * 2];
      const answer = `0x${result.slice(at, (at += length))}`;
      if (ok !== 1n && mayFail) continue;
      if (ok !== 1n) throw new Error(`${name} reverts with ${answer}`);
      take(contract.interface.decodeFunctionResult(this.named(contract, to, name), answer));
    }
    return time;
  }
}
