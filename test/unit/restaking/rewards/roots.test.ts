import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ZeroHash } from "ethers";
import { claimable, DAY, rewardsWorld, submits, treesOf, WEEK, type RewardsWorld } from "./world";

const INDEX_OUT_OF_RANGE = 0x32;
const UNDERFLOW = 0x11;
const [A, B, C, D, E] = ["a", "b", "c", "d", "e"].map((name) => ethers.id(name));

/** Roots submitted one after the other, each of a day. */
async function submitted(w: RewardsWorld, roots: string[]): Promise<bigint[]> {
  const activations: bigint[] = [];
  for (const [i, root] of roots.entries()) {
    await submits(w, root, w.today - BigInt(roots.length - i) * DAY);
    activations.push(BigInt(await time.latest()) + WEEK);
  }
  return activations;
}

describe("RewardsCoordinator: roots", () => {
  it("keeps each root with its end and the time from which it counts", async () => {
    const w = await loadFixture(rewardsWorld);
    const end = w.today - DAY;
    await time.setNextBlockTimestamp(w.today + DAY);
    await expect(submits(w, A, end))
      .to.emit(w.rc, "DistributionRootSubmitted")
      .withArgs(0n, A, end, w.today + DAY + WEEK);
    expect(await w.rc.getDistributionRootAtIndex(0n)).to.deep.equal([A, end, w.today + DAY + WEEK, false]);
    expect(await w.rc.currRewardsCalculationEndTimestamp()).to.equal(end);
    expect(await w.rc.getDistributionRootsLength()).to.equal(1n);
  });

  it("keeps many roots apart", async () => {
    const w = await loadFixture(rewardsWorld);
    const roots = [A, B, C, D, E];
    const activations = await submitted(w, roots);
    await w.rc.connect(w.updater).disableRoot(1n);
    await w.rc.connect(w.updater).disableRoot(3n);
    for (const [i, root] of roots.entries()) {
      const end = w.today - BigInt(roots.length - i) * DAY;
      const expected = [root, end, activations[i], i === 1 || i === 3];
      expect(await w.rc.getDistributionRootAtIndex(i)).to.deep.equal(expected);
      expect(await w.rc.getRootIndexFromHash(root)).to.equal(BigInt(i));
    }
    expect((await w.rc.getCurrentDistributionRoot()).root).to.equal(E);
    await expect(w.rc.getDistributionRootAtIndex(5n)).to.be.revertedWithPanic(INDEX_OUT_OF_RANGE);
  });

  it("finds the last of equal roots by its hash, and none for an unknown one", async () => {
    const w = await loadFixture(rewardsWorld);
    await submitted(w, [A, B, A]);
    expect(await w.rc.getRootIndexFromHash(A)).to.equal(2n);
    await expect(w.rc.getRootIndexFromHash(C)).to.be.revertedWithCustomError(w.rc, "InvalidRoot");
  });

  it("has no current root before the first, and an empty one to claim by", async () => {
    const w = await loadFixture(rewardsWorld);
    await expect(w.rc.getCurrentDistributionRoot()).to.be.revertedWithPanic(UNDERFLOW);
    expect(await w.rc.getCurrentClaimableDistributionRoot()).to.deep.equal([ZeroHash, 0n, 0n, false]);
    await submitted(w, [A]);
    expect(await w.rc.getCurrentClaimableDistributionRoot()).to.deep.equal([ZeroHash, 0n, 0n, false]);
  });

  it("takes roots from the updater alone", async () => {
    const w = await loadFixture(rewardsWorld);
    for (const other of [w.owner, w.stranger]) {
      const rc = w.rc.connect(other);
      await expect(rc.submitRoot(A, w.today - DAY)).to.be.revertedWithCustomError(rc, "UnauthorizedCaller");
      await expect(rc.disableRoot(0n)).to.be.revertedWithCustomError(rc, "UnauthorizedCaller");
    }
  });

  it("takes roots of later and later ends, all of them in the past", async () => {
    const w = await loadFixture(rewardsWorld);
    const end = w.today - DAY;
    await submits(w, A, end);
    for (const early of [end, end - 1n]) {
      await expect(submits(w, B, early)).to.be.revertedWithCustomError(w.rc, "NewRootMustBeForNewCalculatedPeriod");
    }
    const soon = w.today + 10n * DAY;
    await time.setNextBlockTimestamp(soon);
    await expect(submits(w, B, soon)).to.be.revertedWithCustomError(w.rc, "RewardsEndTimestampNotElapsed");
    await time.setNextBlockTimestamp(soon + 1n);
    await submits(w, B, soon);
  });

  it("counts a root from its activation on, to the second", async () => {
    const w = await loadFixture(rewardsWorld);
    const { trees, claim } = await treesOf(w);
    const [activation] = await submitted(w, [trees.root(0)]);
    await time.increaseTo(activation - 1n);
    await expect(w.rc.checkClaim(claim(0, [0]))).to.be.revertedWithCustomError(w.rc, "RootNotActivated");
    expect((await w.rc.getCurrentClaimableDistributionRoot()).root).to.equal(ZeroHash);
    await time.increaseTo(activation);
    expect(await w.rc.checkClaim(claim(0, [0]))).to.equal(true);
    expect((await w.rc.getCurrentClaimableDistributionRoot()).root).to.equal(trees.root(0));
  });

  it("uses the delay of the time of submission", async () => {
    const w = await loadFixture(rewardsWorld);
    const [before] = await submitted(w, [A]);
    await expect(w.rc.setActivationDelay(0n)).to.emit(w.rc, "ActivationDelaySet").withArgs(WEEK, 0n);
    expect((await w.rc.getDistributionRootAtIndex(0n)).activatedAt).to.equal(before);
    await submits(w, B, w.today);
    expect((await w.rc.getCurrentClaimableDistributionRoot()).root).to.equal(B);
  });
});

