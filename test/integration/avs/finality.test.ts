import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { eotsKey, finalityData } from "../../../scripts/sim/avs";
import { challengeOf, N, pointOf } from "../../../scripts/sim/eots";
import {
  allocatedTo,
  allocates,
  becomesOperator,
  blocks,
  completes,
  DELAY,
  ether,
  joins,
  leaves,
  queues,
  WAD,
} from "./engine";
import { block, commits, evidenceOf, finality, HEIGHTS, noncesOf, twice, votes, voting } from "./finality-world";

const half = WAD / 2n;
const left = half - half / 5n;

describe("FinalityAvs", () => {
  describe("voting", () => {
    it("makes a block final with more than two thirds of the stake", async () => {
      const world = await loadFixture(voting);
      const { avs, operators } = world;
      for (const [n, operator] of operators.slice(0, 3).entries()) {
        if (n === 2) {
          await expect(avs.finalise(0n, 1n, block("A")))
            .to.be.revertedWithCustomError(avs, "QuorumMissing")
            .withArgs(ether("200"), ether("300")); // two thirds are not more than two thirds
        }
        const ballot = await votes(world, operator.address, 1, block("A"));
        await expect(avs.vote(operator, 0n, 1n, ballot))
          .to.emit(avs, "Voted")
          .withArgs(operator, 0n, 1n, block("A"), ballot.s);
      }
      await expect(avs.finalise(0n, 1n, block("A")))
        .to.emit(avs, "Finalised")
        .withArgs(0n, 1n, block("A"), ether("300"), ether("300"));
      expect(await avs.finalBlock(0n, 1n)).to.equal(block("A"));
      await expect(avs.finalise(0n, 1n, block("A"))).to.be.revertedWithCustomError(avs, "AlreadyFinal");
    });

    it("counts one vote per height, under a committed nonce, by the operator's key", async () => {
      const world = await loadFixture(voting);
      const { avs, operators } = world;
      const [{ address }, second] = operators;
      const good = await votes(world, address, 1, block("A"));
      await expect(avs.vote(address, 0n, 1n, { ...good, s: (good.s + 1n) % N })).to.be.revertedWithCustomError(
        avs,
        "SignatureInvalid",
      );
      await expect(avs.vote(address, 0n, 2n, good)).to.be.revertedWithCustomError(avs, "NonceNotCommitted");
      await expect(avs.vote(second, 0n, 1n, good)).to.be.revertedWithCustomError(avs, "NonceNotCommitted");
      await expect(avs.vote(address, 0n, 1_024n, good)).to.be.revertedWithCustomError(avs, "NonceNotCommitted");
      await expect(avs.vote(operators[5], 0n, 1n, good)).to.be.revertedWithCustomError(avs, "NotAMember");
      await avs.vote(address, 0n, 1n, good);
      await expect(avs.vote(address, 0n, 1n, good)).to.be.revertedWithCustomError(avs, "AlreadyVoted");
    });

    it("does not count a member whose two votes for the height are proven", async () => {
      const world = await loadFixture(voting);
      const { avs, slasher, operators } = world;
      for (const { address } of operators.slice(0, 2))
        await avs.vote(address, 0n, 3n, await votes(world, address, 3, block("A")));
      await slasher.slash(operators[2], 0n, await twice(world, operators[2].address));
      await avs.finalise(0n, 3n, block("A"));
      expect(await avs.finalBlock(0n, 3n)).to.equal(block("A"));
    });

    it("commits the nonces of an epoch once, by the key", async () => {
      const world = await loadFixture(finality);
      const { avs, operators } = world;
      const { address } = operators[0];
      await expect(commits(world, address, block("root"), pointOf(99n))).to.be.revertedWithCustomError(
        avs,
        "SignatureInvalid",
      );
      await expect(commits(world, operators[7].address)).to.be.revertedWithCustomError(avs, "EotsKeyUnknown");
      const { root } = noncesOf(await avs.getAddress(), address).tree;
      await expect(commits(world, address)).to.emit(avs, "NoncesCommitted").withArgs(address, 0n, root);
      await expect(commits(world, address, block("other")))
        .to.be.revertedWithCustomError(avs, "NoncesFixed")
        .withArgs(address, 0n);
    });
  });

  describe("two votes for one height", () => {
    it("cost exactly a fifth of the set's allocation, nothing of its other sets, once", async () => {
      const world = await loadFixture(voting);
      const { avs, slasher, alice, operators } = world;
      const [operator] = operators;
      const proof = await twice(world, operator.address);
      await expect(slasher.connect(alice).slash(operator, 0n, proof))
        .to.emit(slasher, "FaultPunished")
        .withArgs(operator, 0n, ethers.toBeHex(3, 32), 0n);
      expect(await allocatedTo(world, operator, avs, 0n)).to.deep.equal([left, left]);
      expect(await allocatedTo(world, operator, avs, 1n)).to.deep.equal([half, half]);
      expect(await allocatedTo(world, operators[1], avs, 0n)).to.deep.equal([half, half]);
      await expect(slasher.slash(operator, 0n, proof)).to.be.revertedWithCustomError(slasher, "AlreadyPunished");
    });

    it("are proven in two strategies for less than 440,000 gas", async () => {
      const world = await loadFixture(voting);
      const { slasher, operators } = world;
      const proof = await twice(world, operators[0].address);
      expect(await slasher.slash.estimateGas(operators[0], 0n, proof)).to.be.lessThan(440_000n);
    });

    it("publish the key: anyone computes it from what is on the chain", async () => {
      const world = await loadFixture(voting);
      const { avs, operators } = world;
      const { address } = operators[0];
      const [a, b] = [await votes(world, address, 3, block("A")), await votes(world, address, 3, block("B"))];
      const { x, pointAddress } = await avs.eotsKeyOf(address);
      const e = await Promise.all(
        [a, b].map(async ({ blockHash, nonce }) =>
          challengeOf(nonce.nonceX, x, await avs.voteMessage(0n, 3n, blockHash)),
        ),
      );
      const inverse = (value: bigint): bigint => {
        let [result, base] = [1n, ((value % N) + N) % N];
        for (let power = N - 2n; power > 0n; power >>= 1n) {
          if (power & 1n) result = (result * base) % N;
          base = (base * base) % N;
        }
        return result;
      };
      const key = ((((a.s - b.s) * inverse(e[0] - e[1])) % N) + N) % N;
      expect(key).to.equal(eotsKey(await avs.getAddress(), address).scalar);
      expect(pointOf(key).address).to.equal(pointAddress);
    });

    it("burn the key: the operator never serves again, in no set", async () => {
      const world = await loadFixture(voting);
      const { avs, slasher, operators } = world;
      const [operator] = operators;
      await slasher.slash(operator, 0n, await twice(world, operator.address));
      await leaves(world, operator, avs, [0n, 1n]);
      await blocks(DELAY + 1);
      await expect(joins(world, operator, avs, "0x", [1n]))
        .to.be.revertedWithCustomError(avs, "KeyBurned")
        .withArgs(operator);
    });

    it("are caught under two nonces as well, when both are committed for the height", async () => {
      const world = await loadFixture(voting);
      const { slasher, operators } = world;
      const { address } = operators[0];
      const a = await votes(world, address, 7, block("A"));
      const b = await votes(world, address, 7, block("B"), { nonce: 2 * HEIGHTS }); // hides the key by a second nonce
      await expect(slasher.slash(address, 0n, evidenceOf(7, a, b))).to.emit(slasher, "FaultPunished");
    });

    it("are caught in stake that was queued for withdrawal before them, by one who left", async () => {
      const world = await loadFixture(voting);
      const { avs, slasher, operators } = world;
      const [operator] = operators;
      await queues(world, operator, ether("100"));
      await leaves(world, operator, avs, [0n]);
      await allocates(world, operator, avs, 0n, 0n);
      await blocks(DELAY - 4);
      await slasher.slash(operator, 0n, await twice(world, operator.address));
      await blocks(DELAY);
      await completes(world, operator);
      for (const token of world.tokens) expect(await token.balanceOf(operator)).to.equal(ether("90"));
    });
  });

  describe("no fault", () => {
    it("is one vote, twice", async () => {
      const world = await loadFixture(voting);
      const { avs, slasher, operators } = world;
      const { address } = operators[0];
      const a = await votes(world, address, 3, block("A"));
      await expect(slasher.slash(address, 0n, evidenceOf(3, a, a)))
        .to.be.revertedWithCustomError(avs, "SameBlock")
        .withArgs(block("A"));
    });

    it("are votes for two heights, in two sets, of two chains, by two keys, or under a nonce that is not committed", async () => {
      const world = await loadFixture(voting);
      const { avs, slasher, operators } = world;
      const [{ address }, second] = operators;
      const a = await votes(world, address, 3, block("A"));
      const refused = (b: typeof a, error: string, set = 0n) =>
        expect(slasher.slash(address, set, evidenceOf(3, a, b))).to.be.revertedWithCustomError(avs, error);
      await refused(await votes(world, address, 4, block("B")), "NonceNotCommitted");
      await refused(await votes(world, address, 3, block("B"), { set: 1 }), "NonceNotCommitted");
      await refused(
        await votes(world, address, 3, block("B"), { message: await foreign(avs, 1n) }),
        "SignatureInvalid",
      );
      await refused(await votes(world, address, 3, block("B"), { key: pointOf(99n) }), "SignatureInvalid");
      await refused(await votes(world, second.address, 3, block("B")), "NonceNotCommitted");
      const b = await votes(world, address, 3, block("B"));
      const own = pointOf(12_345n);
      await refused({ ...b, nonce: { ...b.nonce, nonceX: own.x, nonceAddress: own.address } }, "NonceNotCommitted");
      await expect(slasher.slash(address, 1n, evidenceOf(3, a, b))).to.be.revertedWithCustomError(
        avs,
        "NonceNotCommitted",
      );
      await expect(slasher.slash(second, 0n, evidenceOf(3, a, b))).to.be.revertedWithCustomError(
        avs,
        "NonceNotCommitted",
      );
      await expect(slasher.slash(address, 0n, evidenceOf(3, a, b))).to.emit(slasher, "FaultPunished");
    });

    it("is anything that an operator signs who votes once per height, however its votes are paired", async () => {
      const world = await loadFixture(voting);
      const { slasher, operators } = world;
      const { address } = operators[0];
      const height = fc.nat(HEIGHTS - 1);
      await fc.assert(
        fc.asyncProperty(
          height,
          height,
          fc.nat(1),
          fc.nat(1),
          height,
          fc.string(),
          async (h1, h2, s1, s2, claimed, text) => {
            // The honest vote of a height and set is one and the same, whenever it is signed.
            const vote = (h: number, set: number) => votes(world, address, h, block(`${h}/${set}`), { set });
            const [a, b] = [await vote(h1, s1), await vote(h2, s2)];
            const forged = { ...b, blockHash: block(text) };
            for (const other of [b, forged]) {
              for (const set of [0n, 1n]) {
                await expect(slasher.slash.staticCall(address, set, evidenceOf(claimed, a, other))).to.be.rejectedWith(
                  /NonceNotCommitted|SignatureInvalid|SameBlock/,
                );
              }
            }
            expect(await slasher.timesPunished(address)).to.equal(0n);
          },
        ),
        { numRuns: 25 },
      );
    });
  });

  describe("keys", () => {
    it("are even points of the curve with a signature for this operator, and belong to one of them", async () => {
      const world = await loadFixture(finality);
      const { avs, operators } = world;
      const [first, , , late] = operators;
      await becomesOperator(world, late, 0n);
      const key = eotsKey(await avs.getAddress(), first.address);
      const forLate = await finalityData(avs, late.address, key);
      await expect(joins(world, late, avs, forLate))
        .to.be.revertedWithCustomError(avs, "EotsKeyTaken")
        .withArgs(key.x, first);
      const stolen = await finalityData(avs, first.address, pointOf(77n)); // signed for another operator
      await expect(joins(world, late, avs, stolen)).to.be.revertedWithCustomError(avs, "SignatureInvalid");
      const types = ["uint256", "uint256", "tuple(uint256,uint256,uint256)"];
      const coder = ethers.AbiCoder.defaultAbiCoder();
      const odd = coder.encode(types, [key.x, 2n ** 256n - 2n ** 32n - 977n - key.y, [1n, 2n, 3n]]);
      await expect(joins(world, late, avs, odd)).to.be.revertedWithCustomError(avs, "PointInvalid");
      await joins(world, late, avs, await finalityData(avs, late.address));
      expect(await avs.operatorOfKey((await avs.eotsKeyOf(late)).x)).to.equal(late);
    });

    it("never change", async () => {
      const world = await loadFixture(finality);
      const { avs, operators } = world;
      const [operator] = operators;
      await leaves(world, operator, avs, [0n, 1n]);
      await blocks(DELAY + 1);
      const other = await finalityData(avs, operator.address, pointOf(77n));
      await expect(joins(world, operator, avs, other)).to.be.revertedWithCustomError(avs, "EotsKeyFixed");
      await joins(world, operator, avs, await finalityData(avs, operator.address), [0n]);
      await joins(world, operator, avs, "0x", [1n]);
    });
  });
});

/** What a vote for block B at height 3 of set 0 would be on another chain. */
async function foreign(avs: { getAddress(): Promise<string> }, chainId: bigint): Promise<string> {
  return ethers.AbiCoder.defaultAbiCoder().encode(
    ["string", "uint256", "address", "uint32", "uint64", "bytes32"],
    ["Trellis finality: vote", chainId, await avs.getAddress(), 0, 3, block("B")],
  );
}
