/** What basket tickets have: claimable, and on its way to their baskets, by exact parts. */
import type { BaseContract } from "ethers";
import { ethers, network } from "hardhat";
import type { World } from "../../scripts/sim/world";
import { fraction, part, plus, type Fraction } from "./baskets";
import type { ManyCalls } from "./many-calls";
import { byAsset, down, perStaked, WAD } from "./protocol-state";
import { ASSETS, STAKED, type Asset, type By, type Staked } from "./protocol-types";
import { requestValues } from "./request-values";

const WHOLE = 2n ** 128n;
/** Mantissas of factors are this large (`KeptMath`). */
const ONE_BITS = 127n;
/** More credits than any sequence leaves behind. */
const ALL = 1_000n;
const NOTHING = fraction(0n);

/** What pays later: units of an asset, and what of them a basket has. */
interface Coming {
  asset: Asset;
  units: bigint;
  partOf: (strike: number) => Fraction;
}

interface Noted {
  from: number;
  to: number;
  slice: Fraction;
}

export class Claims {
  private constructor(
    private readonly world: World,
    private readonly many: ManyCalls,
    private readonly delegators: string[],
    private readonly assets: string[],
    private readonly strategies: By<Staked, BaseContract>,
  ) {}

  static async create(world: World, many: ManyCalls, address: Record<string, string>): Promise<Claims> {
    const at = async (name: Staked) =>
      [
        name,
        (await ethers.getContractAt("IStrategy", address[`strategy ${name}`])) as unknown as BaseContract,
      ] as const;
    const strategies = Object.fromEntries(await Promise.all(STAKED.map(at))) as By<Staked, BaseContract>;
    const order = [...(await world.c.registry.assets())];
    const names = order.map((asset) => ASSETS.find((name) => address[name] === asset) ?? "");
    return new Claims(world, many, [...(await world.c.operators.delegators())], names, strategies);
  }

  /** Units of every asset that each list of basket tickets has, wherever they are. Leaves everything as it was. */
  async of(...lists: bigint[][]): Promise<By<Asset, bigint>[]> {
    const { basketBook } = this.world.c;
    const { count } = await basketBook.undivided();
    if (count === 0n) return this.divided(lists);
    const untouched = (await network.provider.send("evm_snapshot")) as string;
    try {
      await (await basketBook.connect(this.world.keeper).divide(ALL)).wait();
      return await this.divided(lists);
    } finally {
      await network.provider.send("evm_revert", [untouched]);
    }
  }

  /** The same, once all that has arrived is divided. */
  private async divided(lists: bigint[][]): Promise<By<Asset, bigint>[]> {
    const { baskets } = this.world.c;
    const tickets = lists.flatMap((list) => {
      const units = byAsset(() => 0n);
      return list.map((id) => ({ id, units, strike: 0, shares: 0n, all: 1n }));
    });
    await this.many.answer((ask) => {
      for (const ticket of tickets) {
        ask(baskets, "basketStatus", [ticket.id], ([status]) => {
          const { strike, shares, claimable } = status as { strike: bigint; shares: bigint; claimable: bigint[] };
          for (const name of ASSETS) ticket.units[name] += claimable[this.assets.indexOf(name)];
          [ticket.strike, ticket.shares] = [Number(strike), shares];
        });
        ask(baskets, "basket", [ticket.id >> 32n], ([basket]) => (ticket.all = (basket as { shares: bigint }).shares));
      }
    });
    const struck = tickets.filter(({ strike }) => strike !== 0);
    for (const { asset, units, partOf } of struck.length === 0 ? [] : await this.coming()) {
      for (const ticket of struck) {
        const { n, d } = part(partOf(ticket.strike), units * ticket.shares, ticket.all);
        ticket.units[asset] += n / d;
      }
    }
    return lists.map((list) => tickets.find(({ id }) => id === list[0])?.units ?? byAsset(() => 0n));
  }

  /* INTERNALS */

