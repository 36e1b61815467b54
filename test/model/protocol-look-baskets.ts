/** The questions of the walk about stakes and baskets: what the engine says, and what the contracts make of it. */
import type { BaseContract } from "ethers";
import { ethers } from "hardhat";
import type { World } from "../../scripts/sim/world";
import type { Ask } from "./many-calls";
import type { Books } from "./protocol-look";
import { byAsset, perStaked } from "./protocol-state";
import { ASSETS, STAKED, type Facts, type Position, type Seen } from "./protocol-types";

export class BasketLooker {
  private constructor(
    private readonly world: World,
    private readonly books: Books,
    private readonly reader: BaseContract,
    private readonly accounts: string[],
    readonly operators: string[],
  ) {}

  static async create(world: World, books: Books): Promise<BasketLooker> {
    const { c } = world;
    const reader = (await ethers.getContractAt("StakeReader", await c.accountant.STAKES())) as unknown as BaseContract;
    const [accounts, delegators] = await c.operators.stakers();
    return new BasketLooker(world, books, reader, [...accounts], [...delegators]);
  }

  /** Stakes as the engine has them, and as the contracts divide them. */
  stakes(ask: Ask): () => Pick<Facts, "positions" | "stakes" | "stamps"> {
    const { c } = this.world;
    const strategies = STAKED.map((asset) => this.books.strategy[asset]);
    const positions: Position[] = this.operators.map(() => ({ restaked: perStaked(() => 0n), withdrawals: {} }));
    const stakes: Facts["stakes"] = this.operators.map(() => undefined);
    const stamps = this.operators.map(() => "");
    for (const [i, delegator] of this.operators.entries()) {
      ask(c.delegation, "getWithdrawableShares", [delegator, strategies], ([withdrawable]) => {
        STAKED.forEach((asset, j) => (positions[i].restaked[asset] = (withdrawable as bigint[])[j]));
      });
      ask(c.delegation, "getQueuedWithdrawals", [delegator], ([queue, shares]) => {
        for (const [k, { strategies: of, nonce }] of (queue as { strategies: string[]; nonce: bigint }[]).entries()) {
          const asset = STAKED[strategies.indexOf(of[0])];
          positions[i].withdrawals[String(nonce)] = { asset, shares: (shares as bigint[][])[k][0] };
        }
      });
      const args = [this.accounts[i], delegator, strategies, ethers.ZeroHash];
      // A staker that cannot be read reverts.
      ask(
        this.reader,
        "read",
        args,
        ([list, stamp]) => {
          const at = (key: "restaked" | "unbonding") =>
            perStaked((asset) => (list as Record<typeof key, bigint>[])[STAKED.indexOf(asset)][key]);
          stakes[i] = { restaked: at("restaked"), unbonding: at("unbonding") };
          stamps[i] = stamp as string;
        },
        true,
      );
    }
    return () => ({ positions, stakes, stamps });
  }

  /** Everything about baskets that can be seen, the books and marks of all stakers among it. */
  see(ask: Ask, seen: Seen): void {
    const { accountant, baskets, basketBook, pool } = this.world.c;
    const { address, strategy, person } = this.books;
    const number = (value: unknown) => Number(value);
    seen.books = this.operators.map(() => ({ restaked: perStaked(() => 0n), unbonding: perStaked(() => 0n) }));
    seen.marks = this.operators.map(() => perStaked(() => 0));
    for (const [i, delegator] of this.operators.entries()) {
      for (const asset of STAKED) {
        ask(accountant, "book", [delegator, address[asset]], ([book]) => {
          const { restaked, unbonding } = book as Record<string, bigint>;
          [seen.books[i].restaked[asset], seen.books[i].unbonding[asset]] = [restaked, unbonding];
        });
        ask(basketBook, "markOf", [delegator, strategy[asset]], ([mark]) => (seen.marks[i][asset] = number(mark)));
      }
    }
    for (const asset of ASSETS)
      ask(pool, "aside", [address[asset]], ([units]) => (seen.assets[asset].shelf = units as bigint));
    const all = (seen.baskets = { days: {}, credited: {}, tickets: {} } as Seen["baskets"]);
    ask(baskets, "waitingShares", [], ([shares]) => (all.waiting = shares as bigint));
    ask(baskets, "unstruckDays", [], ([days]) => (all.unstruck = (days as bigint[]).map(Number)));
    ask(basketBook, "lastStrike", [], ([strike]) => (all.strikes = number(strike)));
    ask(basketBook, "undivided", [], ([count, first]) => {
      all.undivided = number(count);
      const { asset, from, to, served, left } = first as Record<string, bigint> & { asset: string };
      all.first = count === 0n ? "" : `${this.nameOf(asset)} ${from} ${to} ${served} ${left}`;
    });
    for (const day of this.books.baskets) {
      ask(baskets, "basket", [day], ([basket]) => {
        const { shares, tickets, strike } = basket as Record<string, bigint>;
        all.days[String(day)] = { shares, tickets, strike: number(strike) };
      });
    }
    for (let strike = 1; strike <= this.books.strikes; ++strike) {
      const credited = (all.credited[strike] = byAsset(() => 0n));
      for (const asset of ASSETS)
        ask(basketBook, "credited", [strike, address[asset]], ([units]) => (credited[asset] = units as bigint));
    }
    const nameOf = new Map(Object.entries(person).map(([name, at]) => [at, name]));
    for (const { id } of this.books.basketTickets) {
      ask(baskets, "basketStatus", [id], ([status]) => {
        const { owner, claimable, claimed } = status as { owner: string; claimable: bigint[]; claimed: bigint[] };
        const inOrder = (units: bigint[]) => byAsset((asset) => units[this.books.assets.indexOf(address[asset])]);
        const ticket = { owner: nameOf.get(owner) ?? owner, claimable: inOrder(claimable), claimed: inOrder(claimed) };
        all.tickets[String(id)] = ticket;
      });
    }
  }

  private nameOf(address: string) {
    return ASSETS.find((asset) => this.books.address[asset] === address);
  }
}
