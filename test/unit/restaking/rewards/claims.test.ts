import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { solidityPackedKeccak256, ZeroAddress, ZeroHash } from "ethers";
import { ether } from "../../../integration/engine/world";
import { claimable, claimableTwice, setOf, type Claim, type Claimable, type Spoiled } from "./world";

const WORD = "ab".repeat(32);

describe("RewardsCoordinator: claims", () => {
  it("pay all tokens of the claim to the recipient", async () => {
    const w = await loadFixture(claimable);
    const [token, other] = w.tokens;
    await expect(w.process(w.alice, 0, [0, 1]))
      .to.emit(w.rc, "RewardsClaimed")
      .withArgs(w.trees.root(0), w.alice, w.alice, w.recipient, token, ether("2"))
      .and.to.emit(w.rc, "RewardsClaimed")
      .withArgs(w.trees.root(0), w.alice, w.alice, w.recipient, other, 7_000_000n);
    expect(await token.balanceOf(w.recipient)).to.equal(ether("2"));
    expect(await other.balanceOf(w.recipient)).to.equal(7_000_000n);
    expect(await w.rc.cumulativeClaimed(w.alice, token)).to.equal(ether("2"));
    expect(await w.rc.cumulativeClaimed(w.alice, other)).to.equal(7_000_000n);
    expect(await w.rc.cumulativeClaimed(w.bob, token)).to.equal(0n);
  });

  it("pay what was earned since the last one, by whatever root", async () => {
    const w = await loadFixture(claimableTwice);
    await w.process(w.alice, 0, [0]);
    await w.process(w.alice, 0, [0], {}, 1);
    expect(await w.tokens[0].balanceOf(w.recipient)).to.equal(ether("5"));
    expect(await w.rc.cumulativeClaimed(w.alice, w.tokens[0])).to.equal(ether("5"));
  });

  it("pay nothing twice, nor by an older root what a newer one has paid", async () => {
    const w = await loadFixture(claimableTwice);
    await w.process(w.alice, 0, [0], {}, 1);
    for (const root of [0, 1]) {
      const again = w.process(w.alice, 0, [0], {}, root);
      await expect(again).to.be.revertedWithCustomError(w.rc, "EarningsNotGreaterThanClaimed");
    }
    // One token with nothing new stops the whole claim.
    await w.process(w.alice, 0, [1], {}, 0);
    const stale = w.process(w.carol, 2, [0, 0], {}, 1);
    await expect(stale).to.be.revertedWithCustomError(w.rc, "EarningsNotGreaterThanClaimed");
    expect(await w.rc.cumulativeClaimed(w.carol, w.tokens[0])).to.equal(0n);
  });

  it("of several earners go together or not at all", async () => {
    const w = await loadFixture(claimable);
    await w.rc.connect(w.bob)["setClaimerFor(address)"](w.alice);
    await w.rc.connect(w.carol)["setClaimerFor(address)"](w.alice);
    const rc = w.rc.connect(w.alice);
    const all = [w.claim(0, [0, 1]), w.claim(1, [0]), w.claim(2, [0, 1])];
    const twice = rc.processClaims([...all, all[0]], w.recipient);
    await expect(twice).to.be.revertedWithCustomError(rc, "EarningsNotGreaterThanClaimed");
    await rc.processClaims(all, w.recipient);
    expect(await w.tokens[0].balanceOf(w.recipient)).to.equal(ether("6"));
    expect(await w.tokens[1].balanceOf(w.recipient)).to.equal(7_000_001n);
    await rc.processClaims([], w.recipient);
  });

  it("of no tokens pay nothing, but are checked", async () => {
    const w = await loadFixture(claimable);
    await expect(w.process(w.alice, 0, [])).not.to.emit(w.rc, "RewardsClaimed");
    const wrong = w.process(w.alice, 0, [], { earnerIndex: "1" });
    await expect(wrong).to.be.revertedWithCustomError(w.rc, "InvalidClaimProof");
  });

  it("of one earner are worth nothing to anybody else", async () => {
    const w = await loadFixture(claimable);
    for (const other of [w.bob, w.owner, w.updater, w.stranger]) {
      await expect(w.process(other, 0, [0])).to.be.revertedWithCustomError(w.rc, "UnauthorizedCaller");
    }
  });
});

