import { expect } from "chai";
import { BasketBook } from "../../../scripts/story/baskets";
import { noAssets, type AssetName } from "../../../scripts/story/moment";

const E = 10n ** 18n;
type Told = Record<string, never>;

/** A quarter leaves with the first strike, half of the rest with the second: 1/4, 3/8, and 3/8 stay. */
function twice() {
  const book = new BasketBook({ assetName: (address) => address as AssetName });
  const told = (event: string, args: object) => book.note(event, args as Told);
  told("issuer.RedemptionRequested", { requestId: 1n });
  book.strike(1n, 4n, { ...noAssets(), ETH: 8n * E });
  told("issuer.RedemptionRequested", { requestId: 2n });
  return { book, told };
}

describe("The story's book of baskets", () => {
  it("divides what was there before both strikes among both and those who stay", () => {
    const { book } = twice();
    book.strike(1n, 2n, noAssets());
    const pots = book.stake("delegator", "strategy", 8n * E);
    expect([book.partOf(1, pots), book.partOf(2, pots), book.keptOf(pots)]).to.deep.equal([2n * E, 3n * E, 3n * E]);
    expect(book.arrivedFor(1, "ETH")).to.equal(2n * E);
  });

  it("gives a basket nothing of what set out after it", () => {
    const { book, told } = twice();
    told("basketBook.Marked", { delegator: "delegator", strategy: "strategy", strike: 1n });
    book.strike(1n, 2n, noAssets());
    const stake = book.stake("delegator", "strategy", 8n * E);
    expect([book.partOf(1, stake), book.partOf(2, stake), book.keptOf(stake)]).to.deep.equal([0n, 4n * E, 4n * E]);
    const requests = [book.request(1n, 8n * E), book.request(2n, 8n * E)];
    expect([book.partOf(1, requests), book.partOf(2, requests)]).to.deep.equal([2n * E, 7n * E]);
    expect(() => book.request(3n, E)).to.throw("nobody has told of request 3");
  });

  it("divides a withdrawal's slice among those before it, and the rest among those after; one queued by force as the stake", () => {
    const { book, told } = twice();
    const note = { delegator: "delegator", nonce: 0n, from: 0n, slice: (1n << 128n) / 4n };
    told("basketBook.WithdrawalNoted", note);
    book.strike(1n, 2n, noAssets());
    const known = book.withdrawal("delegator", "strategy", 0n, 8n * E);
    expect([book.partOf(1, known), book.partOf(2, known), book.keptOf(known)]).to.deep.equal([2n * E, 3n * E, 3n * E]);
    const forced = book.withdrawal("delegator", "strategy", 1n, 8n * E);
    expect(forced).to.deep.equal(book.stake("delegator", "strategy", 8n * E));
  });

  it("adds up what has arrived", () => {
    const { book, told } = twice();
    told("basketBook.Arrived", { asset: "ETH", from: 0n, to: 1n, units: E });
    book.strike(1n, 2n, noAssets());
    told("basketBook.Arrived", { asset: "ETH", from: 0n, to: 2n, units: 5n * E });
    told("basketBook.Arrived", { asset: "rETH", from: 1n, to: 2n, units: 3n * E });
    expect([book.arrivedFor(1, "ETH"), book.arrivedFor(2, "ETH")]).to.deep.equal([5n * E, 3n * E]);
    expect([book.arrivedFor(1, "rETH"), book.arrivedFor(2, "rETH")]).to.deep.equal([0n, 3n * E]);
  });
});
