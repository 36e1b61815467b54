import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ETHER } from "../../scripts/sim/world";
import { books, DAY, ether, FOREVER, WAD } from "../checks";
import { HOUR, plain, post } from "../rewards-world";

/** A whole way: earned by the stakers, posted, claimed by a stranger, on sale. */
async function claimed() {
  const scene = await loadFixture(plain);
  const { world, token, address, bob } = scene;
  const [{ delegator }] = await world.c.operators.operators();
  await token.mint(world.c.rewards, ether("1000"));
  const { distribution, index } = await post(world, [{ earner: delegator, token: address, amount: ether("1000") }]);
  await world.c.accountant.report();
  const router = world.c.router.connect(bob);
  await router.claim(distribution.claim(index, delegator));
  await router.startLot(address);
  const buy = async () => {
    const most = ether("20");
    await router.bid(address, ether("1000"), ETHER, most, bob, FOREVER, { value: most });
  };
  return { ...scene, router, buy };
}

/** A holder's shares at the rate. */
const worth = async ({ world }: { world: Awaited<ReturnType<typeof claimed>>["world"] }, who: string) =>
  ((await world.c.trEth.balanceOf(who)) * (await world.c.pool.rate())) / WAD;

describe("Rewards reach the rate", () => {
  it("what an AVS paid raises the rate along the growth cap and nowhere else, until all of it is there", async () => {
    const { world, buy } = await claimed();
    const { accountant, pool } = world.c;
    const before = await books(world);
    await buy();
    const after = await books(world);
    expect(after.rateWad).to.equal(before.rateWad);
    let rate = after.rateWad;
    for (let day = 0; day < 300 && (await pool.terms()).waitingWad > 1n; ++day) {
      await time.increase(DAY);
      await accountant.report();
      const next = await pool.rate();
      expect(next).to.be.at.most(rate + rate / 1_000n + 1n);
      rate = next;
    }
    expect((await pool.terms()).waitingWad).to.be.at.most(1n); // it rounds up
    // About 10 ETH on 60, less the fee of a tenth, or less where the day's limit of the fee was reached.
    expect(rate).to.be.within((before.rateWad * 114n) / 100n, (before.rateWad * 117n) / 100n);
  });

  it("a depositor just before the sale earns nothing from it, whichever way he leaves", async () => {
    const { world, buy, carol } = await claimed();
    await world.c.accountant.report();
    const who = await carol.getAddress();
    await world.depositEther(carol, ether("10"));
    const before = await worth({ world }, who);
    expect(before).to.be.at.most(ether("10"));
    await buy();
    expect(await worth({ world }, who)).to.equal(before);
    await world.c.accountant.report(); // a moment later: an allowance of seconds
    expect(await worth({ world }, who)).to.be.at.most(before + before / 1_000_000n);
  });

  it("who comes a day before the sale, and leaves at once after it, pays more than a day's growth", async () => {
    const { world, address, token, bob, carol } = await loadFixture(plain);
    await token.mint(world.c.router, ether("1000"));
    const shares = await world.depositEther(carol, ether("1")); // reports, so that from here on an allowance accrues
    await time.increase(DAY);
    await world.c.router.startLot(address);
    const bid = [address, ether("1000"), ETHER, ether("20"), bob, FOREVER] as const;
    await world.c.router.connect(bob).bid(...bid, { value: ether("20") });
    const rate = await world.c.pool.rate();
    await world.c.accountant.report();
    expect(await world.c.pool.rate()).to.be.above(rate); // a day's growth, and he has his part of it
    const part = shares / 4n; // what the bucket of a day has room for
    expect(await world.redeemInstantly(carol, part)).to.be.below(ether("1") / 4n);
  });

  it("no bidder gains against the rates of LSTs: paying with one that has fallen on the market is refused", async () => {
    const { world, router, address, bob } = await claimed();
    await world.publish("rETH", (await world.rateOf("rETH")) + 1n);
    const rEth = await world.acquire(bob, "rETH", ether("20"));
    await rEth.connect(bob).approve(router, FOREVER);
    const asset = await rEth.getAddress();
    await time.increase(6n * HOUR);
    const [, inEther] = await router.quote(address, ether("1000"), ETHER);
    const [, payment] = await router.quote(address, ether("1000"), asset);
    const rate = await world.rateOf("rETH");
    // At the issuer's rate he pays the haircut more than with ether; on the market he could have paid 20 bps less at most.
    expect((payment * rate) / WAD).to.be.at.least((inEther * 10_000n) / 9_970n - 2n);
    await world.c.markets.rETH!.report((rate * 9_979n) / 10_000n);
    const source = await ethers.getContractAt("RocketRateSource", world.ctx.address("rETHRateSource"));
    await expect(router.quote(address, ether("1000"), asset)).to.be.revertedWithCustomError(
      source,
      "MarketOutOfBounds",
    );
    await world.c.markets.rETH!.report((rate * 9_981n) / 10_000n);
    const [, still] = await router.quote(address, ether("1000"), asset);
    expect((still * ((rate * 9_981n) / 10_000n)) / WAD).to.be.above(inEther - inEther / 1_000n);
  });
});
