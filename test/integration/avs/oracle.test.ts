import { loadFixture, mine, time } from "@nomicfoundation/hardhat-network-helpers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { InstantSlasher, OracleAvs } from "../../../typechain-types";
import { ATTENDANCE, evidenceOf, HOUR, keyData, keyNumber, NO_ACCURACY, signReport } from "../../unit/avs/oracle";
import { allocates, becomesOperator, DELAY, engine, ether, joins, leaves, NO_APPROVAL, restakes, WAD } from "./engine";

async function engineWithOracle() {
  const [deployer, staker, ...operators] = await ethers.getSigners();
  const core = await engine(deployer);
  const { allocation, rewards, strategies } = core;
  const avs = (await ethers.deployContract("OracleAvs", [
    allocation,
    rewards,
    "ipfs://oracle",
    [strategies, [strategies[0]]],
    { minStake: ether("1"), roundLength: HOUR, ...ATTENDANCE, slashWad: WAD / 2n, cooldown: HOUR },
    NO_ACCURACY,
  ])) as unknown as OracleAvs;
  const slasher = (await ethers.getContractAt("InstantSlasher", await avs.slasher())) as unknown as InstantSlasher;
  return { ...core, avs, slasher, staker, operators: operators.slice(0, 3) };
}

/** Three operators with 100 of each token; the first has it from a staker. Each allocates half to set 0. */
async function runningOracle() {
  const world = await engineWithOracle();
  const { delegation, avs, staker, operators } = world;
  for (const [n, operator] of operators.entries()) {
    await becomesOperator(world, operator, n === 0 ? 0n : ether("100"));
    if (n === 0) await restakes(world, staker, ether("100"));
    await joins(world, operator, avs, await keyData(keyNumber(n), avs, operator.address));
  }
  await delegation.connect(staker).delegateTo(operators[0], NO_APPROVAL, ethers.ZeroHash);
  for (const operator of operators) await allocates(world, operator, avs, WAD / 2n);
  return world;
}

type World = Awaited<ReturnType<typeof runningOracle>>;

/** Anyone proves that the first operator signed both 1 and 2 in a round of set 0. */
async function accuse({ avs, slasher, operators }: World, round = 0n, chainId?: bigint) {
  const address = await avs.getAddress();
  const [a, b] = await Promise.all(
    [1n, 2n].map((value) => signReport(keyNumber(0), address, { operatorSetId: 0n, round, value }, chainId)),
  );
  return slasher.slash(operators[0], 0n, evidenceOf(round, [1n, 2n], [a, b]));
}