describe("RewardsCoordinator: wrong claims", () => {
  const refused: Record<string, [Spoiled, string]> = {
    "of another amount": [{ amounts: [String(ether("3")), "7000000"] }, "InvalidClaimProof"],
    "of less": [{ amounts: [String(ether("1")), "7000000"] }, "InvalidClaimProof"],
    "by another token's place": [{ tokenIndices: ["1", "1"] }, "InvalidClaimProof"],
    "by a place that the tokens' tree does not have": [{ tokenIndices: ["0", "2"] }, "InvalidTokenLeafIndex"],
    "by another earner's place": [{ earnerIndex: "1" }, "InvalidClaimProof"],
    "by a place that the earners' tree does not have": [{ earnerIndex: "4" }, "InvalidEarnerLeafIndex"],
    "with the proof of nobody": [{ earnerTreeProof: "0x" + WORD + WORD }, "InvalidClaimProof"],
    "with too short a proof": [{ earnerTreeProof: "0x" + WORD }, "InvalidClaimProof"],
    "with no proof": [{ earnerTreeProof: "0x" }, "InvalidClaimProof"],
    "with a proof of half a word": [{ earnerTreeProof: "0x" + WORD + "ab" }, "InvalidProofLength"],
    "with too few indexes": [{ tokenIndices: ["0"] }, "InputArrayLengthMismatch"],
    "with too few proofs": [{ dropProof: true }, "InputArrayLengthMismatch"],
  };
  for (const [text, [spoiled, error]] of Object.entries(refused)) {
    it(`${text} are refused`, async () => {
      const w = await loadFixture(claimable);
      const claim = w.claim(0, [0, 1], spoiled);
      await expect(w.rc.connect(w.alice).processClaim(claim, w.alice)).to.be.revertedWithCustomError(w.rc, error);
      await expect(w.rc.checkClaim(claim)).to.be.revertedWithCustomError(w.rc, error);
      expect(await w.rc.cumulativeClaimed(w.alice, w.tokens[0])).to.equal(0n);
    });
  }

  const altered: Record<string, (w: Claimable, claim: Claim) => Claim> = {
    "of another earner": (w, claim) => ({ ...claim, earnerLeaf: { ...claim.earnerLeaf, earner: w.stranger } }),
    "of another token": (w, claim) => ({ ...claim, tokenLeaves: [{ ...claim.tokenLeaves[0], token: w.tokens[1] }] }),
    "by another tree of tokens": (_, claim) => ({
      ...claim,
      earnerLeaf: { ...claim.earnerLeaf, earnerTokenRoot: ethers.id("another") },
    }),
    "by a token's leaf in place of an earner's": (w, claim) => ({
      ...claim,
      earnerTreeProof: claim.tokenTreeProofs[0],
      earnerIndex: 0n,
    }),
  };
  for (const [text, alter] of Object.entries(altered)) {
    it(`${text} are refused`, async () => {
      const w = await loadFixture(claimable);
      const claim = alter(w, w.claim(0, [0]));
      const processing = w.rc.connect(w.alice).processClaim(claim, w.alice);
      await expect(processing).to.be.revertedWithCustomError(w.rc, "InvalidClaimProof");
    });
  }

  it("by no root, by a root of nothing and by an empty tree of tokens are refused", async () => {
    const w = await loadFixture(claimable);
    await expect(w.process(w.alice, 0, [0], { rootIndex: "1" })).to.be.revertedWithPanic(0x32);
    await w.rc.setActivationDelay(0n);
    await w.rc.connect(w.updater).submitRoot(ZeroHash, w.today);
    const nothing = w.process(w.alice, 0, [0], { rootIndex: "1" });
    await expect(nothing).to.be.revertedWithCustomError(w.rc, "EmptyRoot");
    const earnerLeaf = { earner: w.alice.address, earnerTokenRoot: ZeroHash };
    const root = await w.rc.calculateEarnerLeafHash(earnerLeaf);
    await w.rc.connect(w.updater).submitRoot(root, w.today + 1n);
    const claim = { ...w.claim(0, [0]), rootIndex: 2n, earnerIndex: 0n, earnerTreeProof: "0x", earnerLeaf };
    const empty = w.rc.connect(w.alice).processClaim(claim, w.alice);
    await expect(empty).to.be.revertedWithCustomError(w.rc, "EmptyRoot");
  });
});

