import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { example } from "../../docs/examples/integrating";
import { ETHER } from "../../scripts/sim/world";
import { ether } from "../checks";
import { staked } from "../world";

const DOCS = join(__dirname, "../../docs");

describe("docs/integrating.md", () => {
  it("has the example word for word", () => {
    const text = readFileSync(join(DOCS, "integrating.md"), "utf8");
    const code = readFileSync(join(DOCS, "examples/integrating.ts"), "utf8");
    expect(text).to.include("```ts\n" + code + "```\n");
  });

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
});
