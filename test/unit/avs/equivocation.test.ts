import { loadFixture, mine, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import { ether, evidenceOf, HOUR, keyNumber, oracle, oracleOfThree, reports, signReport, WAD } from "./oracle";

type World = Awaited<ReturnType<typeof oracleOfThree>>;

const fault = (round: bigint): string => ethers.toBeHex(round, 32);

interface Accusation {
  operatorSetId?: bigint;
  round?: bigint;
  rounds?: [bigint, bigint];
  values?: [bigint, bigint];
  keys?: [number, number];
  chainId?: bigint;
  verifyingContract?: string;
}

/** Alice accuses operator 0 of having signed 1 and 2 in round 0 of set 0, but for what the accusation says. */
async function accuse({ avs, slasher, operators }: World, accusation: Accusation = {}) {
  const { operatorSetId = 0n, round = 0n, values = [1n, 2n], keys = [0, 0], chainId } = accusation;
  const rounds = accusation.rounds ?? [round, round];
  const verifyingContract = accusation.verifyingContract ?? (await avs.getAddress());
  const [a, b] = await Promise.all(
    values.map((value, i) =>
      signReport(keyNumber(keys[i]), verifyingContract, { operatorSetId, round: rounds[i], value }, chainId),
    ),
  );
  return slasher.slash(operators[0], operatorSetId, evidenceOf(round, values, [a, b]));
}

describe("Oracle: two values for one round", () => {
  describe("slash", () => {
    it("slashes the allocation in every strategy of the set, in ascending order", async () => {
      const world = await loadFixture(oracleOfThree);
      const { manager, avs, slasher, strategies, operators } = world;
      const ascending = [...strategies].reverse();
      await expect(accuse(world))
        .to.emit(slasher, "FaultPunished")
        .withArgs(operators[0], 0n, fault(0n), 0n)
        .and.to.emit(manager, "OperatorSlashed")
        .withArgs(operators[0], [await avs.getAddress(), 0n], ascending, [WAD / 2n, WAD / 2n], "proven fault");
      for (const strategy of strategies) {
        const { currentMagnitude } = await manager.getAllocation(operators[0], { avs, id: 0n }, strategy);
        expect(currentMagnitude).to.equal(WAD / 2n);
      }
      expect(await slasher.isPunished(operators[0], 0n, fault(0n))).to.equal(true);
    });

    it("leaves other operators alone", async () => {
      const world = await loadFixture(oracleOfThree);
      await accuse(world);
      expect(await world.avs.stakeOf(world.operators[1], 0n)).to.equal(ether("20"));
    });

    it("reverts the second time, whatever the values", async () => {
      const world = await loadFixture(oracleOfThree);
      await accuse(world);
      await expect(accuse(world, { values: [3n, 4n] }))
        .to.be.revertedWithCustomError(world.slasher, "AlreadyPunished")
        .withArgs(world.operators[0], 0n, fault(0n));
    });

    it("slashes again for another round", async () => {
      const world = await loadFixture(oracleOfThree);
      await accuse(world);
      await time.increase(HOUR);
      await accuse(world, { round: 1n });
      expect(await world.manager.getSlashCount({ avs: world.avs, id: 0n })).to.equal(2n);
      expect(await world.avs.stakeOf(world.operators[0], 0n)).to.equal(ether("2.5"));
    });

    it("reverts for two messages of different rounds", async () => {
      const world = await loadFixture(oracleOfThree);
      await time.increase(HOUR);
      await expect(accuse(world, { round: 0n, rounds: [0n, 1n] })).to.be.revertedWithCustomError(
        world.avs,
        "NotSignedByKey",
      );
    });

    it("reverts for the same value twice", async () => {
      const world = await loadFixture(oracleOfThree);
      await expect(accuse(world, { values: [1n, 1n] }))
        .to.be.revertedWithCustomError(world.avs, "SameValue")
        .withArgs(1n);
    });

    it("reverts for a signature meant for another chain", async () => {
      const world = await loadFixture(oracleOfThree);
      await expect(accuse(world, { chainId: 1n })).to.be.revertedWithCustomError(world.avs, "NotSignedByKey");
    });

    it("reverts for a signature meant for another contract", async () => {
      const world = await loadFixture(oracleOfThree);
      const other = await oracle();
      await expect(accuse(world, { verifyingContract: await other.avs.getAddress() })).to.be.revertedWithCustomError(
        world.avs,
        "NotSignedByKey",
      );
    });

    it("reverts for a signature of another key, first or second", async () => {
      const world = await loadFixture(oracleOfThree);
      for (const keys of [
        [0, 1],
        [1, 0],
      ] as [number, number][]) {
        await expect(accuse(world, { keys }))
          .to.be.revertedWithCustomError(world.avs, "NotSignedByKey")
          .withArgs(keyNumber(1).address, keyNumber(0).address);
      }
    });

    it("reverts for no signatures at all", async () => {
      const { avs, slasher, operators } = await loadFixture(oracleOfThree);
      await expect(slasher.slash(operators[0], 0n, evidenceOf(0n, [1n, 2n], ["0x", "0x"])))
        .to.be.revertedWithCustomError(avs, "NotSignedByKey")
        .withArgs(ethers.ZeroAddress, keyNumber(0).address);
    });

    it("reverts for an operator without key, whom no signature could name", async () => {
      const { avs, slasher, operators } = await loadFixture(oracleOfThree);
      await expect(slasher.slash(operators[5], 0n, evidenceOf(0n, [1n, 2n], ["0x", "0x"])))
        .to.be.revertedWithCustomError(avs, "KeyUnknown")
        .withArgs(operators[5]);
    });

    it("reverts for a round that has not begun, so that nobody uses up its guilt in advance", async () => {
      const world = await loadFixture(oracleOfThree);
      await expect(accuse(world, { round: 1n }))
        .to.be.revertedWithCustomError(world.avs, "RoundNotBegun")
        .withArgs(1n, 0n);
    });

    it("reverts while nothing is allocated, and keeps the evidence for later", async () => {
      const world = await loadFixture(oracleOfThree);
      const { manager, avs, slasher, strategies, operators } = world;
      const allocate = (magnitude: bigint) =>
        manager
          .connect(operators[0])
          .modifyAllocations(operators[0], [
            { operatorSet: { avs, id: 0n }, strategies, newMagnitudes: strategies.map(() => magnitude) },
          ]);
      await allocate(0n);
      await expect(accuse(world)).to.be.revertedWithCustomError(slasher, "NothingAllocated").withArgs(operators[0], 0n);
      await allocate(WAD);
      await expect(accuse(world)).to.emit(slasher, "FaultPunished");
    });

    it("does not take a report to one set as evidence in another", async () => {
      const world = await loadFixture(oracleOfThree);
      await expect(accuse(world, { operatorSetId: 1n })).to.be.revertedWithCustomError(
        world.slasher,
        "NothingAllocated",
      );
      const { avs, slasher, operators } = world;
      const address = await avs.getAddress();
      const toFirst = await signReport(keyNumber(0), address, { operatorSetId: 0n, round: 0n, value: 1n });
      const toSecond = await signReport(keyNumber(0), address, { operatorSetId: 1n, round: 0n, value: 2n });
      await expect(
        slasher.slash(operators[0], 0n, evidenceOf(0n, [1n, 2n], [toFirst, toSecond])),
      ).to.be.revertedWithCustomError(avs, "NotSignedByKey");
    });

    it("reaches an operator that left, until the engine lets it go", async () => {
      const world = await loadFixture(oracleOfThree);
      const { manager, avs, slasher, operators } = world;
      await manager
        .connect(operators[0])
        .deregisterFromOperatorSets({ operator: operators[0], avs, operatorSetIds: [0n] });
      await expect(accuse(world)).to.emit(slasher, "FaultPunished");
      await time.increase(HOUR);
      await mine(60);
      await expect(accuse(world, { round: 1n })).to.be.revertedWithCustomError(
        await ethers.getContractAt("IAllocationManager", manager),
        "OperatorNotSlashable",
      );
    });
  });

  describe("the round of a proven equivocation", () => {
    it("is settled without the equivocator", async () => {
      const world = await loadFixture(oracleOfThree);
      for (const n of [0, 1, 2]) await reports(world, n, 0n, BigInt(n + 1));
      await accuse(world);
      await expect(world.avs.settle(0n, 0n))
        .to.emit(world.avs, "RoundSettled")
        .withArgs(0n, 0n, 3n, ether("50"), ether("50"));
    });
  });
});
