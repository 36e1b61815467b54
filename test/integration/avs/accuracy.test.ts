import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { OracleAvs, VetoableSlasher } from "../../../typechain-types";
import { ATTENDANCE, keyData, keyNumber, signReport } from "../../unit/avs/oracle";
import {
  allocatedTo,
  allocates,
  becomesOperator,
  BLOCK_SECONDS,
  engine,
  ether,
  joins,
  leaves,
  LIABILITY,
  WAD,
} from "./engine";
import { atTime, EXECUTION, veto, VETO } from "./slashers-world";

const ROUND = 120n;
const BOUND_BPS = 500n;
const SLASH = WAD / 10n;
const half = WAD / 2n;
const coder = ethers.AbiCoder.defaultAbiCoder();
const roundIs = (round: bigint): string => coder.encode(["uint64"], [round]);

const terms = (committee: string) => ({
  boundBps: BOUND_BPS,
  slashWad: SLASH,
  cooldown: 3_600n,
  veto: veto(committee),
});
const roundTerms = { minStake: ether("1"), roundLength: ROUND, ...ATTENDANCE, slashWad: WAD, cooldown: 3_600n };

/** One feed (set 0) with its accuracy (set 1); three operators of 100 each pledge half to each. */
async function feed() {
  const [deployer, committee, ...operators] = await ethers.getSigners();
  const core = await engine(deployer);
  const avs = (await ethers.deployContract("OracleAvs", [
    core.allocation,
    core.rewards,
    "ipfs://oracle",
    [core.strategies],
    roundTerms,
    terms(committee.address),
  ])) as unknown as OracleAvs;
  const slasher = (await ethers.getContractAt(
    "VetoableSlasher",
    await avs.accuracySlasher(),
  )) as unknown as VetoableSlasher;
  for (const [n, operator] of operators.slice(0, 3).entries()) {
    await becomesOperator(core, operator, ether("100"));
    await joins(core, operator, avs, await keyData(keyNumber(n), avs, operator.address), [0n, 1n]);
    await allocates(core, operator, avs, half, 0n);
    await allocates(core, operator, avs, half, 1n);
  }
  return { ...core, avs, slasher, committee, operators };
}

type World = Awaited<ReturnType<typeof feed>>;

/** All three report in a round that has just begun, and it is settled. */
async function agrees({ avs, operators }: World, values: bigint[]): Promise<bigint> {
  const elapsed = BigInt(await time.latest());
  await time.increaseTo(elapsed + ROUND - 1n); // at most one round further, so that nothing is reported twice
  const round = await avs.currentRound();
  for (const [n, value] of values.entries()) {
    if ((await avs.currentRound()) !== round) return agrees({ avs, operators } as World, values);
    const signature = await signReport(keyNumber(n), await avs.getAddress(), { operatorSetId: 0n, round, value });
    await avs.report(operators[n], 0n, round, value, signature);
  }
  await avs.settle(0n, round);
  return round;
}

