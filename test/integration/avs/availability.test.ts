import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { signingKey } from "../../../scripts/sim/avs";
import { leafOf, MerkleTree } from "../../../scripts/sim/merkle";
import { allocatedTo, allocates, blocks, DELAY, ether, leaves, LIABILITY, queues, WAD } from "./engine";
import {
  about,
  accepts,
  answers,
  availability,
  BOND,
  challenges,
  dataOf,
  keeping,
  punishes,
  SERVICE,
  terms,
  WINDOW,
} from "./availability-world";

const half = WAD / 2n;
const left = half - half / 4n;

async function challenged() {
  const world = await keeping();
  await challenges(world);
  const { answerUntil } = await world.avs.challengeOf(world.blobId, world.operator);
  return { ...world, answerUntil };
}

describe("AvailabilityAvs", () => {
  describe("keeping", () => {
    it("is confirmed by two thirds of the stake", async () => {
      const world = await loadFixture(keeping);
      const { avs, blobId, operators } = world;
      await expect(avs.confirm(blobId))
        .to.be.revertedWithCustomError(avs, "QuorumMissing")
        .withArgs(ether("100"), ether("300"));
      await accepts(world, operators[1], blobId);
      await expect(avs.confirm(blobId)).to.emit(avs, "BlobConfirmed").withArgs(blobId, ether("200"), ether("300"));
      expect(await avs.isConfirmed(blobId)).to.equal(true);
      await expect(avs.confirm(blobId)).to.be.revertedWithCustomError(avs, "AlreadyConfirmed");
    });

    it("binds nobody but by its signature, for its chunk, of this blob, on this chain", async () => {
      const world = await loadFixture(keeping);
      const { avs, blobId, operators } = world;
      const [, second] = operators;
      const key = signingKey(await avs.getAddress(), second.address);
      const chunk = await avs.chunkOf(blobId, second);
      const typed = (chainId: bigint, id: string) =>
        key.signTypedData(
          { name: "Trellis Availability AVS", version: "1", chainId, verifyingContract: world.avs.target as string },
          {
            Custody: [
              { name: "blobId", type: "bytes32" },
              { name: "chunk", type: "uint256" },
            ],
          },
          { blobId: id, chunk },
        );
      const other = signingKey(await avs.getAddress(), operators[0].address).signingKey;
      for (const signature of [
        await typed(1n, blobId),
        await typed(31_337n, ethers.ZeroHash),
        other.sign(await avs.custodyDigest(blobId, chunk)).serialized,
        key.signingKey.sign(await avs.custodyDigest(blobId, chunk + 1n)).serialized,
        "0x",
      ]) {
        await expect(avs.accept(blobId, second, signature)).to.be.revertedWithCustomError(avs, "NotSignedByKey");
      }
      await avs.accept(blobId, second, await typed(31_337n, blobId));
      expect(await avs.isCustodian(blobId, second)).to.equal(true);
      await expect(accepts(world, second, blobId)).to.be.revertedWithCustomError(avs, "AlreadyCustodian");
      await expect(avs.accept(blobId, operators[5], "0x")).to.be.revertedWithCustomError(avs, "NotAMember");
    });

    it("ends with the date, and never begins after it", async () => {
      const world = await loadFixture(keeping);
      const { avs, blobId, blob } = world;
      await expect(avs.submit(blob)).to.be.revertedWithCustomError(avs, "BlobKnown").withArgs(blobId);
      await expect(avs.submit({ ...blob, chunks: 0 })).to.be.revertedWithCustomError(avs, "NoChunks");
      await expect(avs.chunkOf(ethers.ZeroHash, world.operator)).to.be.revertedWithCustomError(avs, "BlobUnknown");
      await time.increase(SERVICE);
      await expect(avs.submit({ ...blob, chunks: 4 })).to.be.revertedWithCustomError(avs, "ServiceOver");
      await expect(challenges(world)).to.be.revertedWithCustomError(avs, "ServiceOver");
      await expect(avs.confirm(blobId)).to.be.revertedWithCustomError(avs, "ServiceOver");
    });
  });

  describe("silence", () => {
    it("costs exactly a quarter of the set's allocation, once, and gives the bond back", async () => {
      const world = await loadFixture(challenged);
      const { avs, slasher, alice, operator, blobId, answerUntil } = world;
      await time.increaseTo(answerUntil);
      await expect(punishes(world)).to.emit(slasher, "FaultPunished").withArgs(operator, 0n, blobId, answerUntil);
      expect(await allocatedTo(world, operator, avs)).to.deep.equal([left, left]);
      await expect(punishes(world)).to.be.revertedWithCustomError(slasher, "AlreadyPunished");
      await avs.refund(blobId, operator);
      await expect(avs.connect(alice).collect(alice)).to.changeEtherBalances([avs, alice], [-BOND, BOND]);
      await expect(avs.refund(blobId, operator)).to.be.revertedWithCustomError(avs, "AlreadyRefunded");
      await expect(avs.connect(alice).collect(alice)).to.be.revertedWithCustomError(avs, "NothingDue");
      await expect(challenges(world)).to.be.revertedWithCustomError(avs, "AlreadyChallenged"); // no second fault of it
      await time.increase(terms.cooldown);
      await expect(punishes(world)).to.be.revertedWithCustomError(slasher, "AlreadyPunished");
    });

    it("is proven in two strategies for less than 400,000 gas", async () => {
      const { slasher, operator, blobId, answerUntil } = await loadFixture(challenged);
      await time.increaseTo(answerUntil);
      expect(await slasher.slash.estimateGas(operator, 0n, about(blobId))).to.be.lessThan(400_000n);
    });

    it("is no fault before the time to answer is over", async () => {
      const world = await loadFixture(challenged);
      const { avs, operator, blobId, answerUntil } = world;
      await time.setNextBlockTimestamp(answerUntil);
      await expect(punishes(world))
        .to.be.revertedWithCustomError(avs, "AnswerStillPossible")
        .withArgs(answerUntil, answerUntil);
      await expect(avs.refund(blobId, operator)).to.emit(avs, "BondRefunded");
    });

    it("is no fault in another set, nor without a challenge", async () => {
      const world = await loadFixture(challenged);
      const { avs, slasher, operators, blobId, answerUntil } = world;
      await time.increaseTo(answerUntil + 1n);
      await expect(punishes(world, 1n)).to.be.revertedWithCustomError(avs, "OtherSet").withArgs(0n, 1n);
      await expect(slasher.slash(operators[1], 0n, about(blobId)))
        .to.be.revertedWithCustomError(avs, "NotChallenged")
        .withArgs(blobId, operators[1]);
    });

    it("is caught though the operator left, freed its stake and queued its withdrawal when it was challenged", async () => {
      const world = await loadFixture(challenged);
      const { avs, operator, answerUntil } = world;
      await leaves(world, operator, avs);
      await allocates(world, operator, avs, 0n);
      await queues(world, operator, ether("100"));
      await blocks(Number(WINDOW) / 12 + 1);
      expect(BigInt(await time.latest())).to.be.greaterThan(answerUntil);
      await blocks(DELAY - Number(WINDOW) / 12 - 4); // to the last block of the engine's delay
      await punishes(world);
      expect(await allocatedTo(world, operator, avs)).to.deep.equal([left, left]);
    });
  });

  describe("an answer", () => {
    it("ends the challenge, whoever brings it, and the bond is the operator's key's", async () => {
      const world = await loadFixture(challenged);
      const { avs, operator, bob, blobId, answerUntil } = world;
      await time.setNextBlockTimestamp(answerUntil);
      await answers(world); // by Bob, who copied it
      const key = signingKey(await avs.getAddress(), operator.address).connect(ethers.provider);
      expect([await avs.dueTo(key.address), await avs.dueTo(bob)]).to.deep.equal([BOND, 0n]);
      await bob.sendTransaction({ to: key.address, value: ether("1") });
      await expect(avs.connect(key).collect(operator)).to.changeEtherBalance(operator, BOND);
      await time.increase(WINDOW);
      await expect(punishes(world)).to.be.revertedWithCustomError(avs, "NotChallenged");
      await expect(avs.refund(blobId, operator)).to.be.revertedWithCustomError(avs, "NotChallenged");
      await challenges(world); // asked again, for another bond
    });

    it("is refused after its time, with another chunk, with another proof", async () => {
      const world = await loadFixture(challenged);
      const { avs, operator, blobId, data, tree, answerUntil } = world;
      const mine = Number(await avs.chunkOf(blobId, operator));
      const other = (mine + 1) % 5;
      await expect(answers(world, other)).to.be.revertedWithCustomError(avs, "WrongChunk");
      await expect(avs.answer(blobId, operator, data[mine], tree.proof(other))).to.be.revertedWithCustomError(
        avs,
        "WrongChunk",
      );
      await expect(avs.answer(blobId, operator, data[mine], [])).to.be.revertedWithCustomError(avs, "WrongChunk");
      await time.setNextBlockTimestamp(answerUntil + 1n);
      await expect(answers(world)).to.be.revertedWithCustomError(avs, "AnswerTooLate");
    });

    it("of eight KiB in a blob of 1024 chunks costs less than 400,000 gas", async () => {
      const world = await loadFixture(keeping);
      const { avs, operator } = world;
      const chunk = ethers.zeroPadValue("0x0b", 8_192);
      const hash = ethers.keccak256(chunk); // of all chunks alike: only their places differ
      const tree = new MerkleTree(Array.from({ length: 1_024 }, (_, i) => leafOf(["uint256", "bytes32"], [i, hash])));
      const data = new Array<string>(1_024).fill(chunk);
      const { blob } = await dataOf(1);
      const big = { ...blob, root: tree.root, chunks: 1_024 };
      await avs.submit(big);
      const blobId = await avs.blobIdOf(big);
      await accepts(world, operator, blobId);
      await challenges({ ...world, blobId });
      const gas = await answers({ ...world, blobId, data, tree }).then(async (tx) => (await tx.wait())?.gasUsed ?? 0n);
      expect(gas).to.be.greaterThan(0n).and.to.be.lessThan(400_000n);
    });
  });

  describe("challenging", () => {
    it("costs exactly the bond, and reaches only those who promised", async () => {
      const world = await loadFixture(keeping);
      const { avs, alice, blobId, operators } = world;
      for (const value of [0n, BOND - 1n, BOND + 1n]) {
        await expect(challenges(world, value)).to.be.revertedWithCustomError(avs, "WrongBond").withArgs(value, BOND);
      }
      await expect(avs.connect(alice).challenge(blobId, operators[1], { value: BOND }))
        .to.be.revertedWithCustomError(avs, "NotCustodian")
        .withArgs(blobId, operators[1]);
      await challenges(world);
      await expect(challenges(world)).to.be.revertedWithCustomError(avs, "AlreadyChallenged");
    });

    it("pays the operator for every question of a mass of them, and costs the griefer all bonds", async () => {
      const world = await loadFixture(keeping);
      const { avs, operator } = world;
      const key = signingKey(await avs.getAddress(), operator.address).address;
      for (let chunks = 6; chunks < 26; ++chunks) {
        const stored = await dataOf(chunks);
        await avs.submit(stored.blob);
        const question = { ...world, ...stored, blobId: await avs.blobIdOf(stored.blob) };
        await accepts(world, operator, question.blobId);
        await challenges(question);
        await answers(question);
      }
      expect(await avs.dueTo(key)).to.equal(20n * BOND);
      expect(await allocatedTo(world, operator, avs)).to.deep.equal([half, half]);
    });

    it("pays each bond once, also to one who asks again while it is paid", async () => {
      const world = await loadFixture(keeping);
      const { avs, operator, operators, blobId } = world;
      const greedy = await ethers.deployContract("ReentrantCollectorMock", [avs]);
      await greedy.challenge(blobId, operator, { value: BOND });
      await accepts(world, operators[1], blobId);
      await challenges({ ...world, operator: operators[1] }); // Alice's bond lies beside it
      await time.increase(WINDOW + 1n);
      await avs.refund(blobId, operator);
      await expect(greedy.collect()).to.changeEtherBalances([avs, greedy], [-BOND, BOND]);
      expect(await greedy.refusal()).to.equal(
        avs.interface.encodeErrorResult("NothingDue", [await greedy.getAddress()]),
      );
      expect(await ethers.provider.getBalance(avs)).to.equal(BOND);
    });

    it("does not shield: the guilty who asks itself first is slashed for that", async () => {
      const world = await loadFixture(keeping);
      const { avs, operator, blobId, alice } = world;
      await avs.connect(operator).challenge(blobId, operator, { value: BOND });
      await expect(avs.connect(alice).challenge(blobId, operator, { value: BOND })).to.be.revertedWithCustomError(
        avs,
        "AlreadyChallenged",
      );
      await time.increase(WINDOW + 1n);
      await punishes(world);
      expect(await allocatedTo(world, operator, avs)).to.deep.equal([left, left]);
    });
  });

  it("never slashes an operator that answers in time, whatever is asked and whenever", async () => {
    const event = fc.record({ wait: fc.integer({ min: 1, max: 400 }), answerAfter: fc.integer({ min: 2, max: 239 }) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.array(event, { maxLength: 6 }), async (chunks, events) => {
        const world = await loadFixture(availability);
        const stored = await dataOf(chunks);
        await world.avs.submit(stored.blob);
        const blobId = await world.avs.blobIdOf(stored.blob);
        await accepts(world, world.operators[0], blobId);
        const kept = { ...world, ...stored, blobId, operator: world.operators[0] };
        for (const { wait, answerAfter } of events) {
          await time.increase(wait);
          await challenges(kept);
          await time.increase(answerAfter - 1);
          await expect(punishes(kept)).to.be.revertedWithCustomError(world.avs, "AnswerStillPossible");
          await answers(kept);
          await expect(punishes(kept)).to.be.revertedWithCustomError(world.avs, "NotChallenged");
        }
        expect(await world.slasher.timesPunished(world.operators[0])).to.equal(0n);
      }),
      { numRuns: 10 },
    );
  });

  it("refuses a window to answer in which an operator could be gone, none at all, and challenges for nothing", async () => {
    const { allocation, rewards, strategies, slasher, avs } = await loadFixture(availability);
    const deploy = (responseWindow: bigint, bond = BOND) =>
      ethers.deployContract("AvailabilityAvs", [
        allocation,
        rewards,
        "",
        [strategies],
        { ...terms, responseWindow, bond },
      ]);
    await expect(deploy(0n)).to.be.revertedWithCustomError(slasher, "WindowZero");
    await expect(deploy(WINDOW, 0n)).to.be.revertedWithCustomError(avs, "BondZero");
    await expect(deploy(LIABILITY))
      .to.be.revertedWithCustomError(slasher, "WindowTooLong")
      .withArgs(LIABILITY, LIABILITY);
    await deploy(LIABILITY - 1n);
  });
});
