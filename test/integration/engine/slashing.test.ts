import { expect } from "chai";
import { ethers } from "hardhat";
import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import {
  allocates,
  breakContract,
  completes,
  CREATE_REDISTRIBUTING,
  delegates,
  deposits,
  engineWorld,
  ether,
  mine,
  operates,
  queuedOf,
  queues,
  SET,
  slashes,
  WAD,
  withdrawableOf,
  type EngineWorld,
} from "./world";

/** Alice and Bob have 100 and 50 of both tokens with one operator, all of it at the risk of one set. */
async function atRisk() {
  const w = await engineWorld();
  await operates(w, w.operator, SET, [WAD, WAD]);
  for (const i of [0, 1]) {
    await deposits(w, w.alice, ether("100"), i);
    await deposits(w, w.bob, ether("50"), i);
  }
  await delegates(w, w.alice, w.operator);
  await delegates(w, w.bob, w.operator);
  return w;
}

const setOf = ({ avs }: EngineWorld) => ({ avs: avs.address, id: SET });

describe("slashing, whatever is broken around it", () => {
  it("takes its part while the token refuses every call", async () => {
    const w = await loadFixture(atRisk);
    const repair = await breakContract(w.tokens[0]);
    await slashes(w, w.operator, [WAD / 2n, WAD / 2n]);
    await expect(w.sm.clearBurnOrRedistributableShares(setOf(w), 1n)).to.be.reverted;
    // The other token is not held up.
    await w.sm.clearBurnOrRedistributableSharesByStrategy(setOf(w), 1n, w.strategies[1]);
    await repair();
    await w.sm.clearBurnOrRedistributableShares(setOf(w), 1n);
    expect(await w.sm.getBurnOrRedistributableCount(setOf(w), 1n)).to.equal(0n);
    expect(await withdrawableOf(w, w.alice)).to.equal(ether("50"));
  });

  it("takes its part while the strategy refuses every call, views too", async () => {
    const w = await loadFixture(atRisk);
    const repair = await breakContract(w.strategies[0]);
    await slashes(w, w.operator, [WAD / 2n]);
    expect(
      await w.sm["getBurnOrRedistributableShares((address,uint32),uint256,address)"](setOf(w), 1n, w.strategies[0]),
    ).to.equal(ether("75"));
    await repair();
    await w.sm.clearBurnOrRedistributableShares(setOf(w), 1n);
  });

  it("takes its part while deposits and withdrawals of the strategy are paused", async () => {
    const w = await loadFixture(atRisk);
    await w.strategies[0].pauseAll();
    await slashes(w, w.operator, [WAD / 4n]);
    expect(await withdrawableOf(w, w.bob)).to.equal(ether("37.5"));
  });

  it("takes its part while the registrar refuses, which only holds up registration", async () => {
    const w = await loadFixture(atRisk);
    await w.registrar.close(true);
    await slashes(w, w.operator, [WAD / 2n]);
    const params = { operator: w.operator, avs: w.avs, operatorSetIds: [SET] };
    const leaving = w.am.connect(w.operator).deregisterFromOperatorSets(params);
    await expect(leaving).to.be.revertedWithCustomError(w.registrar, "Refused");
    await queues(w, w.alice, [ether("100")]); // stakers leave all the same
    await mine(21);
    await completes(w, w.alice);
  });

  it("takes its part for a recipient that is a broken contract, which is paid later", async () => {
    const w = await loadFixture(atRisk);
    const sets = [{ operatorSetId: 2n, strategies: [w.strategies[0]], slasher: w.avs }];
    await w.am.connect(w.avs)[CREATE_REDISTRIBUTING](w.avs, sets, [w.registrar]);
    await w.am
      .connect(w.operator)
      .registerForOperatorSets(w.operator, { avs: w.avs, operatorSetIds: [2n], data: "0x" });
    await allocates(w, w.operator, SET, [WAD / 2n]);
    await mine(21);
    await allocates(w, w.operator, 2n, [WAD / 2n]);
    await breakContract(w.registrar);
    await slashes(w, w.operator, [WAD], 2n);
    await w.sm.clearBurnOrRedistributableShares({ avs: w.avs.address, id: 2n }, 1n);
    expect(await w.tokens[0].balanceOf(w.registrar)).to.equal(ether("75"));
  });

  it("takes its part with every list full: 32 strategies of a staker, 40 slashes that wait", async () => {
    const w = await engineWorld({ strategies: 32 });
    await operates(w, w.operator, SET, Array<bigint>(32).fill(WAD));
    for (let i = 0; i < 32; ++i) await deposits(w, w.alice, ether("1"), i);
    await delegates(w, w.alice, w.operator);
    for (let i = 0; i < 40; ++i) await slashes(w, w.operator, [WAD / 100n]);
    await slashes(w, w.operator, Array<bigint>(32).fill(WAD / 2n));
    expect(await w.sm.getPendingSlashIds(setOf(w))).to.have.lengthOf(41);
    expect(await w.sm.getBurnOrRedistributableCount(setOf(w), 41n)).to.equal(32n);
  });

  it("costs the same whether one more staker or ten are delegated", async () => {
    const gasWith = async (stakers: number): Promise<bigint> => {
      const w = await atRisk();
      for (const staker of (await ethers.getSigners()).slice(9, 9 + stakers)) {
        await w.tokens[0].mint(staker, ether("1"));
        await w.tokens[0].connect(staker).approve(w.sm, ether("1"));
        await deposits(w, staker, ether("1"));
        await delegates(w, staker, w.operator);
      }
      const receipt = await (await slashes(w, w.operator, [WAD / 2n])).wait();
      return receipt?.gasUsed ?? 0n;
    };
    const few = await gasWith(1);
    const many = await gasWith(10);
    const difference = few > many ? few - many : many - few;
    expect(difference).to.be.below(200n); // bytes of the addresses in the call
  });
});

