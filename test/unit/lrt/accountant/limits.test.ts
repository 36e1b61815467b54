import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { ethers } from "hardhat";
import type { ContractTransactionResponse } from "ethers";
import { World } from "../../../../scripts/sim/world";
import { Accountant__factory } from "../../../../typechain-types";
import { changed, ether } from "../../../checks";
import { FAULT, failingReader } from "../../../failing";
import { deposits, delegates, engineWorld, queues, type EngineWorld } from "../../../integration/engine/world";

/** Most gas of one transaction (EIP-7825), and what a page of a report may cost of it. */
const MOST = 2n ** 24n;
const PAGE = 12_000_000n;
const OPERATORS = 16;
const STRATEGIES = 7;

async function gasOf(transaction: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await transaction).wait())!.gasUsed;
}

/** Sixteen operators with stake, by the real steps. */
async function sixteen() {
  const world = await World.create(
    changed((config) => {
      const [first] = config.operators;
      config.operators = Array.from({ length: OPERATORS }, (_, i) => ({ ...first, name: `op${i}`, weightBps: 625 }));
    }),
  );
  await world.depositEther(await world.person(0), ether("160"));
  await world.crank();
  await world.c.accountant.report();
  const delegators = (await world.c.operators.operators()).map(({ delegator }) => delegator);
  return { world, delegators, accountant: world.c.accountant };
}

/** An Accountant over the real engine with 8 assets and 16 stakers; all else is a harness. */
async function atTheMaxima() {
  const w = await engineWorld({ strategies: STRATEGIES });
  const stakers = (await ethers.getSigners()).slice(-OPERATORS);
  for (const staker of stakers) {
    // Each is its own operator's only staker; the operator is a fresh account without any code.
    for (const [i, token] of w.tokens.entries()) {
      await token.mint(staker, ether("100"));
      await token.connect(staker).approve(w.sm, ether("100"));
      await deposits(w, staker, ether("100"), i);
    }
  }
  const operators = await Promise.all(stakers.map((_, i) => operatorFor(w, i)));
  for (const [i, staker] of stakers.entries()) await delegates(w, staker, operators[i]);
  const harness = await ethers.deployContract("BookkeepingHarness", [w.strategies, operators, stakers]);
  const reader = await ethers.deployContract("StakeReader", [w.dm, w.am, harness]);
  const modules = [harness, harness, harness, reader, harness, harness, harness, harness, harness];
  const code = await ethers.deployContract("Accountant", [modules, [10, 50, 86_400, 604_800, 2]]);
  const setUp = code.interface.encodeFunctionData("initialize", [w.owner.address, 1_000, w.owner.address]);
  const accountant = Accountant__factory.connect(await cloneOf(await code.getAddress()), w.owner);
  await w.owner.sendTransaction({ to: accountant, data: setUp });
  const sync = (staker: (typeof stakers)[number]) => accountant.sync(staker, { gasLimit: MOST });
  for (const staker of stakers) await sync(staker);
  await accountant.report({ gasLimit: MOST });
  return { w, stakers, accountant, sync };
}

/** The smallest proxy there is (ERC-1167). */
async function cloneOf(address: string): Promise<string> {
  const [deployer] = await ethers.getSigners();
  const body = `363d3d373d3d3d363d73${address.slice(2)}5af43d82803e903d91602b57fd5bf3`;
  const sent = await deployer.sendTransaction({ data: `0x3d602d80600a3d3981f3${body}` });
  return (await sent.wait())!.contractAddress!;
}

async function operatorFor(w: EngineWorld, i: number) {
  const wallet = ethers.Wallet.createRandom(ethers.provider);
  await w.owner.sendTransaction({ to: wallet, value: ether("1") });
  await w.dm.connect(wallet).registerAsOperator(ethers.ZeroAddress, 0, `operator ${i}`);
  return wallet as unknown as EngineWorld["operator"];
}

describe("Accountant: at the declared maxima", () => {
  it("gets any number of parts that burn their gas out of its way, one call each, and reports go on", async () => {
    const { world, delegators, accountant } = await sixteen();
    const reader = await failingReader(world);
    for (const delegator of delegators) await reader.setFault(delegator, FAULT.Burns);
    const four = 4n * (await accountant.READ_GAS()); // the fourth read cannot have all of its gas
    await expect(accountant.report({ gasLimit: four })).to.be.revertedWithCustomError(accountant, "NotEnoughGas");
    for (const delegator of delegators) {
      expect(await gasOf(accountant.sync(delegator, { gasLimit: MOST }))).to.be.below(PAGE);
    }
    expect(await gasOf(accountant.report({ gasLimit: MOST }))).to.be.below(1_000_000n);
    for (const delegator of delegators) await reader.setFault(delegator, FAULT.None);
    expect(await gasOf(accountant.report({ gasLimit: MOST }))).to.be.below(1_000_000n);
    for (const delegator of delegators) await accountant.sync(delegator);
    await accountant.report();
    expect(await accountant.fillsClosedUntil()).to.equal(0n);
  });

  it("is brought on by the keeper alone when every delegator burns its gas, and brought back", async () => {
    const { world, delegators, accountant } = await sixteen();
    const reader = await failingReader(world);
    for (const delegator of delegators) await reader.setFault(delegator, FAULT.Burns);
    await world.crank();
    const before = (await world.c.pool.terms()).reportedAt;
    for (const delegator of delegators) expect(await accountant.isReadable(delegator)).to.equal(false);
    for (const delegator of delegators) await reader.setFault(delegator, FAULT.None);
    await world.crank();
    expect((await world.c.pool.terms()).reportedAt).to.be.above(before);
    expect(await accountant.fillsClosedUntil()).to.equal(0n);
  });

  describe("8 assets and 16 stakers", () => {
    it("reports within a page when nothing has moved", async () => {
      const { accountant } = await loadFixture(atTheMaxima);
      expect(await gasOf(accountant.report({ gasLimit: MOST }))).to.be.below(1_200_000n);
    });

    it("reports within a page when all of them are stale", async () => {
      const { w, stakers, accountant } = await loadFixture(atTheMaxima);
      for (const staker of stakers) await queues(w, staker, Array<bigint>(STRATEGIES).fill(ether("1")));
      const gas = await gasOf(accountant.report({ gasLimit: MOST }));
      expect(gas).to.be.below(PAGE);
    });

    it("syncs a staker within a page with a withdrawal of each strategy for each of 17 days in the queue", async () => {
      const { w, stakers, accountant, sync } = await loadFixture(atTheMaxima);
      const [staker] = stakers;
      const one = (i: number) => ({
        strategies: [w.strategies[i]],
        depositShares: [ether("1")],
        __deprecated_withdrawer: ethers.ZeroAddress,
      });
      const each = Array.from({ length: STRATEGIES }, (_, i) => one(i));
      for (let day = 0; day < 17; ++day) await w.dm.connect(staker).queueWithdrawals(each);
      // Also within the gas of one read: otherwise the staker would count as unreadable.
      expect(await gasOf(sync(staker))).to.be.below(await accountant.READ_GAS());
      expect(await accountant.isReadable(staker)).to.equal(true);
      expect((await accountant.book(staker, w.tokens[0])).unbonding).to.equal(ether("17"));
    });
  });
});
