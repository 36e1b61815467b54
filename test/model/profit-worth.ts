/** What an attacker has, by the prices of issuers and by what a share stands for. */
import type { BaseContract } from "ethers";
import { ethers } from "hardhat";
import type { World } from "../../scripts/sim/world";
import type { ERC20Mock, HastyWalletMock } from "../../typechain-types";
import type { ManyCalls } from "./many-calls";
import type { Claims } from "./profit-claims";
import { byAsset, WAD } from "./protocol-state";
import { ASSETS, TOKENS, type Asset, type By, type Token } from "./protocol-types";

export interface Standing {
  /** By issuers. */
  prices: By<Asset, bigint>;
  /** Tokens of the attacker, in the units of their assets. */
  purse: By<Token, bigint>;
  /** Shares of the attacker, those in line and in baskets that are not struck included. */
  shares: bigint;
  supply: bigint;
  rateWad: bigint;
  /** What 1e18 shares stand for, gain that waits included. */
  priceWad: bigint;
  /** When the books were last brought up to date; until then a gain is in nobody's price. */
  reportedAt: bigint;
  /** Units set aside for his tickets in line. */
  filled: By<Asset, bigint>;
  /** His tickets in line, and the shares that they still wait with. */
  inLine: { id: bigint; asset: string; shares: bigint }[];
  /** His shares in baskets that are struck, by strike. */
  struck: Map<bigint, bigint>;
}

/** Of a ticket in line. */
interface Waiting {
  asset: string;
  claimable: bigint;
  remainingShares: bigint;
}

/** What an attacker's value is read from, besides the protocol. */
export interface Sources {
  many: ManyCalls;
  claims: Claims;
  tokens: Record<string, BaseContract>;
}

export class Valued {
  tickets: bigint[] = [];
  basketTickets: bigint[] = [];
  /** Of a passive holder, in a basket that was struck before anything began. */
  protected passiveTickets: bigint[] = [];

  constructor(
    readonly world: World,
    readonly wallet: HastyWalletMock,
    protected readonly address: Record<string, string>,
    private readonly sources: Sources,
  ) {}

  /** Everything in one call. */
  async look(): Promise<Standing> {
    const { stEth, rocket, coinbase, trEth, pool, queue, baskets } = this.world.c;
    if (rocket === undefined || coinbase === undefined) throw new Error("rETH or cbETH is not there");
    const to = await this.wallet.getAddress();
    const purse = { ETH: await this.world.ctx.provider.getBalance(to) } as Standing["purse"];
    const none = { shares: 0n, filled: byAsset(() => 0n), inLine: [], struck: new Map<bigint, bigint>() };
    const now = { prices: { ETH: WAD }, purse, ...none } as unknown as Standing;
    await this.sources.many.answer((ask) => {
      ask(stEth, "getPooledEthByShares", [WAD], ([price]) => (now.prices.wstETH = price as bigint));
      ask(rocket.token, "getExchangeRate", [], ([price]) => (now.prices.rETH = price as bigint));
      ask(coinbase.token, "exchangeRate", [], ([price]) => (now.prices.cbETH = price as bigint));
      for (const name of TOKENS.slice(1)) {
        const token = this.sources.tokens[name];
        const held = name === "stETH" ? "sharesOf" : "balanceOf";
        ask(token, held, [to], ([units]) => (purse[name] = units as bigint));
      }
      ask(trEth, "balanceOf", [to], ([shares]) => (now.shares += shares as bigint));
      ask(trEth, "totalSupply", [], ([supply]) => (now.supply = supply as bigint));
      ask(pool, "terms", [], ([terms]) => {
        const { rateWad, waitingWad, reportedAt } = terms as Record<string, bigint>;
        [now.rateWad, now.priceWad, now.reportedAt] = [rateWad, rateWad + waitingWad, reportedAt];
      });
      for (const id of this.tickets) {
        const take = ({ asset, claimable, remainingShares }: Waiting) => {
          now.shares += remainingShares;
          now.inLine.push({ id, asset, shares: remainingShares });
          const name = ASSETS.find((known) => this.address[known] === asset);
          if (name !== undefined) now.filled[name] += claimable;
        };
        // One that has ended reverts.
        ask(queue, "withdrawalStatus", [id], ([status]) => take(status as Waiting), true);
      }
      for (const id of this.basketTickets) {
        ask(baskets, "basketStatus", [id], ([status]) => {
          const { strike, shares } = status as { strike: bigint; shares: bigint };
          if (strike === 0n) now.shares += shares;
          else now.struck.set(strike, (now.struck.get(strike) ?? 0n) + shares);
        });
      }
    });
    return now;
  }

  /** Units that are his and not in his purse: of tickets in line, and of baskets, wherever they are; and a passive one's. */
  async units({ filled }: Standing): Promise<{ his: By<Asset, bigint>; passive: By<Asset, bigint> }> {
    const [baskets, passive] = await this.sources.claims.of(this.basketTickets, this.passiveTickets);
    return { his: byAsset((name) => filled[name] + baskets[name]), passive };
  }

  async keeperReports(): Promise<void> {
    await (await this.world.c.accountant.connect(this.world.keeper).report()).wait();
  }

  protected async token(name: string): Promise<ERC20Mock> {
    return (await ethers.getContractAt("ERC20Mock", this.address[name])) as unknown as ERC20Mock;
  }
}
