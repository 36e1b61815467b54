import { loadFixture, takeSnapshot, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { ExpiringPauseHarness } from "../../../typechain-types";
import { DAY } from "../../checks";

async function harness() {
  return (await ethers.deployContract("ExpiringPauseHarness")) as unknown as ExpiringPauseHarness;
}

const LONGEST = 3n * DAY;
const REST = 7n * DAY;

describe("ExpiringPause", () => {
  it("is over at its end, not a second later", async () => {
    const pause = await loadFixture(harness);
    await pause.start(100n);
    const until = BigInt(await time.latest()) + 100n;
    await time.increaseTo(until - 1n);
    expect(await pause.isActive()).to.equal(true);
    await time.increaseTo(until);
    expect(await pause.isActive()).to.equal(false);
  });

  it("follows its rules in any order of calls", async () => {
    const pause = await loadFixture(harness);
    const action = fc.record({
      kind: fc.constantFrom("start", "stop", "wait"),
      seconds: fc.bigInt(0n, LONGEST + DAY),
    });
    const clean = await takeSnapshot();
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 12 }), async (actions) => {
        await clean.restore();
        let [until, nextFrom, closed] = [0n, 0n, 0n];
        const start = BigInt(await time.latest());
        for (const { kind, seconds } of actions) {
          const now = BigInt(await time.latest()) + (kind === "wait" ? seconds * 2n : 0n) + 1n;
          await time.setNextBlockTimestamp(now);
          if (kind === "wait") await ethers.provider.send("evm_mine", []);
          else if (kind === "stop") {
            await pause.stop();
            until = now;
          } else if (seconds > LONGEST) {
            const refusal = expect(pause.start(seconds)).to.be.revertedWithCustomError(pause, "PauseTooLong");
            await refusal.withArgs(seconds, LONGEST);
          } else if (now < nextFrom) {
            const refusal = expect(pause.start(seconds)).to.be.revertedWithCustomError(pause, "PauseTooSoon");
            await refusal.withArgs(now, nextFrom);
          } else {
            await pause.start(seconds);
            [until, nextFrom, closed] = [now + seconds, now + seconds + REST, closed + seconds];
          }
          expect([...(await pause.state())]).to.deep.equal([until, nextFrom]);
          expect(await pause.isActive()).to.equal(BigInt(await time.latest()) < until);
        }
        // Never closed for more than three days of any ten.
        const elapsed = BigInt(await time.latest()) - start;
        expect(closed).to.be.at.most((elapsed / (LONGEST + REST) + 1n) * LONGEST + elapsed);
      }),
      { numRuns: 30 },
    );
    await clean.restore();
  });
});
