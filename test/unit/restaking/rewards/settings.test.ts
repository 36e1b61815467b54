import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ZeroAddress } from "ethers";
import { ether } from "../../../integration/engine/world";
import { itIsPausedBitByBit, type Call, type Paused } from "../pausing/matrix";
import { claimable, DAY, rewardsWorld, setOf, UNKNOWN_SET, WEEK, type Account, type RewardsWorld } from "./world";

const DEFAULT = 1_000n;
const ALL = 10_000n;

interface Split {
  event: string;
  set: (w: RewardsWorld, as: Account, bips: bigint) => Promise<unknown>;
  current: (w: RewardsWorld) => Promise<bigint>;
  /** Arguments of the event between the operator and the time of activation. */
  named: (w: RewardsWorld) => unknown[];
}

const SPLITS: Record<string, Split> = {
  "for an AVS": {
    event: "OperatorAVSSplitBipsSet",
    set: (w, as, bips) => w.rc.connect(as).setOperatorAVSSplit(w.operator, w.avs, bips),
    current: (w) => w.rc.getOperatorAVSSplit(w.operator, w.avs),
    named: (w) => [w.avs],
  },
  "of programmatic incentives": {
    event: "OperatorPISplitBipsSet",
    set: (w, as, bips) => w.rc.connect(as).setOperatorPISplit(w.operator, bips),
    current: (w) => w.rc.getOperatorPISplit(w.operator),
    named: () => [],
  },
  "for an operator set": {
    event: "OperatorSetSplitBipsSet",
    set: (w, as, bips) => w.rc.connect(as).setOperatorSetSplit(w.operator, setOf(w), bips),
    current: (w) => w.rc.getOperatorSetSplit(w.operator, setOf(w)),
    named: (w) => [Object.values(setOf(w))],
  },
};

describe("RewardsCoordinator: splits", () => {
  for (const [name, split] of Object.entries(SPLITS)) {
    describe(name, () => {
      it("are the default until the first is in force, to the second", async () => {
        const w = await loadFixture(rewardsWorld);
        expect(await split.current(w)).to.equal(DEFAULT);
        const now = w.today + DAY;
        await time.setNextBlockTimestamp(now);
        await expect(split.set(w, w.operator, 2_500n))
          .to.emit(w.rc, split.event)
          .withArgs(w.operator, w.operator, ...split.named(w), now + WEEK, DEFAULT, 2_500n);
        expect(await split.current(w)).to.equal(DEFAULT);
        await time.setNextBlockTimestamp(now + WEEK - 1n);
        await w.rc.setDefaultOperatorSplit(300n); // the default of that time, not of the time it was set
        expect(await split.current(w)).to.equal(300n);
        await time.increaseTo(now + WEEK);
        expect(await split.current(w)).to.equal(2_500n);
      });

      it("follow the default while none is in force, and not afterwards", async () => {
        const w = await loadFixture(rewardsWorld);
        await w.rc.setDefaultOperatorSplit(300n);
        expect(await split.current(w)).to.equal(300n);
        await split.set(w, w.operator, 0n);
        await w.rc.setDefaultOperatorSplit(400n);
        expect(await split.current(w)).to.equal(400n);
        await time.increase(WEEK);
        expect(await split.current(w)).to.equal(0n);
      });

      it("change one at a time", async () => {
        const w = await loadFixture(rewardsWorld);
        const start = w.today + DAY;
        await time.setNextBlockTimestamp(start);
        await split.set(w, w.operator, 2_500n);
        await time.setNextBlockTimestamp(start + WEEK);
        await expect(split.set(w, w.operator, 1n)).to.be.revertedWithCustomError(w.rc, "PreviousSplitPending");
        await time.setNextBlockTimestamp(start + WEEK + 1n);
        await expect(split.set(w, w.operator, ALL))
          .to.emit(w.rc, split.event)
          .withArgs(w.operator, w.operator, ...split.named(w), start + 2n * WEEK + 1n, 2_500n, ALL);
        expect(await split.current(w)).to.equal(2_500n);
        await time.increase(WEEK);
        expect(await split.current(w)).to.equal(ALL);
      });

      it("are the whole at most, and set by whom the operator permits", async () => {
        const w = await loadFixture(rewardsWorld);
        const tooMuch = split.set(w, w.operator, ALL + 1n);
        await expect(tooMuch).to.be.revertedWithCustomError(w.rc, "SplitExceedsMax");
        for (const other of [w.other, w.avs, w.owner]) {
          await expect(split.set(w, other, 1n)).to.be.revertedWithCustomError(w.rc, "InvalidPermissions");
        }
      });
    });
  }

  it("of one kind, AVS, set or operator are not those of another", async () => {
    const w = await loadFixture(rewardsWorld);
    await SPLITS["for an AVS"].set(w, w.operator, 1n);
    await SPLITS["of programmatic incentives"].set(w, w.operator, 2n);
    await SPLITS["for an operator set"].set(w, w.operator, 3n);
    await time.increase(WEEK);
    expect(await Promise.all(Object.values(SPLITS).map(({ current }) => current(w)))).to.deep.equal([1n, 2n, 3n]);
    expect(await w.rc.getOperatorAVSSplit(w.operator, w.stranger)).to.equal(DEFAULT);
    expect(await w.rc.getOperatorPISplit(w.other)).to.equal(DEFAULT);
    expect(await w.rc.getOperatorSetSplit(w.operator, setOf(w, UNKNOWN_SET))).to.equal(DEFAULT);
  });

  it("for a set are for one that exists", async () => {
    const w = await loadFixture(rewardsWorld);
    const refused = w.rc.connect(w.operator).setOperatorSetSplit(w.operator, setOf(w, UNKNOWN_SET), 1n);
    await expect(refused).to.be.revertedWithCustomError(w.rc, "InvalidOperatorSet");
  });
});