describe("RewardsCoordinator: a disabled root", () => {
  it("pays nobody, ever, and is passed over for the one before it", async () => {
    const w = await loadFixture(claimable);
    await submits(w, w.trees.root(1), w.today);
    await expect(w.rc.connect(w.updater).disableRoot(1n)).to.emit(w.rc, "DistributionRootDisabled").withArgs(1n);
    await expect(w.process(w.alice, 0, [0], {}, 1)).to.be.revertedWithCustomError(w.rc, "RootDisabled");
    await time.increase(2n * WEEK);
    for (const [i, earner] of [w.alice, w.bob, w.carol].entries()) {
      await expect(w.process(earner, i, [0], {}, 1)).to.be.revertedWithCustomError(w.rc, "RootDisabled");
    }
    await expect(w.rc.checkClaim(w.claim(0, [0], {}, 1))).to.be.revertedWithCustomError(w.rc, "RootDisabled");
    expect((await w.rc.getCurrentClaimableDistributionRoot()).root).to.equal(w.trees.root(0));
    expect((await w.rc.getCurrentDistributionRoot()).disabled).to.equal(true);
  });

  it("leaves its end in force: the next root has to be for a later one", async () => {
    const w = await loadFixture(claimable);
    await submits(w, w.trees.root(1), w.today);
    await w.rc.connect(w.updater).disableRoot(1n);
    await expect(submits(w, w.trees.root(1), w.today)).to.be.revertedWithCustomError(
      w.rc,
      "NewRootMustBeForNewCalculatedPeriod",
    );
    await submits(w, w.trees.root(1), w.today + DAY);
    expect(await w.rc.getDistributionRootsLength()).to.equal(3n);
  });

  it("was there, was not disabled before, and did not count yet", async () => {
    const w = await loadFixture(claimable);
    const rc = w.rc.connect(w.updater);
    await expect(rc.disableRoot(1n)).to.be.revertedWithCustomError(rc, "InvalidRootIndex");
    await expect(rc.disableRoot(0n)).to.be.revertedWithCustomError(rc, "RootAlreadyActivated");
    await submits(w, B, w.today);
    const { activatedAt } = await rc.getDistributionRootAtIndex(1n);
    await time.setNextBlockTimestamp(activatedAt - 1n);
    await expect(rc.disableRoot(1n)).to.emit(rc, "DistributionRootDisabled").withArgs(1n);
    await expect(rc.disableRoot(1n)).to.be.revertedWithCustomError(rc, "RootDisabled");
    await submits(w, C, w.today + 2n * DAY);
    const third = await rc.getDistributionRootAtIndex(2n);
    await time.setNextBlockTimestamp(third.activatedAt);
    await expect(rc.disableRoot(2n)).to.be.revertedWithCustomError(rc, "RootAlreadyActivated");
  });
});
