import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { id } from "ethers";
import { ReentrantTokenMock__factory } from "../../../../typechain-types";
import { ether, make } from "../../../integration/engine/world";
import { Trees } from "../../../conformance/trees";
import { DAY, rewardsWorld, setOf, submits, WEEK, type Claim } from "./world";

const REENTRANT_CALL = id("ReentrancyGuardReentrantCall()").slice(0, 10);
const PAID = ether("5");

/** Alice has earned a hostile token, which may do whatever the AVS may and submit for everybody. */
async function hostile() {
  const w = await rewardsWorld();
  const token = ReentrantTokenMock__factory.connect(await make("ReentrantTokenMock"), w.owner);
  await token.mint(w.avs, ether("100"));
  await token.connect(w.avs).approve(w.rc, ether("100"));
  await token.mint(w.rc, PAID * 3n);
  await w.pc.connect(w.avs).addPendingAdmin(w.avs, w.avs);
  await w.pc.connect(w.avs).acceptAdmin(w.avs);
  const { rc } = w;
  for (const name of [
    "createOperatorDirectedAVSRewardsSubmission",
    "createOperatorDirectedOperatorSetRewardsSubmission",
    "createUniqueStakeRewardsSubmission",
    "createTotalStakeRewardsSubmission",
  ] as const) {
    await w.pc.connect(w.avs).setAppointee(w.avs, token, rc, rc[name].fragment.selector);
  }
  await rc.setRewardsForAllSubmitter(token, true);
  const trees = new Trees((address) => address);
  const tokens = [{ token: await token.getAddress(), amount: String(PAID) }];
  trees.declare({ earners: [{ earner: w.alice.address, tokens }] });
  const claim = trees.claim({ root: "0", tree: 0, earner: 0, tokens: [0] }) as unknown as Claim;
  await submits(w, trees.root(0), w.today - DAY);
  await time.increase(WEEK);
  const reentering: Record<string, string> = {};
  const into = (name: string, args: unknown[]) => {
    reentering[name] = rc.interface.encodeFunctionData(name as "processClaim", args as never);
  };
  into("processClaim", [claim, w.stranger.address]);
  into("processClaims", [[claim], w.stranger.address]);
  into("createAVSRewardsSubmission", [[w.usual]]);
  into("createEigenDARewardsSubmission", [w.avs.address, [w.usual]]);
  into("createRewardsForAllSubmission", [[w.usual]]);
  into("createRewardsForAllEarners", [[w.usual]]);
  into("createUniqueStakeRewardsSubmission", [setOf(w), [w.usual]]);
  into("createTotalStakeRewardsSubmission", [setOf(w), [w.usual]]);
  into("createOperatorDirectedAVSRewardsSubmission", [w.avs.address, [w.directed]]);
  into("createOperatorDirectedOperatorSetRewardsSubmission", [setOf(w), [w.directed]]);
  return { ...w, token, claim, reentering };
}

describe("RewardsCoordinator: a hostile reward token", () => {
  it("cannot enter again while it is paid out, and pays once", async () => {
    const { reentering } = await loadFixture(hostile);
    expect(Object.keys(reentering)).to.have.lengthOf(10); // all that move tokens
    for (const [name, call] of Object.entries(reentering)) {
      const w = await loadFixture(hostile);
      await w.token.setCall(w.rc, call);
      await w.rc.connect(w.alice).processClaim(w.claim, w.alice);
      expect(await w.token.outcomes(), name).to.deep.equal([REENTRANT_CALL]);
      expect(await w.token.balanceOf(w.alice)).to.equal(PAID);
      expect(await w.token.balanceOf(w.rc)).to.equal(PAID * 2n);
      expect(await w.rc.cumulativeClaimed(w.alice, w.token)).to.equal(PAID);
    }
  });

  it("cannot enter again while it is taken in", async () => {
    const w = await loadFixture(hostile);
    await w.token.setCall(w.rc, w.reentering.processClaim);
    const terms = { ...w.usual, token: w.token, amount: PAID };
    await w.rc.connect(w.avs).createAVSRewardsSubmission([terms]);
    await w.rc.connect(w.avs).createUniqueStakeRewardsSubmission(setOf(w), [terms]);
    expect(await w.token.outcomes()).to.deep.equal([REENTRANT_CALL, REENTRANT_CALL]);
    expect(await w.token.balanceOf(w.rc)).to.equal(PAID * 5n);
    expect(await w.token.balanceOf(w.stranger)).to.equal(0n);
  });
});