describe("RewardsCoordinator: hashes of leaves", () => {
  it("begin with the kind of leaf and pack the rest", async () => {
    const w = await loadFixture(claimable);
    const earner = { earner: w.alice.address, earnerTokenRoot: ethers.id("tokens") };
    const ofEarner = ["uint8", "address", "bytes32"];
    const packed = solidityPackedKeccak256(ofEarner, [0, earner.earner, earner.earnerTokenRoot]);
    expect(await w.rc.calculateEarnerLeafHash(earner)).to.equal(packed);
    const leaf = { token: await w.tokens[0].getAddress(), cumulativeEarnings: 5n };
    const ofToken = solidityPackedKeccak256(["uint8", "address", "uint256"], [1, leaf.token, 5n]);
    expect(await w.rc.calculateTokenLeafHash(leaf)).to.equal(ofToken);
  });
});

describe("RewardsCoordinator: claimers", () => {
  it("claim for the earner, who then no longer can, until there is none again", async () => {
    const w = await loadFixture(claimableTwice);
    const own = w.rc.connect(w.alice);
    await expect(own["setClaimerFor(address)"](w.stranger))
      .to.emit(w.rc, "ClaimerForSet")
      .withArgs(w.alice, ZeroAddress, w.stranger);
    await expect(w.process(w.alice, 0, [0])).to.be.revertedWithCustomError(w.rc, "UnauthorizedCaller");
    await expect(w.process(w.stranger, 0, [0]))
      .to.emit(w.rc, "RewardsClaimed")
      .withArgs(w.trees.root(0), w.alice, w.stranger, w.recipient, w.tokens[0], ether("2"));
    await expect(own["setClaimerFor(address)"](ZeroAddress))
      .to.emit(w.rc, "ClaimerForSet")
      .withArgs(w.alice, w.stranger, ZeroAddress);
    expect(await w.rc.claimerFor(w.alice)).to.equal(ZeroAddress);
    await expect(w.process(w.stranger, 0, [0], {}, 1)).to.be.revertedWithCustomError(w.rc, "UnauthorizedCaller");
    await w.process(w.alice, 0, [0], {}, 1);
  });

  it("of operators and of AVSs with sets can be chosen by whom they permit", async () => {
    const w = await loadFixture(claimable);
    const choose = "setClaimerFor(address,address)";
    for (const earner of [w.operator, w.avs]) {
      const { selector } = w.rc.getFunction(choose).fragment;
      const refused = w.rc.connect(w.bob)[choose](earner, w.stranger);
      await expect(refused).to.be.revertedWithCustomError(w.rc, "InvalidPermissions");
      await w.pc.connect(earner).setAppointee(earner, w.bob, w.rc, selector);
      await w.rc.connect(w.bob)[choose](earner, w.stranger);
      expect(await w.rc.claimerFor(earner)).to.equal(w.stranger.address);
    }
    const plain = w.rc.connect(w.alice)[choose](w.alice, w.bob);
    await expect(plain).to.be.revertedWithCustomError(w.rc, "InvalidEarner");
    expect(await w.am.isOperatorSet(setOf(w))).to.equal(true);
  });
});