describe("slashing everything, or next to nothing", () => {
  it("lets everyone leave a fully slashed operator, with nothing of that strategy and all of the other", async () => {
    const w = await loadFixture(atRisk);
    await slashes(w, w.operator, [WAD]);
    for (const staker of [w.alice, w.bob]) {
      const before = await w.tokens[1].balanceOf(staker);
      await w.dm.connect(staker).undelegate(staker);
      await mine(21);
      while ((await w.dm.getQueuedWithdrawalRoots(staker)).length > 0) await completes(w, staker);
      const amount = staker === w.alice ? ether("100") : ether("50");
      expect((await w.tokens[1].balanceOf(staker)) - before).to.equal(amount);
    }
    await w.sm.clearBurnOrRedistributableShares(setOf(w), 1n);
    expect(await w.tokens[0].balanceOf(w.strategies[0])).to.equal(0n);
    expect(await w.tokens[1].balanceOf(w.strategies[1])).to.equal(0n);
  });

  it("lets them deposit again once they have left", async () => {
    const w = await loadFixture(atRisk);
    await slashes(w, w.operator, [WAD]);
    await expect(deposits(w, w.alice, 1n)).to.be.revertedWithCustomError(w.dm, "FullySlashed");
    await w.dm.connect(w.alice).undelegate(w.alice);
    await deposits(w, w.alice, ether("7"));
    expect(await withdrawableOf(w, w.alice)).to.equal(ether("7"));
  });

  it("slashes one wei of magnitude, and records a slash of no shares", async () => {
    const w = await loadFixture(engineWorldOfDust);
    await slashes(w, w.operator, [1n]);
    expect(await w.am.getMaxMagnitude(w.operator, w.strategies[0])).to.equal(WAD - 1n);
    expect(await withdrawableOf(w, w.alice)).to.equal(998n); // 999 · (1 − 1e-18), rounded down
    expect(await w.dm.operatorShares(w.operator, w.strategies[0])).to.equal(999n); // rounded up
    expect(await w.sm.getBurnOrRedistributableCount(setOf(w), 1n)).to.equal(1n);
    await w.sm.clearBurnOrRedistributableShares(setOf(w), 1n);
    expect(await w.sm.getPendingOperatorSets()).to.deep.equal([]);
  });

  it("survives a hundred tiny slashes: all claims together are covered, and everybody is paid", async () => {
    const w = await loadFixture(atRisk);
    await queues(w, w.bob, [ether("20")]);
    for (let i = 0; i < 100; ++i) await slashes(w, w.operator, [BigInt(i % 7) + 1n]);
    await mine(21);
    const { worth } = await queuedOf(w, w.bob);
    const claims = (await withdrawableOf(w, w.alice)) + (await withdrawableOf(w, w.bob)) + worth[0];
    expect(claims).to.be.at.most(ether("150"));
    for (let id = 1n; id <= 100n; ++id) await w.sm.clearBurnOrRedistributableShares(setOf(w), id);
    await completes(w, w.bob);
    await queues(w, w.alice, [ether("100")]);
    await queues(w, w.bob, [ether("30")]);
    await mine(21);
    await completes(w, w.alice);
    await completes(w, w.bob);
  });
});

async function engineWorldOfDust() {
  const w = await engineWorld();
  await operates(w, w.operator);
  await deposits(w, w.alice, 999n);
  await delegates(w, w.alice, w.operator);
  return w;
}
