import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { example } from "../../docs/examples/integrating";
import { collectFromBasket, collectFromLine, joinBasket, joinLine } from "../../docs/examples/leaving";
import { ETHER } from "../../scripts/sim/world";
import { ether } from "../checks";
import { staked } from "../world";

const DOCS = join(__dirname, "../../docs");

describe("docs/integrating.md", () => {
  for (const name of ["integrating", "leaving"]) {
    it(`has the example ${name}.ts word for word`, () => {
      const text = readFileSync(join(DOCS, "integrating.md"), "utf8");
      const code = readFileSync(join(DOCS, `examples/${name}.ts`), "utf8");
      expect(text).to.include("```ts\n" + code + "```\n");
    });
  }

  it("has an example that answers a wallet, a lender and an alarm", async () => {
    const { world, alice } = await loadFixture(staked);
    await world.c.accountant.report();
    const id = await world.request(alice, ETHER, ether("10"));
    await world.equivocate(0, 1); // a slash that nobody has reported yet
    const at = (name: string) => world.ctx.address(name);
    const addresses = { TrEthRate: at("TrEthRate"), RateFeed: at("RateFeed"), Lens: at("Lens") };
    const account = await alice.getAddress();
    const value = await world.c.trEth.balanceOf(alice); // the rate is 1
    expect(await example(addresses, account, [id])).to.deep.equal({
      etherValue: value,
      price: ether("1"),
      isFresh: true,
      broken: ["BOOK"],
    });
    await world.c.accountant.report();
    const { etherValue, price, isFresh } = await example(addresses, account, [id]);
    expect([etherValue, price, isFresh]).to.deep.equal([(value * 99n) / 100n, ether("0.99"), true]);
  });

  it("has an example of leaving, in line and by basket, that collects all there is", async () => {
    const { world, alice } = await loadFixture(staked);
    const at = (name: string) => world.ctx.address(name);
    const addresses = {
      TrEth: at("TrEth"),
      WithdrawalQueue: at("WithdrawalQueue"),
      BasketExit: at("BasketExit"),
      BasketLens: at("BasketLens"),
    };
    const id = await joinLine(addresses, alice, world.asset, ether("10"));
    expect(await collectFromLine(addresses, alice, id)).to.equal(0n); // its day is not over
    const basket = await joinBasket(addresses, alice, ether("10"));
    await world.days(4);
    expect(await collectFromLine(addresses, alice, id)).to.equal(ether("10"));
    await expect(collectFromLine(addresses, alice, id)).to.be.revertedWithCustomError(world.c.queue, "UnknownTicket");

    const told = await collectFromBasket(addresses, alice, basket);
    await world.days(8);
    const later = await collectFromBasket(addresses, alice, basket);
    const all = told.reduce((sum, { claimed, stillToCome }) => sum + claimed + stillToCome, 0n);
    expect(all).to.be.closeTo(ether("10"), 100n); // every unit is worth an ether here
    for (const [i, { asset, stillToCome, isComplete }] of told.entries()) {
      expect(isComplete).to.equal(true);
      expect(later[i].claimed, asset).to.be.closeTo(stillToCome, 40n); // four units for each stake
      expect(later[i].stillToCome, asset).to.be.at.most(40n);
    }
  });
});
