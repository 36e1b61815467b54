import { loadFixture, mine, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { ATTENDANCE, ether, HOUR, joins, keyNumber, NO_ACCURACY, oracleOfThree, reports } from "./oracle";

type World = Awaited<ReturnType<typeof oracleOfThree>>;

/** From now on the members are expected: they came in round 0. */
async function expected() {
  const world = await oracleOfThree();
  await goTo(world, 1n);
  return world;
}

async function goTo({ avs }: Pick<World, "avs">, round: bigint): Promise<void> {
  await time.increase((round - (await avs.currentRound())) * HOUR);
  expect(await avs.currentRound()).to.equal(round);
}

/** Rounds 1 to 3 pass; the first operator is absent in them, the others report. */
async function absentThrice() {
  const world = await expected();
  for (const round of [1n, 2n, 3n]) {
    for (const n of [1, 2]) await reports(world, n, round, 5n);
    await goTo(world, round + 1n);
  }
  return world;
}

const isMember = ({ manager, avs, operators }: World, n: number) =>
  manager.isMemberOfOperatorSet(operators[n], { avs, id: 0n });

describe("Oracle: who does not answer", () => {
  it("loses its seat after three of seven rounds, by anyone, and no stake", async () => {
    const world = await loadFixture(absentThrice);
    const { manager, avs, slasher, strategies, alice, operators } = world;
    await expect(avs.connect(alice).eject(operators[0], 0n, [1n, 2n, 3n]))
      .to.emit(avs, "Ejected")
      .withArgs(operators[0], 0n, [1n, 2n, 3n]);
    expect(await isMember(world, 0)).to.equal(false);
    expect(await slasher.timesPunished(operators[0])).to.equal(0n);
    const left = await manager.getAllocation(operators[0], { avs, id: 0n }, strategies[0]);
    expect(left.currentMagnitude).to.equal(10n ** 18n);
    expect(await manager.isOperatorSlashable(operators[0], { avs, id: 0n })).to.equal(true); // for the engine's delay
  });

  it("counts against the quorum until then, and no more", async () => {
    const world = await loadFixture(absentThrice);
    const { avs, operators } = world;
    await reports(world, 1, 4n, 5n); // 20 of 60
    await expect(avs.settle(0n, 4n)).to.be.revertedWithCustomError(avs, "QuorumMissing");
    await avs.eject(operators[0], 0n, [1n, 2n, 3n]);
    await expect(avs.settle(0n, 4n))
      .to.be.revertedWithCustomError(avs, "QuorumMissing")
      .withArgs(ether("20"), ether("50"));
    await reports(world, 2, 4n, 5n);
    await expect(avs.settle(0n, 4n)).to.emit(avs, "RoundSettled").withArgs(0n, 4n, 5n, ether("50"), ether("50"));
  });

  it("may come back, and what it missed before counts no more", async () => {
    const world = await loadFixture(absentThrice);
    const { manager, avs, operators } = world;
    await avs.eject(operators[0], 0n, [1n, 2n, 3n]);
    await mine(64);
    await manager
      .connect(operators[0])
      .registerForOperatorSets(operators[0], { avs, operatorSetIds: [0n], data: "0x" });
    const from = await avs.expectedFrom(operators[0], 0n);
    expect(from).to.equal((await avs.currentRound()) + 1n);
    await goTo(world, from);
    await expect(avs.eject(operators[0], 0n, [1n, 2n, 3n]))
      .to.be.revertedWithCustomError(avs, "RoundOutOfSpan")
      .withArgs(1n, from, from);
  });

  it("needs all its absences, each named once, in order, of the last seven rounds that are over", async () => {
    const world = await loadFixture(absentThrice);
    const { avs, operators } = world;
    const eject = (rounds: bigint[]) => avs.eject(operators[0], 0n, rounds);
    await expect(eject([1n, 2n]))
      .to.be.revertedWithCustomError(avs, "AbsencesTooFew")
      .withArgs(2n, 3n);
    for (const rounds of [
      [1n, 1n, 2n],
      [1n, 3n, 2n],
      [0n, 1n, 2n],
      [1n, 2n, 4n],
    ]) {
      await expect(eject(rounds)).to.be.revertedWithCustomError(avs, "RoundOutOfSpan");
    }
    await goTo(world, 8n); // rounds 1 to 7 are the last seven
    await eject([1n, 2n, 3n]);
    const again = await loadFixture(absentThrice);
    await goTo(again, 9n);
    await expect(again.avs.eject(again.operators[0], 0n, [1n, 2n, 3n]))
      .to.be.revertedWithCustomError(avs, "RoundOutOfSpan")
      .withArgs(1n, 2n, 9n);
  });

  it("is not found absent in a round that had its result before its end: it was shut out", async () => {
    const world = await loadFixture(expected);
    const { avs, operators } = world;
    for (const n of [1, 2]) await reports(world, n, 1n, 5n);
    await avs.settle(0n, 1n);
    await goTo(world, 2n);
    expect(await avs.isAbsent(operators[0], 0n, 1n)).to.equal(false);
    for (const n of [1, 2]) await reports(world, n, 2n, 5n);
    await goTo(world, 3n);
    await avs.settle(0n, 2n); // after its end
    expect(await avs.isAbsent(operators[0], 0n, 2n)).to.equal(true);
    expect(await avs.isAbsent(operators[1], 0n, 2n)).to.equal(false);
    await goTo(world, 5n);
    await expect(avs.eject(operators[0], 0n, [1n, 2n, 3n]))
      .to.be.revertedWithCustomError(avs, "NotAbsent")
      .withArgs(operators[0], 0n, 1n);
  });

  it("is a member of a feed: nobody is expected elsewhere", async () => {
    const world = await loadFixture(absentThrice);
    const { avs, operators } = world;
    await expect(avs.eject(operators[0], 2n, [1n, 2n, 3n]))
      .to.be.revertedWithCustomError(avs, "NotAFeed")
      .withArgs(2n, 2n);
    await expect(avs.eject(operators[0], 1n, [1n, 2n, 3n]))
      .to.be.revertedWithCustomError(avs, "NotAMember")
      .withArgs(operators[0], 1n);
  });

  it("is never one that reports whenever it can, whoever settles when, and whatever rounds are named", async () => {
    const turns = fc.array(fc.record({ others: fc.boolean(), first: fc.boolean(), early: fc.boolean() }), {
      minLength: 4,
      maxLength: 9,
    });
    await fc.assert(
      fc.asyncProperty(turns, fc.array(fc.bigInt(0n, 9n), { minLength: 3, maxLength: 5 }), async (rounds, named) => {
        const world = await loadFixture(expected);
        const { avs, operators } = world;
        const settles = async (round: bigint) => avs.settle(0n, round).catch(() => undefined); // no quorum, or settled
        for (const { others, first, early } of rounds) {
          const round = await avs.currentRound();
          const honest = async () => reports(world, 0, round, 5n).catch(() => undefined); // it may be shut out
          if (first) await honest();
          if (others) for (const n of [1, 2]) await reports(world, n, round, 5n);
          if (early) await settles(round);
          if (!first) await honest();
          await goTo(world, round + 1n);
          await settles(round);
        }
        const sorted = [...new Set(named)].sort((a, b) => Number(a - b));
        for (const tried of [named, sorted, [1n, 2n, 3n]])
          await expect(avs.eject(operators[0], 0n, tried)).to.be.reverted;
        expect(await isMember(world, 0)).to.equal(true);
      }),
      { numRuns: 20 },
    );
  });

  it("is told in terms that make sense only", async () => {
    const { manager, avs } = await loadFixture(oracleOfThree);
    const deploy = (absences: bigint, ofRounds: bigint) => {
      const terms = { minStake: 0n, roundLength: 1n, absences, ofRounds, slashWad: 1n, cooldown: 0n };
      return ethers.deployContract("OracleAvs", [manager, ethers.ZeroAddress, "", [], terms, NO_ACCURACY]);
    };
    await expect(deploy(0n, 7n)).to.be.revertedWithCustomError(avs, "AbsencesOutOfRange").withArgs(0n, 7n);
    await expect(deploy(8n, 7n)).to.be.revertedWithCustomError(avs, "AbsencesOutOfRange").withArgs(8n, 7n);
    await deploy(7n, 7n);
    expect(await avs.attendance()).to.deep.equal([ATTENDANCE.absences, ATTENDANCE.ofRounds]);
  });

  it("is expected from the round after it came", async () => {
    const world = await loadFixture(expected);
    const { avs, operators } = world;
    await joins(world, operators[3], keyNumber(3), ether("1"));
    expect(await avs.expectedFrom(operators[3], 0n)).to.equal(2n);
    await goTo(world, 3n);
    expect(await avs.isAbsent(operators[3], 0n, 1n)).to.equal(false);
    expect(await avs.isAbsent(operators[3], 0n, 2n)).to.equal(true);
    expect(await avs.isAbsent(operators[3], 0n, 3n)).to.equal(false); // it is not over
  });
});
