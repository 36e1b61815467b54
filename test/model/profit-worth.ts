/** What an attacker has, by the prices of issuers and by what a share stands for. */
import { ethers } from "hardhat";
import type { World } from "../../scripts/sim/world";
import type { ERC20Mock, HastyWalletMock } from "../../typechain-types";
import { down, WAD } from "./protocol-state";
import { ASSETS, TOKENS, type Asset, type Token } from "./protocol-types";

/** Prices of the moment, by issuers. */
type Prices = Record<Asset, bigint>;

export class Valued {
  tickets: bigint[] = [];

  constructor(
    readonly world: World,
    readonly wallet: HastyWalletMock,
    protected readonly address: Record<string, string>,
  ) {}

  async prices(): Promise<Prices> {
    const { stEth, rocket, coinbase } = this.world.c;
    return {
      ETH: WAD,
      wstETH: await stEth.getPooledEthByShares(WAD),
      rETH: (await rocket?.token.getExchangeRate()) ?? 0n,
      cbETH: (await coinbase?.token.exchangeRate()) ?? 0n,
    };
  }

  /** Tokens of the attacker, in the units of their assets. */
  async purse(): Promise<Record<Token, bigint>> {
    const to = await this.wallet.getAddress();
    const { stEth } = this.world.c;
    const units = async (token: Token) => {
      if (token === "ETH") return this.world.ctx.provider.getBalance(to);
      return token === "stETH" ? stEth.sharesOf(to) : (await this.token(token)).balanceOf(to);
    };
    const all = await Promise.all(TOKENS.map(async (token) => [token, await units(token)] as const));
    return Object.fromEntries(all) as Record<Token, bigint>;
  }

  /** Shares of the attacker, those in line included. */
  async shares(): Promise<bigint> {
    const { trEth, queue } = this.world.c;
    let shares = await trEth.balanceOf(this.wallet);
    for (const id of this.tickets)
      shares += await queue.withdrawalStatus(id).then(
        (s) => s.remainingShares,
        () => 0n,
      );
    return shares;
  }

  /** Ether value of what is set aside for his tickets. */
  async aside(): Promise<bigint> {
    const prices = await this.prices();
    let value = 0n;
    for (const id of this.tickets) {
      const status = await this.world.c.queue.withdrawalStatus(id).catch(() => undefined);
      const name = ASSETS.find((asset) => this.address[asset] === status?.asset);
      if (status !== undefined && name !== undefined) value += down(status.claimable, prices[name], WAD);
    }
    return value;
  }

  /** Reports, and gives what 1e18 shares stand for, gain that waits included; and what all shares stand for. */
  async price(): Promise<{ priceWad: bigint; supply: bigint }> {
    await this.keeperReports();
    const { pool, trEth } = this.world.c;
    const { rateWad, waitingWad } = await pool.terms();
    return { priceWad: rateWad + waitingWad, supply: await trEth.totalSupply() };
  }

  /** When the books were last brought up to date; until then a gain is in nobody's price. */
  async reportedAt(): Promise<bigint> {
    return (await this.world.c.pool.terms()).reportedAt;
  }

  async keeperReports(): Promise<void> {
    await (await this.world.c.accountant.connect(this.world.keeper).report()).wait();
  }

  protected async token(name: string): Promise<ERC20Mock> {
    return (await ethers.getContractAt("ERC20Mock", this.address[name])) as unknown as ERC20Mock;
  }
}
