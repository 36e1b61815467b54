import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ether, SET } from "../../../integration/engine/world";
import { created, DIRECTED, hashOf, knownTo, PLAIN } from "./kinds";
import { rewardsWorld, setOf, UNKNOWN_SET, type RewardsWorld } from "./world";

/** Of ten thousand. */
const FEE_BIPS = 2_000n;
const feeOf = (amount: bigint) => (amount * FEE_BIPS) / 10_000n;

const heldBy = (w: RewardsWorld) => w.tokens[0].balanceOf(w.rc);

async function optedIn() {
  const w = await rewardsWorld();
  for (const giver of [w.avs, w.hopper, w.submitter]) {
    await w.rc.connect(giver).setOptInForProtocolFee(giver, true);
  }
  return w;
}

describe("RewardsCoordinator: submissions", () => {
  for (const [name, kind] of Object.entries(PLAIN)) {
    describe(name, () => {
      it("takes the tokens and writes each submission down under its own nonce", async () => {
        const w = await loadFixture(rewardsWorld);
        const [giver, owner] = [kind.giver(w), kind.owner(w)];
        const second = { ...w.usual, amount: ether("3") };
        const before = await w.tokens[0].balanceOf(giver);
        const events = await created(w, kind, kind.submit(w, giver, [w.usual, second]));
        expect(await heldBy(w)).to.equal(ether("13"));
        expect(before - (await w.tokens[0].balanceOf(giver))).to.equal(ether("13"));
        expect(events.map(({ nonce }) => nonce)).to.deep.equal([0n, 1n]);
        expect(await w.rc.submissionNonce(owner)).to.equal(2n);
        const hashes = [w.usual, second].map((s, i) => hashOf(w, name, owner.address, BigInt(i), s));
        expect(events.map(({ hash }) => hash)).to.deep.equal(hashes);
        expect(events.map(({ who }) => who)).to.deep.equal([owner.address, owner.address]);
        for (const hash of hashes) expect(await knownTo(w, owner.address, hash)).to.deep.equal([kind.isKnown]);
        expect(await knownTo(w, w.stranger.address, hashes[0])).to.deep.equal([]);
      });

      it(
        kind.takesFee ? "takes the fee of those who chose to pay it" : "takes no fee, whoever chose to pay it",
        async () => {
          const w = await loadFixture(optedIn);
          const odd = { ...w.usual, amount: 10_004n }; // a fifth, rounded down, is 2000
          const [event] = await created(w, kind, kind.submit(w, kind.giver(w), [odd]));
          const fee = kind.takesFee ? feeOf(10_004n) : 0n;
          expect(await w.tokens[0].balanceOf(w.feeRecipient)).to.equal(fee);
          expect(await heldBy(w)).to.equal(10_004n - fee);
          expect(event.submission.getValue("amount")).to.equal(10_004n - fee);
          const net = hashOf(w, name, kind.owner(w).address, 0n, { ...odd, amount: 10_004n - fee });
          expect(event.hash).to.equal(net);
        },
      );

      it("does nothing for no submissions, and takes all or none", async () => {
        const w = await loadFixture(rewardsWorld);
        expect(await created(w, kind, kind.submit(w, kind.giver(w), []))).to.deep.equal([]);
        const wrong = { ...w.usual, amount: 0n };
        await expect(kind.submit(w, kind.giver(w), [w.usual, wrong])).to.be.revertedWithCustomError(
          w.rc,
          "AmountIsZero",
        );
        expect(await w.rc.submissionNonce(kind.owner(w))).to.equal(0n);
        expect(await heldBy(w)).to.equal(0n);
      });
    });
  }

  for (const [name, kind] of Object.entries(DIRECTED)) {
    describe(name, () => {
      it("takes the sum for all operators and writes the submission down", async () => {
        const w = await loadFixture(rewardsWorld);
        const [event] = await created(w, kind, kind.submit(w, w.avs, [w.directed]));
        expect(await heldBy(w)).to.equal(ether("12"));
        expect(event.nonce).to.equal(0n);
        expect(event.who).to.equal(w.avs.address);
        expect(event.hash).to.equal(hashOf(w, name, w.avs.address, 0n, w.directed));
        expect(await knownTo(w, w.avs.address, event.hash)).to.deep.equal([kind.isKnown]);
      });

      it("takes the fee from each operator's part, rounded down", async () => {
        const w = await loadFixture(optedIn);
        const [a, b] = w.operators;
        const parts = [10_004n, 7n]; // a fifth of them, rounded down: 2000 and 1
        const odd = { ...w.directed, operatorRewards: [a, b].map((operator, i) => ({ operator, amount: parts[i] })) };
        const [event] = await created(w, kind, kind.submit(w, w.avs, [odd]));
        expect(await w.tokens[0].balanceOf(w.feeRecipient)).to.equal(2_001n);
        expect(await heldBy(w)).to.equal(8_010n);
        const operatorRewards = [
          { operator: a, amount: 8_004n },
          { operator: b, amount: 6n },
        ];
        expect(event.hash).to.equal(hashOf(w, name, w.avs.address, 0n, { ...odd, operatorRewards }));
      });
    });
  }

  it("counts all kinds of one AVS together", async () => {
    const w = await loadFixture(rewardsWorld);
    const ofAvs = Object.values(PLAIN).filter((kind) => kind.takesFee);
    for (const kind of ofAvs) await kind.submit(w, kind.giver(w), [w.usual]);
    for (const kind of Object.values(DIRECTED)) await kind.submit(w, w.avs, [w.directed]);
    expect(await w.rc.submissionNonce(w.avs)).to.equal(6n);
    expect(await w.rc.submissionNonce(w.submitter)).to.equal(0n);
  });

  it("asks the payer, not the AVS, whether the fee is paid", async () => {
    const w = await loadFixture(rewardsWorld);
    await w.rc.connect(w.avs).setOptInForProtocolFee(w.avs, true);
    await PLAIN.createEigenDARewardsSubmission.submit(w, w.hopper, [w.usual]);
    expect(await w.tokens[0].balanceOf(w.feeRecipient)).to.equal(0n);
  });

  it("lets an appointee of the AVS pay for it", async () => {
    const w = await loadFixture(rewardsWorld);
    const { selector } = w.rc.createUniqueStakeRewardsSubmission.fragment;
    await w.pc.connect(w.avs).setAppointee(w.avs, w.stranger, w.rc, selector);
    const kind = PLAIN.createUniqueStakeRewardsSubmission;
    const before = await w.tokens[0].balanceOf(w.stranger);
    const [event] = await created(w, kind, kind.submit(w, w.stranger, [w.usual]));
    expect(event.who).to.equal(w.stranger.address);
    expect(before - (await w.tokens[0].balanceOf(w.stranger))).to.equal(ether("10"));
    expect(await knownTo(w, w.avs.address, event.hash)).to.deep.equal([kind.isKnown]);
  });

  it("is for those alone who may", async () => {
    const w = await loadFixture(rewardsWorld);
    const allowed = {
      createEigenDARewardsSubmission: "UnauthorizedCaller",
      createRewardsForAllSubmission: "UnauthorizedCaller",
      createRewardsForAllEarners: "UnauthorizedCaller",
      createUniqueStakeRewardsSubmission: "InvalidPermissions",
      createTotalStakeRewardsSubmission: "InvalidPermissions",
    };
    for (const [name, error] of Object.entries(allowed)) {
      await expect(PLAIN[name].submit(w, w.stranger, [w.usual])).to.be.revertedWithCustomError(w.rc, error);
    }
    for (const kind of Object.values(DIRECTED)) {
      const refused = kind.submit(w, w.stranger, [w.directed]);
      await expect(refused).to.be.revertedWithCustomError(w.rc, "InvalidPermissions");
    }
    // Anyone gives rewards as an AVS of its own.
    await PLAIN.createAVSRewardsSubmission.submit(w, w.stranger, [w.usual]);
    expect(await w.rc.submissionNonce(w.stranger)).to.equal(1n);
  });

  it("refuses rewards for a set that does not exist, even none", async () => {
    const w = await loadFixture(rewardsWorld);
    const rc = w.rc.connect(w.avs);
    const unknown = setOf(w, UNKNOWN_SET);
    for (const call of [
      rc.createUniqueStakeRewardsSubmission(unknown, []),
      rc.createTotalStakeRewardsSubmission(unknown, [w.usual]),
      rc.createOperatorDirectedOperatorSetRewardsSubmission(unknown, [w.directed]),
    ]) {
      await expect(call).to.be.revertedWithCustomError(rc, "InvalidOperatorSet");
    }
    expect(await w.am.isOperatorSet(setOf(w, SET))).to.equal(true);
  });

  it("takes nothing that was not approved", async () => {
    const w = await loadFixture(rewardsWorld);
    await w.tokens[0].connect(w.avs).approve(w.rc, ether("9"));
    await expect(PLAIN.createAVSRewardsSubmission.submit(w, w.avs, [w.usual])).to.be.revertedWithCustomError(
      w.tokens[0],
      "ERC20InsufficientAllowance",
    );
  });
});
