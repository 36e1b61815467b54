import { ethers } from "hardhat";
import { Lens__factory, RateFeed__factory, TrEthRate__factory } from "../../typechain-types";

/** Entries of deploy/addresses/<network>.json. */
export interface Addresses {
  TrEthRate: string;
  RateFeed: string;
  Lens: string;
}

export interface Answer {
  etherValue: bigint;
  price: bigint;
  isFresh: boolean;
  broken: string[];
}

/** What a lender, a wallet and an alarm want to know about an account's trETH. */
export async function example(at: Addresses, account: string, ticketIds: bigint[]): Promise<Answer> {
  const rate = TrEthRate__factory.connect(at.TrEthRate, ethers.provider);
  const feed = RateFeed__factory.connect(at.RateFeed, ethers.provider);
  const lens = Lens__factory.connect(at.Lens, ethers.provider);

  // A wallet: shares times rate, rounded down, and the tickets in line.
  const { etherValue } = await lens.position(account, ticketIds);

  // A lender: the price, only while it is fresh. `updatedAt` says the same to readers of Chainlink feeds.
  const { answer: price } = await feed.latestRoundData();
  const isFresh = await rate.isFresh();

  // An alarm: what does not hold just now. Closed doors are among it, and a fall that nobody has reported yet.
  const findings = await lens.health();
  const broken = findings.filter(({ holds }) => !holds).map(({ id }) => ethers.decodeBytes32String(id));

  return { etherValue, price, isFresh, broken };
}
