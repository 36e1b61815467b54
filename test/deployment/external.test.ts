import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { Contract } from "ethers";
import { artifacts, ethers } from "hardhat";
import { deploy } from "../../deploy";
import { local } from "../../deploy/config/local";
import type { Config } from "../../deploy/config/schema";
import type { Context } from "../../deploy/lib/context";
import { runSteps } from "../../deploy/lib/step";
import { steps } from "../../deploy/steps";
import { PROXIES, READERS } from "../../deploy/steps/names";
import { mine } from "../../scripts/sim/time";
import { World } from "../../scripts/sim/world";
import type { InstantSlasher, IAllocationManager, IPausable } from "../../typechain-types";
import { externalConfig, lidoOf, outsideWorld, type Outside } from "./outside";

const WAD = 10n ** 18n;

/** The protocol on an engine, an issuer and an AVS of others. */
async function onOthers() {
  const outside = await outsideWorld();
  const config = await externalConfig(outside);
  const firstBlock = (await ethers.provider.getBlockNumber()) + 1;
  const { ctx } = await deploy({ config });
  return { outside, config, ctx, firstBlock };
}

async function worldOn({ outside, ctx }: { outside: Outside; ctx: Context }): Promise<World> {
  const slasher = await ctx.chain.abi("InstantSlasher");
  return World.of(ctx, {
    stEth: outside.stETH.connect(ctx.signer),
    avss: [outside.avs],
    slashers: [new Contract(await outside.avs.slasher(), slasher, ctx.signer) as unknown as InstantSlasher],
  });
}

async function failure(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => "no error",
    (error: Error) => error.message,
  );
}

/** Source file of everything the deployer has created since a block; "?" is not compiled here (the upgrade plugin's own proxies). */
async function createdBy(ctx: Context, firstBlock: number): Promise<string[]> {
  const names = await artifacts.getAllFullyQualifiedNames();
  const known = await Promise.all(names.map((name) => artifacts.readArtifact(name)));
  const sources: string[] = [];
  for (let block = firstBlock; block <= (await ctx.provider.getBlockNumber()); ++block) {
    for (const { from, to, data } of (await ctx.provider.getBlock(block, true))?.prefetchedTransactions ?? []) {
      if (from !== ctx.deployer || to !== null) continue;
      const source = known.find(({ bytecode }) => bytecode.length > 2 && data.startsWith(bytecode));
      sources.push(source?.sourceName ?? "?");
    }
  }
  return sources;
}

