import { loadFixture, mine, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import {
  ATTENDANCE,
  ether,
  HOUR,
  joins,
  keyData,
  keyNumber,
  NO_ACCURACY,
  oracle,
  oracleOfThree,
  reports,
  signReport,
} from "./oracle";

/** Set 1 with all its 32 seats taken: the first operator has just enough stake, the others a wei less. */
async function fullOracle() {
  const world = await oracle();
  const [first] = world.operators;
  await joins(world, first, keyNumber(0), ether("1"), 1n);
  const poor = [];
  for (let n = 1; n < 32; n++) {
    const operator = await ethers.getImpersonatedSigner(ethers.toBeHex(0xabc000 + n, 20));
    await world.alice.sendTransaction({ to: operator, value: ether("1") });
    await joins(world, operator, keyNumber(n), ether("1") - 1n, 1n);
    poor.push(operator);
  }
  return { ...world, first, poor };
}

describe("OracleAvs", () => {
  describe("deployment", () => {
    it("creates its sets with its own slasher", async () => {
      const { manager, avs, slasher, strategies } = await loadFixture(oracle);
      expect(await manager.getSlasher({ avs, id: 0n })).to.equal(slasher);
      expect(await manager.getSlasher({ avs, id: 1n })).to.equal(slasher);
      expect(await manager.getStrategiesInOperatorSet({ avs, id: 0n })).to.deep.equal(strategies);
      expect(await manager.getStrategiesInOperatorSet({ avs, id: 1n })).to.deep.equal([strategies[0]]);
    });

    it("serves itself and no other AVS", async () => {
      const { avs, alice } = await loadFixture(oracle);
      expect(await avs.supportsAVS(avs)).to.equal(true);
      expect(await avs.supportsAVS(alice)).to.equal(false);
    });

    it("reverts for rounds without length and for slashes of nothing or more than all", async () => {
      const { manager, avs, slasher } = await loadFixture(oracle);
      const deploy = (slashWad: bigint, roundLength: bigint) =>
        ethers.deployContract("OracleAvs", [
          manager,
          ethers.ZeroAddress,
          "",
          [],
          { minStake: 0n, roundLength, ...ATTENDANCE, slashWad, cooldown: 0n },
          NO_ACCURACY,
        ]);
      await expect(deploy(1n, 0n)).to.be.revertedWithCustomError(avs, "RoundLengthZero");
      await expect(deploy(0n, 1n)).to.be.revertedWithCustomError(slasher, "SlashOutOfRange").withArgs(0n, ether("1"));
      await expect(deploy(ether("1") + 1n, 1n)).to.be.revertedWithCustomError(slasher, "SlashOutOfRange");
    });
  });

  describe("registration", () => {
    it("records the key of an operator", async () => {
      const world = await loadFixture(oracle);
      const [operator] = world.operators;
      await joins(world, operator, keyNumber(0), ether("1"));
      expect(await world.avs.keyOf(operator)).to.equal(keyNumber(0).address);
      expect(await world.avs.operatorOf(keyNumber(0).address)).to.equal(operator);
      expect(await world.avs.stakeOf(operator, 0n)).to.equal(ether("1"));
    });

    it("needs no key the second time, and accepts the same one", async () => {
      const world = await loadFixture(oracleOfThree);
      const { manager, avs, operators } = world;
      const leave = () =>
        manager.connect(operators[0]).deregisterFromOperatorSets({ operator: operators[0], avs, operatorSetIds: [1n] });
      const enter = (data: string) =>
        manager.connect(operators[0]).registerForOperatorSets(operators[0], { avs, operatorSetIds: [1n], data });
      await enter("0x");
      await leave();
      await mine(64);
      await enter(await keyData(keyNumber(0), avs, operators[0].address));
      expect(await manager.isMemberOfOperatorSet(operators[0], { avs, id: 1n })).to.equal(true);
    });

    it("refuses to change a key, also after the operator left", async () => {
      const { manager, avs, operators } = await loadFixture(oracleOfThree);
      const [operator] = operators;
      await manager.connect(operator).deregisterFromOperatorSets({ operator, avs, operatorSetIds: [0n] });
      await mine(64);
      const data = await keyData(keyNumber(9), avs, operator.address);
      await expect(manager.connect(operator).registerForOperatorSets(operator, { avs, operatorSetIds: [0n], data }))
        .to.be.revertedWithCustomError(avs, "KeyFixed")
        .withArgs(operator, keyNumber(0).address, keyNumber(9).address);
    });

    it("refuses the key of another operator", async () => {
      const world = await loadFixture(oracleOfThree);
      await expect(joins(world, world.operators[3], keyNumber(0), 1n))
        .to.be.revertedWithCustomError(world.avs, "KeyTaken")
        .withArgs(keyNumber(0).address, world.operators[0]);
    });

    it("refuses a key that did not agree to serve this operator", async () => {
      const { manager, avs, operators } = await loadFixture(oracle);
      const data = await keyData(keyNumber(0), avs, operators[1].address);
      await expect(
        manager.connect(operators[0]).registerForOperatorSets(operators[0], { avs, operatorSetIds: [0n], data }),
      ).to.be.revertedWithCustomError(avs, "NotSignedByKey");
    });

    it("refuses the zero address, which no signature is by", async () => {
      const { manager, avs, operators } = await loadFixture(oracle);
      const data = ethers.AbiCoder.defaultAbiCoder().encode(["address", "bytes"], [ethers.ZeroAddress, "0x"]);
      await expect(
        manager.connect(operators[0]).registerForOperatorSets(operators[0], { avs, operatorSetIds: [0n], data }),
      )
        .to.be.revertedWithCustomError(avs, "NotSignedByKey")
        .withArgs(ethers.ZeroAddress, ethers.ZeroAddress);
    });

    it("is for the AllocationManager alone, and for this AVS alone", async () => {
      const { manager, avs, alice } = await loadFixture(oracle);
      await expect(avs.registerOperator(alice, avs, [0n], "0x"))
        .to.be.revertedWithCustomError(avs, "OnlyAllocationManager")
        .withArgs(alice);
      await expect(avs.deregisterOperator(alice, avs, [0n]))
        .to.be.revertedWithCustomError(avs, "OnlyAllocationManager")
        .withArgs(alice);
      const asManager = avs.connect(await ethers.getImpersonatedSigner(await manager.getAddress()));
      await expect(asManager.registerOperator.staticCall(alice, alice, [0n], "0x"))
        .to.be.revertedWithCustomError(avs, "OtherAvs")
        .withArgs(alice);
    });

    it("refuses the 33rd member", async () => {
      const world = await loadFixture(fullOracle);
      const late = (await ethers.getSigners())[19];
      await expect(joins(world, late, keyNumber(32), ether("9"), 1n))
        .to.be.revertedWithCustomError(world.avs, "SetFull")
        .withArgs(1n, 32n);
    });
  });

  describe("unseat", () => {
    it("makes room in a full set by removing a member with too little stake", async () => {
      const { manager, avs, poor } = await loadFixture(fullOracle);
      await avs.unseat(poor[0], 1n);
      expect(await manager.getMemberCount({ avs, id: 1n })).to.equal(31n);
      expect(await manager.isOperatorSlashable(poor[0], { avs, id: 1n })).to.equal(true);
    });

    it("reverts for a member with enough stake", async () => {
      const { avs, first } = await loadFixture(fullOracle);
      await expect(avs.unseat(first, 1n))
        .to.be.revertedWithCustomError(avs, "StakeSuffices")
        .withArgs(first, ether("1"), ether("1"));
    });

    it("reverts while there is room", async () => {
      const { avs, operators } = await loadFixture(oracleOfThree);
      await expect(avs.unseat(operators[0], 0n)).to.be.revertedWithCustomError(avs, "SetNotFull").withArgs(0n, 3n, 32n);
    });
  });

  describe("report", () => {
    it("counts a signed value, whoever brings it", async () => {
      const { avs, operators, alice } = await loadFixture(oracleOfThree);
      const report = { operatorSetId: 0n, round: 0n, value: 1_800n };
      const signature = await signReport(keyNumber(0), await avs.getAddress(), report);
      await expect(avs.connect(alice).report(operators[0], 0n, 0n, 1_800n, signature))
        .to.emit(avs, "Reported")
        .withArgs(operators[0], 0n, 0n, 1_800n, signature);
      expect(await avs.reportOf(operators[0], 0n, 0n)).to.deep.equal([true, 1_800n]);
    });

    it("signs the digest that the contract tells", async () => {
      const { avs, operators } = await loadFixture(oracleOfThree);
      const address = await avs.getAddress();
      const signature = await signReport(keyNumber(0), address, { operatorSetId: 1n, round: 7n, value: 9n });
      expect(ethers.recoverAddress(await avs.reportDigest(1n, 7n, 9n), signature)).to.equal(keyNumber(0).address);
      const data = await keyData(keyNumber(0), avs, operators[0].address);
      const [, proof] = ethers.AbiCoder.defaultAbiCoder().decode(["address", "bytes"], data) as unknown as string[];
      expect(ethers.recoverAddress(await avs.registrationDigest(operators[0]), proof)).to.equal(keyNumber(0).address);
    });

    it("reverts the second time", async () => {
      const world = await loadFixture(oracleOfThree);
      await reports(world, 0, 0n, 1_800n);
      await expect(reports(world, 0, 0n, 1_801n))
        .to.be.revertedWithCustomError(world.avs, "AlreadyReported")
        .withArgs(world.operators[0], 0n, 0n);
    });

    it("reverts outside the current round", async () => {
      const world = await loadFixture(oracleOfThree);
      await expect(reports(world, 0, 1n, 1_800n))
        .to.be.revertedWithCustomError(world.avs, "RoundNotOpen")
        .withArgs(1n, 0n);
      await time.increase(HOUR);
      await expect(reports(world, 0, 0n, 1_800n))
        .to.be.revertedWithCustomError(world.avs, "RoundNotOpen")
        .withArgs(0n, 1n);
    });

    it("reverts with another's signature and for one who is no member", async () => {
      const { avs, operators } = await loadFixture(oracleOfThree);
      const signature = await signReport(keyNumber(1), await avs.getAddress(), {
        operatorSetId: 0n,
        round: 0n,
        value: 5n,
      });
      await expect(avs.report(operators[0], 0n, 0n, 5n, signature))
        .to.be.revertedWithCustomError(avs, "NotSignedByKey")
        .withArgs(keyNumber(1).address, keyNumber(0).address);
      await expect(avs.report(operators[3], 0n, 0n, 5n, signature))
        .to.be.revertedWithCustomError(avs, "NotAMember")
        .withArgs(operators[3], 0n);
      await expect(avs.report(operators[0], 0n, 0n, 5n, "0x")).to.be.revertedWithCustomError(avs, "NotSignedByKey");
    });

    it("reverts once the round has its result", async () => {
      const world = await loadFixture(oracleOfThree);
      await reports(world, 1, 0n, 1n);
      await reports(world, 2, 0n, 1n);
      await world.avs.settle(0n, 0n);
      await expect(reports(world, 0, 0n, 1n)).to.be.revertedWithCustomError(world.avs, "AlreadySettled");
    });
  });

  describe("settle", () => {
    it("takes the median by stake", async () => {
      const world = await loadFixture(oracleOfThree);
      await reports(world, 0, 0n, 1n);
      await reports(world, 1, 0n, 1_800n);
      await reports(world, 2, 0n, 1_900n);
      await expect(world.avs.settle(0n, 0n))
        .to.emit(world.avs, "RoundSettled")
        .withArgs(0n, 0n, 1_800n, ether("60"), ether("60"));
      expect(await world.avs.resultOf(0n, 0n)).to.deep.equal([true, 1_800n]);
    });

    it("needs two thirds of the stake", async () => {
      const world = await loadFixture(oracleOfThree);
      await reports(world, 2, 0n, 1_900n);
      await expect(world.avs.settle(0n, 0n))
        .to.be.revertedWithCustomError(world.avs, "QuorumMissing")
        .withArgs(ether("30"), ether("60"));
      await reports(world, 0, 0n, 1_800n); // 40 of 60: two thirds to the wei
      await world.avs.settle(0n, 0n);
      expect(await world.avs.resultOf(0n, 0n)).to.deep.equal([true, 1_900n]);
    });

    it("works in the round after, then no more", async () => {
      const world = await loadFixture(oracleOfThree);
      await reports(world, 1, 0n, 1n);
      await reports(world, 2, 0n, 2n);
      await time.increase(HOUR);
      expect(await world.avs.settle.staticCall(0n, 0n)).to.equal(2n);
      await time.increase(HOUR);
      await expect(world.avs.settle(0n, 0n)).to.be.revertedWithCustomError(world.avs, "RoundNotOpen").withArgs(0n, 2n);
    });

    it("reverts the second time, before a round, and where nobody has stake", async () => {
      const world = await loadFixture(oracleOfThree);
      await expect(world.avs.settle(0n, 1n)).to.be.revertedWithCustomError(world.avs, "RoundNotOpen").withArgs(1n, 0n);
      await expect(world.avs.settle(1n, 0n)).to.be.revertedWithCustomError(world.avs, "QuorumMissing").withArgs(0n, 0n);
      for (const n of [0, 1, 2]) await reports(world, n, 0n, 3n);
      await world.avs.settle(0n, 0n);
      await expect(world.avs.settle(0n, 0n)).to.be.revertedWithCustomError(world.avs, "AlreadySettled");
    });

    it("forgets the reports of members who left", async () => {
      const world = await loadFixture(oracleOfThree);
      const { manager, avs, operators } = world;
      await reports(world, 0, 0n, 1n);
      await reports(world, 1, 0n, 2n);
      await reports(world, 2, 0n, 900n);
      await manager
        .connect(operators[2])
        .deregisterFromOperatorSets({ operator: operators[2], avs, operatorSetIds: [0n] });
      await expect(avs.settle(0n, 0n)).to.emit(avs, "RoundSettled").withArgs(0n, 0n, 2n, ether("30"), ether("30"));
    });
  });
});
