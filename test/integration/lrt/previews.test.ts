import { loadFixture, takeSnapshot } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { ETHER, type Token } from "../../../scripts/sim/world";
import { fourAssets } from "../../asset-world";
import { ether, FOREVER, NO_REFERRAL } from "../../checks";

const FORMS: (Token | "ETH")[] = ["ETH", "WETH", "stETH", "wstETH", "rETH", "cbETH"];

/** Everything has earned an odd part, and something of it waits. */
async function odd() {
  const scene = await fourAssets();
  const { world } = scene;
  await world.lidoEarns(37n);
  for (const token of ["rETH", "cbETH"] as const) {
    await world.publish(token, ((await world.rateOf(token)) * 10_013n) / 10_000n + 7n);
  }
  await world.c.accountant.report();
  expect((await world.c.pool.terms()).waitingWad).to.be.above(0n);
  return scene;
}

describe("A preview", () => {
  for (const form of FORMS) {
    it(`of a deposit of ${form} is what the deposit mints, and a share more is refused`, async () => {
      const { world, carol } = await loadFixture(odd);
      const { pool } = world.c;
      const by = pool.connect(carol);
      const token = form === "ETH" ? ETHER : await (await world.acquire(carol, form, ether("12"))).getAddress();
      const held = form === "ETH" ? undefined : await ethers.getContractAt("IERC20", token, carol);
      await held?.approve(pool, FOREVER);
      const enter = (amount: bigint, least: bigint) =>
        held === undefined
          ? by.depositEther(carol, least, FOREVER, NO_REFERRAL, { value: amount })
          : by.deposit(token, amount, carol, least, FOREVER, NO_REFERRAL);
      const start = await takeSnapshot();
      await fc.assert(
        fc.asyncProperty(fc.bigInt(ether("0.001"), ether("11")), async (amount) => {
          await start.restore();
          const before = await world.c.trEth.balanceOf(carol);
          const preview = await pool.previewDeposit(token, amount);
          await expect(enter(amount, preview + 1n))
            .to.be.revertedWithCustomError(pool, "TooFewShares")
            .withArgs(preview, preview + 1n);
          await enter(amount, preview);
          expect((await world.c.trEth.balanceOf(carol)) - before).to.equal(preview);
          expect(preview).to.be.above((amount * 9n) / 10n);
        }),
        { numRuns: 6 },
      );
      await start.restore();
    });
  }
});
