import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { artifacts, ethers } from "hardhat";
import { ROLE, PERMISSIONS, type RoleName } from "../../deploy/steps/roles";
import { ETHER, World } from "../../scripts/sim/world";
import { as, books, changed, DAY, ether, FOREVER, NO_REFERRAL, refuses, WAD } from "../checks";
import { classesOf, commands, CONTRACTS, abiOf, emptyCall } from "../deployment/surface";
import { staked } from "../world";

/** Every role is held by somebody who does not have to wait. */
async function powers() {
  const { world } = await loadFixture(staked);
  const { manager, accountant } = world.c;
  const { admin, adminDelaySeconds } = world.ctx.config.governance;
  const holder = await world.person(8);
  const signer = manager.connect(await as(admin));
  for (const role of [ROLE.LOOSENING, ROLE.TIGHTENING, ROLE.GUARDIAN, ROLE.PROPOSING]) {
    const grant = manager.interface.encodeFunctionData("grantRole", [role, await holder.getAddress(), 0]);
    await signer.schedule(manager, grant, 0);
    await time.increase(adminDelaySeconds);
    await signer.execute(manager, grant);
  }
  await accountant.report();
  return { world, holder };
}

/** What the engine and the tokens say that all of it is worth, added up without our books. */
async function sumOfParts({ c, asset }: World): Promise<bigint> {
  const strategy = await c.strategy.getAddress();
  const units = async (engineShares: bigint) => {
    const amount = await c.strategy.sharesToUnderlyingView(WAD);
    return (engineShares * (await c.stEth.getSharesByPooledEth(amount))) / WAD;
  };
  let engineShares = 0n;
  for (const { delegator } of await c.operators.operators()) {
    const [[withdrawable]] = await c.delegation.getWithdrawableShares(delegator, [strategy]);
    const [, queued] = await c.delegation.getQueuedWithdrawals(delegator);
    engineShares += withdrawable;
    for (const shares of queued) engineShares += shares[0]; // one strategy in each
  }
  const rate = await c.stEth.getPooledEthByShares(WAD);
  const tokens = (await c.pool.idle(asset)) + (await units(engineShares));
  return (await c.pool.idle(ETHER)) + (await c.issuer.redeemingValue()) + (tokens * rate) / WAD;
}

