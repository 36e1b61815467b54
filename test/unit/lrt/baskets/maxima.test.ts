import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";
import {
  Accountant__factory,
  BasketBook__factory,
  BasketLens__factory,
  StakeReader__factory,
} from "../../../../typechain-types";
import { ether } from "../../../checks";
import { deposits, delegates, engineWorld, type EngineWorld } from "../../../integration/engine/world";

const PAGE = 12_000_000n;
/** What a transaction costs before it calls anything. */
const TRANSACTION = 21_000n;
const OPERATORS = 16;
const STRATEGIES = 7;
/** One a day for the engine's delay, and what waits for its keeper. */
const DAYS = 17;

async function gasOf(transaction: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await transaction).wait())!.gasUsed;
}

/** The smallest proxy there is (ERC-1167). */
async function cloneOf(address: string): Promise<string> {
  const [deployer] = await ethers.getSigners();
  const body = `363d3d373d3d3d363d73${address.slice(2)}5af43d82803e903d91602b57fd5bf3`;
  const sent = await deployer.sendTransaction({ data: `0x3d602d80600a3d3981f3${body}` });
  return (await sent.wait())!.contractAddress!;
}

async function stakersOf(w: EngineWorld) {
  const stakers = (await ethers.getSigners()).slice(-OPERATORS);
  const operators: EngineWorld["operator"][] = [];
  for (const [i, staker] of stakers.entries()) {
    const wallet = ethers.Wallet.createRandom(ethers.provider);
    await w.owner.sendTransaction({ to: wallet, value: ether("1") });
    await w.dm.connect(wallet).registerAsOperator(ethers.ZeroAddress, 0, `operator ${i}`);
    operators.push(wallet as unknown as EngineWorld["operator"]);
    for (const [j, token] of w.tokens.entries()) {
      await token.mint(staker, ether("100"));
      await token.connect(staker).approve(w.sm, ether("100"));
      await deposits(w, staker, ether("100"), j);
    }
    await delegates(w, staker, operators[i]);
  }
  return { stakers, operators };
}

/** Accountant, reader and book over the real engine with 8 assets and 16 stakers; all else is a harness or the test. */
async function atTheMaxima() {
  const w = await engineWorld({ strategies: STRATEGIES });
  const { stakers, operators } = await stakersOf(w);
  const harness = await ethers.deployContract("BookkeepingHarness", [w.strategies, operators, stakers]);
  const [deployer] = await ethers.getSigners();
  // The book comes after the two that know it: five transactions later.
  const first = await deployer.getNonce();
  const book = ethers.getCreateAddress({ from: deployer.address, nonce: first + 5 });
  const reader = await ethers.deployContract("StakeReader", [w.dm, w.am, book]);
  const modules = [harness, harness, harness, reader, harness, harness, harness, harness, book];
  const code = await ethers.deployContract("Accountant", [modules, [10, 50, 86_400, 604_800, 2]]);
  const accountant = Accountant__factory.connect(await cloneOf(await code.getAddress()), deployer);
  const setUp = code.interface.encodeFunctionData("initialize", [deployer.address, 1_000, deployer.address]);
  await deployer.sendTransaction({ to: accountant, data: setUp });
  const me = deployer.address;
  const bookCode = await ethers.deployContract("BasketBook", [[harness, harness, accountant, harness, me, me, me]]);
  const baskets = BasketBook__factory.connect(await cloneOf(await bookCode.getAddress()), deployer);
  expect(await baskets.getAddress()).to.equal(book);
  await baskets.initialize(me);
  for (const staker of stakers) await accountant.sync(staker);
  await accountant.report();
  const seen = [harness, harness, harness, harness, harness, harness, book, w.dm];
  const lens = BasketLens__factory.connect(
    await (await ethers.deployContract("BasketLens", [seen])).getAddress(),
    deployer,
  );
  return {
    lens,
    w,
    stakers,
    operators,
    accountant,
    baskets,
    reader: StakeReader__factory.connect(await reader.getAddress(), deployer),
  };
}