describe("Oracle: a report far from the median", () => {
  it("costs the deviator, after the veto window, exactly the fixed part of its accuracy set", async () => {
    const world = await loadFixture(feed);
    const { avs, slasher, operators } = world;
    const round = await agrees(world, [1_000n, 1_000n, 1_051n]);
    await slasher.announce(operators[2], 1n, roundIs(round));
    const { vetoUntil } = await slasher.request(1n);
    expect(await slasher.pendingUntil(avs, 1n)).to.equal(vetoUntil + EXECUTION);
    await atTime(vetoUntil, () => slasher.execute(1n));
    const left = half - half / 10n;
    expect(await allocatedTo(world, operators[2], avs, 1n)).to.deep.equal([left, left]);
    expect(await allocatedTo(world, operators[2], avs, 0n)).to.deep.equal([half, half]);
    expect(await allocatedTo(world, operators[0], avs, 1n)).to.deep.equal([half, half]);
    await expect(slasher.announce(operators[2], 1n, roundIs(round))).to.be.revertedWithCustomError(
      slasher,
      "AlreadyPunished",
    );
  });

  it("is announced for less than 240,000 gas and executed in two strategies for less than 410,000", async () => {
    const world = await loadFixture(feed);
    const { slasher, operators } = world;
    const round = await agrees(world, [1_000n, 1_000n, 1_051n]);
    const announced = await slasher.announce.estimateGas(operators[2], 1n, roundIs(round));
    await slasher.announce(operators[2], 1n, roundIs(round));
    await time.increase(VETO);
    const executed = await slasher.execute.estimateGas(1n);
    expect(announced).to.be.lessThan(240_000n);
    expect(executed).to.be.lessThan(410_000n);
  });

  it("costs nothing when the committee vetoes", async () => {
    const world = await loadFixture(feed);
    const { avs, slasher, committee, operators } = world;
    const round = await agrees(world, [1_000n, 1_000n, 2_000n]);
    await slasher.announce(operators[2], 1n, roundIs(round));
    await slasher.connect(committee).veto(1n);
    await time.increase(VETO);
    await expect(slasher.execute(1n)).to.be.revertedWithCustomError(slasher, "NotAnnounced");
    expect(await allocatedTo(world, operators[2], avs, 1n)).to.deep.equal([half, half]);
  });

  it("is no fault at the bound, to either side", async () => {
    const world = await loadFixture(feed);
    const { avs, slasher, operators } = world;
    for (const value of [1_050n, 950n]) {
      const round = await agrees(world, [1_000n, 1_000n, value]);
      await expect(slasher.announce(operators[2], 1n, roundIs(round)))
        .to.be.revertedWithCustomError(avs, "Accurate")
        .withArgs(50n, 50n);
    }
    const round = await agrees(world, [1_000n, 1_000n, 949n]);
    await expect(slasher.announce(operators[2], 1n, roundIs(round))).to.emit(slasher, "SlashAnnounced");
  });

  it("is no fault within the bound, whatever the others say, as long as most of the stake is near", async () => {
    const world = await loadFixture(feed);
    const { avs, slasher, operators } = world;
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt(0n, 2n ** 200n),
        fc.bigInt(0n, 200n),
        fc.bigInt(0n, 200n),
        fc.bigInt(0n, ethers.MaxUint256),
        async (truth, noiseA, noiseB, lie) => {
          // Two honest reporters within 2 % of the truth are within 5 % of any median between them.
          const values = [truth + (truth * noiseA) / 10_000n, truth + (truth * noiseB) / 10_000n, lie];
          const round = await agrees(world, values);
          for (const honest of [0, 1]) {
            await expect(
              slasher.announce.staticCall(operators[honest], 1n, roundIs(round)),
            ).to.be.revertedWithCustomError(avs, "Accurate");
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it("is not found without a report or without a result", async () => {
    const world = await loadFixture(feed);
    const { avs, slasher, operators } = world;
    const round = await agrees(world, [1_000n, 5_000n]);
    await expect(slasher.announce(operators[2], 1n, roundIs(round)))
      .to.be.revertedWithCustomError(avs, "NothingToCompare")
      .withArgs(operators[2], 0n, round);
    await expect(slasher.announce(operators[1], 1n, roundIs(round + 1n))).to.be.revertedWithCustomError(
      avs,
      "NothingToCompare",
    );
  });

  it("is caught though the deviator left both sets and freed its stake in the block after", async () => {
    const world = await loadFixture(feed);
    const { avs, slasher, operators } = world;
    const round = await agrees(world, [1_000n, 1_000n, 9_000n]);
    await leaves(world, operators[2], avs, [0n, 1n]);
    await allocates(world, operators[2], avs, 0n, 1n);
    await slasher.announce(operators[2], 1n, roundIs(round));
    const { vetoUntil, committedAt } = await slasher.request(1n);
    expect(vetoUntil + EXECUTION).to.be.lessThan(committedAt + LIABILITY);
    await atTime(vetoUntil + EXECUTION, () => slasher.execute(1n));
    const left = half - half / 10n;
    expect(await allocatedTo(world, operators[2], avs, 1n)).to.deep.equal([left, left]);
  });

  it("needs members who pledged to both sets", async () => {
    const world = await loadFixture(feed);
    const { avs, operators } = world;
    await leaves(world, operators[0], avs, [1n]);
    const round = await avs.currentRound();
    const signature = await signReport(keyNumber(0), await avs.getAddress(), { operatorSetId: 0n, round, value: 1n });
    await expect(avs.report(operators[0], 0n, round, 1n, signature))
      .to.be.revertedWithCustomError(avs, "NotAMember")
      .withArgs(operators[0], 1n);
  });

  it("is not made by one with next to nothing pledged: it is not heard, so nothing of it is ever announced", async () => {
    const world = await loadFixture(feed);
    const { avs, operators } = world;
    const poor = operators[3];
    await becomesOperator(world, poor, ether("1"));
    await joins(world, poor, avs, await keyData(keyNumber(3), avs, poor.address), [0n, 1n]);
    await allocates(world, poor, avs, half, 0n);
    await allocates(world, poor, avs, half - 2n, 1n); // of two tokens: two wei less than 1
    const report = async () => {
      const round = await avs.currentRound();
      const signature = await signReport(keyNumber(3), await avs.getAddress(), { operatorSetId: 0n, round, value: 9n });
      return avs.report(poor, 0n, round, 9n, signature);
    };
    await expect(report())
      .to.be.revertedWithCustomError(avs, "StakeTooSmall")
      .withArgs(poor, 1n, ether("1") - 4n, ether("1"));
    await allocates(world, poor, avs, half, 1n);
    await expect(report()).to.emit(avs, "Reported");
    await allocates(world, poor, avs, 0n, 1n); // what is on its way out does not count, though it can be slashed
    await time.increase(ROUND);
    await expect(report()).to.be.revertedWithCustomError(avs, "StakeTooSmall").withArgs(poor, 1n, 0n, ether("1"));
  });

  it("is punished by the set's own slasher only: instant stays instant, vetoable stays vetoable", async () => {
    const world = await loadFixture(feed);
    const { allocation, avs, slasher, operators } = world;
    const instant = await ethers.getContractAt("InstantSlasher", await avs.slasher());
    expect([await allocation.getSlasher({ avs, id: 0n }), await allocation.getSlasher({ avs, id: 1n })]).to.deep.equal([
      await instant.getAddress(),
      await slasher.getAddress(),
    ]);
    const round = await agrees(world, [1_000n, 1_000n, 9_000n]);
    await expect(instant.slash(operators[2], 1n, roundIs(round))).to.be.revertedWithCustomError(
      allocation,
      "InvalidCaller",
    );
    await expect(allocation.updateSlasher({ avs, id: 1n }, instant)).to.be.revertedWithCustomError(
      allocation,
      "InvalidPermissions",
    );
  });

  it("refuses windows in which a report of a round's first second could not be punished any more", async () => {
    const { allocation, rewards, strategies, slasher, committee } = await loadFixture(feed);
    const roundLength = (LIABILITY - VETO - EXECUTION) / 2n;
    const deploy = (length: bigint) =>
      ethers.deployContract("OracleAvs", [
        allocation,
        rewards,
        "",
        [strategies],
        { ...roundTerms, roundLength: length },
        terms(committee.address),
      ]);
    await expect(deploy(roundLength))
      .to.be.revertedWithCustomError(slasher, "WindowTooLong")
      .withArgs(LIABILITY, LIABILITY);
    await deploy(roundLength - 1n);
    expect(BLOCK_SECONDS).to.equal(12n);
  });
});
