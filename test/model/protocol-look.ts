/** Reads everything that the walk of the protocol compares, in one call, and what the world outside says, in the same. */
import type { BaseContract, Result } from "ethers";
import { ethers } from "hardhat";
import type { World } from "../../scripts/sim/world";
import { ManyCalls, type Ask } from "./many-calls";
import { BasketLooker } from "./protocol-look-baskets";
import { down, WAD } from "./protocol-state";
import { ASSETS, STAKED, type Asset, type AssetSeen, type Facts, type Seen } from "./protocol-types";
import { requestValues } from "./request-values";

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

export class Looker {
  private constructor(
    private readonly world: World,
    private readonly many: ManyCalls,
    private readonly books: Books,
    private readonly baskets: BasketLooker,
    private readonly outside: Record<string, BaseContract>,
  ) {}

  get operators(): string[] {
    return this.baskets.operators;
  }

  static async create(world: World, books: Books): Promise<Looker> {
    const at = async (abi: string, address: string) =>
      (await ethers.getContractAt(abi, address)) as unknown as BaseContract;
    const outside: Record<string, BaseContract> = { notices: await at("IPendingSlashes", books.notices) };
    for (const name of ["wstETH", "rETH", "cbETH"]) {
      outside[name] = await at("IERC20", books.address[name]);
      outside[`strategy ${name}`] = await at("IStrategy", books.strategy[name]);
    }
    return new Looker(world, await ManyCalls.deploy(), books, await BasketLooker.create(world, books), outside);
  }

  async look(): Promise<{ facts: Facts; seen: Seen; time: bigint }> {
    let facts = (): Facts => {
      throw new Error("nobody was asked");
    };
    let seen = (): Seen => {
      throw new Error("nobody was asked");
    };
    const time = await this.many.answer((ask) => {
      facts = this.facts(ask);
      seen = this.seen(ask);
    });
    const whole = facts();
    whole.requests = await requestValues(this.world);
    const all = seen();
    all.assets.ETH.aside = await this.world.ctx.provider.getBalance(this.books.person.queue);
    return { facts: whole, seen: all, time };
  }

  /* INTERNALS */

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
}