/** The same after 17 days: each day a strike, and a withdrawal of the first staker of each strategy, with a slice. */
async function withSlices() {
  const scene = await loadFixture(atTheMaxima);
  const { w, stakers, baskets } = scene;
  const each = Array.from({ length: STRATEGIES }, (_, i) => ({
    strategies: [w.strategies[i]],
    depositShares: [ether("1")],
    __deprecated_withdrawer: ethers.ZeroAddress,
  }));
  for (let day = 0; day < DAYS; ++day) {
    await baskets.strike(ether("1"));
    const nonce = await w.dm.cumulativeWithdrawalsQueued(stakers[0]);
    await w.dm.connect(stakers[0]).queueWithdrawals(each);
    for (let i = 0; i < STRATEGIES; ++i) {
      await baskets.noteWithdrawal(stakers[0], w.strategies[i], nonce + BigInt(i), ether("0.1"), ether("1"));
    }
  }
  return scene;
}

describe("BasketBook: at 8 assets and 16 stakers", () => {
  it("strikes within a page", async () => {
    const { baskets } = await loadFixture(atTheMaxima);
    const gas = await gasOf(baskets.strike(ether("1")));
    expect(gas).to.be.below(2_000_000n);
  });

  it("lets a staker be read within the gas of one read, with 17 days of withdrawals that baskets have a slice of", async () => {
    const { w, stakers, operators, accountant, reader } = await loadFixture(withSlices);
    const [staker] = stakers;
    const gas = (await reader.read.estimateGas(operators[0], staker, w.strategies, ethers.ZeroHash)) - TRANSACTION;
    expect(gas).to.be.below(await accountant.READ_GAS());
    await accountant.sync(staker, { gasLimit: PAGE });
    expect(await accountant.isReadable(staker)).to.equal(true);
  });

  it("tells of a ticket within the gas of a node's call, in pages of eight operators", async () => {
    const { lens, stakers } = await loadFixture(withSlices);
    for (const strike of [0n, 1n, 9n, 17n]) {
      const gas = async (first: bigint, count: bigint) =>
        (await lens.ticketPage.estimateGas(strike, first, count)) - TRANSACTION;
      const [none, full, rest] = [await gas(0n, 0n), (await gas(0n, 1n)) - (await gas(0n, 0n)), await gas(1n, 15n)];
      const engine = (await lens.inEngine.estimateGas(strike, stakers[0])) - TRANSACTION;
      expect(engine, "one operator").to.be.below((await lens.READ_GAS()) - 1_000_000n);
      expect(none + 8n * full, `a page of ${strike}`).to.be.below(45_000_000n);
      expect(none + rest, "few withdrawals").to.be.below(6_000_000n);
    }
  });

  it("divides an arrival among 17 baskets within a page, and takes one in at the same cost as for one basket", async () => {
    const { w, baskets, stakers } = await loadFixture(atTheMaxima);
    const asset = await w.tokens[0].getAddress();
    for (let day = 0; day < DAYS; ++day) await baskets.strike(ether("1"));
    const strategy = await w.strategies[0].getAddress();
    await baskets.noteWithdrawal(stakers[0], strategy, 0n, ether("0.1"), ether("1"));
    await baskets.strike(ether("1"));
    await baskets.noteWithdrawal(stakers[0], strategy, 1n, ether("0.1"), ether("1"));
    const one = await gasOf(baskets.divideWithdrawal(stakers[0], strategy, 1n, asset, ether("1")));
    const many = await gasOf(baskets.divideWithdrawal(stakers[0], strategy, 0n, asset, ether("1")));
    const steps = await baskets.divide.staticCall(999n);
    const divided = await gasOf(baskets.divide(999n));
    expect(steps).to.equal(18n);
    expect(many).to.be.below(one + 100_000n); // a second arrival: what was the stayers' then has been struck since
    expect(divided).to.be.below(20_000n * steps);
  });
});