describe("failures of the field", () => {
  it("A2 no role can write backing", async () => {
    const { world, holder } = await powers();
    const { c, ctx, asset } = world;
    const [set] = await c.sets.sets();
    const key = { avs: set.avs, id: set.id };
    const company = ethers.Wallet.createRandom().address;
    const source = ctx.address("wstETHRateSource");
    const terms = {
      strategy: await c.strategy.getAddress(),
      rateSource: source,
      cap: 1n,
      minDeposit: 1n,
      haircutBps: 0n,
      inflowBps: 1n,
      inflowFloor: 1n,
    };
    const calls: [name: string, args: unknown[], refused?: true][] = [
      ["DepositPool.pauseDeposits", [3_600n]],
      ["DepositPool.resumeDeposits", []],
      ["RewardsRouter.recogniseSurplus", [ETHER, 1n], true], // there is none
      ["RewardsRouter.lowerFloor", [company, 1n]],
      ["RewardsRouter.raiseFloor", [company, 2n]],
      ["RewardsRouter.pauseAuctions", [3_600n]],
      ["RewardsRouter.resumeAuctions", []],
      ["InstantRedeemer.pauseInstant", [3_600n]],
      ["InstantRedeemer.resumeInstant", []],
      ["AssetRegistry.addAsset", [asset, terms], true],
      ["AssetRegistry.lowerCap", [asset, 0n]],
      ["AssetRegistry.raiseCap", [asset, ether("5000")]],
      ["AssetRegistry.raiseHaircut", [asset, 500n]],
      ["AssetRegistry.lowerHaircut", [asset, 1n]],
      ["AssetRegistry.lowerInflowLimit", [asset, 1n, 1n]],
      ["AssetRegistry.raiseInflowLimit", [asset, 2_000n, ether("1000")]],
      ["Accountant.lowerFee", [0n]],
      ["Accountant.raiseFee", [2_000n]],
      ["Accountant.setFeeRecipient", [company]],
      ["OperatorRegistry.addOperator", [company, 9n, 10n, 5_000n, "https://example.org/more.json"]],
      ["OperatorRegistry.lowerWeight", [0n, 0n]],
      ["OperatorRegistry.raiseWeight", [0n, 9_000n]],
      ["OperatorRegistry.mergeEntities", [2n, 1n]],
      ["OperatorRegistry.moveToEntity", [company, 10n]],
      ["OperatorRegistry.quarantine", [1n]],
      ["OperatorRegistry.release", [1n]],
      ["AllocationController.lowerTarget", [0n, key, 1n]],
      ["AllocationController.raiseTarget", [0n, key, 10n ** 17n]],
      ["SetRegistry.lowerSetCap", [key, 1n]],
      ["SetRegistry.raiseSetCap", [key, 700n]],
      ["SetRegistry.lowerAvsCap", [set.avs, 1n]],
      ["SetRegistry.raiseAvsCap", [set.avs, 1_000n]],
      ["SetRegistry.reportRewardRate", [key, 10n ** 16n]],
      ["SetRegistry.verifySlasher", [ethers.id("code"), 1n, 6n * 86_400n]],
      ["SetRegistry.unverifySlasher", [ethers.id("code")]],
      ["AllocationController.deregister", [2n, set.avs, [set.id]]],
      ["SetRegistry.dropSet", [key]],
      ["SetRegistry.proposeSet", [key, [0n, 1n, 0n, set.avs, ethers.id("group"), "a name", ""]], true],
      ["AllocationController.pauseIncreases", [3_600n]],
      ["AllocationController.resumeIncreases", []],
    ];
    // Only an upgrade could, and it waits longer than leaving takes.
    const named = Object.entries(PERMISSIONS)
      .filter(([contract]) => contract !== "DelegatorBeacon")
      .flatMap(([contract, byRole]) =>
        (Object.keys(byRole) as RoleName[]).flatMap((role) => byRole[role]!.map((fn) => `${contract}.${fn}`)),
      )
      .filter((name) => !name.endsWith(".upgradeToAndCall"));
    expect(calls.map(([name]) => name).sort()).to.deep.equal(named.sort());

    const before = await books(world);
    for (const [name, args, refused] of calls) {
      const [contract, fn] = name.split(".");
      const target = (await ctx.contract(contract)).connect(holder);
      const sent = target.getFunction(fn)(...args) as Promise<{ wait(): Promise<unknown> }>;
      if (refused) await expect(sent).to.be.reverted;
      else await (await sent).wait();
      expect(await books(world), name).to.deep.equal(before);
      await c.accountant.report();
      expect(await books(world), name).to.deep.equal(before);
    }
  });

  it("every supply-raising selector is looked for in every contract of ours that has one", async () => {
    const names = (await artifacts.getAllFullyQualifiedNames()).filter((name) => name.startsWith("contracts/lrt/"));
    const deployable = (await Promise.all(names.map((name) => artifacts.readArtifact(name)))).filter(
      ({ bytecode, sourceName, contractName }) => bytecode.length > 2 && sourceName.endsWith(`/${contractName}.sol`),
    );
    const changing = deployable.filter(({ abi }) =>
      (abi as { type: string; stateMutability?: string }[]).some(
        ({ type, stateMutability }) => type === "function" && !["view", "pure"].includes(stateMutability ?? ""),
      ),
    );
    expect(changing.map(({ contractName }) => contractName)).to.include("TrEth");
    // Whom none of ours asks to mint: they are not modules, and cannot reach the token.
    const apart = ["CbEthRateSource", "PatientAccessManager"];
    const modules = changing.map(({ contractName }) => contractName).filter((name) => !apart.includes(name));
    expect(CONTRACTS).to.include.members(modules);
    expect(changing.length - modules.length).to.equal(apart.length);
  });

  it("every supply-raising selector takes value in", async () => {
    const { world, alice } = await loadFixture(staked);
    const { c, ctx } = world;
    await c.accountant.report();
    const supply = await c.trEth.totalSupply();
    const [first] = await c.operators.operators();
    for (const contract of CONTRACTS) {
      const abi = await abiOf(contract);
      const to = contract === "OperatorDelegator" ? first.delegator : ctx.address(contract);
      for (const fn of await commands(contract)) {
        await world.keeper.sendTransaction({ to, data: emptyCall(abi, fn) }).catch(() => undefined);
        expect(await c.trEth.totalSupply(), `${contract}.${fn.name}`).to.be.at.most(supply);
      }
    }
    // Functions of the token that anyone may call move shares; the pool's that mint are these four.
    const minting = (await commands("DepositPool")).filter((fn) => classesOf("DepositPool", fn)[0].who === "anyone");
    expect(minting.map(({ name }) => name)).to.deep.equal([
      "deposit",
      "depositEther",
      "depositWithPermit",
      "reportAndDeposit",
      "seed",
    ]);
    await world.acquire(alice, "wstETH", ether("4"));
    await c.wstEth.connect(alice).approve(c.pool, FOREVER);
    const pool = c.pool.connect(alice);
    const worthless = { deadline: FOREVER, v: 27, r: ethers.ZeroHash, s: ethers.ZeroHash };
    const deposits = [
      () => pool.depositWithPermit(world.asset, WAD, alice, 0n, FOREVER, NO_REFERRAL, worthless),
      () => pool.depositEther(alice, 0n, FOREVER, NO_REFERRAL, { value: WAD }),
      () => pool.deposit(world.asset, WAD, alice, 0n, FOREVER, NO_REFERRAL),
      () => pool.reportAndDeposit(world.asset, WAD, alice, 0n, FOREVER, NO_REFERRAL),
    ];
    for (const deposit of deposits) {
      const [shares, value] = [await c.trEth.totalSupply(), await c.accountant.netAssetValue()];
      await deposit();
      expect((await c.trEth.totalSupply()) - shares).to.equal(WAD);
      expect((await c.accountant.netAssetValue()) - value).to.equal(WAD);
    }
  });

  it("a falling LST cannot be dumped at the old price", async () => {
    const { world } = await loadFixture(staked);
    const { c } = world;
    await c.accountant.report();
    const dumper = await world.person(6);
    await world.acquire(dumper, "wstETH", ether("60"));
    await c.wstEth.connect(dumper).approve(c.pool, FOREVER);
    await world.lidoLoses(1_000n);
    const rate = await c.stEth.getPooledEthByShares(WAD);
    const pool = c.pool.connect(dumper);
    // The report is young and still says 1: the fall counts all the same.
    await pool.deposit(world.asset, ether("50"), dumper, 0n, FOREVER, NO_REFERRAL);
    expect(await c.trEth.balanceOf(dumper)).to.equal((ether("50") * rate) / WAD);
    // And with a report first, the door is shut by the alarm.
    const before = BigInt(await time.latest()) + 1n;
    await time.setNextBlockTimestamp(before);
    const again = () => pool.reportAndDeposit(world.asset, WAD, dumper, 0n, FOREVER, NO_REFERRAL);
    await refuses(world, dumper, again, pool, "DepositsClosed", [before, before + DAY]);
  });

  it("net asset value with 2 assets and 4 delegators equals the sum", async () => {
    const config = changed((input) => {
      input.operators = input.operators.slice(0, 4).map((operator) => ({ ...operator, weightBps: 2_500 }));
    });
    const world = await World.create(config);
    const { c } = world;
    const alice = await world.person(0);
    const check = async (when: string) => {
      await c.accountant.report();
      expect(await c.accountant.netAssetValue(), when).to.equal(await sumOfParts(world));
    };
    await world.depositEther(alice, ether("50"));
    await check("ETH came in");
    await world.deposit(alice, "stETH", ether("30"));
    await check("stETH came in");
    await world.crank();
    await check("both were restaked");
    await world.registerAll();
    await world.allocateAll();
    await world.pass(240n);
    await world.lidoEarns(7n);
    await check("stETH earned");
    await world.equivocate(0, 1);
    await check("one operator was slashed");
    await world.request(alice, ETHER, ether("20"));
    await world.request(alice, world.asset, ether("10"));
    for (let day = 1; day <= 6; ++day) {
      await world.days(1);
      if (day === 2) await world.equivocate(1, 2);
      await check(`day ${day} of leaving`);
    }
  });

  for (const [name, by] of [
    ["a force-undelegation does not stop deposits, claims or the rate", "the operator's admin"],
    ["self-undelegation does not move the rate", "the staker"],
  ]) {
    it(name, async () => {
      const { world, alice } = await loadFixture(staked);
      const { c, asset } = world;
      const ticket = await world.request(alice, asset, WAD);
      await world.days(4);
      await c.accountant.report();
      const before = await books(world);
      const [first] = await c.operators.operators();
      const caller = await as(by === "the staker" ? first.delegator : c.controller);
      await c.delegation.connect(caller).undelegate(first.delegator);
      await c.accountant.report();
      const after = await books(world);
      expect(after.rateWad).to.equal(before.rateWad);
      expect(after.netAssetValue).to.equal(before.netAssetValue);
      expect(after.unbonding).to.be.above(ether("19"));
      expect(await c.accountant.totalLoss()).to.equal(0n);
      expect(await world.depositEther(alice, WAD)).to.equal((WAD * WAD) / (after.rateWad + after.waitingWad));
      await world.claim(ticket);
      // Everything comes home and is put to work with the others.
      await c.operators.connect(world.keeper).reportFault(0n);
      await world.days(3);
      expect((await c.accountant.book(first.delegator, asset)).restaked).to.equal(0n);
      expect(await c.pool.rate()).to.equal(before.rateWad);
    });
  }
});