describe("OracleAvs on the engine", () => {
  it("is its own registrar and has its own slasher in every set", async () => {
    const { allocation, avs, slasher } = await loadFixture(engineWithOracle);
    expect(await allocation.getAVSRegistrar(avs)).to.equal(avs);
    expect(await allocation.getOperatorSetCount(avs)).to.equal(2n);
    expect(await allocation.getSlasher({ avs, id: 0n })).to.equal(slasher);
    expect(await allocation.getSlasher({ avs, id: 1n })).to.equal(slasher);
  });

  it("weighs reports by what the engine lets it slash", async () => {
    const { avs, operators } = await loadFixture(runningOracle);
    expect(await avs.stakeOf(operators[0], 0n)).to.equal(ether("100"));
    for (const [n, value] of [900n, 1_800n, 1_900n].entries()) {
      const signature = await signReport(keyNumber(n), await avs.getAddress(), { operatorSetId: 0n, round: 0n, value });
      await avs.report(operators[n], 0n, 0n, value, signature);
    }
    await expect(avs.settle(0n, 0n)).to.emit(avs, "RoundSettled").withArgs(0n, 0n, 1_800n, ether("300"), ether("300"));
  });

  it("takes half of what an equivocator allocated, from its stakers, in both strategies", async () => {
    const world = await loadFixture(runningOracle);
    const { allocation, delegation, avs, strategies, staker, operators } = world;
    const ascending = [...strategies].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
    await expect(accuse(world))
      .to.emit(allocation, "OperatorSlashed")
      .withArgs(operators[0], [await avs.getAddress(), 0n], ascending, [WAD / 4n, WAD / 4n], "proven fault");
    expect(await delegation.getOperatorShares(operators[0], strategies)).to.deep.equal([ether("75"), ether("75")]);
    const [withdrawable] = await delegation.getWithdrawableShares(staker, strategies);
    expect(withdrawable).to.deep.equal([ether("75"), ether("75")]);
    for (const strategy of strategies) {
      expect(await allocation.getMaxMagnitude(operators[0], strategy)).to.equal((WAD * 3n) / 4n);
    }
    expect(await delegation.getOperatorShares(operators[1], strategies)).to.deep.equal([ether("100"), ether("100")]);
  });

  it("proves two values for one round, in two strategies, for less than 410,000 gas", async () => {
    const world = await loadFixture(runningOracle);
    expect((await (await accuse(world)).wait())?.gasUsed).to.be.lessThan(410_000n);
  });

  it("slashes once for a round, and again for another", async () => {
    const world = await loadFixture(runningOracle);
    const { allocation, delegation, avs, slasher, strategies, operators } = world;
    await accuse(world);
    await expect(accuse(world)).to.be.revertedWithCustomError(slasher, "AlreadyPunished");
    await time.increase(HOUR);
    await accuse(world, 1n);
    expect(await allocation.getSlashCount({ avs, id: 0n })).to.equal(2n);
    expect(await delegation.getOperatorShares(operators[0], strategies)).to.deep.equal([ether("62.5"), ether("62.5")]);
  });

  it("does not slash on signatures for another chain", async () => {
    const world = await loadFixture(runningOracle);
    await expect(accuse(world, 0n, 1n)).to.be.revertedWithCustomError(world.avs, "NotSignedByKey");
    expect(await world.allocation.getSlashCount({ avs: world.avs, id: 0n })).to.equal(0n);
  });

  it("slashes stake that is on its way out, though it has no voice any more", async () => {
    const world = await loadFixture(runningOracle);
    const { delegation, avs, strategies, operators } = world;
    await allocates(world, operators[0], avs, 0n);
    await mine();
    expect(await avs.stakeOf(operators[0], 0n)).to.equal(0n);
    await accuse(world);
    expect(await delegation.getOperatorShares(operators[0], strategies)).to.deep.equal([ether("75"), ether("75")]);
  });

  it("slashes an operator that left until the last block of the engine's delay", async () => {
    const world = await loadFixture(runningOracle);
    await leaves(world, world.operators[0], world.avs);
    await mine(DELAY - 1);
    await expect(accuse(world)).to.emit(world.slasher, "FaultPunished");
  });

  it("lets an operator go after the engine's delay", async () => {
    const world = await loadFixture(runningOracle);
    await leaves(world, world.operators[0], world.avs);
    await mine(DELAY);
    await expect(accuse(world)).to.be.revertedWithCustomError(world.allocation, "OperatorNotSlashable");
  });

  it("settles a full set within 1.8 million gas, and makes room in it", async () => {
    const world = await loadFixture(runningOracle);
    const { allocation, avs, staker, operators } = world;
    const joined: HardhatEthersSigner[] = [...operators];
    for (let n = joined.length; n < 32; n++) {
      const operator = await ethers.getImpersonatedSigner(ethers.toBeHex(0xabc000 + n, 20));
      await staker.sendTransaction({ to: operator, value: ether("1") });
      await becomesOperator(world, operator, 0n);
      await joins(world, operator, avs, await keyData(keyNumber(n), avs, operator.address));
      await allocates(world, operator, avs, WAD / 2n);
      joined.push(operator);
    }
    for (const [n, operator] of joined.entries()) {
      const value = BigInt(100 - n); // descending: the worst order for the sort
      const signature = await signReport(keyNumber(n), await avs.getAddress(), { operatorSetId: 0n, round: 0n, value });
      await avs.report(operator, 0n, 0n, value, signature);
    }
    expect(await avs.settle.estimateGas(0n, 0n)).to.be.at.most(1_800_000n);
    await avs.unseat(joined[31], 0n);
    expect(await allocation.getMemberCount({ avs, id: 0n })).to.equal(31n);
  });
});