describe("RewardsCoordinator: settings", () => {
  it("are the owner's, and each says what it was before", async () => {
    const w = await loadFixture(rewardsWorld);
    const { rc } = w;
    await expect(rc.setActivationDelay(5n)).to.emit(rc, "ActivationDelaySet").withArgs(WEEK, 5n);
    await expect(rc.setDefaultOperatorSplit(ALL)).to.emit(rc, "DefaultOperatorSplitBipsSet").withArgs(DEFAULT, ALL);
    await expect(rc.setRewardsUpdater(w.bob)).to.emit(rc, "RewardsUpdaterSet").withArgs(w.updater, w.bob);
    await expect(rc.setFeeRecipient(w.bob)).to.emit(rc, "FeeRecipientSet").withArgs(w.feeRecipient, w.bob);
    await expect(rc.setRewardsForAllSubmitter(w.submitter, false))
      .to.emit(rc, "RewardsForAllSubmitterSet")
      .withArgs(w.submitter, true, false);
    expect([
      await rc.activationDelay(),
      await rc.defaultOperatorSplitBips(),
      await rc.rewardsUpdater(),
      await rc.feeRecipient(),
      await rc.isRewardsForAllSubmitter(w.submitter),
    ]).to.deep.equal([5n, ALL, w.bob.address, w.bob.address, false]);
  });

  it("are nobody else's", async () => {
    const w = await loadFixture(rewardsWorld);
    const rc = w.rc.connect(w.stranger);
    for (const call of [
      rc.setActivationDelay(5n),
      rc.setDefaultOperatorSplit(5n),
      rc.setRewardsUpdater(w.stranger),
      rc.setFeeRecipient(w.stranger),
      rc.setRewardsForAllSubmitter(w.stranger, true),
    ]) {
      await expect(call).to.be.revertedWithCustomError(rc, "OwnableUnauthorizedAccount").withArgs(w.stranger);
    }
  });

  it("have limits", async () => {
    const { rc } = await loadFixture(rewardsWorld);
    await expect(rc.setDefaultOperatorSplit(ALL + 1n)).to.be.revertedWithCustomError(rc, "SplitExceedsMax");
    await expect(rc.setFeeRecipient(ZeroAddress)).to.be.revertedWithCustomError(rc, "InvalidAddressZero");
  });

  it("let an account, and whom it permits, choose whether it pays the fee", async () => {
    const w = await loadFixture(rewardsWorld);
    const choose = (as: Account, choice: boolean) => w.rc.connect(as).setOptInForProtocolFee(w.avs, choice);
    await expect(choose(w.stranger, true)).to.be.revertedWithCustomError(w.rc, "InvalidPermissions");
    await expect(choose(w.avs, true)).to.emit(w.rc, "OptInForProtocolFeeSet").withArgs(w.avs, false, true);
    expect(await w.rc.isOptedInForProtocolFee(w.avs)).to.equal(true);
    const { selector } = w.rc.setOptInForProtocolFee.fragment;
    await w.pc.connect(w.avs).setAppointee(w.avs, w.stranger, w.rc, selector);
    await expect(choose(w.stranger, false)).to.emit(w.rc, "OptInForProtocolFeeSet").withArgs(w.avs, true, false);
  });

  it("are refused at birth when times do not fit each other", async () => {
    const wrong = [
      [{ calculationIntervalSeconds: 3_600, genesisRewardsTimestamp: 0 }, "InvalidCalculationIntervalSecondsRemainder"],
      [{ genesisRewardsTimestamp: 1_710_979_201 }, "InvalidGenesisRewardsTimestampRemainder"],
    ] as const;
    const factory = await ethers.getContractFactory("RewardsCoordinator");
    for (const [changes, error] of wrong) {
      await expect(rewardsWorld(changes)).to.be.revertedWithCustomError({ interface: factory.interface }, error);
    }
  });
});