  private async coming(): Promise<Coming[]> {
    const { basketBook, delegation, stEth } = this.world.c;
    const got: Record<string, bigint> = {};
    const stakes: { asset: Staked; shares: bigint; mark: number }[] = [];
    const queued: { asset: Staked; shares: bigint; delegator: string; nonce: bigint; mark: () => number }[] = [];
    const targets = perStaked((name) => this.strategies[name].target as string);
    await this.many.answer((ask) => {
      ask(basketBook, "lastStrike", [], ([strike]) => (got.strikes = strike as bigint));
      ask(stEth, "getTotalShares", [], ([shares]) => (got.shares = shares as bigint));
      ask(stEth, "getTotalPooledEther", [], ([ether]) => (got.ether = ether as bigint));
      for (const name of STAKED)
        ask(this.strategies[name], "sharesToUnderlyingView", [WAD], ([per]) => (got[name] = per as bigint));
      for (const delegator of this.delegators) {
        const own = STAKED.map((asset) => ({ asset, shares: 0n, mark: 0 }));
        stakes.push(...own);
        ask(delegation, "getWithdrawableShares", [delegator, Object.values(targets)], ([shares]) =>
          own.forEach((stake, i) => (stake.shares = (shares as bigint[])[i])),
        );
        for (const stake of own)
          ask(basketBook, "markOf", [delegator, targets[stake.asset]], ([mark]) => (stake.mark = Number(mark)));
        ask(delegation, "getQueuedWithdrawals", [delegator], ([list, shares]) => {
          for (const [i, { strategies, nonce }] of (list as { strategies: string[]; nonce: bigint }[]).entries()) {
            const at = own.find(({ asset }) => targets[asset] === strategies[0]);
            if (at === undefined) continue;
            const mark = () => at.mark;
            queued.push({ asset: at.asset, shares: (shares as bigint[][])[i][0], delegator, nonce, mark });
          }
        });
      }
    });
    got.wstETH = down(got.wstETH, got.shares, got.ether); // that strategy holds stETH
    const kept: Fraction[] = [];
    const noted: Noted[] = [];
    await this.many.answer((ask) => {
      for (let strike = 0n; strike <= got.strikes; ++strike) {
        ask(basketBook, "strikes", [strike], ([s]) => {
          const { mantissa, exponent } = s as { mantissa: bigint; exponent: bigint };
          kept.push(fraction(mantissa, 2n ** (ONE_BITS + exponent)));
        });
      }
      for (const { delegator, nonce, mark } of queued) {
        ask(basketBook, "withdrawalOf", [delegator, nonce], ([w]) => {
          // By place: `slice` is also a function of every list.
          const [from, to, slice, isKnown] = w as unknown as [bigint, bigint, bigint, boolean];
          if (isKnown) noted.push({ from: Number(from), to: Number(to), slice: fraction(slice, WHOLE) });
          else noted.push({ from: mark(), to: mark(), slice: NOTHING });
        });
      }
    });
    const parts = new Parts(kept);
    const worth = (asset: Staked, shares: bigint) => down(shares, got[asset], WAD);
    return [
      ...stakes.map(({ asset, shares, mark }) => ({
        asset,
        units: worth(asset, shares),
        partOf: (strike: number) => parts.since(mark, strike),
      })),
      ...queued.map(({ asset, shares }, i) => ({
        asset,
        units: worth(asset, shares),
        partOf: (strike: number) => parts.ofWithdrawal(noted[i], strike),
      })),
      ...(await this.requests(parts)),
    ];
  }

  /** What issuers owe; a request's mark is the number of strikes before it. */
  private async requests(parts: Parts): Promise<Coming[]> {
    const values = Object.entries(await requestValues(this.world));
    if (values.length === 0) return [];
    const { issuer, basketBook } = this.world.c;
    const logs = await ethers.provider.getLogs({
      fromBlock: 0,
      address: [await issuer.getAddress(), await basketBook.getAddress()],
    });
    const marks: Record<string, number> = {};
    let strikes = 0;
    for (const log of logs) {
      if (basketBook.interface.parseLog(log)?.name === "Struck") strikes += 1;
      const event = issuer.interface.parseLog(log);
      if (event?.name === "RedemptionRequested") marks[String(event.args.requestId)] = strikes;
    }
    return values.map(([id, units]) => ({
      asset: "ETH" as const,
      units,
      partOf: (strike: number) => parts.since(marks[id], strike),
    }));
  }
}

/** Parts of baskets, from what all strikes kept. */
class Parts {
  constructor(private readonly kept: Fraction[]) {}

  /** Of what wholly stayed at a mark. */
  since(mark: number, strike: number): Fraction {
    const { n, d } = this.kept[mark];
    return strike > mark ? part(this.left(strike), d, n) : NOTHING;
  }

  ofWithdrawal({ from, to, slice }: Noted, strike: number): Fraction {
    if (strike > to) {
      const { n, d } = slice;
      return part(this.since(to, strike), d - n, d);
    }
    if (strike <= from) return NOTHING;
    const all = plus(this.kept[from], part(this.kept[to], -1n));
    return part(part(slice, all.d, all.n), this.left(strike).n, this.left(strike).d);
  }

  private left(strike: number): Fraction {
    return plus(this.kept[strike - 1], part(this.kept[strike], -1n));
  }
}