describe("deployment: on an engine of others", () => {
  it("deploys nothing but the protocol", async () => {
    const { ctx, firstBlock } = await loadFixture(onOthers);
    const created = await createdBy(ctx, firstBlock);
    expect(created.filter((source) => /^contracts\/(restaking|mocks|avs)\//.test(source))).to.deep.equal([]);
    expect(created.filter((source) => source === "?")).to.have.length(PROXIES.length + 1); // … and a beacon
    const compiled = created.filter((source) => source !== "?");
    expect(compiled.every((source) => /^(contracts\/(lrt|shared)|@openzeppelin)\//.test(source))).to.equal(true);
    // Readers, TrEth, StakeReader, ExposureReader, SlashNotices, AccessManager, a rate source, code of the proxies and of the
    // delegators. The upgrade plugin takes a placeholder of an earlier test when there is one.
    const lasting = compiled.filter((source) => !source.endsWith("/Placeholder.sol"));
    expect(lasting).to.have.length(6 + READERS.length + PROXIES.length + 1);
    const others = ctx.book.list().filter(([, { kind }]) => kind === "external");
    expect(others.map(([name]) => name)).to.deep.equal([
      "AllocationManager",
      "DelegationManager",
      "LidoQueue",
      "PermissionController",
      "RewardsCoordinator",
      "StrategyManager",
      "WETH",
      "avs:others-oracle",
      "stETH",
      "wstETH",
      "wstETHStrategy",
    ]);
    expect(others.some(([, { contract }]) => !contract.startsWith("I"))).to.equal(false);
  });

  it("takes a deposit through stake, allocation, slash and unbonding to the claim", async () => {
    const there = await loadFixture(onOthers);
    const world = await worldOn(there);
    const { c, asset } = world;
    const alice = await world.person(0);
    await world.depositEther(alice, 100n * WAD);
    await world.days(1); // stakes with the issuer, then restakes
    const { account, delegator } = await c.operators.operator(0);
    const strategy = there.outside.strategy;
    const [staked] = await c.delegation.getOperatorShares(account, [strategy]);
    expect((await c.accountant.book(delegator, asset)).restaked)
      .to.equal(staked)
      .and.to.be.greaterThan(0n);

    await world.registerAll();
    await world.allocateAll();
    await mine(world.ctx.provider, 11n);
    const set = { avs: await there.outside.avs.getAddress(), id: 0n };
    const engine = (await ethers.getContractAt("IAllocationManager", c.allocation)) as unknown as IAllocationManager;
    expect((await engine.getAllocation(account, set, strategy)).currentMagnitude).to.equal((4n * WAD) / 100n);

    const rate = await c.accountant.report.staticCall();
    await world.equivocate(0, 0);
    await c.accountant.report();
    const part = ((await c.accountant.totalLoss()) * 1_000_000n) / (100n * WAD);
    expect(Number(part)).to.be.closeTo(8_000, 20); // 4 % of one of five operators
    expect(await c.pool.rate()).to.be.lessThan(rate);

    const id = await world.request(alice, asset, 50n * WAD);
    await world.days(3); // the batch closes, the engine's delay passes, a full day later it is paid
    const claimable = await c.queue.claimable(id);
    const expected = (50n * (await c.pool.rate()) * WAD) / (await c.wstEth.stEthPerToken());
    expect(Number(expected - claimable)).to.be.closeTo(0, 1_000);
    await world.claim(id);
    expect(await c.wstEth.balanceOf(alice)).to.equal(claimable);
    await expect(c.queue.withdrawalStatus(id)).to.be.revertedWithCustomError(c.queue, "UnknownTicket").withArgs(id);
  });

  it("goes on while the engine's pausers keep stake out, and restakes afterwards", async () => {
    const there = await loadFixture(onOthers);
    const world = await worldOn(there);
    const { engine, owner } = there.outside;
    const contract: unknown = await ethers.getContractAt("IPausable", engine.strategyManager, owner);
    const pausable = contract as IPausable;
    await pausable.pauseAll();
    const alice = await world.person(0);
    await world.depositEther(alice, 10n * WAD);
    const sent = await world.days(1);
    expect(sent.map(({ call }) => call.crank)).to.include("restake");
    expect(await world.c.pool.idle(world.asset)).to.be.greaterThan(9n * WAD);
    const id = await world.request(alice, world.asset, WAD);
    await world.days(2);
    expect(await world.c.queue.claimable(id)).to.be.greaterThan(WAD / 2n);
    await pausable.unpause(0);
    await world.days(1);
    expect(await world.c.pool.idle(world.asset)).to.be.lessThan(WAD);
  });

  it("sends nothing in a second run", async () => {
    const { ctx } = await loadFixture(onOthers);
    const before = ctx.transactions;
    const outcomes = await runSteps(steps, ctx);
    expect(outcomes.filter(({ status }) => status !== "ok")).to.deep.equal([]);
    expect(ctx.transactions).to.equal(before);
  });

  for (const [title, avss] of [
    ["no AVS at all", []],
    ["the example AVSs of ours", local.avss.slice(1)],
  ] as const) {
    it(`comes up with ${title}`, async () => {
      const outside = await loadFixture(outsideWorld);
      const { ctx } = await deploy({ config: await externalConfig(outside, [...avss]) });
      const world = await worldOn({ outside, ctx });
      expect(await world.c.sets.sets()).to.have.length(avss.flatMap(({ sets }) => sets).length);
      await world.depositEther(await world.person(0), WAD);
      await world.days(1);
      expect(await world.c.pool.idle(world.asset)).to.equal(0n);
    });
  }
});

describe("deployment: contracts of others are looked at first", () => {
  const cases: [string, RegExp, (config: Config, outside: Outside) => void | Promise<void>][] = [
    [
      "managers that do not belong together",
      /^engine\.delegationManager: its allocationManager is 0x\w+, not 0x\w+$/m,
      ({ engine }) => {
        if (engine.kind === "external") engine.allocationManager = engine.strategyManager;
      },
    ],
    [
      "a delegation manager that is something else",
      /^engine\.delegationManager: the contract at 0x\w+ does not answer strategyManager\(\)$/m,
      ({ engine, weth }) => {
        if (engine.kind === "external" && weth.kind === "external") engine.delegationManager = weth.address;
      },
    ],
    [
      "an exit time that the engine's delay does not fit in",
      /^withdrawals\.exitTimeSeconds: leaving takes up to 432600 s with this engine$/m,
      (config) => void (config.withdrawals.exitTimeSeconds = 432_599n),
    ],
    [
      "a strategy of another token",
      /^assets\[0\]\.strategy\.address: its token is 0x\w+, neither stETH nor wstETH$/m,
      async ({ lido }, { owner }) => {
        if (lido.kind !== "external") return;
        const { stETH, wstETH, lidoQueue } = await lidoOf(owner);
        lido.stETH = await stETH.getAddress();
        lido.wstETH = await wstETH.getAddress();
        lido.withdrawalQueue = await lidoQueue.getAddress();
      },
    ],
    [
      "a strategy that the engine does not accept",
      /^assets\[0\]\.strategy\.address: the engine takes no deposits into 0x\w+$/m,
      async (_, { engine, owner, strategy }) => {
        const manager = await ethers.getContractAt("StrategyManager", engine.strategyManager, owner);
        await manager.getFunction("removeStrategiesFromDepositWhitelist").send([strategy]);
      },
    ],
    [
      "a wstETH of another stETH",
      /^lido\.wstETH: its stETH is 0x\w+, not 0x\w+$/m,
      ({ lido }) => {
        if (lido.kind === "external") lido.stETH = lido.withdrawalQueue;
      },
    ],
    [
      "a set that its AVS does not have",
      /^avss\[0\]\.sets\[1\]\.id: the engine knows no set 7 of 0x\w+$/m,
      ({ avss }) => void (avss[0].sets[1].id = 7n),
    ],
    [
      "a strategy of another token than rETH",
      /^assets\[0\]\.strategy\.address: its token is 0x\w+, not rETH$/m,
      (config, { weth }) => {
        config.assets[0].asset = "rETH";
        config.rocketPool = { kind: "external", rETH: weth, storage: weth };
      },
    ],
    [
      "an rETH that is something else",
      /^rocketPool\.rETH: its symbol is WETH, not rETH$/m,
      (config, { weth }) => void (config.rocketPool = { kind: "external", rETH: weth, storage: weth }),
    ],
    [
      "a directory that does not know Rocket Pool's balances",
      /^rocketPool\.storage: 0x\w+ knows no rocketNetworkBalances$/m,
      async (config, { weth, owner }) => {
        const directory = await ethers.deployContract("RocketStorageMock", owner);
        config.rocketPool = { kind: "external", rETH: weth, storage: await directory.getAddress() };
      },
    ],
    [
      "a cbETH that is something else",
      /^coinbase\.cbETH: its symbol is WETH, not cbETH\ncoinbase\.cbETH: .* does not answer exchangeRate\(\)$/m,
      (config, { weth }) => void (config.coinbase = { kind: "external", cbETH: weth }),
    ],
    [
      "a market that is no price feed",
      /^assets\[0\]\.market\.address: the contract at 0x\w+ does not answer decimals\(\)$/m,
      ({ assets, lido }) => {
        if (lido.kind !== "external") return;
        assets[0].market = { kind: "external", address: lido.withdrawalQueue, heartbeatSeconds: 1n, boundBps: 1n };
      },
    ],
    [
      "a register of pending slashes without code",
      /^instant\.pendingSlashes: there is no contract at 0x\w+$/m,
      ({ instant }) => void (instant.pendingSlashes = ethers.Wallet.createRandom().address),
    ],
    [
      "a register of pending slashes that does not answer",
      /^instant\.pendingSlashes: the contract at 0x\w+ does not answer isSlashPending\(\)$/m,
      ({ instant }, { weth }) => void (instant.pendingSlashes = weth),
    ],
    [
      "a token that is not WETH",
      /^weth\.address: its symbol is stETH, not WETH$|^weth\.address: .* does not answer symbol\(\)$/m,
      ({ weth, lido }) => {
        if (weth.kind === "external" && lido.kind === "external") weth.address = lido.stETH;
      },
    ],
  ];
  for (const [title, message, change] of cases) {
    it(`refuses ${title}`, async () => {
      const outside = await loadFixture(outsideWorld);
      const config = await externalConfig(outside);
      await change(config, outside);
      const [signer] = await ethers.getSigners();
      const nonce = await signer.getNonce();
      expect(await failure(deploy({ config }))).to.match(message);
      expect(await signer.getNonce()).to.equal(nonce);
    });
  }

  it("accepts a register of pending slashes that answers", async () => {
    const outside = await loadFixture(outsideWorld);
    const config = await externalConfig(outside);
    const notice = await ethers.deployContract("SlashNoticeMock", outside.owner);
    config.instant.pendingSlashes = await notice.getAddress();
    const { ctx } = await deploy({ config });
    expect(await (await ctx.contract("InstantRedeemer")).PENDING_SLASHES()).to.equal(await notice.getAddress());
  });
});