/** A call of every function of the RewardsCoordinator that would go through. */
async function pausable(): Promise<Paused> {
  const w = await claimable();
  const { rc, usual, directed } = w;
  const when = (bits: number[], call: () => Promise<unknown>): Call => ({ bits, call });
  const never = (call: () => Promise<unknown>) => when([], call);
  await rc.connect(w.updater).submitRoot(ethers.id("later"), w.today);
  const [avs, operator, alice, updater] = [w.avs, w.operator, w.alice, w.updater].map((who) => rc.connect(who));
  const submitter = rc.connect(w.submitter);
  const set = setOf(w);
  const byName: Record<string, Call> = {
    createAVSRewardsSubmission: when([0], () => avs.createAVSRewardsSubmission.staticCall([usual])),
    createEigenDARewardsSubmission: when([0], () =>
      rc.connect(w.hopper).createEigenDARewardsSubmission.staticCall(w.avs, [usual]),
    ),
    createRewardsForAllSubmission: when([1], () => submitter.createRewardsForAllSubmission.staticCall([usual])),
    processClaim: when([2], () => alice.processClaim.staticCall(w.claim(0, [0]), w.bob)),
    processClaims: when([2], () => alice.processClaims.staticCall([w.claim(0, [0])], w.bob)),
    submitRoot: when([3], () => updater.submitRoot.staticCall(ethers.id("root"), w.today + DAY)),
    disableRoot: when([3], () => updater.disableRoot.staticCall(1n)),
    createRewardsForAllEarners: when([4], () => submitter.createRewardsForAllEarners.staticCall([usual])),
    createOperatorDirectedAVSRewardsSubmission: when([5], () =>
      avs.createOperatorDirectedAVSRewardsSubmission.staticCall(w.avs, [directed]),
    ),
    setOperatorAVSSplit: when([6], () => operator.setOperatorAVSSplit.staticCall(w.operator, w.avs, 1n)),
    setOperatorPISplit: when([7], () => operator.setOperatorPISplit.staticCall(w.operator, 1n)),
    setOperatorSetSplit: when([8], () => operator.setOperatorSetSplit.staticCall(w.operator, set, 1n)),
    createOperatorDirectedOperatorSetRewardsSubmission: when([9], () =>
      avs.createOperatorDirectedOperatorSetRewardsSubmission.staticCall(set, [directed]),
    ),
    createUniqueStakeRewardsSubmission: when([10], () =>
      avs.createUniqueStakeRewardsSubmission.staticCall(set, [usual]),
    ),
    createTotalStakeRewardsSubmission: when([11], () => avs.createTotalStakeRewardsSubmission.staticCall(set, [usual])),
    setClaimerFor: never(() => alice["setClaimerFor(address)"].staticCall(w.bob)),
    "setClaimerFor(address,address)": never(() =>
      operator["setClaimerFor(address,address)"].staticCall(w.operator, w.bob),
    ),
    setActivationDelay: never(() => rc.setActivationDelay.staticCall(1n)),
    setDefaultOperatorSplit: never(() => rc.setDefaultOperatorSplit.staticCall(1n)),
    setRewardsUpdater: never(() => rc.setRewardsUpdater.staticCall(w.bob)),
    setFeeRecipient: never(() => rc.setFeeRecipient.staticCall(w.bob)),
    setRewardsForAllSubmitter: never(() => rc.setRewardsForAllSubmitter.staticCall(w.bob, true)),
    setOptInForProtocolFee: never(() => avs.setOptInForProtocolFee.staticCall(w.avs, true)),
    transferOwnership: never(() => rc.transferOwnership.staticCall(w.bob)),
    renounceOwnership: never(() => rc.renounceOwnership.staticCall()),
  };
  const formatted = (name: string) => rc.getFunction(name === "setClaimerFor" ? `${name}(address)` : name).fragment;
  const calls = Object.entries(byName).map(([name, call]) => [formatted(name).format(), call] as const);
  return { contract: rc, calls: Object.fromEntries(calls) };
}

describe("RewardsCoordinator: pausing", () => {
  const BITS = 12;
  itIsPausedBitByBit([...Array(BITS).keys()], pausable);

  it("lets stakers claim again what they had earned", async () => {
    const w = await loadFixture(claimable);
    await w.rc.pause(4n);
    await expect(w.process(w.alice, 0, [0])).to.be.revertedWithCustomError(w.rc, "CurrentlyPaused");
    await w.rc.unpause(0n);
    await w.process(w.alice, 0, [0]);
    expect(await w.tokens[0].balanceOf(w.recipient)).to.equal(ether("2"));
  });
});
